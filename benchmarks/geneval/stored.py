"""Detections stored in a file, read back to be scored again without a detector.

Two kinds of lines. As `uig` keeps them in RUN/detections: `picture` (hash), `about`, `detections`
with boxes, colors and image_size. And by place: `filename` ("00012/samples/0000.png" at its end),
`image_size`, `detections` (class -> [[x1, y1, x2, y2, score]]) and `colors_by_object`. A line
without a filename but with GenEval's `metadata` is the next sample of the prompt that has them.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import ExternalDetections, some
from uig_cli.benchmarks.geneval.cases import CLAUSES
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError
from uig_cli.scoring.detectors.objects import COLORS, NO_SUCH_COLOR
from uig_cli.scoring.findings import Detections

MOST_SAMPLES = 1000
LARGEST = 1e9

_FILENAME = re.compile(r"(?:^|/)([0-9]{1,9})/samples/([0-9]{1,9})\.png$")


def read_detections(file: Path, cases: Sequence[Case]) -> ExternalDetections:
    """Raises UigError with file and line for what is no detection."""
    by_place: dict[Place, Detections] = {}
    by_picture: dict[tuple[str, str], Detections] = {}
    by_line = {int(case.id.rsplit("/", 1)[1]): case for case in cases}
    by_clauses = {_clauses(case.facts): case for case in cases}
    told: Counter[str] = Counter()
    strangers = []
    for where, line in _lines(file):
        if "failure" in line:
            continue
        try:
            if "picture" in line:
                seen = _detections(line["detections"])
                by_picture[str(line["picture"]), str(line["about"])] = seen
                continue
            boxes, colors = line["detections"], line.get("colors_by_object", {})
            seen = _detections(
                {"boxes": boxes, "colors": colors, "image_size": line.get("image_size", [0, 0])}
            )
            place = _place(line, by_line, by_clauses, told)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise UigError(
                f"{where}: got no stored detections ({type(error).__name__}: {error}), expected "
                "filename, image_size, detections and colors_by_object, or a line of a run's "
                "detections folder."
            ) from error
        if place is None:
            strangers.append(str(line.get("filename") or line.get("id") or where)[:60])
        else:
            by_place[place] = seen
    if not by_place and not by_picture:
        raise UigError(
            f"{file}: none of its lines belongs to a prompt of this set; give --set, or the "
            "rewritten prompts with --prompts-file FILE."
        )
    notes = (
        (f"{len(strangers)} stored detections belong to no case: {some(strangers)}.",)
        if strangers
        else ()
    )
    return ExternalDetections(by_place, by_picture, notes)


def _place(
    line: Mapping[str, Any],
    by_line: Mapping[int, Case],
    by_clauses: Mapping[str, Case],
    told: Counter[str],
) -> Place | None:
    if filename := line.get("filename"):
        found = _FILENAME.search(filename)
        case = by_line.get(int(found[1])) if found else None
        if found is None or case is None or int(found[2]) >= MOST_SAMPLES:
            return None
        return case.id, int(found[2])
    metadata = line["metadata"]
    case = by_clauses.get(_clauses(json.loads(metadata) if isinstance(metadata, str) else metadata))
    if case is None:
        return None
    told[case.id] += 1
    return case.id, told[case.id] - 1


def _clauses(metadata: Mapping[str, Any]) -> str:
    return json.dumps([metadata.get(field) for field in CLAUSES])


def _detections(record: Mapping[str, Any]) -> Detections:
    """Raises ValueError, TypeError or KeyError for what is none."""
    for name, boxes in record["boxes"].items():
        for box in boxes:
            if len(box) != 5 or not all(isfinite(x) and abs(x) < LARGEST for x in box):
                raise ValueError(f"{name!r:.40} has a box that is not five plain numbers")
    for name, colors in record["colors"].items():
        if not set(colors) <= {*COLORS, *NO_SUCH_COLOR, None}:
            raise ValueError(f"{name!r:.40} has a color that GenEval does not know")
    return Detections.from_json(record)


def _lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UigError(
            f"cannot read the detections {file} ({error}); expected UTF-8 JSON lines."
        ) from error
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        where = f"{file}, line {number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UigError(
                f"{where}: got broken JSON ({error}), expected one object; mend or remove the line."
            ) from error
        if not isinstance(value, dict):
            raise UigError(f"{where}: got {type(value).__name__}, expected an object.")
        yield where, value
