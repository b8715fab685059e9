"""`run.json`: what a run is, so that it can be continued and replayed without guessing."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from uig_cli import __version__
from uig_cli.errors import UigError
from uig_cli.files import read_plain, write_whole
from uig_cli.loop.methods import Method
from uig_cli.models.threads import torch_threads
from uig_cli.plain_json import read_json
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import Drawing, Record, digest
from uig_cli.runs.plugins import CodeSource, method_of, unknown_before

FORMAT = 2
READ_FORMATS = (1, FORMAT)
"""Format 1, of version 0.1.0, has its pictures below pictures/, as files that stay where they are.
Such a folder is of format 2 from its first new line of the journal on."""

LOCK = ".lock"
MOST_BYTES = 64_000_000
EMPTY: Mapping[str, CodeSource] = {}


class Manifest(Record):
    """The whole file.

    methods: by label; identities: short hash of the drawing identity by method; sources: where code
    that is none of ours was; notes: what a reader of the tables must know; unknown_words: by case,
    of a user's own prompts, what the model that drew them has not learned; options: what was asked
    for, for the record.
    """

    format: int = FORMAT
    uig: str = __version__
    drawing: Drawing
    methods: tuple[str, ...]
    samples: int
    identities: dict[str, str]
    sources: dict[str, CodeSource] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unknown_words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    options: Mapping[str, Any] = Field(default_factory=dict)
    versions: Mapping[str, str] = Field(default_factory=dict)
    host: Mapping[str, Any] = Field(default_factory=dict)
    first_written: str = ""
    last_finished: str | None = None
    finished_by: str | None = None


def new_manifest(
    drawing: Drawing,
    methods: Sequence[Method],
    samples: int,
    options: Mapping[str, Any],
    notes: Sequence[str] = (),
    sources: Mapping[str, CodeSource] = EMPTY,
) -> Manifest:
    chosen = sorted(methods, key=lambda of: of.label)
    return Manifest(
        drawing=drawing,
        methods=tuple(of.label for of in chosen),
        samples=samples,
        identities=_identities(drawing, chosen),
        sources=dict(sources),
        notes=tuple(notes),
        options=dict(options),
        versions=_versions(),
        host=_host(),
        first_written=now(),
    )


def _identities(drawing: Drawing, methods: Iterable[Method]) -> dict[str, str]:
    return {of.label: digest(drawing.identity(of)) for of in methods}


@contextmanager
def locked(folder: RunFolder) -> Iterator[None]:
    """Keeps other processes from changing the manifest: read it, change it and write it inside."""
    folder.root.mkdir(parents=True, exist_ok=True)
    with (folder.root / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def continued(old: Manifest, new: Manifest, asked: Sequence[Method], root: Path) -> Manifest:
    """The manifest of a run that goes on: methods and samples widened, never another identity.

    asked: the methods of `new`.
    """
    new = _as_known_before(old, new)
    now_asked = {of.label: of for of in asked}
    before = [now_asked.get(label) or method_of(old, label) for label in old.methods]
    differing = _differences(old, before, new, asked)
    if differing:
        named = "; ".join(
            _changed(field, was, is_now) for field, (was, is_now) in sorted(differing.items())[:4]
        )
        raise UigError(
            f"{root} holds a run drawn in another way: {named}. "
            "Give another --out folder, the old settings, or --fresh to start over."
        )
    drawing = _widened(old, before, new)
    methods = {of.label: of for of in (*before, *asked)}
    return new.model_copy(
        update={
            "format": old.format,
            "drawing": drawing,
            "methods": tuple(sorted(methods)),
            "samples": max(old.samples, new.samples),
            "identities": _identities(drawing, (methods[label] for label in sorted(methods))),
            "sources": {**new.sources, **old.sources},
            "unknown_words": {**old.unknown_words, **new.unknown_words},
            "first_written": old.first_written,
            "last_finished": old.last_finished,
            "finished_by": old.finished_by,
        }
    )


def _as_known_before(old: Manifest, new: Manifest) -> Manifest:
    """`new` with its prompts known by the hash that the run has, where that is one of theirs."""
    kept, now_known = old.drawing.benchmark, new.drawing.benchmark
    if kept.prompts not in now_known.hashes:
        return new
    formerly = dict.fromkeys([*kept.formerly, *now_known.hashes])
    formerly.pop(kept.prompts)
    same = now_known.model_copy(update={"prompts": kept.prompts, "formerly": tuple(formerly)})
    return new.model_copy(update={"drawing": new.drawing.model_copy(update={"benchmark": same})})


def _changed(field: str, was: Any, is_now: Any) -> str:
    """One difference, for people: of code, that it is another one, the hashes behind it."""
    told = f"{field} was {_short(was)}, now {_short(is_now)}"
    if field.startswith("code."):
        what = field.removeprefix("code.").replace(".", " ")
        return f"the code of {what} has changed ({told})"
    return told


def _differences(
    old: Manifest, old_methods: Sequence[Method], new: Manifest, new_methods: Sequence[Method]
) -> dict[str, tuple[Any, Any]]:
    """Identity fields that both runs depend on and that are not equal: field -> (old, new)."""
    found: dict[str, tuple[Any, Any]] = {}
    for before in old_methods:
        was = old.drawing.identity(before)
        for after in new_methods:
            is_now, same = new.drawing.identity(after), before.label == after.label
            shared = was.keys() | is_now.keys() if same else was.keys() & is_now.keys()
            own = set() if same else {"verdict", *(f"method.{name}" for name in before.chosen)}
            for field in shared - own:
                values = was.get(field), is_now.get(field)
                if values[0] != values[1] and not unknown_before(field, values[0]):
                    found[field] = values
    return found


def _widened(old: Manifest, before: Sequence[Method], new: Manifest) -> Drawing:
    """The new drawing with what the old methods depend on kept as it was."""
    used = {name for of in before for name in of.templates}
    update: dict[str, Any] = {
        "models": {**new.drawing.models, **old.drawing.models},
        "samplers": {**new.drawing.samplers, **old.drawing.samplers},
        "plugins": {**new.drawing.plugins, **old.drawing.plugins},
        "templates": {
            **new.drawing.templates,
            **{name: old.drawing.templates[name] for name in used},
        },
    }
    if any(of.loops for of in before):
        update["rounds"] = old.drawing.rounds
    if any(of.loops and not of.fixed_parser for of in before):
        update["verdict_parser"] = old.drawing.verdict_parser
    return new.drawing.model_copy(update=update)


def read_manifest(folder: RunFolder) -> Manifest:
    """Raises UigError where the folder is no run, or one of another format."""
    try:
        content = read_plain(folder.manifest, MOST_BYTES)
    except OSError as error:
        raise UigError(
            f"{folder.root} is not a run folder ({error.strerror}: run.json); "
            "give a folder that `uig eval`, `uig refine` or `uig generate` wrote."
        ) from error
    try:
        found = read_json(content)
        if isinstance(found, dict) and found.get("format") not in READ_FORMATS:
            raise UigError(
                f"{folder.manifest} has format {found.get('format')!r}, expected "
                f"{' or '.join(map(str, READ_FORMATS))}; "
                "use the version of uig that wrote it, or draw again."
            )
        return Manifest.model_validate(found)
    except (ValueError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise UigError(
            f"{folder.manifest} cannot be read ({reason}); restore the file, or give --fresh."
        ) from error


def begin(folder: RunFolder, manifest: Manifest, methods: Sequence[Method]) -> Manifest:
    """The manifest of a run that is made in `folder`, or of the one there that goes on; inside
    `locked`. It is written only where it says of the run what the file does not say yet.

    methods: those of `manifest`.

    Raises UigError where the folder holds another run, or something else.
    """
    if folder.manifest.exists():
        old = read_manifest(folder)
        manifest = continued(old, manifest, methods, folder.root)
        if _of_the_run(old) == _of_the_run(_as_told_before(old, manifest)):
            return manifest
        if manifest.sources:  # which older versions cannot read
            manifest = manifest.model_copy(update={"format": FORMAT})
    elif any(not path.name.startswith(".") for path in folder.root.iterdir()):
        raise UigError(
            f"{folder.root} holds other files and is no run folder; give an empty or new --out "
            "folder."
        )
    write_manifest(folder, manifest)
    return manifest


def _as_told_before(old: Manifest, manifest: Manifest) -> Manifest:
    """The manifest without whose code made it, where `old` is of version 0.1.0 and could not say:
    that alone is no reason to write, it is kept with the first work."""
    if old.format == FORMAT:
        return manifest
    drawing = manifest.drawing.model_copy(update={"plugins": old.drawing.plugins})
    identities = {**manifest.identities, **old.identities}
    return manifest.model_copy(update={"drawing": drawing, "identities": identities})


def _of_the_run(manifest: Manifest) -> dict[str, Any]:
    """What makes the run another one; not what is told of it, or of the last session's work."""
    return manifest.model_dump(
        mode="json",
        include={"drawing", "methods", "samples", "identities"},
        exclude={"drawing": {"benchmark": {"card", "formerly"}}},
    )


def finish(folder: RunFolder, manifest: Manifest, *, worked: bool) -> str | None:
    """Marks the run as finished now by the session of `manifest`; one that had nothing to do leaves
    everything as it is, and gets the sentence that says so."""
    with locked(folder):
        kept = read_manifest(folder)
        if not worked and kept.last_finished:
            return f"nothing to do: finished {kept.last_finished} by uig {kept.finished_by}"
        session = ("uig", "options", "versions", "host", "notes")
        update = {name: getattr(manifest, name) for name in session}
        update |= {"last_finished": now(), "finished_by": __version__}
        update["unknown_words"] = {**kept.unknown_words, **manifest.unknown_words}
        update |= _with_code(kept, manifest) if kept.format == FORMAT else {}
        write_manifest(folder, kept.model_copy(update=update))
    return None


def _with_code(kept: Manifest, manifest: Manifest) -> dict[str, Any]:
    """Whose code made the run, as far as the session knows and the file does not say."""
    plugins = {**manifest.drawing.plugins, **kept.drawing.plugins}
    return {
        "drawing": kept.drawing.model_copy(update={"plugins": plugins}),
        "sources": {**manifest.sources, **kept.sources},
        "identities": {**kept.identities, **manifest.identities},
    }


def raise_format(folder: RunFolder) -> None:
    """Makes a run that is about to grow one of this version's format, where it is an older one."""
    if folder.manifest.exists() and read_manifest(folder).format < FORMAT:
        with locked(folder):
            kept = read_manifest(folder)
            write_manifest(folder, kept.model_copy(update={"format": FORMAT}))


def write_manifest(folder: RunFolder, manifest: Manifest) -> None:
    """What no UTF-8 file can hold, as the bytes of a path may be, is a question mark in it."""
    found = manifest.model_dump(mode="json")
    seldom = ((found, "sources"), (found, "unknown_words"), (found["drawing"], "plugins"))
    for holder, name in seldom:
        if not holder[name]:
            del holder[name]
    if not found["drawing"]["benchmark"]["formerly"]:
        del found["drawing"]["benchmark"]["formerly"]
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder.manifest, text.encode("utf-8", "replace"))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _versions() -> dict[str, str]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version(), "uig": __version__}
    for package in ("torch", "transformers", "numpy", "pillow"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _host() -> dict[str, Any]:
    import platform

    found = {"system": platform.system(), "machine": platform.machine(), "cpus": os.cpu_count()}
    return found if (threads := torch_threads()) is None else {**found, "torch_threads": threads}
