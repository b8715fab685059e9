"""What a scorer from elsewhere says of itself is looked at when it is opened."""

from typing import Any

import pytest

from uig_cli.errors import UigError
from uig_cli.scoring.scorer_checks import checked


def scorer(**odd: Any) -> Any:
    parts = {"name": "mine", "kind": "answers", "identity": {"judge": "mine"}, "batch": None}
    return type("Mine", (), {**parts, **odd})()


def test_a_sound_scorer() -> None:
    several: list[dict[str, Any]] = [{}, {"batch": 4}, {"identity": {}}, {"kind": "texts"}]
    for sound in several:
        one = scorer(**sound)
        assert checked(one, "j.py:Mine") is one


@pytest.mark.parametrize(
    "odd",
    [
        {"name": 7}, {"name": "a\nb"}, {"name": "x" * 500}, {"name": "\ud800"},
        {"kind": ["answers"]}, {"kind": "guesses"}, {"identity": None},
        {"identity": {"a": 1}}, {"batch": "many"},
        {"batch": 0}, {"batch": True}, {"identity": property(lambda self: 1 / 0)},
    ],
)  # fmt: skip
def test_an_odd_one_is_one_sentence(odd: dict[str, Any]) -> None:
    with pytest.raises(UigError, match=r"scorer j\.py:Mine ") as error:
        checked(scorer(**odd), "j.py:Mine")
    assert "\n" not in str(error.value) and error.value.exit_code == 2
