"""Slipped questions are found where they last, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.benchmarks.tiif.alignment import misaligned

PAIRS = (
    ("anchor", "bronze"),
    ("bagpipe", "cork"),
    ("cactus", "denim"),
    ("dolphin", "enamel"),
    ("envelope", "felt"),
    ("feather", "granite"),
    ("guitar", "hemp"),
    ("helmet", "ivory"),
    ("jigsaw", "jade"),
    ("lantern", "lace"),
)
PROMPTS = [f"A {thing} made of {stuff}." for thing, stuff in PAIRS]
QUESTIONS = [
    (f"Is there a {thing} in the image?", f"Is the {thing} made of {stuff}?")
    for thing, stuff in PAIRS
]


def test_what_fits_is_left_alone() -> None:
    assert misaligned(PROMPTS, QUESTIONS) == []


@given(st.integers(0, len(PAIRS)), st.integers(0, len(PAIRS)))
def test_a_slip_is_found_from_three_lines_on(one: int, other: int) -> None:
    start, end = sorted((one, other))
    slipped = QUESTIONS[start:end]
    questions = [*QUESTIONS[:start], *slipped[1:], *slipped[:1], *QUESTIONS[end:]]
    expected = [range(start, end)] if len(slipped) >= 3 else []
    assert misaligned(PROMPTS, questions) == expected


def test_a_line_that_fits_parts_two_slips() -> None:
    order = [1, 2, 0, 3, 5, 6, 7, 8, 9, 4]
    questions = [QUESTIONS[line] for line in order]
    assert misaligned(PROMPTS, questions) == [range(3), range(4, 10)]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_lines_tell_nothing(count: int) -> None:
    assert misaligned(PROMPTS[:count], QUESTIONS[5 : 5 + count]) == []


def test_no_telling_words() -> None:
    assert misaligned(PROMPTS[:4], [("Is it good?",)] * 4) == []
