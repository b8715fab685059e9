"""A run folder made of pictures or judgements from elsewhere, like any other run from there on.

The pictures stand as replies of a model of kind "pictures from elsewhere" whose identity holds
their content, under the method `external` (`elsewhere` in runs that 0.1.0 made). Bringing more
pictures of the same model continues the run; a picture that has changed is refused, as another way
of drawing is.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image

from uig_cli import __version__
from uig_cli.benchmarks.external import ExternalPictures
from uig_cli.benchmarks.protocol import Benchmark, Data
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError
from uig_cli.inputs import load_upright
from uig_cli.loop.methods import EXTERNAL, Method, draws, method
from uig_cli.models.protocol import Draw, Drawn, Failure, Picture, pixel_hash, request_key
from uig_cli.results.run import RunReader, open_run, task_of
from uig_cli.runs import pictures, plugins
from uig_cli.runs.case_store import keep_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import BenchmarkRecord, Drawing
from uig_cli.runs.journal import FirstAsked, Journal
from uig_cli.runs.manifest import (
    Manifest,
    continued,
    locked,
    new_manifest,
    now,
    read_manifest,
    write_manifest,
)

KIND = "pictures from elsewhere"
"""An identity, so it keeps the words of version 0.1.0."""
SHARD = "0-of-1"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What is brought in: of which benchmark, for which cases, by whom."""

    benchmark: Benchmark
    data: Data
    cases: tuple[Case, ...]
    pictures: ExternalPictures
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """method: what the pictures stand under. kept: what stands at every place of the plan."""

    method: str
    kept: Mapping[Place, Picture | Failure]


def import_run(root: Path, plan: ImportPlan) -> Imported:
    """Makes or continues the run in `root`.

    Raises UigError where the folder holds other files, another run, or other pictures.
    """
    folder = RunFolder(root)
    seen = {place: _look(found) for place, found in plan.pictures.files.items()}
    with locked(folder):
        run = _known_run(folder, plan)
        old = _known_pictures(run) if run else {}
        _refuse_changes(root, old, seen)
        merged = {**seen, **old}
        under = _method(run)
        manifest = _manifest(plan, merged, under)
        if folder.manifest.exists():
            before = read_manifest(folder)
            drawing = before.drawing.model_copy(update={"models": manifest.drawing.models})
            before = before.model_copy(update={"drawing": drawing})
            manifest = continued(before, manifest, [under], root)
        write_manifest(folder, manifest)
    keep_cases(folder, SHARD, plan.cases)
    kept = _keep(folder, manifest, merged, under)
    with locked(folder):
        update = {"last_finished": now(), "finished_by": __version__}
        write_manifest(folder, read_manifest(folder).model_copy(update=update))
    return Imported(under.name, kept)


def _look(found: Path | Picture | Failure) -> Picture | Failure:
    """A file's picture, the right way up, known by its pixels."""
    if not isinstance(found, Path):
        return found
    try:
        image = load_upright(found)
        return Picture(pixel_hash(image), image.size, lambda: load_upright(found), found)
    except ValueError as error:
        return Failure("picture", f"{found.name} {error}")


def _known_run(folder: RunFolder, plan: ImportPlan) -> RunReader | None:
    """The run that is in the folder already. Raises UigError where it is of something else."""
    if not folder.manifest.exists():
        if any(not path.name.startswith(".") for path in folder.root.iterdir()):
            raise UigError(
                f"{folder.root} holds other files and is no run folder; give an empty or new "
                "--out folder."
            )
        return None
    run = open_run(folder.root)
    who = run.manifest.drawing.models.get("draw", {})
    if (who.get("kind"), who.get("name")) != (KIND, plan.pictures.name):
        raise UigError(
            f"{folder.root} holds a run of {who.get('name') or 'a model of its own'}, expected one "
            f"of {KIND} by {plan.pictures.name}; give another --out folder."
        )
    return run


def _method(run: RunReader | None) -> Method:
    """What the pictures stand under: in a run that goes on, what they have stood under so far."""
    known = [name for name in run.manifest.methods if not draws(name)] if run else []
    return method(known[0]) if known else EXTERNAL


def _known_pictures(run: RunReader) -> dict[Place, Picture]:
    return {
        (drawn.case.id, drawn.sample): drawn.steps[0].picture
        for drawn in run.drawn()
        if drawn.steps[0].picture is not None
    }


def _refuse_changes(
    root: Path, old: Mapping[Place, Picture], new: Mapping[Place, Picture | Failure]
) -> None:
    changed = [
        place
        for place, was in old.items()
        if isinstance(now_there := new.get(place), Picture) and now_there != was
    ]
    if changed:
        case, sample = changed[0]
        raise UigError(
            f"{root} holds other pictures for {len(changed)} places, e.g. {case} sample {sample}; "
            "give another --out folder, or --fresh to start over."
        )


def _manifest(
    plan: ImportPlan, found: Mapping[Place, Picture | Failure], under: Method
) -> Manifest:
    content = sorted(
        [*place, picture.sha256] for place, picture in found.items() if isinstance(picture, Picture)
    )
    drawing = Drawing(
        benchmark=BenchmarkRecord(
            name=plan.benchmark.name,
            version=plan.benchmark.version,
            set=plan.data.set,
            prompts=plan.data.prompts_hash,
            card=plan.data.card,
            formerly=plan.data.former_hashes,
        ),
        models={
            "draw": {
                "kind": KIND,
                "name": plan.pictures.name,
                "pictures": sha256(json.dumps(content).encode()).hexdigest(),
            }
        },
        samplers={"draw": {}},
        seed=0,
        size=None,
        rounds=0,
        verdict_parser=None,
        templates={},
        plugins=plugins.fields([], {}, plan.benchmark),
    )
    notes = [*plan.data.notes, *plan.pictures.notes]
    where = plugins.sources([], {}, plan.benchmark)
    return new_manifest(drawing, [under], plan.pictures.samples, plan.options, notes, where)


def _keep(
    folder: RunFolder,
    manifest: Manifest,
    found: Mapping[Place, Picture | Failure],
    under: Method,
) -> dict[Place, Picture | Failure]:
    """Puts pictures in place and journals them, each content of the run in a file of its own."""
    who = manifest.drawing.models["draw"]
    book = Journal(folder, who["pictures"][:16])
    kept: dict[Place, Picture | Failure] = {}
    cases = {case.id: case for case in open_run(folder.root).cases}
    try:
        for (case_id, sample), picture in found.items():
            case = cases.get(case_id)
            if case is None or case.problem:
                continue
            where = FirstAsked(under.name, case_id, sample)
            (request,) = next(
                under.run(
                    task_of(folder, case, sample, manifest.drawing.seed),
                    manifest.drawing.method_settings(under),
                )
            )
            assert isinstance(request, Draw)
            key = request_key(request, who)
            known = book.known(key)
            if isinstance(picture, Failure):
                kept[case_id, sample] = picture
                if known != picture:
                    book.write(key, request, picture, where, {})
                continue
            if not isinstance(known, Drawn):
                known = book.adopt(key, request, picture, where, _writer(picture))
            assert isinstance(known, Drawn)
            kept[case_id, sample] = known.picture
            home = folder.links(under.name, case_id, sample)
            pictures.link_steps(home, [known.picture])
    finally:
        book.close()
    return kept


def _writer(picture: Picture) -> pictures.Write:
    """Writes the picture as PNG: one that is a PNG is copied as it is, anything else is made one.

    It is never linked: whoever overwrites his file must not change a run.
    """
    source = picture.path

    def write(half: Path) -> None:
        if source is not None and _stands_for(source, picture):
            shutil.copyfile(source, half)
        else:
            pictures.save(half, picture, {})

    return write


def _stands_for(file: Path, picture: Picture) -> bool:
    """Whether a file is a PNG that shows the picture as it stands, with nothing to be turned."""
    try:
        with Image.open(file, formats=("PNG",)) as image:
            return pixel_hash(image) == picture.sha256
    except OSError:
        return False
