"""What a benchmark hands over is of the types that it promises, or told in a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from uig_cli.benchmarks import own, registry
from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.plugin_checks import checked_cases, several_of, wrong_card
from uig_cli.benchmarks.protocol import Data
from uig_cli.cases import Case
from uig_cli.errors import UigError

CARD = Card("counting", "how many")
DATA = Data((Case("x/1", "a dog"),), "built-in", "0" * 64, (), "how many")


def test_our_own_are_sound() -> None:
    assert [wrong_card(registry.card(name)) for name in registry.OURS] == [None] * len(
        registry.OURS
    )
    assert wrong_card(own.benchmark.card) is None and wrong_card(CARD) is None
    checked_cases(DATA, CARD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", 7), ("name", "a/../b"), ("name", ""), ("summary", None), ("version", 7),
        ("sets", "built-in"), ("splits", [1]), ("needs", ("guesses",)), ("needs", "answers"),
        ("samples", 0), ("samples", True),
    ],
)  # fmt: skip
def test_an_odd_card(name: str, value: Any) -> None:
    told = wrong_card(replace(CARD, **{name: value}))
    assert told is not None and "expected" in told and "\n" not in told


@pytest.mark.parametrize(
    "odd",
    [
        {"cases": None}, {"cases": ["a"]}, {"set": 7}, {"warnings": "odd"}, {"notes": (1,)},
        {"cases": iter(())}, {"card": None}, {"prompts_hash": b"0"},
    ],
)  # fmt: skip
def test_odd_data(odd: dict[str, Any]) -> None:
    with pytest.raises(UigError, match=r"benchmark counting .*expected a") as error:
        checked_cases(replace(DATA, **odd), CARD)
    assert "\n" not in str(error.value)


def test_what_is_no_data_at_all() -> None:
    several: list[Any] = [None, 7, [], "data"]
    for data in several:
        with pytest.raises(UigError, match=r"opens \w+, expected a"):
            checked_cases(data, CARD)


@pytest.mark.parametrize("made", [None, 7, [1], ("a",), {"a": 1}, [Case("x", "y"), None]])
def test_several_that_are_none(made: Any) -> None:
    with pytest.raises(UigError, match=r"from judged, expected a list of Case"):
        several_of(Case, made, CARD, "judged")
