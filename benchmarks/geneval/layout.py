"""GenEval's official layout: a folder of pictures of one model, and files of what was detected.

<line>/metadata.jsonl    <line>/samples/<sample>.png
results/<detector>.jsonl                    verdicts, as the official script writes them
detections/<detector>/detections.jsonl      every box, for other thresholds later
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import (
    MISSING,
    ExternalModel,
    ExternalPictures,
    ImportRequest,
    unseen,
)
from uig_cli.benchmarks.geneval.card import RuleOptions
from uig_cli.benchmarks.geneval.cases import open_data
from uig_cli.benchmarks.geneval.folders import SAMPLES, read_folders
from uig_cli.benchmarks.geneval.homes import METADATA
from uig_cli.benchmarks.geneval.plausible import vocabulary
from uig_cli.benchmarks.geneval.rules import ColorUnknown, options_of, verdict
from uig_cli.benchmarks.geneval.stored import UNKNOWN, read_detections
from uig_cli.benchmarks.geneval.verdicts import holds_verdicts, read_verdicts
from uig_cli.benchmarks.protocol import Data, FinalPicture, FinishedRun, Layout, Source
from uig_cli.benchmarks.writing import put_identity, put_lines, put_picture, put_text
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.scoring.detectors.objects import object_names
from uig_cli.scoring.findings import Detections


class GenEvalLayout(Layout):
    def read(self, source: Source, asked: ImportRequest) -> tuple[Data, list[ExternalModel]]:
        """The one model of the folder. Detections without pictures stand for pictures unseen."""
        data = open_data(source)
        pictures = None
        if asked.pictures is not None:
            (pictures,) = read_folders(asked.pictures, data.cases, asked.name, asked.samples)
        if asked.judged is not None and holds_verdicts(asked.judged):
            return data, [_judged_elsewhere(asked, data, pictures)]
        names = vocabulary(data.set)
        found = read_detections(asked.judged, data.cases, names, pictures) if asked.judged else None
        if pictures is not None:
            return data, [ExternalModel(pictures, detections=found)]
        assert found is not None and asked.judged is not None, "there is something to read"
        if not found.by_place:
            raise UigError(
                f"{asked.judged} tells pictures apart by their hash; give the folder of the "
                "pictures too, or apply other thresholds to the run itself with `uig rejudge RUN "
                "--threshold T`."
            )
        seen = {place: one.to_json() for place, one in found.by_place.items()}
        return data, [ExternalModel(_unseen(asked, data, seen), detections=found)]

    def write(self, run: FinishedRun, folder: Path) -> list[str]:
        """Several models go into folders of their own."""
        for model in run.models:
            root = folder if len(run.models) == 1 else folder / model
            pictures = [one for one in run.pictures if one.model == model]
            _write_pictures(pictures, root)
            for detector, identity in run.scorers.items():
                _write_detections(pictures, detector, identity, root)
        return []


def _judged_elsewhere(
    asked: ImportRequest, data: Data, pictures: ExternalPictures | None
) -> ExternalModel:
    assert asked.judged is not None
    if given := asked.own.of(RuleOptions).given:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(given))
        raise UigError(
            f"{asked.judged} holds verdicts without the boxes behind them, to which no other rules "
            f"can be applied; leave {flags} out, or give stored detections."
        )
    found = read_verdicts(asked.judged, data.cases, pictures)
    told = {place: (one.answer, one.raw) for place, one in found.by_place.items()}
    return ExternalModel(pictures or _unseen(asked, data, told), verdicts=found)


def _unseen(asked: ImportRequest, data: Data, told: Mapping[Place, object]) -> ExternalPictures:
    assert asked.judged is not None
    name = asked.name or asked.judged.stem
    samples = asked.samples or 1 + max(sample for _, sample in told)
    files = {
        (case.id, sample): unseen(name, (case.id, sample), told[case.id, sample])
        if (case.id, sample) in told
        else Failure(MISSING, "nothing stored about it")
        for case in data.cases
        for sample in range(samples)
    }
    return ExternalPictures(name, samples, files)


def _write_pictures(pictures: Sequence[FinalPicture], root: Path) -> None:
    for one in pictures:
        if one.sample == 0:
            metadata = json.dumps(dict(one.case.facts)) + "\n"
            put_text(root / _folder_name(one.case) / METADATA, metadata)
        if one.picture is not None:
            put_picture(root / picture_path(one.case, one.sample), one.picture)


def _write_detections(
    pictures: Sequence[FinalPicture], detector: str, identity: Mapping[str, str], root: Path
) -> None:
    said = [one for one in pictures if "answers" in one.findings.get(detector, {})]
    if said:
        verdicts = (line for one in said if (line := _verdict_line(one, detector)))
        put_lines(root / "results" / f"{detector}.jsonl", verdicts)
        return
    seen = [
        (one, found)
        for one in pictures
        for found in one.findings.get(detector, {}).get("detections", ())
        if isinstance(found, Detections)
    ]
    put_lines(root / "results" / f"{detector}.jsonl", _results(seen))
    if not any(found.rules for _, found in seen):
        home = root / "detections" / detector
        lines = [detections_line(one.case, one.sample, found) for one, found in seen]
        put_lines(home / "detections.jsonl", lines)
        put_identity(home, identity)


def _results(seen: Sequence[tuple[FinalPicture, Detections]]) -> Iterator[Mapping[str, Any]]:
    for one, found in seen:
        try:
            yield result_line(one.case, one.sample, found)
        except ColorUnknown:
            continue


def _folder_name(case: Case) -> str:
    return case.id.rsplit("/", 1)[1]


def picture_path(case: Case, sample: int) -> str:
    return f"{_folder_name(case)}/{SAMPLES}/{sample:05d}.png"


def detections_line(case: Case, sample: int, seen: Detections) -> dict[str, Any]:
    """Every box of a picture, as `read_detections` takes it."""
    record = seen.to_json()
    size = {} if seen.image_size == UNKNOWN else {"image_size": record["image_size"]}
    return {
        "filename": picture_path(case, sample),
        **size,
        "detections": record["boxes"],
        "colors_by_object": record["colors"],
    }


def result_line(case: Case, sample: int, seen: Detections) -> dict[str, Any]:
    """A line of the official results file; details: class -> the boxes that counted, best first.

    Raises ColorUnknown where there is no verdict.
    """
    found = verdict(case.facts, seen.boxes, seen.colors, options_of(seen.rules))
    kept = {
        name: [list(seen.boxes[name][i]) for i in found.kept[name]]
        for name in object_names()
        if name in found.kept
    }
    return _result(case, sample, found.correct, found.reason, kept)


def _verdict_line(one: FinalPicture, judge: str) -> dict[str, Any] | None:
    """The same of a verdict that was brought along, whose boxes are not known; None without one."""
    (line,) = one.checks[judge]
    if line.correct is None:
        return None
    return _result(one.case, one.sample, line.correct, line.raw, {})


def _result(
    case: Case, sample: int, correct: bool, reason: str, kept: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "filename": picture_path(case, sample),
        "tag": case.facts["tag"],
        "prompt": case.prompt,
        "correct": correct,
        "reason": reason,
        "metadata": json.dumps(dict(case.facts)),
        "details": json.dumps(dict(kept)),
    }
