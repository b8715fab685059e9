"""Paired differences: the same prompts before and after, line by line of a benchmark's summary.

A line's difference is a weighted sum over dimensions, as its score is. Its variance is that of the
prompts' own differences within their dimension, so whatever makes a prompt hard for both sides
cancels. One thing is added. Where few prompts changed, their variance says little of changes that
were missed by chance, and where none changed it is 0. So it is taken as if, beside the line's own
prompts, one more had been gained and one lost: the two that Bonett and Price (2012) add to a paired
table.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, inf, sqrt

from uig_cli.stats.holm import holm
from uig_cli.stats.power import detectable
from uig_cli.stats.sign_flip import mcnemar, sign_flip
from uig_cli.stats.spread import Spread, Strata, Stratum, t95, weighted_mean
from uig_cli.stats.stratified import Line

OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Counts:
    """Right answers of those given, over the samples of a prompt that both sides have.

    right: pictures that are right in all, of those that are answered in full on both sides.
    """

    correct: float
    answered: int
    right: int

    @property
    def share(self) -> float:
        return self.correct / self.answered


@dataclass(frozen=True, slots=True)
class Pair:
    """One prompt on both sides, each with at least one answer.

    pictures: samples that are answered in full on both sides.
    """

    case: str
    dimension: str
    before: Counts
    after: Counts
    pictures: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of a comparison. Scores, difference, low, high (95 % interval) and detectable are in
    0..1; low, high and detectable are None where there is one prompt only.

    dimensions: those that the line is made of.
    p: of no difference, by sign flips over prompts; adjusted: p by Holm over all groups and
    dimensions of the comparison, None for the overall line, which is one test of its own.
    detectable: the smallest difference seen in eight of ten such comparisons.
    cases: prompts; wins, ties, losses: prompts whose score rose, stayed, fell.
    right_before, right_after: pictures that are right in all, of `pictures` that are answered in
    full on both sides; right_p: exact McNemar test of the two, None with several samples a prompt.
    groups, all_groups: as of the line.
    """

    level: str
    name: str
    dimensions: tuple[str, ...]
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    p: float
    adjusted: float | None
    detectable: float | None
    cases: int
    wins: int
    ties: int
    losses: int
    right_before: int
    right_after: int
    pictures: int
    right_p: float | None
    groups: int | None = None
    all_groups: int | None = None


@dataclass(frozen=True, slots=True)
class _Dimension:
    """flips: each prompt's share in the difference, of either sign if nothing changed; stratum: the
    difference and how far each prompt is from it."""

    before: float
    after: float
    pairs: Sequence[Pair]
    flips: Sequence[float]
    stratum: Stratum


def differences(pairs: Sequence[Pair], lines: Sequence[Line]) -> list[Difference]:
    """One difference per line that has a score. lines: the benchmark's summary of these prompts,
    whose weights say what a line is made of."""
    by_dimension: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_dimension[pair.dimension].append(pair)
    found = {name: _dimension(members) for name, members in by_dimension.items()}
    strata = Strata({name: one.stratum for name, one in found.items()})
    made = [
        _difference(line, found, strata)
        for line in lines
        if line.weights and line.weights.keys() <= found.keys()
    ]
    return _adjusted(made)


def _dimension(pairs: Sequence[Pair]) -> _Dimension:
    """The difference of two ratios of sums over the same prompts, linearised."""
    n = len(pairs)
    before, after = (
        _Ratio(sum(side.correct for side in sides), sum(side.answered for side in sides))
        for sides in ([pair.before for pair in pairs], [pair.after for pair in pairs])
    )
    both = (before.right + after.right) / (before.asked + after.asked)
    residuals = [
        n * (after.residual(pair.after, after.share) - before.residual(pair.before, before.share))
        for pair in pairs
    ]
    flips = [
        after.residual(pair.after, both) - before.residual(pair.before, both) for pair in pairs
    ]
    return _Dimension(
        before.share, after.share, pairs, flips, Stratum(after.share - before.share, residuals)
    )


@dataclass(frozen=True, slots=True)
class _Ratio:
    right: float
    asked: int

    @property
    def share(self) -> float:
        return self.right / self.asked

    def residual(self, prompt: Counts, share: float) -> float:
        """What the prompt adds to this ratio, were the ratio `share` without it."""
        return (prompt.correct - share * prompt.answered) / self.asked


def _difference(line: Line, found: Mapping[str, _Dimension], strata: Strata) -> Difference:
    parts = [(weight, found[name]) for name, weight in line.weights.items()]
    pairs = [pair for _, part in parts for pair in part.pairs]
    before = weighted_mean((weight, part.before) for weight, part in parts)
    after = weighted_mean((weight, part.after) for weight, part in parts)
    low = high = smallest = None
    seen = strata.spread(line.weights)
    if seen is not None:
        spread = _with_two_more(seen, parts)
        half = t95(spread.freedom) * sqrt(spread.variance)
        low, high = max(-1.0, after - before - half), min(1.0, after - before + half)
        smallest = detectable(spread)
    whole = [pair for pair in pairs if pair.pictures]
    single = bool(whole) and all(pair.pictures == 1 for pair in whole)
    return Difference(
        level=line.level,
        name=line.name,
        dimensions=tuple(line.weights),
        before=before,
        after=after,
        difference=after - before,
        low=low,
        high=high,
        p=sign_flip([weight * flip for weight, part in parts for flip in part.flips]),
        adjusted=None,
        detectable=smallest,
        cases=len(pairs),
        wins=sum(pair.after.share > pair.before.share for pair in pairs),
        ties=sum(pair.after.share == pair.before.share for pair in pairs),
        losses=sum(pair.after.share < pair.before.share for pair in pairs),
        right_before=sum(pair.before.right for pair in whole),
        right_after=sum(pair.after.right for pair in whole),
        pictures=sum(pair.pictures for pair in whole),
        right_p=_mcnemar_of(whole) if single else None,
        groups=line.groups,
        all_groups=line.all_groups,
    )


def _with_two_more(seen: Spread, parts: Sequence[tuple[float, _Dimension]]) -> Spread:
    """The variance seen, with that of one prompt gained and one lost: of two more that changed by
    the whole, where no uncertainty is added."""
    prompts = sum(len(part.pairs) for _, part in parts)
    share = prompts / (prompts + 2)
    whole = fsum(weight**2 / len(part.pairs) for weight, part in parts)
    own = share * seen.variance
    total = own + (1 - share) * whole
    return Spread(total, seen.freedom * (total / own) ** 2 if own else inf)


def _mcnemar_of(pairs: Sequence[Pair]) -> float:
    better = sum(pair.after.right > pair.before.right for pair in pairs)
    worse = sum(pair.after.right < pair.before.right for pair in pairs)
    return mcnemar(better, worse)


def _adjusted(made: Sequence[Difference]) -> list[Difference]:
    family = [one for one in made if one.level != OVERALL]
    adjusted = iter(holm([one.p for one in family]))
    return [one if one.level == OVERALL else replace(one, adjusted=next(adjusted)) for one in made]
