"""What nobody can have seen, and what only looks odd."""

import json
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from uig_cli.benchmarks.geneval.benchmark import benchmark
from uig_cli.benchmarks.geneval.plausible import (
    LARGEST_SIDE,
    SPELLINGS,
    flaw_of,
    guess,
    vocabulary,
    vocabulary_of,
)
from uig_cli.cases import Case
from uig_cli.models.protocol import Picture
from uig_cli.scoring.detectors.objects import object_names
from uig_cli.scoring.findings import Answer, Detections

NAMES = object_names()
SIZE = (200, 100)


def seen(*boxes: Any, name: str = "dog", size: Any = SIZE, **colors: Any) -> Detections:
    return Detections({name: list(boxes)}, colors, size)


def flaw(found: Detections, size: tuple[int, int] | None = None) -> str | None:
    trouble = flaw_of(found, NAMES, size)
    return None if trouble is None else f"{trouble.kind}: {trouble.reason}"


def test_vocabularies() -> None:
    assert vocabulary("full") == NAMES and "star" in vocabulary("built-in")
    for name, known in (("dog", NAMES), ("star", vocabulary("built-in"))):
        assert vocabulary_of({"include": [{"class": name, "count": 1}]}) == known
    assert set(SPELLINGS.values()) < set(NAMES) and not set(SPELLINGS) & set(NAMES)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mouse", 'did you mean "computer mouse"?'),
        ("keyboard", 'did you mean "computer keyboard"?'),
        ("Remote", 'did you mean "tv remote"?'),
        ("DOG", 'did you mean "dog"?'),
        ("traffic_light", 'did you mean "traffic light"?'),
        ("elefant", 'did you mean "elephant"?'),
        ("17", "names are expected, not numbers"),
        ("xyzzy", 'such as "person"'),
        ("star", "names are"),
    ],
)
def test_classes_of_another_vocabulary(name: str, told: str) -> None:
    found = flaw(seen([1, 1, 9, 9, 0.9], name=name))
    assert found and found.startswith(f'protocol: the class "{name}", which is none of the 80 of')
    assert name == "star" or f"({told})" in found
    assert flaw(seen(name=name)) == found  # one without boxes is as strange


def test_long_names_are_cut() -> None:
    for length, shown in ((78, f'"{"x" * 78}",'), (79, f'"{"x" * 76}...,')):
        assert f"the class {shown} which is none" in str(flaw(seen(name="x" * length)))


def test_all_of_the_sets_own_classes_are_fine() -> None:
    assert flaw(Detections({name: [[1, 1, 9, 9, 0.5]] for name in NAMES}, {}, SIZE)) is None
    assert flaw_of(seen(name="star"), vocabulary("built-in")) is None
    assert flaw_of(seen(name="dog"), vocabulary("built-in")) is not None


@pytest.mark.parametrize(
    ("box", "told"),
    [
        ([30, 10, 29, 40, 0.5], "whose x2 is less than its x1"),
        ([10, 30, 40, 29, 0.5], "whose y2 is less than its y1"),
        ([1, 1, 9, 9, 1.000002], "whose score is not within 0 to 1"),
        ([1, 1, 9, 9, 95], "whose score is not within 0 to 1"),
        ([1, 1, 9, 9, -0.1], "whose score is not within 0 to 1"),
        ([1, 1, 9, 9], "which is not five numbers"),
        ([1, 1, 9, 9, 0.5, 3], "which is not five numbers"),
        ([1, 1, 9, True, 0.5], "which is not five numbers"),
        ([1, 1, "9", 9, 0.5], "which is not five numbers"),
        ([1, 1, 203, 9, 0.5], "which reaches beyond a picture of 200x100"),
        ([1, 1, 9, 102, 0.5], "which reaches beyond a picture of 200x100"),
        ([-3, 1, 9, 9, 0.5], "which reaches beyond a picture of 200x100"),
        ([1, -1.5, 9, 9, 0.5], "which reaches beyond a picture of 200x100"),
    ],
)
def test_boxes_that_cannot_be(box: list[Any], told: str) -> None:
    found = flaw(seen([1, 1, 9, 9, 0.5], box))
    assert found and found.startswith("protocol: the dog box [") and found.endswith(told)


@pytest.mark.parametrize("number", [nan, inf, -inf])
@pytest.mark.parametrize("place", range(5))
def test_numbers_that_are_none(number: float, place: int) -> None:
    box = [1.0, 1.0, 9.0, 9.0, 0.5]
    box[place] = number
    assert "numbers: the dog box" in str(flaw(seen(box)))


@pytest.mark.parametrize(
    "box",
    [
        [0, 0, 200, 100, 1],
        [-2, -1, 202, 101, 0],  # a hundredth of 200, a pixel of 100
        [5, 5, 5, 5, 0.5],  # what some detectors make of an empty mask
        [0, 0, 0, 0, 0.0],
        [0, 0, 1, 1, 0.5],
        [0.2, 0.3, 1.1, 0.9, 0.5],
        [1, 1, 9, 9, 1 + 1e-6],
        list(np.array([1, 1, 9, 9, 0.5], np.float32)),
    ],
)
def test_boxes_that_may_be(box: list[float]) -> None:
    assert flaw(seen(box), SIZE) is None


def test_shares_of_a_picture_are_no_pixels() -> None:
    shares = seen([0.1, 0.2, 0.5, 1, 0.9], [0, 0, 0, 0, 0.1])
    assert str(flaw(shares)).startswith("protocol: boxes that lie within 0 to 1, shares")
    assert flaw(seen([0.1, 0.2, 0.5, 1, 0.9], [0, 0, 7, 7, 0.1])) is None


def test_a_picture_of_unknown_size() -> None:
    assert flaw(seen([0, 0, 5000, 5000, 0.5], size=(0, 0))) is None
    beyond = flaw(seen([0, 0, LARGEST_SIDE + 2, 9, 0.5], size=(0, 0)))
    assert beyond and beyond.endswith("which reaches beyond a picture of any size")
    # Where the picture is at hand, its own size counts.
    assert "beyond a picture of 200x100" in str(flaw(seen([0, 0, 300, 9, 0.5], size=(0, 0)), SIZE))


@pytest.mark.parametrize(
    "size", [(0, 5), (5, 0), (-1, 5), (5, -1), (LARGEST_SIDE + 1, 5), (5, LARGEST_SIDE + 1),
             (2.5, 5), (True, 5), ("5", 5), (5,), (5, 5, 5), (nan, 5)],
)  # fmt: skip
def test_sizes_that_are_none(size: Any) -> None:
    found = flaw(seen(size=size))
    assert found and found.startswith("protocol: image_size [") and "no size" in found


def test_sizes_that_are_some() -> None:
    for size in ((1, LARGEST_SIDE), (LARGEST_SIDE, 1), SIZE):
        assert flaw(seen(size=size), size) is None
    assert flaw(seen(), (200, 101)) == "protocol: image_size [200, 100] for a picture of 200x101"
    assert flaw(seen(), (100, 200)) is not None


@pytest.mark.parametrize("color", ["red", "white", None, "mixed", "other"])
def test_colors_that_may_be_seen(color: str | None) -> None:
    assert flaw(seen([1, 1, 9, 9, 0.5], dog=[color])) is None


@pytest.mark.parametrize("color", ["Red", "grey", 7])
def test_other_colors(color: Any) -> None:
    found = flaw(seen([1, 1, 9, 9, 0.5], dog=[color]))
    assert found and f"the color {json.dumps(color)} of a dog, which is none of red, " in found
    assert 'the class "Dog"' in str(flaw(seen([1, 1, 9, 9, 0.5], Dog=[])))


def test_what_has_no_shape_at_all_is_a_flaw_and_no_crash() -> None:
    for boxes in ({"dog": 5}, {"dog": [5]}, {"dog": ["abcde"]}, {"dog": [None]}):
        assert flaw_of(Detections(boxes, {}, SIZE), NAMES) is not None  # type: ignore[arg-type]
    assert flaw_of(Detections({}, {}, None), NAMES) is not None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("boxes", "told"),
    [
        ([[150, 10, 50, 40, 0.5], [10, 80, 40, 20, 0.5]], "; its boxes look like x, y, width"),
        ([[150, 50, 90, 90, 0.5], [180, 20, 40, 30, 0.5]], "; its boxes look like centre x"),
        ([[10, 110, 90, 190, 0.5], [10, 10, 90, 90, 0.5]], "; its boxes look like y1, x1, y2, x2"),
        ([[1, 1, 9, 9, 95], [1, 1, 9, 9, 0.5]], "; its scores look like percent"),
        ([[1, 1, 9, 9, 1.5], [1, 1, 9, 9, 0.5]], "; its scores look like percent"),
        ([[1, 1, 9, 9, 101], [1, 1, 9, 9, 0.5]], ""),
        ([[150, 10, 350, 40, 0.5]], ""),
        # Neither: each reaches beyond the picture by half of its width or height.
        ([[190, 50, 30, 60, 0.5]], ""),
        ([[100, 95, 50, 20, 0.5]], ""),
        ([[100, 5, 50, 20, 0.5], [190, 50, 20, 60, 0.5]], ""),
        ([[10, 50, 30, 60, 0.5], [190, 50, 20, 60, 0.5]], ""),
        ([[190, 70, 20, 70, 0.5], [180, 20, 40, 30, 0.5]], ""),
        ([[150, 10, 50, 40, 0.5], "torn", [1, 1, nan, 2, 0.5]], "; its boxes look like x, y, w"),
    ],
)
def test_guesses_at_the_format(boxes: list[Any], told: str) -> None:
    found = guess([(box, SIZE) for box in boxes])
    assert found.startswith(told) and bool(found) == bool(told)


def test_the_benchmark_says_so_of_what_a_detector_hands_over_and_of_what_is_kept() -> None:
    facts = {"tag": "single_object", "include": [{"class": "computer mouse", "count": 1}]}
    case = Case("geneval/00000", "a photo of a computer mouse", "", "single_object", (), facts)
    picture = Picture("ab", SIZE, lambda: None)  # type: ignore[arg-type,return-value]
    coco, sound = seen([1, 1, 9, 9, 0.9], name="mouse"), seen(name="computer mouse")
    for found, missing in ((coco, True), (seen([9, 1, 1, 9, 1], name="cat"), True), (sound, False)):
        assert (benchmark.flaw(found, picture, "full") is not None) is missing
        (line,) = benchmark.judged(case, {"detections": [found]})
        assert (line.value is None) is missing
        assert line.status.startswith("protocol: the ") is missing
    assert benchmark.flaw(sound, Picture.unseen("x"), "full") is None
    assert benchmark.flaw(sound, Picture("ab", (100, 100), picture._load), "full") is not None
    assert benchmark.flaw(Answer("yes"), picture, "full") is None
