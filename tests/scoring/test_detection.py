"""The record of what a detector saw, and how detectors are named."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from uig_cli.benchmarks.geneval.cases import colored_classes
from uig_cli.errors import UigError
from uig_cli.scoring.detectors.objects import classes_in, object_names
from uig_cli.scoring.findings import Detections
from uig_cli.scoring.registry import named
from uig_cli.scoring.terms import Terms


def test_record_survives_json() -> None:
    found = Detections(
        {"dog": [[1, 2, 30, 40, 0.9], [1, 2, 3, 4, 0.1]], "cat": [[0, 0, 9, 9, 0.5]]},
        {"dog": ["red", None]},
        (64, 48),
    )
    assert Detections.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_numbers_of_numpy_are_written_as_numbers() -> None:
    box = np.array([1, 2, 30, 40, 0.5], np.float32)
    found = Detections({"dog": [box]}, {}, (np.int64(64), 48))  # type: ignore[list-item,arg-type]
    text = json.dumps(found.to_json())
    assert Detections.from_json(json.loads(text)).boxes == {"dog": [[1, 2, 30, 40, 0.5]]}
    assert json.loads(text)["image_size"] == [64, 48]


def test_colors_are_aligned_with_boxes() -> None:
    with pytest.raises(ValueError, match="dog: got 2 colors for 1 boxes"):
        Detections({"dog": [[1, 2, 30, 40, 0.9]]}, {"dog": ["red", None]}, (64, 48))


def test_names_are_the_eighty_classes() -> None:
    names = object_names()
    assert len(set(names)) == 80
    assert (names[0], names[64], names[79]) == ("person", "computer mouse", "toothbrush")


def test_classes_that_need_colors() -> None:
    clauses = [
        {"class": "dog", "color": "red"},
        {"class": "cat"},
        {"class": "cup", "color": "pink"},
    ]
    assert colored_classes({"include": clauses}) == ("cup", "dog")
    assert colored_classes({}) == ()
    assert classes_in(",".join(("cup", "dog"))) == ("cup", "dog") and classes_in("") == ()


@pytest.mark.parametrize(
    ("spec", "clip", "says"),
    [
        ("mask2fromer:x", "clip", 'unknown detector "mask2fromer".*mean "mask2former"'),
        ("mask2former", "clip", "says no folder; expected mask2former:PATH"),
        ("mask2former:", "clip", "says no folder; expected mask2former:PATH"),
        ("mask2former:x", None, "--color-clip PATH"),
        ("mask2former:x", "no-such-folder", "no-such-folder is no folder"),
    ],
)
def test_what_cannot_be_opened(spec: str, clip: str | None, says: str) -> None:
    with pytest.raises(UigError, match=says):
        named("detectors", spec).check(Terms({}, color_clip=clip))


def test_rules_need_no_torch() -> None:
    code = "import sys, uig_cli.benchmarks.geneval as g; assert 'torch' not in sys.modules"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
