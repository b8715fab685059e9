"""What the layout of somebody's benchmark reads is of the types that it promises."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.external import ExternalModel, ExternalPictures
from uig_cli.benchmarks.layout_checks import checked_flaw, checked_layout
from uig_cli.benchmarks.protocol import Check, Data
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure

CARD = Card("counting", "how many")
DATA = Data((Case("x/1", "a dog"),), "built-in", "0" * 64, (), "how many")
MODEL = ExternalModel(ExternalPictures("mine", 1, {}))


def test_what_is_sound_passes() -> None:
    assert checked_layout((DATA, [MODEL]), CARD) == [MODEL]
    assert checked_flaw(None, CARD) is None
    assert checked_flaw(Failure("answer", "odd"), CARD) == Failure("answer", "odd")


def named(**odd: Any) -> ExternalModel:
    return replace(MODEL, pictures=replace(MODEL.pictures, **odd))


@pytest.mark.parametrize(
    "read",
    [
        None, 7, (DATA,), [DATA, [MODEL]], (None, [MODEL]), (DATA, MODEL), (DATA, ["mine"]),
        (DATA, [named(name=7)]), (DATA, [named(samples=0)]), (DATA, [named(samples="2")]),
    ],
)  # fmt: skip
def test_an_odd_layout(read: Any) -> None:
    with pytest.raises(UigError, match=r"counting .*expected (a|the pair)") as error:
        checked_layout(read, CARD)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("flaw", [False, "odd", 7, (None,)])
def test_an_odd_flaw(flaw: Any) -> None:
    with pytest.raises(UigError, match="expected a Failure or None"):
        checked_flaw(flaw, CARD)


@pytest.mark.parametrize(
    "odd",
    [
        {"question": 7}, {"wanted": None}, {"answer": True}, {"status": b"answered"},
        {"raw": ["yes"]}, {"raw": "\ud800"}, {"value": "1"}, {"weight": None}, {"value": 1j},
    ],
)  # fmt: skip
def test_an_odd_line_of_a_score(odd: dict[str, Any]) -> None:
    line: dict[str, Any] = {
        "question": "Is it red?", "wanted": "yes", "answer": "yes", "status": "answered",
    }  # fmt: skip
    with pytest.raises((TypeError, ValueError), match="expected"):
        Check(**line | odd)


def test_numbers_of_numpy_are_plain() -> None:
    numbers: dict[str, Any] = {"value": np.float32(0.5), "weight": np.int64(2)}
    line = Check("q", "yes", "0.5", "answered", **numbers)
    assert (line.value, line.weight) == (0.5, 2)
    assert type(line.value) is float and type(line.weight) is float
