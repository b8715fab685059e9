"""Scores of nested means: dimensions pooled, groups and overall averaged, each with an interval.

Both benchmarks add up the same way: a dimension's score pools all answers of its pictures, a
group is the plain mean of its dimensions, the overall the plain mean of the groups, whatever is
without data left out. The interval's variance is what resampling prompts within their dimension
gives, in closed form: a dimension's score is a ratio of sums over prompts (all samples of a prompt
and all its questions stay together), its variance is linearised and corrected by n/(n-1), and
means of independent dimensions add variances. The width is Student's, with Welch's and
Satterthwaite's degrees of freedom, since most dimensions of TIIF's testmini have four prompts. A
dimension with a single prompt has no variance of its own and borrows the mean variance per prompt
of all dimensions that have one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Tally:
    """What one picture brought: `correct` of `answered` questions, `missing` not answered."""

    case: str
    dimension: str
    correct: int
    answered: int
    missing: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a summary. score, low and high in 0..1 (95 % interval), None without data; low
    and high are None too where no dimension has two prompts.

    cases: prompts with at least one answer; pictures, answered, missing: counts behind the score.
    """

    level: str
    name: str
    score: float | None
    low: float | None
    high: float | None
    cases: int
    pictures: int
    answered: int
    missing: int


@dataclass(frozen=True, slots=True)
class _Spread:
    """A variance and how many independent squares it was estimated from."""

    variance: float
    freedom: float

    def over(self, count: int) -> "_Spread":
        """Of a mean of `count`."""
        return _Spread(self.variance / count, self.freedom)


@dataclass(frozen=True, slots=True)
class _Pooled:
    """per_prompt: the variance of one prompt's share in the score; None for a single prompt."""

    score: float
    prompts: int
    per_prompt: _Spread | None


@dataclass(frozen=True, slots=True)
class _Estimate:
    score: float
    spread: _Spread | None


def nested_means(
    tallies: Sequence[Tally], groups: Mapping[str, Sequence[str]], *, dimension_level: str
) -> list[Line]:
    """Dimension lines, group lines and the overall line, in the order of `groups`.

    groups: group name -> its dimensions; a tally of any other dimension is a ValueError. What has
    no tally is left out; a group whose only dimension carries the same name gets one line.
    """
    by_dimension: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_dimension[tally.dimension].append(tally)
    if strangers := set(by_dimension).difference(*groups.values()):
        raise ValueError(f"no group holds the dimensions {', '.join(sorted(strangers))}")
    estimates = _dimensions(by_dimension)

    dimension_lines, group_lines, group_estimates = [], [], []
    for group, dimensions in groups.items():
        present = [name for name in dimensions if name in by_dimension]
        dimension_lines += [
            _line(dimension_level, name, estimates.get(name), by_dimension[name])
            for name in present
        ]
        mean = _mean([estimates[name] for name in present if name in estimates])
        if mean is not None:
            group_estimates.append(mean)
        if present and list(dimensions) != [group]:
            members = [tally for name in present for tally in by_dimension[name]]
            group_lines.append(_line("group", group, mean, members))
    overall = _line("overall", "overall", _mean(group_estimates), tallies)
    return [*dimension_lines, *group_lines, overall]


def _dimensions(by_dimension: Mapping[str, Sequence[Tally]]) -> dict[str, _Estimate]:
    """The estimates of those dimensions that have an answer."""
    pooled = {name: _pool(tallies) for name, tallies in by_dimension.items()}
    scored = {name: found for name, found in pooled.items() if found is not None}
    known = [found.per_prompt for found in scored.values() if found.per_prompt is not None]
    borrowed = _mean_variance(known)
    return {
        name: _Estimate(found.score, spread.over(found.prompts) if spread else None)
        for name, found in scored.items()
        for spread in [found.per_prompt or borrowed]
    }


def _pool(tallies: Iterable[Tally]) -> _Pooled | None:
    """The ratio of sums over prompts, and its linearised variance times the number of prompts."""
    prompts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for tally in tallies:
        prompts[tally.case][0] += tally.correct
        prompts[tally.case][1] += tally.answered
    counted = [(right, asked) for right, asked in prompts.values() if asked]
    if not counted:
        return None
    n, total = len(counted), sum(asked for _, asked in counted)
    ratio = sum(right for right, _ in counted) / total
    if n == 1:
        return _Pooled(ratio, n, None)
    squares = sum(((right - ratio * asked) * n / total) ** 2 for right, asked in counted)
    return _Pooled(ratio, n, _Spread(squares / (n - 1), n - 1))


def _mean(parts: Sequence[_Estimate]) -> _Estimate | None:
    """The plain mean of independent estimates."""
    if not parts:
        return None
    score = sum(part.score for part in parts) / len(parts)
    known = [part.spread for part in parts if part.spread is not None]
    spread = _mean_variance(known) if len(known) == len(parts) else None
    return _Estimate(score, spread.over(len(parts)) if spread else None)


def _mean_variance(spreads: Sequence[_Spread]) -> _Spread | None:
    """The mean of independent variances, its freedom by Satterthwaite (1946)."""
    if not spreads:
        return None
    total = sum(spread.variance for spread in spreads)
    squares = sum(spread.variance**2 / spread.freedom for spread in spreads)
    return _Spread(total / len(spreads), total**2 / squares if squares else inf)


def _t95(freedom: float) -> float:
    """The 97.5 % point of Student's distribution: Abramowitz and Stegun 26.7.5, 0.13 % below
    it at worst from 3 degrees of freedom on (0.8 % at 2, 11 % at 1)."""
    z = Z95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _line(level: str, name: str, estimate: _Estimate | None, tallies: Sequence[Tally]) -> Line:
    score = low = high = None
    if estimate is not None:
        score = estimate.score
        if estimate.spread is not None:
            half = _t95(estimate.spread.freedom) * sqrt(estimate.spread.variance)
            low, high = max(0.0, score - half), min(1.0, score + half)
    return Line(
        level=level,
        name=name,
        score=score,
        low=low,
        high=high,
        cases=len({tally.case for tally in tallies if tally.answered}),
        pictures=len(tallies),
        answered=sum(tally.answered for tally in tallies),
        missing=sum(tally.missing for tally in tallies),
    )
