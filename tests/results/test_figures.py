"""Figures as they stand in tables."""

from collections.abc import Hashable
from math import nan
from typing import Any

import pytest

from uig_cli.results.figures import interval, line_name, of_groups, one_stratum, with_interval
from uig_cli.stats.stratified import Tally, nested_means
from uig_cli.stats.stratified import one_stratum as lines_of_one_stratum


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((98.2512, 89.08, 99.71), "98.25 [89.1, 99.7]"),
        ((100.0, None, None), "100.00 [too few]"),
        ((100.0, nan, nan), "100.00 [too few]"),
        ((None, None, None), "–"),
        ((nan, nan, nan), "–"),
        ((0.0, 0.0, 3.25), "0.00 [0.0, 3.2]"),
    ],
)
def test_a_score_and_its_interval(values: tuple[float | None, ...], told: str) -> None:
    assert with_interval(*values) == told


def test_small_numbers_have_more_digits() -> None:
    assert with_interval(0.031, 0.012, 0.08, bounds=2) == "0.03 [0.01, 0.08]"
    assert interval(None, None) == "too few for an interval"


def test_an_overall_tells_its_groups() -> None:
    assert of_groups(7, 9) == "7 of 9 groups" and of_groups(7.0, 9.0) == "7 of 9 groups"
    assert of_groups(None, 9) == of_groups(nan, nan) == ""
    assert line_name({"name": "overall", "groups": 2, "all_groups": 2}) == "overall (2 of 2 groups)"
    assert line_name({"name": "color", "groups": nan, "all_groups": nan}) == "color"
    assert line_name({"name": "overall"}) == "overall"  # tables of an older version


def test_one_prompt_a_dimension_is_told() -> None:
    def rows(*cases: int) -> list[dict[Hashable, Any]]:
        told = [("dimension", count) for count in cases] + [("group", sum(cases))]
        told.append(("overall", sum(cases)))
        return [{"level": level, "cases": count} for level, count in told]

    assert one_stratum(rows(1, 1, 1)) and one_stratum(rows(1, 0, 1))
    assert not one_stratum(rows(1, 2, 1)) and not one_stratum(rows(1)) and not one_stratum([])
    tallies = [Tally(f"{d}/0", d, 3 + (d == "a"), 4, 0) for d in "abc"]
    lines = nested_means(tallies, {d: [d] for d in "abc"}, dimension_level="tag")
    told: list[dict[Hashable, Any]] = [{"level": line.level, "cases": line.cases} for line in lines]
    assert one_stratum(told) == lines_of_one_stratum(lines) is True
