"""Comparisons for a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from uig_cli.compare.comparison import Comparison
from uig_cli.compare.equal_cost import EqualCost
from uig_cli.report.gate_report import Gate
from uig_cli.report.phrasing import (
    chance,
    counted,
    equal_line,
    headline,
    interval,
    points,
    right_pictures,
    rounds_table,
    signed,
)
from uig_cli.report.printed import PlainTable, Printed
from uig_cli.results.figures import amount


def show_comparisons(
    comparisons: Sequence[Comparison], gate: Gate | None, equal: Sequence[EqualCost] = ()
) -> None:
    """A headline each, groups, steps, rounds and cost; a gate's line comes first. equal: the same
    at equal cost, for each comparison, where that is asked for."""
    out = Printed()
    if gate is not None:
        out.line(gate.line, "bold")
        for detail in gate.details():
            out.line(detail)
    for number, comparison in enumerate(comparisons):
        found = comparison.overall
        if gate is None or comparison is not gate.comparison:
            out.line(f"{headline(comparison, found)}, {counted(comparison, found)}", "bold")
        out.line(f"  from {comparison.before.label} to {comparison.after.label}")
        out.line(
            f"  judged by {comparison.before.judge}; smallest detectable difference "
            f"{points(found.detectable)} points; {right_pictures(found)}"
        )
        for table in _tables(comparison):
            out.table(table)
        for one in equal[number : number + 1]:
            out.line(equal_line(comparison, one), "bold")
            out.table(_curve(comparison, one))


def _tables(comparison: Comparison) -> Iterator[PlainTable]:
    yield _groups(comparison)
    if comparison.steps:
        yield _steps(comparison)
    for side, rounds in (
        (comparison.before, comparison.rounds_before),
        (comparison.after, comparison.rounds_after),
    ):
        if rounds:
            head, cells = rounds_table(rounds)
            table = PlainTable(f"{side.label} by round, pictures that are right in all", *head)
            for row in cells:
                table.row(*row)
            yield table
    yield _costs(comparison)


def _curve(comparison: Comparison, equal: EqualCost) -> PlainTable:
    """The baseline's steps, what they cost and what they score."""
    table = PlainTable(f"{comparison.before.label} as a curve", "step", equal.by, "score")
    for point in equal.curve:
        table.row(point.step, amount(point.cost), points(point.score))
    return table


def _groups(comparison: Comparison) -> PlainTable:
    """Groups and overall, or what stands in their place; dimensions are in --json."""
    table = PlainTable(
        "percent; p: sign flips over prompts; Holm: over all dimensions and groups",
        *("", "before", "after", "difference", "95 %", "p", "Holm", "+/=/-", "cases"),
    )
    for found in comparison.final.differences:
        if found.level == "dimension":
            continue
        table.row(
            found.name,
            points(found.before),
            points(found.after),
            signed(found.difference),
            interval(found.low, found.high),
            chance(found.p),
            chance(found.adjusted),
            f"{found.wins}/{found.ties}/{found.losses}",
            found.cases,
            style="bold" if found.level == "overall" else None,
        )
    return table


def _steps(comparison: Comparison) -> PlainTable:
    names = ("step", "before", "after", "difference", "95 %")
    table = PlainTable("overall by step (0 is the first picture)", *names)
    for at in comparison.steps:
        for found in at.differences[-1:]:
            table.row(
                at.step,
                points(found.before),
                points(found.after),
                signed(found.difference),
                interval(found.low, found.high),
            )
    return table


def _costs(comparison: Comparison) -> PlainTable:
    names = ("", "pictures", "work", "decoder passes", "tokens", "seconds")
    table = PlainTable("per case and sample", *names)
    for side, cost in (
        (comparison.before, comparison.cost_before),
        (comparison.after, comparison.cost_after),
    ):
        table.row(side.label, *map(amount, asdict(cost).values()))
    return table
