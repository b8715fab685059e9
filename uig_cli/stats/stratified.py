"""Scores of nested means: dimensions pooled, groups and overall averaged, each with an interval.

Both benchmarks add up the same way: a dimension's score pools all answers of its pictures, a
group is the plain mean of its dimensions, the overall the plain mean of the groups, whatever is
without data left out. The interval is what resampling prompts within their dimension gives, in
closed form: a dimension's score is a ratio of sums over prompts (all samples of a prompt and all
its questions stay together), its variance is linearised and corrected by n/(n-1), and means of
independent dimensions add variances. A dimension with a single prompt has no variance of its own
and borrows the mean variance per prompt of the dimensions beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

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
    """A line of a summary. score, low and high in 0..1 (95 % interval), None without data.

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
class _Pooled:
    score: float | None
    per_prompt_variance: float | None
    prompts: int


def nested_means(
    tallies: Sequence[Tally], groups: Mapping[str, Sequence[str]], *, dimension_level: str
) -> list[Line]:
    """Dimension lines, group lines and the overall line, in the order of `groups`.

    groups: group name -> its dimensions. Dimensions without any tally are left out; a group whose
    only dimension carries the same name gets one line.
    """
    by_dimension: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_dimension[tally.dimension].append(tally)
    pooled = {name: _pool(found) for name, found in by_dimension.items()}
    known = [p.per_prompt_variance for p in pooled.values() if p.per_prompt_variance is not None]
    borrowed = sum(known) / len(known) if known else None

    def variance(name: str) -> float | None:
        own = pooled[name].per_prompt_variance
        spread = borrowed if own is None else own
        return None if spread is None else spread / pooled[name].prompts

    dimension_lines, group_lines, means, variances = [], [], [], []
    for group, dimensions in groups.items():
        present = [name for name in dimensions if name in pooled]
        scored = [name for name in present if pooled[name].score is not None]
        for name in present:
            spread = variance(name) if name in scored else None
            dimension_lines.append(
                _line(dimension_level, name, pooled[name].score, spread, by_dimension[name])
            )
        if not present:
            continue
        mean, spread = _mean([(pooled[name].score, variance(name)) for name in scored])
        members = [tally for name in present for tally in by_dimension[name]]
        if list(dimensions) != [group]:
            group_lines.append(_line("group", group, mean, spread, members))
        if mean is not None:
            means.append(mean)
            variances.append(spread)
    overall, spread = _mean(list(zip(means, variances, strict=True)))
    everything = [tally for found in by_dimension.values() for tally in found]
    return [
        *dimension_lines,
        *group_lines,
        _line("overall", "overall", overall, spread, everything),
    ]


def _pool(tallies: Iterable[Tally]) -> _Pooled:
    """The ratio of sums over prompts and its linearised variance times the number of prompts."""
    prompts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for tally in tallies:
        prompts[tally.case][0] += tally.correct
        prompts[tally.case][1] += tally.answered
    counted = [(right, asked) for right, asked in prompts.values() if asked]
    if not counted:
        return _Pooled(None, None, 0)
    n, total = len(counted), sum(asked for _, asked in counted)
    ratio = sum(right for right, _ in counted) / total
    if n == 1:
        return _Pooled(ratio, None, 1)
    size = total / n
    squares = sum(((right - ratio * asked) / size) ** 2 for right, asked in counted)
    return _Pooled(ratio, squares / (n - 1), n)


def _mean(
    parts: Sequence[tuple[float | None, float | None]],
) -> tuple[float | None, float | None]:
    scores = [score for score, _ in parts if score is not None]
    if not scores:
        return None, None
    spreads = [spread for _, spread in parts]
    known = [spread for spread in spreads if spread is not None]
    total = sum(known) / len(scores) ** 2 if len(known) == len(spreads) else None
    return sum(scores) / len(scores), total


def _line(
    level: str, name: str, score: float | None, variance: float | None, tallies: Sequence[Tally]
) -> Line:
    low = high = None
    if score is not None and variance is not None:
        half = Z95 * sqrt(variance)
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
