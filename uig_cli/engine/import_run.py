"""A run folder made of pictures or judgements from elsewhere, like any other run from there on.

The pictures stand as replies of a model of kind "pictures from elsewhere" whose identity holds
their content, under the method `elsewhere`. Bringing more pictures of the same model continues the
run; a picture that has changed is refused, as another way of drawing is.
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
from uig_cli.benchmarks.elsewhere import Pictures, Place
from uig_cli.benchmarks.protocol import Benchmark, Data
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.files import put_in_place
from uig_cli.inputs import load_upright
from uig_cli.loop.methods import ELSEWHERE
from uig_cli.models.protocol import Failure, Picture, pixel_hash, request_key
from uig_cli.results.run import open_run, task_of
from uig_cli.runs import journal, pictures
from uig_cli.runs.cases import keep_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import BenchmarkRecord, Drawing
from uig_cli.runs.journal import Journal
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
SHARD = "0-of-1"


@dataclass(frozen=True, slots=True)
class Source:
    """What is brought: of which benchmark, for which cases, by whom."""

    benchmark: Benchmark
    data: Data
    cases: tuple[Case, ...]
    brought: Pictures
    options: Mapping[str, Any]


def make_run(root: Path, source: Source) -> dict[Place, Picture | Failure]:
    """Makes or continues the run in `root`; returns what stands at every place of the source.

    Raises UigError where the folder holds other files, another run, or other pictures.
    """
    folder = RunFolder(root)
    seen = {place: _look(found) for place, found in source.brought.files.items()}
    with locked(folder):
        old = _kept(folder, source)
        _refuse_changes(root, old, seen)
        merged = {**seen, **old}
        manifest = _manifest(source, merged)
        if folder.manifest.exists():
            before = read_manifest(folder)
            drawing = before.drawing.model_copy(update={"models": manifest.drawing.models})
            manifest = continued(before.model_copy(update={"drawing": drawing}), manifest, root)
        write_manifest(folder, manifest)
    keep_cases(folder, SHARD, source.cases)
    kept = _keep(folder, source, manifest, merged)
    with locked(folder):
        update = {"last_finished": now(), "finished_by": __version__}
        write_manifest(folder, read_manifest(folder).model_copy(update=update))
    return kept


def _look(found: Path | Picture | Failure) -> Picture | Failure:
    """A file's picture, the right way up, known by its pixels."""
    if not isinstance(found, Path):
        return found
    try:
        image = load_upright(found)
        return Picture(pixel_hash(image), image.size, lambda: load_upright(found), found)
    except ValueError as error:
        return Failure("picture", f"{found.name} {error}")


def _kept(folder: RunFolder, source: Source) -> dict[Place, Picture]:
    """The pictures that the folder's run has already."""
    if not folder.manifest.exists():
        if any(not path.name.startswith(".") for path in folder.root.iterdir()):
            raise UigError(
                f"{folder.root} holds other files and is no run folder; give an empty or new "
                "--out folder."
            )
        return {}
    run = open_run(folder.root)
    who = run.manifest.drawing.models.get("draw", {})
    if (who.get("kind"), who.get("name")) != (KIND, source.brought.name):
        raise UigError(
            f"{folder.root} holds a run of {who.get('name') or 'a model of its own'}, expected one "
            f"of {KIND} by {source.brought.name}; give another --out folder."
        )
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


def _manifest(source: Source, found: Mapping[Place, Picture | Failure]) -> Manifest:
    content = sorted(
        [*place, picture.sha256] for place, picture in found.items() if isinstance(picture, Picture)
    )
    drawing = Drawing(
        benchmark=BenchmarkRecord(
            name=source.benchmark.name,
            version=source.benchmark.version,
            set=source.data.set,
            prompts=source.data.prompts_hash,
            card=source.data.card,
        ),
        models={
            "draw": {
                "kind": KIND,
                "name": source.brought.name,
                "pictures": sha256(json.dumps(content).encode()).hexdigest(),
            }
        },
        samplers={"draw": {}},
        seed=0,
        size=None,
        rounds=0,
        verdict_parser=None,
        templates={},
    )
    notes = [*source.data.notes, *source.brought.notes]
    return new_manifest(drawing, [ELSEWHERE.name], source.brought.samples, source.options, notes)


def _keep(
    folder: RunFolder,
    source: Source,
    manifest: Manifest,
    found: Mapping[Place, Picture | Failure],
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
            where = journal.Place(ELSEWHERE.name, case_id, sample, 0)
            (request,) = next(
                ELSEWHERE.run(
                    task_of(folder, case, sample, manifest.drawing.seed),
                    manifest.drawing.method_settings(ELSEWHERE),
                )
            )
            key = request_key(request, who)
            known = book.known(key)
            if isinstance(picture, Failure):
                kept[case_id, sample] = picture
                if known != picture:
                    book.write(key, request, picture, where, {})
                continue
            put = _put(folder.picture(ELSEWHERE.name, case_id, sample, 0), picture)
            kept[case_id, sample] = put
            if known is None or isinstance(known, Failure):
                book.adopt(key, put, where)
    finally:
        book.close()
    return kept


def _put(target: Path, picture: Picture) -> Picture:
    """The picture in the run folder: a PNG copied as it is, anything else written as PNG.

    It is never linked: whoever overwrites his file must not change a run.
    """
    source = picture.path
    if source is None or source == target:
        return picture
    if not journal.whole(target, picture.size):
        if _stands_for(source, picture):
            with put_in_place(target) as half:
                shutil.copyfile(source, half)
        else:
            picture = pictures.save(target, picture, {})
    return Picture.at(target, picture.sha256, picture.size)


def _stands_for(file: Path, picture: Picture) -> bool:
    """Whether a file is a PNG that shows the picture as it stands, with nothing to be turned."""
    try:
        with Image.open(file, formats=("PNG",)) as image:
            return pixel_hash(image) == picture.sha256
    except OSError:
        return False
