"""A method beside another one's curve, where both have cost as much."""

from dataclasses import replace

import pytest

from tests.compare.sides import OneDimension
from uig_cli.compare.comparison import compare
from uig_cli.compare.equal_cost import at_equal_cost
from uig_cli.compare.run_side import Side
from uig_cli.errors import UigError
from uig_cli.results.outcomes import PictureScore, Prompt, Results

CASES = 8


def side(name: str, works: list[int | None], right: list[int]) -> Side:
    """A method with a step for each work, at which so many of the cases are right."""
    prompts = [Prompt(f"d/{n}", str(n), "", "d", 1, 1) for n in range(CASES)]
    outcomes = [
        PictureScore(
            f"d/{n}", 0, name, step, "exact", int(n < right[step]), 1, 0, True, 1.0, 1, 1, work=work
        )
        for step, work in enumerate(works)
        for n in range(CASES)
    ]
    results = Results(
        name, "0", "ours", "", {name: {}}, {"exact": {}}, prompts, outcomes, of=OneDimension()
    )
    return Side(results, name, None, "exact")


CURVE = side("many", [10, 10, 10], [2, 4, 8])
"""Costs 10, 20, 30; 25, 50 and 100 percent are right."""


@pytest.mark.parametrize(
    ("work", "at", "before", "reached"),
    [
        (5, 0, 0.25, True), (10, 0, 0.25, True), (15, 0.5, 0.375, True), (20, 1, 0.5, True),
        (26, 1.6, 0.8, True), (30, 2, 1.0, True), (99, 2, 1.0, False),
    ],
)  # fmt: skip
def test_the_curve_is_read_where_it_has_cost_as_much(
    work: int, at: float, before: float, reached: bool
) -> None:
    found = at_equal_cost(compare(CURVE, side("one", [work], [6]), ""), "work")
    assert found.at == pytest.approx(at) and found.cost == work
    assert found.difference.before == pytest.approx(before) and found.reached is reached
    assert found.difference.after == 0.75
    assert [(one.step, one.cost, one.score) for one in found.curve] == [
        (0, 10, 0.25), (1, 20, 0.5), (2, 30, 1.0),
    ]  # fmt: skip


def test_the_interval_is_that_of_the_mixture() -> None:
    """At a step it is the interval of that step; between two it lies between theirs."""
    at_step = at_equal_cost(compare(CURVE, side("one", [20], [6]), ""), "work").difference
    plain = compare(replace(CURVE, step=1), side("one", [20], [6]), "").overall
    assert (at_step.low, at_step.high) == (plain.low, plain.high)


def test_by_pictures_where_work_is_not_known() -> None:
    old = side("old", [None], [6])
    with pytest.raises(UigError, match=r"does not tell its work.*--at-equal pictures"):
        at_equal_cost(compare(CURVE, old, ""), "work")
    assert at_equal_cost(compare(CURVE, old, ""), "pictures").at == 0
    with pytest.raises(UigError, match='unknown cost in --at-equal "passes"'):
        at_equal_cost(compare(CURVE, old, ""), "passes")
