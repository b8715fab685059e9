"""Figures as tables show them: a score, what its interval is, how many groups it rests on."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

TOO_FEW = "too few for an interval"
"""What stands where an interval would: there are too few prompts to tell one."""

CAPTION = "[too few]: too few prompts for an interval"
"""What explains the short form of it, below a table."""

ONE_STRATUM = "no dimension has two prompts: the intervals take all prompts for one dimension's"
"""What is said of intervals that rest on how dimensions differ (docs/statistics.md)."""


def one_stratum(rows: Iterable[Mapping[Hashable, Any]]) -> bool:
    """Whether no dimension has two prompts. rows: all of tables/summary of one split and judge."""
    every = list(rows)
    parts = [row["cases"] for row in every if row["level"] not in ("group", "overall")]
    whole = [row["cases"] for row in every if row["level"] == "overall"]
    return max(parts, default=2) < 2 <= max(whole, default=0)


def known(value: float | None) -> bool:
    """Whether there is a number: neither None nor the NaN that a data frame holds for it."""
    return value is not None and value == value


def number(value: float | None, digits: int = 2) -> str:
    return f"{value:.{digits}f}" if known(value) else "–"


def amount(value: float | None) -> str:
    """Three digits, or all before the point."""
    if value is None or not known(value):
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def interval(low: float | None, high: float | None, digits: int = 1) -> str:
    """[89.1, 99.7], as it is: the two arms of an interval are seldom alike."""
    if known(low) and known(high):
        return f"[{number(low, digits)}, {number(high, digits)}]"
    return TOO_FEW


def with_interval(
    score: float | None, low: float | None, high: float | None, *, digits: int = 2, bounds: int = 1
) -> str:
    """98.25 [89.1, 99.7], or 98.25 [too few]; nothing is said of the interval of no score."""
    if not known(score):
        return number(score)
    told = interval(low, high, bounds)
    return f"{number(score, digits)} {'[too few]' if told == TOO_FEW else told}"


def of_groups(groups: float | None, all_groups: float | None) -> str:
    """7 of 9 groups; nothing where that is not known."""
    if groups is None or all_groups is None or not (known(groups) and known(all_groups)):
        return ""
    return f"{int(groups)} of {int(all_groups)} groups"


def line_name(row: Mapping[Hashable, Any]) -> str:
    """A row of tables/summary by its name, and the overall by what it is made of. Rows of older
    tables do not tell that."""
    made_of = of_groups(row.get("groups"), row.get("all_groups"))
    return f"{row['name']} ({made_of})" if made_of else str(row["name"])
