"""GNED and recall against the official numbers, and what must hold for any text."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.scoring.text_metrics import NEAR, gned, ned, recall, tokens

WORDS = st.lists(st.text("abcé ßI", min_size=1, max_size=6), max_size=5)
LINES = st.lists(st.text("abcé ßI", max_size=12), max_size=5)


def test_official_numbers(shared: Path) -> None:
    path = Path(
        os.environ.get("UIG_TIIF_TEXT") or shared / "fixtures" / "tiif" / "text_metrics.jsonl"
    )
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert rows
    for row in rows:
        words, lines = row["ground_truth"], row["ocr_lines"]
        assert gned(words, lines) == pytest.approx(row["gned"], abs=1e-9), row
        found = recall(words, lines)
        if row["recall"] is None:
            assert found is None, row
        else:
            assert found == pytest.approx(row["recall"], abs=1e-9), row


def test_by_hand() -> None:
    assert gned(["open", "late"], ["OPEN late"]) == 0 and recall(["open", "late"], ["late OPEN"])
    # One word of two found, nothing else there: one of two places is lost.
    assert gned(["open", "late"], ["open"]) == pytest.approx(0.5)
    assert recall(["open", "late"], ["open"]) == pytest.approx(0.5)
    # Text that nobody asked for costs as much as text that is missing.
    assert gned(["open"], ["open", "sale"]) == pytest.approx(0.5)
    # The pairing is forced, so a stranger costs what it differs by: "late" to "lake" 1 of 4.
    assert gned(["late"], ["lake"]) == pytest.approx(0.25)
    assert recall(["late"], ["lake"]) == 1.0
    assert recall(["late"], ["land"]) == 0.0
    assert recall([], ["anything"]) is None


def test_a_token_serves_one_word_only() -> None:
    assert recall(["tea", "tea"], ["tea"]) == pytest.approx(0.5)


def test_tokens() -> None:
    assert tokens([]) == [""]
    assert tokens(["A  b", " C"]) == ["a", "", "b", "", "c"]
    assert tokens(["a\tb"]) == ["a\tb"]


@given(WORDS, LINES)
def test_both_lie_between_0_and_1(words: list[str], lines: list[str]) -> None:
    assert 0 <= gned(words, lines) <= 1
    found = recall(words, lines)
    assert (found is None) == (not words)
    assert found is None or 0 <= found <= 1


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=6))
def test_the_words_themselves_are_perfect_in_any_order(words: list[str]) -> None:
    assert gned(words, [" ".join(reversed(words)).upper()]) == 0
    assert recall(words, words) == 1


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance_is_a_distance(one: str, other: str, third: str) -> None:
    assert ned(one, other) == ned(other, one)
    assert (ned(one, other) == 0) == (one == other)
    whole = [
        ned(a, b) * max(len(a), len(b)) for a, b in ((one, other), (other, third), (one, third))
    ]
    assert whole[2] <= whole[0] + whole[1] + 1e-9


def test_exactly_near_counts() -> None:
    assert ned("abcdefghij", "abcdefgxyz") == NEAR
    assert recall(["abcdefghij"], ["abcdefgxyz"]) == 1
