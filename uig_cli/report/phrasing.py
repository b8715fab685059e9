"""Differences in words and figures, the same on a terminal, in Markdown and in JUnit XML."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from uig_cli.compare.comparison import Comparison
from uig_cli.compare.equal_cost import EqualCost
from uig_cli.compare.run_side import Round
from uig_cli.console import how_many
from uig_cli.results.figures import TOO_FEW, amount, of_groups
from uig_cli.stats.paired import Difference
from uig_cli.stats.wilson import wilson


def points(share: float | None) -> str:
    """In percent, a digit behind the point."""
    return "–" if share is None else f"{100 * share:.1f}"


def signed(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:+.1f}"


def interval(low: float | None, high: float | None) -> str:
    return f"[{TOO_FEW}]" if low is None else f"[{signed(low)}, {signed(high)}]"


def chance(p: float | None) -> str:
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def sides(comparison: Comparison) -> str:
    """uig@final, or direct@final -> uig@final where they differ."""
    before, after = comparison.before.what, comparison.after.what
    return after if before == after else f"{before} -> {after}"


def headline(comparison: Comparison, found: Difference) -> str:
    """tiif/long overall uig@final: 71.2 -> 66.0, -5.2 [-7.9, -2.6]"""
    return (
        f"{comparison.where} {found.name} {sides(comparison)}: {points(found.before)} -> "
        f"{points(found.after)}, {signed(found.difference)} {interval(found.low, found.high)}"
    )


def equal_line(comparison: Comparison, equal: EqualCost) -> str:
    """at equal work (4,726 a case), best-of-n@final at step 1.4: 39.8 -> 45.3, +5.5 [-0.5, +11]"""
    found = equal.difference
    beyond = "" if equal.reached else ", where its curve ends before that"
    return (
        f"at equal {equal.by} ({amount(equal.cost)} a case), {comparison.before.what} at step "
        f"{equal.at:.2g}{beyond}: {points(found.before)} -> {points(found.after)}, "
        f"{signed(found.difference)} {interval(found.low, found.high)}"
    )


def counted(comparison: Comparison, found: Difference) -> str:
    """78 cases, 0 missing, 9 of 9 groups, 1 of 2 samples compared, 132 cases only in the baseline.

    What is left out stands where the verdict does: it is none over all that a side has.
    """
    told = [how_many(found.cases, "case"), f"{comparison.missing} missing"]
    if made_of := of_groups(found.groups, found.all_groups):
        told.append(made_of)
    if comparison.samples < comparison.all_samples:
        told.append(f"{comparison.samples} of {comparison.all_samples} samples compared")
    return ", ".join((*told, *_left_out(comparison)))


def _left_out(comparison: Comparison) -> Iterator[str]:
    """Cases that are not compared, since one side did not choose them or has another in place."""
    if not comparison.left_out:
        return
    every = comparison.cases + comparison.left_out
    yield f"{comparison.cases} of {every} cases compared"
    other = comparison.left_out - comparison.only_before - comparison.only_after
    for count, where in (
        (comparison.only_before, "only in the baseline"),
        (comparison.only_after, "only in the candidate"),
        (other, "with another prompt or dimension"),
    ):
        if count:
            yield f"{count} {where}"


_ROUND = ("round", "edited", "repaired", "broken", "still right", "still wrong")
_BY = (
    "repaired by edit", "broken by edit", "returned", "repaired by return", "broken by return",
)  # fmt: skip


def rounds_table(rounds: Sequence[Round]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Head and cells. What edits and returns did is told apart where something was returned."""
    head = (*_ROUND, *_BY) if any(one.returned for one in rounds) else _ROUND
    return head, [list(map(str, asdict(one).values()))[: len(head)] for one in rounds]


def right_pictures(found: Difference) -> str:
    """How many pictures are right in all, with Wilson's intervals where a prompt has one sample."""
    text = f"right in all: {found.right_before} -> {found.right_after} of {found.pictures} pictures"
    if found.right_p is None:
        return text
    shares = (found.right_before / found.pictures, found.right_after / found.pictures)
    before, after = (wilson(share, found.pictures) for share in shares)
    return (
        f"{text}, {points(shares[0])} [{points(before[0])}, {points(before[1])}] -> "
        f"{points(shares[1])} [{points(after[0])}, {points(after[1])}] %, "
        f"exact McNemar p {chance(found.right_p)}"
    )
