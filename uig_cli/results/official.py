"""A run written in its benchmark's official layout, for the official scripts and for `uig score`.

Each method's final pictures are a model of their own. Pictures are copies, so that whoever changes
them leaves the run as it is; what is missing in the run is missing here.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.geneval import writing as geneval
from uig_cli.benchmarks.geneval.rules import ColorUnknown
from uig_cli.benchmarks.tiif import writing as tiif
from uig_cli.console import say
from uig_cli.errors import UigError, unknown
from uig_cli.loop.methods import ELSEWHERE
from uig_cli.results.rows import Drawn
from uig_cli.results.run import Run, evidence_parent
from uig_cli.runs.folder import safe_name
from uig_cli.scoring.detection import Detections

RESULTS, DETECTIONS, IDENTITY = "results", "detections", "identity.json"


def write_official(run: Run, folder: Path) -> None:
    """Writes the run's pictures, and what judges or the detector said of them, below `folder`.

    tiif: <dimension>/<model>/<short|long>_description/<line>.png and
    results/<judge>/<model>/<dimension>/<short|long>/<line>.json. geneval: <line>/metadata.jsonl and
    <line>/samples/, results/<detector>.jsonl and detections/<detector>/detections.jsonl, in a
    folder for each method where there are several. Raises UigError for other benchmarks, and for
    a folder that holds something.
    """
    writers = {"tiif": _write_tiif, "geneval": _write_geneval}
    name = run.benchmark.name
    if name not in writers:
        raise unknown("benchmark with an official layout", name, writers)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UigError(f"{folder} holds something already; give an empty or new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    lost = writers[name](run, folder)
    if lost:
        say(f"note: {lost} pictures are missing in {run.folder.root} and were not written.")


def model_name(run: Run, method: str) -> str:
    """What a method's pictures are called, fit for a folder name."""
    if method == ELSEWHERE.name:
        return safe_name(run.manifest.drawing.models["draw"]["name"])
    model = str(run.manifest.options.get("model", "model")).split(":")[-1]
    return safe_name(f"{Path(model).name}-{method}")


def _write_tiif(run: Run, folder: Path) -> int:
    """Returns how many pictures are missing."""
    judges = run.evidence()
    for judge in judges:
        home = folder / RESULTS / judge.name
        home.mkdir(parents=True)
        _copy_identity(run, judge.name, home)
    lost = 0
    for drawn in _first_samples(run):
        picture, model = drawn.steps[-1].picture, model_name(run, drawn.method)
        if picture is None:
            lost += 1
            continue
        if picture.path is not None:
            _copy(picture.path, folder / tiif.picture_path(drawn.case, model))
        for judge in judges:
            judged = run.benchmark.judged(drawn.case, judge.about(drawn.case, picture))
            found = tiif.result(drawn.case, judged)
            if found is not None:
                path = folder / RESULTS / judge.name / tiif.result_path(drawn.case, model)
                _put(path, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return lost


def _first_samples(run: Run) -> Iterator[Drawn]:
    """TIIF's layout has room for one picture per prompt."""
    if run.manifest.samples > 1:
        say("note: TIIF's layout holds one picture per prompt; only sample 0 is written.")
    return (drawn for drawn in run.drawn() if drawn.sample == 0)


def _write_geneval(run: Run, folder: Path) -> int:
    """Returns how many pictures are missing."""
    methods = run.manifest.methods
    return sum(
        _of_method(run, method, folder if len(methods) == 1 else folder / model_name(run, method))
        for method in methods
    )


def _of_method(run: Run, method: str, root: Path) -> int:
    lost = 0
    drawings = [drawn for drawn in run.drawn() if drawn.method == method]
    for drawn in drawings:
        picture = drawn.steps[-1].picture
        home = root / geneval.folder_name(drawn.case)
        if drawn.sample == 0:
            _put(home / "metadata.jsonl", geneval.metadata_line(drawn.case))
        if picture is None:
            lost += 1
        elif picture.path is not None:
            _copy(picture.path, root / geneval.picture_path(drawn.case, drawn.sample))
    for detector in run.evidence():
        seen = [
            (drawn, found)
            for drawn in drawings
            if (picture := drawn.steps[-1].picture) is not None
            and isinstance(found := detector.about(drawn.case, picture), Detections)
        ]
        _put_lines(root / RESULTS / f"{detector.name}.jsonl", list(_verdicts(seen)))
        if not any(found.rules for _, found in seen):
            home = root / DETECTIONS / detector.name
            lines = [geneval.detections_line(one.case, one.sample, found) for one, found in seen]
            _put_lines(home / "detections.jsonl", lines)
            _copy_identity(run, detector.name, home)
    return lost


def _verdicts(seen: Sequence[tuple[Drawn, Detections]]) -> Iterator[Mapping[str, Any]]:
    for drawn, found in seen:
        try:
            yield geneval.result_line(drawn.case, drawn.sample, found)
        except ColorUnknown:
            continue


def _copy_identity(run: Run, name: str, home: Path) -> None:
    shutil.copyfile(evidence_parent(run.folder, run.benchmark) / name / IDENTITY, home / IDENTITY)


def _copy(picture: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(picture, target)


def _put_lines(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    _put(path, "".join(json.dumps(line) + "\n" for line in lines))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
