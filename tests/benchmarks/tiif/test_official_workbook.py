"""The numbers of the official scripts, computed by hand."""

import pytest

from uig_cli.benchmarks.tiif.workbook import workbook
from uig_cli.stats.stratified import Tally


def tally(dimension: str, line: int, correct: int, answered: int, missing: int = 0) -> Tally:
    return Tally(f"tiif/short/{dimension}/{line}", dimension, correct, answered, missing)


SHORT = [
    tally("shape+color", 0, 2, 3),
    tally("shape+color", 1, 1, 4, 1),
    tally("shape+color", 2, 0, 0, 5),
    tally("color+texture", 0, 1, 1),
    tally("text", 0, 1, 6),
]
LONG = [tally("text", 0, 0, 0, 2), tally("text", 1, 2, 3)]
BOOK = workbook({"short": SHORT, "long": LONG})


def test_files() -> None:
    assert (BOOK["files"], BOOK["files_expected"], BOOK["files_missing"]) == (5, 7, 2)
    assert BOOK["missing_by_dimension"] == {"shape+color/short": 1, "text/long": 1}


def test_a_dimension_pools_its_answers() -> None:
    assert len(BOOK["dimensions"]) == 39
    assert BOOK["dimensions"]["shape+color"] == {
        "short": {
            "files": 2, "questions": 7, "correct": 3, "accuracy": 3 / 7, "accuracy_4dp": 0.4286,
        },
        "long": None,
    }  # fmt: skip
    assert BOOK["dimensions"]["style"] == {"short": None, "long": None}


def test_groups_levels_and_overall_are_plain_means() -> None:
    groups = BOOK["groups"]
    assert groups["Basic/Attribute"]["short"] == {
        "official": pytest.approx((0.4286 + 1) / 2), "unrounded": pytest.approx((3 / 7 + 1) / 2),
    }  # fmt: skip
    assert groups["Basic/Relation"]["short"] == {"official": None, "unrounded": None}
    assert groups["Advanced/Text Generation"]["long"]["official"] == 0.6667
    assert BOOK["level_averages"]["Basic Following"]["short"] == groups["Basic/Attribute"]["short"]
    assert BOOK["level_averages"]["Advanced Following"]["short"]["official"] == 0.1667
    assert BOOK["level_averages"]["Basic Following"]["long"]["official"] is None
    assert BOOK["overall"]["short"] == {
        "official": pytest.approx((0.7143 + 0.1667) / 2),
        "unrounded": pytest.approx(((3 / 7 + 1) / 2 + 1 / 6) / 2),
    }
    assert BOOK["overall"]["long"]["unrounded"] == pytest.approx(2 / 3)


def test_nothing_answered() -> None:
    empty = workbook({"short": []})
    assert (empty["files"], empty["files_expected"]) == (0, 0)
    assert empty["overall"]["short"] == {"official": None, "unrounded": None}
    assert empty["mean_accuracy_all_columns_official"] is None


def test_the_mean_over_all_columns() -> None:
    """All exact in four decimals, so that it is the same whether columns are rounded first or
    not."""
    short = [tally("text", 0, 1, 2), tally("style", 0, 1, 4)]
    found = workbook({"short": short, "long": [tally("style", 0, 1, 4)]})
    assert found["mean_accuracy_all_columns_official"] == 0.3333
