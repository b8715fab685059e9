"""The script that plants mutants: it notices what changes something, and nothing else."""

from pathlib import Path

import pytest

from tests.mutation import Mutant, Package, equivalent, mutants, noticed

MODULE = """from dataclasses import dataclass
from typing import Literal

LEAST = 3
Side = Literal[1, 2]


@dataclass(frozen=True)
class Pair:
    low: int
    high: int

    def holds(self, number: int) -> bool:
        ends = (number, number + 0)
        pairs = zip((self.low, LEAST), ends, strict=True)
        return all(one <= end for one, end in pairs) and number < self.high
"""

TEST = """from toy_of_mutants import Pair


def test_holds():
    assert [Pair(0, 5).holds(number) for number in (2, 3, 4, 5)] == [False, True, True, False]
    assert not Pair(5, 9).holds(4)
"""


@pytest.fixture
def toy(tmp_path: Path) -> dict[str, Mutant]:
    (tmp_path / "toy_of_mutants.py").write_text(MODULE)
    (tmp_path / "test_toy.py").write_text(TEST)
    package = Package(".", ("toy_of_mutants",), ("test_*.py",))
    return {one.told: one for one in mutants([package], tmp_path)}


EVERY = "all((one <= end for one, end in pairs))"


def test_what_is_changed(toy: dict[str, Mutant]) -> None:
    """No annotation, no decorator, no alias, no `strict=True`."""
    changes = [told.removeprefix("Pair.holds: ").split(" => ") for told in toy]
    whole = f"{EVERY} and number < self.high"
    assert changes == [
        ["LEAST = 3", "LEAST = 4"],
        ["ends = (number, number + 0)", "ends = (number, number - 0)"],
        ["ends = (number, number + 0)", "ends = (number, number + 1)"],
        [f"return {whole}", "return None"],
        [whole, whole.replace("and", "or")],
        [EVERY, EVERY.replace("all", "any")],
        [EVERY[4:-1], EVERY[4:-1].replace("<=", "<")],
        [EVERY[4:-1], EVERY[4:-1].replace("<=", ">")],
        [whole, whole.replace("< self", "<= self")],
        [whole, whole.replace("< self", ">= self")],
    ]


def test_what_changes_something_is_noticed_and_what_changes_nothing_is_not(
    toy: dict[str, Mutant],
) -> None:
    something, nothing, *_ = toy.values()
    assert noticed(something, something.tests) and not noticed(nothing, nothing.tests)


def test_every_equivalent_mutant_is_one_and_says_why() -> None:
    known = {one.name for one in mutants()}
    assert [name for name in equivalent() if name not in known] == []
    assert all(equivalent().values())
