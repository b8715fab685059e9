"""Tables as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from uig_cli.compare.comparison import Comparison
from uig_cli.compare.run_side import Round
from uig_cli.report.phrasing import (
    chance,
    counted,
    headline,
    interval,
    points,
    right_pictures,
    rounds_table,
    signed,
)


@dataclass(frozen=True, slots=True)
class PageTable:
    """title: what it holds; the first `words` columns are texts, the others figures; strong: rows
    that stand out."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    strong: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One comparison: its line, and what stands behind it. better, worse: beyond doubt, by the
    interval of the difference."""

    line: str
    details: tuple[str, ...]
    better: bool
    worse: bool


def claim_of(one: Comparison) -> ComparedLine:
    found = one.overall
    names = (one.before.results.name, one.after.results.name)
    between = f", {one.after.label} against {one.before.label}" if names[0] != names[1] else ""
    sure = found.low is not None and found.high is not None
    return ComparedLine(
        line=headline(one, found).replace("->", "→"),
        details=(
            f"{counted(one, found)}, judged by {one.after.judge}{between}",
            right_pictures(found).replace("->", "→"),
            f"p {chance(found.p)}",
        ),
        better=sure and (found.low or 0) > 0,
        worse=sure and (found.high or 0) < 0,
    )


def differences_of(one: Comparison) -> PageTable:
    """Group by group."""
    return PageTable(
        "Differences by group",
        ("group", "before", "after", "difference", "95 %", "p", "p (Holm)", "+/=/−"),
        tuple(
            (
                found.name,
                points(found.before),
                points(found.after),
                signed(found.difference),
                interval(found.low, found.high),
                chance(found.p),
                chance(found.adjusted),
                f"{found.wins}/{found.ties}/{found.losses}",
            )
            for found in one.final.differences
        ),
        strong=frozenset({len(one.final.differences) - 1}),
    )


def rounds_of(title: str, found: Sequence[Round]) -> PageTable:
    """What each round did to the pictures that are answered in full before and after it."""
    head, cells = rounds_table(found)
    told = f"What each round of {title} did, in pictures that are right in all"
    return PageTable(told, head, tuple(map(tuple, cells)))
