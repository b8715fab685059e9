"""Comparisons as Markdown, for a pull request or a job's summary, and as plain values for JSON."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from uig_cli.compare.comparison import Comparison
from uig_cli.compare.equal_cost import EqualCost
from uig_cli.compare.run_side import MeanCost, Side
from uig_cli.options import CompareOptions
from uig_cli.outputs import write_named
from uig_cli.report.escape import markdown
from uig_cli.report.gate_page import gate_page
from uig_cli.report.gate_report import Gate
from uig_cli.report.junit import write_junit
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
from uig_cli.results.figures import amount
from uig_cli.stats.paired import Difference


def as_markdown(
    comparisons: Sequence[Comparison], remarks: Sequence[str], gate: Gate | None
) -> str:
    return "\n".join(_lines(comparisons, remarks, gate)) + "\n"


def _lines(
    comparisons: Sequence[Comparison], remarks: Sequence[str], gate: Gate | None
) -> Iterator[str]:
    yield "# Comparison"
    if gate is not None:
        yield f"\n**{markdown(gate.line)}**\n"
        yield from (
            f"{'    - ' if line.startswith('  ') else '- '}{markdown(line)}"
            for line in gate.details()
        )
    for remark in remarks:
        yield f"\n> {markdown(remark)}"
    for comparison in comparisons:
        yield from _one(comparison)


def _one(comparison: Comparison) -> Iterator[str]:
    before, after = comparison.before, comparison.after
    sides = f"{markdown(before.label)} -> {markdown(after.label)}"
    yield f"\n## {markdown(comparison.where)}: {sides}\n"
    yield (
        f"{markdown(headline(comparison, comparison.overall))}, "
        f"{counted(comparison, comparison.overall)}, judged by {markdown(before.judge)}"
    )
    yield f"\n{markdown(right_pictures(comparison.overall))}\n"
    yield from _table(
        ("", "before", "after", "difference", "95 %", "p", "p (Holm)", "detectable", "+/=/-"),
        (
            [
                markdown(found.name),
                points(found.before),
                points(found.after),
                signed(found.difference),
                interval(found.low, found.high),
                chance(found.p),
                chance(found.adjusted),
                points(found.detectable),
                f"{found.wins}/{found.ties}/{found.losses}",
            ]
            for found in comparison.final.differences
        ),
    )
    if comparison.steps:
        yield "\nOverall by step:\n"
        yield from _table(
            ("step", "before", "after", "difference", "95 %"),
            (
                [
                    at.step,
                    points(overall.before),
                    points(overall.after),
                    signed(overall.difference),
                    interval(overall.low, overall.high),
                ]
                for at in comparison.steps
                if at.differences
                for overall in at.differences[-1:]
            ),
        )
    yield from _rounds(comparison)
    yield "\nPer case and sample:\n"
    yield from _table(
        ("", "pictures", "work", "decoder passes", "tokens", "seconds"),
        (
            [markdown(side.label), *map(amount, asdict(cost).values())]
            for side, cost in ((before, comparison.cost_before), (after, comparison.cost_after))
        ),
    )


def _rounds(comparison: Comparison) -> Iterator[str]:
    for side, rounds in (
        (comparison.before, comparison.rounds_before),
        (comparison.after, comparison.rounds_after),
    ):
        if rounds:
            yield f"\n{markdown(side.label)} by round, in pictures that are right in all:\n"
            yield from _table(*rounds_table(rounds))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def as_plain(comparison: Comparison) -> dict[str, Any]:
    """What `--json` prints of one; scores and differences in percent."""
    return {
        "benchmark": comparison.benchmark,
        "split": comparison.split,
        "before": _side(comparison.before, comparison.cost_before),
        "after": _side(comparison.after, comparison.cost_after),
        "pictures": comparison.pictures,
        "missing": comparison.missing,
        "left_out": comparison.left_out,
        "only_before": comparison.only_before,
        "only_after": comparison.only_after,
        "samples": comparison.samples,
        "all_samples": comparison.all_samples,
        "differences": [_difference(one) for one in comparison.final.differences],
        "steps": {at.step: [_difference(one) for one in at.differences] for at in comparison.steps},
        "rounds_before": [asdict(one) for one in comparison.rounds_before],
        "rounds_after": [asdict(one) for one in comparison.rounds_after],
        "newly_wrong": [asdict(one) for one in comparison.newly_wrong],
        "newly_right": [asdict(one) for one in comparison.newly_right],
    }


def write_files(
    comparisons: Sequence[Comparison],
    remarks: Sequence[str],
    gate: Gate | None,
    options: CompareOptions,
) -> None:
    """The files of --junit, --markdown and --html, where they are asked for."""
    if gate is not None and options.junit is not None:
        write_junit(gate, options.junit)
    if options.markdown is not None:
        text = as_markdown(comparisons, remarks, gate)
        write_named("--markdown", options.markdown, text.encode("utf-8"))
    if options.html is not None:
        write_named("--html", options.html, gate_page(comparisons, remarks, gate))


def compared_as_plain(
    comparisons: Sequence[Comparison],
    remarks: Sequence[str],
    gate: Gate | None,
    equal: Sequence[EqualCost] = (),
) -> dict[str, Any]:
    """What `--json` prints of all."""
    return {
        "comparisons": [as_plain(one) for one in comparisons],
        "notes": list(remarks),
        "gate": None if gate is None else gate_as_plain(gate),
        **({"at equal cost": [equal_as_plain(one) for one in equal]} if equal else {}),
    }


def equal_as_plain(equal: EqualCost) -> dict[str, Any]:
    """The difference in percent where both have cost as much, and the baseline's curve."""
    return {
        "by": equal.by,
        "cost": equal.cost,
        "baseline step": equal.at,
        "reached": equal.reached,
        **_difference(equal.difference),
        "curve": [{**asdict(one), "score": _percent(one.score)} for one in equal.curve],
    }


def gate_as_plain(gate: Gate) -> dict[str, Any]:
    return {
        "outcome": gate.outcome,
        "metric": gate.difference.name,
        "margin": _percent(gate.rule.margin),
        "line": gate.line,
        "details": list(gate.details()),
    }


def _side(side: Side, cost: MeanCost) -> dict[str, Any]:
    return {
        "run": side.results.name,
        "uig": side.results.uig,
        "method": side.method,
        "step": side.last,
        "judge": side.judge,
        "per_case_and_sample": asdict(cost),
    }


_SHARES = ("before", "after", "difference", "low", "high", "detectable")


def _difference(found: Difference) -> dict[str, Any]:
    return {
        name: _percent(value) if name in _SHARES else value for name, value in asdict(found).items()
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 6)
