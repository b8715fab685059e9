"""Figures as they stand in tables."""

from math import nan

import pytest

from uig_cli.results.figures import interval, line_name, of_groups, with_interval


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
