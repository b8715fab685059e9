"""GenEval's official layout written: a prompt's folder, results as the official script writes
them, and detections by place for other thresholds later."""

import json
from typing import Any

from uig_cli.benchmarks.geneval.rules import options_of, verdict
from uig_cli.cases import Case
from uig_cli.scoring.detectors.objects import object_names
from uig_cli.scoring.findings import Detections


def folder_name(case: Case) -> str:
    return case.id.rsplit("/", 1)[1]


def picture_path(case: Case, sample: int) -> str:
    return f"{folder_name(case)}/samples/{sample:05d}.png"


def metadata_line(case: Case) -> str:
    """The content of metadata.jsonl."""
    return json.dumps(dict(case.facts)) + "\n"


def detections_line(case: Case, sample: int, seen: Detections) -> dict[str, Any]:
    """Every box of a picture, as `read_detections` takes it."""
    record = seen.to_json()
    return {
        "filename": picture_path(case, sample),
        "image_size": record["image_size"],
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
    return {
        "filename": picture_path(case, sample),
        "tag": case.facts["tag"],
        "prompt": case.prompt,
        "correct": found.correct,
        "reason": found.reason,
        "metadata": json.dumps(dict(case.facts)),
        "details": json.dumps(kept),
    }
