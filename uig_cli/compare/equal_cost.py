"""A method beside another one's curve: what the baseline has where it has cost as much.

The baseline's steps are a curve, best-of-n's most of all: step k is the best of k + 1 pictures. It
is read where its mean cost is the candidate's, between two steps as a mixture of both: the first in
so many of all cases, the second in the rest. The difference is paired case by case, as any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from uig_cli.cases import Place
from uig_cli.compare.comparison import Comparison, overall_of
from uig_cli.compare.run_side import MeanCost, Side, cost_to
from uig_cli.errors import UigError, unknown
from uig_cli.results.outcomes import PictureScore
from uig_cli.stats.paired import Difference

By = Literal["work", "pictures", "seconds"]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A step of the baseline. score: in 0..1."""

    step: int
    cost: float
    score: float


@dataclass(frozen=True, slots=True)
class EqualCost:
    """cost: the candidate's, a case and sample. at: where the curve has cost as much, in steps of
    the baseline; reached: False where it ends before that. difference: None where nothing can be
    compared."""

    by: By
    cost: float
    at: float
    reached: bool
    curve: tuple[CurvePoint, ...]
    difference: Difference


def at_equal_cost(comparison: Comparison, by: str) -> EqualCost:
    """Raises UigError for what is no cost, and where the costs are not known."""
    if by not in get_args(By):
        raise unknown("cost in --at-equal", by, get_args(By))
    before, after = comparison.before, comparison.after
    places = _places(comparison)
    spent = _amount(cost_to(after, after.last, places), by, after)  # type: ignore[arg-type]
    costs = [
        _amount(cost_to(before, step, places), by, before)  # type: ignore[arg-type]
        for step in range(before.last + 1)
    ]
    at = _where(costs, spent)
    curve = [before.at(step) for step in range(before.last + 1)]
    points = []
    for step, kept in enumerate(curve):
        found = overall_of(before, after, kept, after.at(after.last), places)
        if found is not None:
            points.append(CurvePoint(step, costs[step], found.before))
    mixed = _mixed(curve, at, places)
    difference = overall_of(before, after, mixed, after.at(after.last), places)
    if difference is None:
        raise UigError(f"{before.label} has no step that can be compared with {after.label}.")
    reached = costs[-1] >= spent * (1 - 1e-9)
    return EqualCost(by, spent, at, reached, tuple(points), difference)  # type: ignore[arg-type]


def _places(comparison: Comparison) -> Sequence[Place]:
    """Those that have all answers on both sides, at every step of the baseline."""
    before, after = comparison.before, comparison.after
    split = {p.id for p in before.results.prompts if p.split == comparison.split}
    last = after.at(after.last)
    curve = [before.at(step) for step in range(before.last + 1)]
    return [
        place
        for place, kept in last.items()
        if place[0] in split
        and kept.whole
        and all(place in step and step[place].whole for step in curve)
    ]


def _amount(spent: MeanCost, by: By, side: Side) -> float:
    value: float | None = getattr(spent, by)
    if value is None:
        raise UigError(
            f"{side.label} does not tell its {by}: it was drawn by an older uig, or by a model "
            "that does not count it; give --at-equal pictures."
        )
    return value


def _where(costs: Sequence[float], spent: float) -> float:
    """The place on a rising curve, in steps."""
    for step in range(1, len(costs)):
        if costs[step] > spent:
            low, high = costs[step - 1], costs[step]
            return step - 1 + max(0.0, (spent - low) / (high - low))
    return float(len(costs) - 1)


def _mixed(
    curve: Sequence[Mapping[Place, PictureScore]], at: float, places: Sequence[Place]
) -> Mapping[Place, PictureScore]:
    """Each picture's score between two steps."""
    step = int(at)
    share = at - step
    if not share:
        return curve[step]
    return {
        place: replace(
            curve[step][place],
            correct=(1 - share) * curve[step][place].correct
            + share * curve[step + 1][place].correct,
        )
        for place in places
    }
