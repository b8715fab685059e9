"""`run.json`: what a run is, so that it can be continued, replayed and compared without guessing.

The drawing identity is everything a picture depends on. It holds no selection (limit, dimensions,
samples, methods: widening them continues the run) and nothing of how the work was done (device,
batch size, shards, paths). A run is continued only under the same identity.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from uig_cli import __version__
from uig_cli.errors import UigError
from uig_cli.loop.methods import Method, method
from uig_cli.loop.task import Kit
from uig_cli.models.protocol import Role, Sampler
from uig_cli.runs.folder import RunFolder
from uig_cli.templates import Template

FORMAT = 1
LOCK = ".lock"
BEHAVIOUR = "1"
"""Raised when the same settings would give other pictures than the version before."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TemplateText(_Record):
    text: str
    sha256: str
    given: bool


class BenchmarkRecord(_Record):
    """set and prompts are empty for a user's own prompts: they may be added to."""

    name: str
    version: str
    set: str
    prompts: str
    card: str


class Drawing(_Record):
    """What pictures depend on. models: identity by role; samplers: resolved settings by role."""

    benchmark: BenchmarkRecord
    models: dict[Role, dict[str, str]]
    samplers: dict[Role, dict[str, Any]]
    seed: int
    size: tuple[int, int] | None
    rounds: int
    reading: str | None
    templates: dict[str, TemplateText]
    behaviour: str = BEHAVIOUR

    def kit(self, of: Method) -> Kit:
        """The settings of a method's loop."""
        return Kit(
            templates={
                name: Template(name, kept.text, kept.given) for name, kept in self.templates.items()
            },
            rounds=self.rounds if of.loops else 0,
            reading=of.reads if of.fixed_reading or self.reading is None else self.reading,
            size=self.size,
            samplers={role: _tuples(settings) for role, settings in self.samplers.items()},
        )

    def identity(self, of: Method) -> dict[str, Any]:
        """The identity of one method's pictures, flat: dotted field name -> value."""
        kit = self.kit(of)
        fields: dict[str, Any] = {
            "benchmark": f"{self.benchmark.name} {self.benchmark.version}",
            "set": self.benchmark.set,
            "prompts": self.benchmark.prompts,
            "seed": self.seed,
            "size": list(self.size) if self.size else None,
            "behaviour": self.behaviour,
        }
        for role in sorted(of.needs):
            fields |= {f"model.{role}.{k}": v for k, v in self.models[role].items()}
            settings = self.samplers.get(role, {})
            fields |= {f"sampler.{role}.{k}": _plain(v) for k, v in settings.items()}
        fields |= {f"template.{name}": self.templates[name].sha256 for name in of.templates}
        if of.loops:
            fields |= {"rounds": kit.rounds, "verdict": kit.reading}
        return fields


class Manifest(_Record):
    """The whole file.

    identities: short hash of the drawing identity by method; notes: what a reader of the tables
    must know; options: what was asked for, for the record.
    """

    format: int = FORMAT
    uig: str = __version__
    drawing: Drawing
    methods: tuple[str, ...]
    samples: int
    identities: dict[str, str]
    notes: tuple[str, ...] = ()
    options: dict[str, Any] = {}
    versions: dict[str, str] = {}
    host: dict[str, Any] = {}
    first_written: str = ""
    last_finished: str | None = None
    finished_by: str | None = None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tuples(settings: Mapping[str, Any]) -> Sampler:
    """JSON has no tuples: intervals come back as lists."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}


def digest(fields: Mapping[str, Any]) -> str:
    """A short name for an identity: 16 hex digits over its sorted JSON."""
    return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]


def new_manifest(
    drawing: Drawing,
    methods: Sequence[str],
    samples: int,
    options: Mapping[str, Any],
    notes: Sequence[str] = (),
) -> Manifest:
    names = tuple(sorted(methods))
    return Manifest(
        drawing=drawing,
        methods=names,
        samples=samples,
        identities=_identities(drawing, names),
        notes=tuple(notes),
        options=dict(options),
        versions=_versions(),
        host=_host(),
        first_written=now(),
    )


def _identities(drawing: Drawing, methods: Sequence[str]) -> dict[str, str]:
    return {name: digest(drawing.identity(method(name))) for name in methods}


@contextmanager
def locked(folder: RunFolder) -> Iterator[None]:
    """Keeps other processes from changing the manifest: read it, change it and write it inside."""
    folder.root.mkdir(parents=True, exist_ok=True)
    with (folder.root / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def continued(old: Manifest, new: Manifest, root: Path) -> Manifest:
    """The manifest of a run that goes on: methods and samples widened, never another identity."""
    differing = _differences(old, new)
    if differing:
        named = "; ".join(
            f"{field} was {_short(was)}, now {_short(is_now)}"
            for field, (was, is_now) in sorted(differing.items())[:4]
        )
        raise UigError(
            f"{root} holds a run drawn in another way: {named}. "
            "Give another --out folder, the old settings, or --fresh to start over."
        )
    drawing = _widened(old, new)
    methods = tuple(sorted({*old.methods, *new.methods}))
    return new.model_copy(
        update={
            "drawing": drawing,
            "methods": methods,
            "samples": max(old.samples, new.samples),
            "identities": _identities(drawing, methods),
            "first_written": old.first_written,
            "last_finished": old.last_finished,
            "finished_by": old.finished_by,
        }
    )


def _differences(old: Manifest, new: Manifest) -> dict[str, tuple[Any, Any]]:
    """Identity fields that both runs depend on and that are not equal: field -> (old, new)."""
    found: dict[str, tuple[Any, Any]] = {}
    for before in old.methods:
        was = old.drawing.identity(method(before))
        for after in new.methods:
            is_now = new.drawing.identity(method(after))
            shared = was.keys() | is_now.keys() if before == after else was.keys() & is_now.keys()
            for field in shared - ({"verdict"} if before != after else set()):
                if was.get(field) != is_now.get(field):
                    found[field] = (was.get(field), is_now.get(field))
    return found


def _widened(old: Manifest, new: Manifest) -> Drawing:
    """The new drawing with what the old methods depend on kept as it was."""
    before = [method(name) for name in old.methods]
    used = {name for of in before for name in of.templates}
    update: dict[str, Any] = {
        "models": {**new.drawing.models, **old.drawing.models},
        "samplers": {**new.drawing.samplers, **old.drawing.samplers},
        "templates": {
            **new.drawing.templates,
            **{name: old.drawing.templates[name] for name in used},
        },
    }
    if any(of.loops for of in before):
        update["rounds"] = old.drawing.rounds
    if any(of.loops and not of.fixed_reading for of in before):
        update["reading"] = old.drawing.reading
    return new.drawing.model_copy(update=update)


def read_manifest(folder: RunFolder) -> Manifest:
    """Raises UigError where the folder is no run, or one of another format."""
    try:
        text = folder.manifest.read_text("utf-8")
    except OSError as error:
        raise UigError(
            f"{folder.root} is not a run folder ({error.strerror}: run.json); "
            "give a folder that `uig eval`, `uig refine` or `uig generate` wrote."
        ) from error
    try:
        found = json.loads(text)
        if isinstance(found, dict) and found.get("format") != FORMAT:
            raise UigError(
                f"{folder.manifest} has format {found.get('format')!r}, expected {FORMAT}; "
                "use the version of uig that wrote it, or draw again."
            )
        return Manifest.model_validate(found)
    except (ValueError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise UigError(
            f"{folder.manifest} cannot be read ({reason}); restore the file, or give --fresh."
        ) from error


def write_manifest(folder: RunFolder, manifest: Manifest) -> None:
    folder.root.mkdir(parents=True, exist_ok=True)
    half = folder.manifest.with_name(f".run.json.{os.getpid()}")
    half.write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
    half.replace(folder.manifest)


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

    return {"system": platform.system(), "machine": platform.machine(), "cpus": os.cpu_count()}
