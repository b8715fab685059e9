"""The verdict: all golden cases, what a reader can check by hand, and laws that must hold."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.benchmarks.geneval.rules import (
    ColorUnknown,
    Options,
    relations,
    spoken,
    verdict,
)

CASES = Path(
    os.environ.get("UIG_GENEVAL_CASES")
    or Path(__file__).parents[4] / "shared" / "fixtures" / "geneval" / "scoring_cases.jsonl"
)


@pytest.mark.skipif(not CASES.exists(), reason="needs GenEval's scoring cases (UIG_GENEVAL_CASES)")
def test_golden_cases() -> None:
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    assert cases
    wrong = []
    for case in cases:
        options = Options(**case.get("options", {}))
        got = verdict(case["metadata"], case["detections"], case["colors_by_object"], options)
        kept = {name: list(indices) for name, indices in got.kept.items()}
        expected = case["expected"]
        if (got.correct, got.reason, kept) != (
            expected["correct"],
            expected["reason"],
            expected["kept"],
        ):
            wrong.append(case["id"])
    assert not wrong


def box(x: float, y: float, score: float = 0.8, side: float = 10) -> list[float]:
    return [x, y, x + side, y + side, score]


def clause(name: str, count: int = 1, **more: Any) -> dict[str, Any]:
    return {"class": name, "count": count, **more}


def asks(*include: dict[str, Any], tag: str = "colors", **more: Any) -> dict[str, Any]:
    return {"tag": tag, "include": list(include), **more}


def test_threshold_is_strict_in_float32() -> None:
    for score, found in [(0.3, False), (0.30000001, False), (0.3000001, True)]:
        assert verdict(asks(clause("dog")), {"dog": [box(0, 0, score)]}, {}).correct is found


def test_counting_wants_more_certainty_and_no_more_objects() -> None:
    metadata = asks(clause("cup", 2), tag="counting", exclude=[clause("cup", 3)])
    two = {"cup": [box(0, 0, 0.95), box(50, 0, 0.95), box(90, 0, 0.9)]}
    assert verdict(metadata, two, {}).correct
    three = {"cup": [box(0, 0, 0.95), box(50, 0, 0.95), box(90, 0, 0.91)]}
    assert verdict(metadata, three, {}).reason == "expected cup<3, found 3"
    assert verdict(metadata, {"cup": two["cup"][:1]}, {}).reason == "expected cup>=2, found 1"


def test_equal_scores_put_the_later_box_first() -> None:
    boxes = {"dog": [box(0, 0, 0.5), box(1, 0, 0.9), box(2, 0, 0.5)]}
    assert verdict(asks(), boxes, {}).kept == {"dog": (1, 2, 0)}


def test_overlap_filter_is_off_at_one() -> None:
    twins = {"dog": [box(0, 0, 0.9), box(0, 0, 0.8), box(100, 0, 0.7)]}
    assert verdict(asks(), twins, {}).kept == {"dog": (0, 1, 2)}
    assert verdict(asks(), twins, {}, Options(max_overlap=0.9)).kept == {"dog": (0, 2)}


def test_an_overlap_equal_to_the_limit_is_too_much() -> None:
    """Last pixels belong to their boxes: 100 pixels share 80 with 80 others, an IoU of 0.8."""
    boxes = {"dog": [[0, 0, 9, 9, 0.9], [0, 0, 7, 9, 0.8]]}
    for limit, kept in ((0.8, (0,)), (0.8001, (0, 1)), (0.7999, (0,))):
        assert verdict(asks(), boxes, {}, Options(max_overlap=limit)).kept == {"dog": kept}


def test_boxes_apart_share_nothing() -> None:
    """An IoU counts what both hold less what they share; a pixel apart, there is nothing."""
    for other, shared in (([10, 0, 19, 9, 0.8], False), ([9, 0, 18, 9, 0.8], True),
                          ([0, 10, 9, 19, 0.8], False), ([0, 9, 9, 18, 0.8], True)):  # fmt: skip
        boxes = {"dog": [[0, 0, 9, 9, 0.9], other]}
        # They share 10 of 190 pixels, an IoU of 0.0526.
        for limit in (1e-9, 10 / 190, 0.0527):
            kept = verdict(asks(), boxes, {}, Options(max_overlap=limit)).kept["dog"]
            assert kept == ((0,) if shared and limit < 0.0527 else (0, 1))


def test_a_box_inside_out_has_no_area() -> None:
    """Its sides count as nothing, never as less, and two of none share nothing."""
    inside_out = {"dog": [[0, 0, 9, 9, 0.9], [5, 5, 3, 3, 0.8], [5, 5, 4, 9, 0.7]]}
    assert verdict(asks(), inside_out, {}, Options(max_overlap=1e-9)).kept == {"dog": (0, 1, 2)}
    for last, kept in (([3, 3, 2, 2, 0.8], (0, 1)), ([3, 3, 3, 3, 0.8], (0,))):
        boxes = {"dog": [[0, 0, 9, 9, 0.9], last]}
        assert verdict(asks(), boxes, {}, Options(max_overlap=1e-9)).kept == {"dog": kept}


def test_only_the_best_object_is_asked_for_its_color() -> None:
    metadata = asks(clause("dog", color="red"))
    boxes = {"dog": [box(0, 0, 0.9), box(50, 0, 0.8)]}
    got = verdict(metadata, boxes, {"dog": ["blue", "red"]})
    assert got.reason == "expected red dog>=1, found 0 red; and 1 blue"
    assert verdict(metadata, boxes, {"dog": ["red", "blue"]}).correct


def test_colors_are_told_in_the_order_of_the_list() -> None:
    metadata = asks(clause("dog", 3, color="white"))
    boxes = {"dog": [box(0, 0), box(20, 0), box(40, 0)]}
    got = verdict(metadata, boxes, {"dog": ["white", "blue", "red"]})
    assert got.reason == "expected white dog>=3, found 1 white; and 1 red, 1 blue, 1 white"


def test_a_color_outside_the_list_is_told_and_is_not_the_one_asked_for() -> None:
    boxes = {"dog": [box(0, 0), box(20, 0), box(40, 0)]}
    got = verdict(asks(clause("dog", 3, color="red")), boxes, {"dog": ["other", "mixed", "red"]})
    assert got.reason == "expected red dog>=3, found 1 red; and 1 red, 1 mixed, 1 other"
    assert verdict(asks(clause("dog", 3)), boxes, {"dog": ["other", "mixed", "red"]}).correct


@pytest.mark.parametrize("colors", [{}, {"dog": [None]}])
def test_a_color_nobody_named_is_not_guessed(colors: dict[str, list[None]]) -> None:
    with pytest.raises(ColorUnknown):
        verdict(asks(clause("dog", color="red")), {"dog": [box(0, 0)]}, colors)
    assert not verdict(asks(clause("dog", color="red")), {"dog": [box(0, 0, 0.1)]}, colors).correct


def test_a_tenth_of_both_sizes_is_no_relation_and_half_of_the_way_must_be_left() -> None:
    """Sides of 10 and 10 take 2 off an offset: of 4 half is left, which is not more than half."""
    for offset, found in ((4.0, []), (4.1, ["right of"]), (-4.0, []), (-4.1, ["left of"])):
        assert relations(box(offset, 0), box(0, 0)) == found
    for offset, found in ((4.0, []), (4.1, ["below"]), (-4.1, ["above"])):
        assert relations(box(0, offset), box(0, 0)) == found


def test_the_least_offset_is_a_thousandth_of_a_pixel() -> None:
    here = [0.0, 0.0, 0.0, 0.0, 1.0]
    for offset, found in ((0.5, ("right of", "below")), (-0.5, ("left of", "above")),
                          (0.001, ("right of", "below")), (0.0009, ())):  # fmt: skip
        assert relations([offset, 0.0, offset, 0.0, 1.0], here, 0) == list(found[:1])
        assert relations([0.0, offset, 0.0, offset, 1.0], here, 0) == list(found[1:])


def test_reasons_about_places() -> None:
    metadata = asks(clause("cat"), clause("dog", position=["left of", 0]))
    cat = {"cat": [box(100, 100)]}
    assert verdict(metadata, {**cat, "dog": [box(0, 100)]}, {}).correct
    assert verdict(metadata, {**cat, "dog": [box(300, 300)]}, {}).reason == (
        "expected dog left of target, found right of and below target"
    )
    assert verdict(metadata, {**cat, "dog": [box(100, 100)]}, {}).reason == (
        "expected dog left of target, found  target"
    )
    assert verdict(metadata, {"dog": [box(0, 100)]}, {}).reason == (
        "expected cat>=1, found 0\nno target for dog to be left of"
    )


def test_clauses_in_words() -> None:
    metadata = asks(clause("dog"), clause("cat", 2, color="red", position=["above", 0]))
    assert spoken(metadata) == "dog>=1; red cat>=2 above dog"
    assert spoken(asks(clause("cup", 2), exclude=[clause("cup", 3)])) == "cup>=2; cup<3"


CLASSES = st.sampled_from(["dog", "cat", "cup"])
SCORES = st.floats(0, 1, width=32)
BOXES = st.builds(box, st.integers(0, 500), st.integers(0, 500), SCORES, st.integers(1, 300))
FOUND = st.dictionaries(CLASSES, st.lists(BOXES, max_size=6))
RELATIONS = ["left of", "right of", "above", "below"]
METADATA = st.builds(
    lambda first, second, relation, tag: asks(
        clause(*first), clause(*second, position=[relation, 0]), tag=tag,
        exclude=[clause(first[0], first[1] + 1)],
    ),
    st.tuples(CLASSES, st.integers(1, 3)),
    st.tuples(CLASSES, st.integers(1, 3)),
    st.sampled_from(RELATIONS),
    st.sampled_from(["position", "counting"]),
)  # fmt: skip


@given(METADATA, FOUND, CLASSES, st.floats(0, 0.3))
def test_boxes_below_the_threshold_change_nothing(
    metadata: dict[str, Any], found: dict[str, list[list[float]]], name: str, score: float
) -> None:
    more = {**found, name: [*found.get(name, []), box(0, 0, score)]}
    assert verdict(metadata, more, {}) == verdict(metadata, found, {})


@given(METADATA, FOUND)
def test_right_is_the_absence_of_reasons(
    metadata: dict[str, Any], found: dict[str, list[list[float]]]
) -> None:
    got = verdict(metadata, found, {})
    assert got.correct is (got.reason == "")
    for name, indices in got.kept.items():
        scores = [found[name][i][4] for i in indices]
        assert scores == sorted(scores, reverse=True)


@given(METADATA, FOUND)
def test_a_mirrored_picture_answers_the_mirrored_prompt(
    metadata: dict[str, Any], found: dict[str, list[list[float]]]
) -> None:
    swap = {"left of": "right of", "right of": "left of"}
    text = json.dumps(metadata)
    for relation in swap:
        text = text.replace(f'"{relation}"', f'"<{swap[relation]}>"')
    mirrored = json.loads(text.replace("<", "").replace(">", ""))
    flipped = {
        name: [[1000 - x2, y1, 1000 - x1, y2, score] for x1, y1, x2, y2, score in boxes]
        for name, boxes in found.items()
    }
    assert verdict(mirrored, flipped, {}).correct == verdict(metadata, found, {}).correct


@given(BOXES, BOXES)
def test_relations_are_opposite_seen_from_the_other_side(a: list[float], b: list[float]) -> None:
    opposite = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
    assert relations(b, a) == [opposite[relation] for relation in relations(a, b)]


@given(BOXES, BOXES, st.integers(-1000, 1000))
def test_relations_do_not_depend_on_where_the_pair_stands(
    a: list[float], b: list[float], by: int
) -> None:
    assert relations([x + by for x in a[:4]], [x + by for x in b[:4]]) == relations(a, b)
