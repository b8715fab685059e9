"""Slipped questions are found where they last, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.benchmarks.tiif import alignment
from uig_cli.benchmarks.tiif.alignment import _fits, misaligned

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


def test_a_word_weighs_the_square_of_its_rarity() -> None:
    """Of four lines, all ask about the picture, two about a vase: a word of one line weighs four
    times as much, (log 4)^2 against (log 2)^2."""
    questions = [("the picture vase copper",), ("the picture vase linen",), ("the picture",),
                 ("the picture amber cobalt",)]  # fmt: skip
    prompts = ["copper things", "a vase in the picture", "nothing of it", "amber"]
    assert _fits(prompts, questions) == pytest.approx([0.8, 0.2, 1.0, 0.5])


def test_words_are_told_apart_by_five_letters() -> None:
    questions = [("painted",), ("stone",), ("Cat",)]
    assert _fits(["painting", "stony", "cat"], questions) == [1.0, 0.0, 1.0]


def test_a_line_that_just_fits_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = [(f"{one} {two}",) for one, two in PAIRS[:4]]
    prompts = [one for one, _ in PAIRS[:4]]
    for limit, expected in ((0.5, []), (0.51, [range(4)])):
        monkeypatch.setattr(alignment, "FITS", limit)
        assert misaligned(prompts, questions) == expected
