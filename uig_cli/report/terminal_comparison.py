"""Comparisons for a terminal."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from uig_cli.compare.comparison import Comparison
from uig_cli.report.comparison_text import amount
from uig_cli.report.gate_report import Gate
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

if TYPE_CHECKING:
    from rich.table import Table

FILE_WIDTH = 160
"""Columns of a table that goes into a file or a pipe."""


def show_comparisons(comparisons: Sequence[Comparison], gate: Gate | None) -> None:
    """A headline each, groups, steps, rounds and cost; a gate's line comes first."""
    from rich.console import Console
    from rich.text import Text

    from uig_cli.console import harmless

    console = Console(width=None if sys.stdout.isatty() else FILE_WIDTH, markup=False, emoji=False)

    def line(text: str, style: str = "") -> None:
        console.print(Text(harmless(text), style=style), soft_wrap=True)

    if gate is not None:
        line(gate.line, "bold")
        for detail in gate.details():
            line(detail)
    for comparison in comparisons:
        found = comparison.overall
        if gate is None or comparison is not gate.comparison:
            line(f"{headline(comparison, found)}, {counted(comparison, found)}", "bold")
        line(f"  from {comparison.before.label} to {comparison.after.label}")
        line(
            f"  judged by {comparison.before.judge}; smallest detectable difference "
            f"{points(found.detectable)} points; {right_pictures(found)}"
        )
        for table in _tables(comparison):
            console.print(table)


def _tables(comparison: Comparison) -> Iterator["Table"]:
    yield _groups(comparison)
    if comparison.steps:
        yield _steps(comparison)
    for side, rounds in (
        (comparison.before, comparison.rounds_before),
        (comparison.after, comparison.rounds_after),
    ):
        if rounds:
            (first, *names), rows = rounds_table(rounds)
            table = _table(f"{side.label} by round, pictures that are right in all", first)
            for name in names:
                table.add_column(name, justify="right")
            for row in rows:
                table.add_row(*row)
            yield table
    yield _costs(comparison)


def _groups(comparison: Comparison) -> "Table":
    """Groups and overall, or what stands in their place; dimensions are in --json."""
    table = _table("percent; p: sign flips over prompts; Holm: over all dimensions and groups", "")
    for name in ("before", "after", "difference", "95 %", "p", "Holm", "+/=/-", "cases"):
        table.add_column(name, justify="right", no_wrap=True)
    for found in comparison.final.differences:
        if found.level == "dimension":
            continue
        table.add_row(
            _plain(found.name),
            points(found.before),
            points(found.after),
            signed(found.difference),
            _plain(interval(found.low, found.high)),
            chance(found.p),
            chance(found.adjusted),
            f"{found.wins}/{found.ties}/{found.losses}",
            str(found.cases),
            style="bold" if found.level == "overall" else None,
        )
    return table


def _steps(comparison: Comparison) -> "Table":
    table = _table("overall by step (0 is the first picture)", "step")
    for name in ("before", "after", "difference", "95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for at in comparison.steps:
        for found in at.differences[-1:]:
            table.add_row(
                at.step,
                points(found.before),
                points(found.after),
                signed(found.difference),
                _plain(interval(found.low, found.high)),
            )
    return table


def _costs(comparison: Comparison) -> "Table":
    table = _table("per case and sample", "")
    for name in ("pictures", "decoder passes", "tokens", "seconds"):
        table.add_column(name, justify="right")
    for side, cost in (
        (comparison.before, comparison.cost_before),
        (comparison.after, comparison.cost_after),
    ):
        table.add_row(_plain(side.label), *map(amount, asdict(cost).values()))
    return table


def _table(title: str, first: str) -> "Table":
    from rich.table import Table

    table = Table(title=_plain(title), title_justify="left")
    table.add_column(first, overflow="fold")
    return table


def _plain(text: str) -> str:
    """The text with neither markup nor control characters."""
    from rich.markup import escape

    from uig_cli.console import harmless

    return escape(harmless(text))
