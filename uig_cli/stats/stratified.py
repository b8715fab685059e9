"""Scores of nested means: dimensions pooled, groups and overall averaged, each with an interval.

All benchmarks add up the same way: a dimension's score pools all answers of its pictures, a group
is the plain mean of its dimensions, the overall the plain mean of the groups, whatever is without
data left out. Every score is thus a weighted sum of dimension scores, and its variance follows
from theirs (`spread.py`). The interval is Wilson's, with Student's quantile and as many trials as
would give that variance, at most one per answer: it holds near 0 and 1, where a symmetric one is
far too narrow. Where all answers are right, or all wrong, no variance can be seen; then every
prompt is one trial, as if its answers said one thing. A dimension with a single prompt borrows the
mean variance per prompt of all dimensions that have more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from uig_cli.stats.spread import Spread, mean, of_one, of_sum, t95
from uig_cli.stats.wilson import wilson


@dataclass(frozen=True, slots=True)
class Tally:
    """What one picture brought: `correct` of `answered` questions, `missing` not answered. Lines
    that are right in part make `correct` a fraction."""

    case: str
    dimension: str
    correct: float
    answered: int
    missing: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a summary. score, low and high in 0..1 (95 % interval), None without data; low
    and high are None too where no dimension has two prompts.

    cases: prompts with at least one answer; pictures, answered, missing: counts behind the score.
    weights: dimension -> its share in the score, which is the sum of weighted dimension scores; a
    benchmark that leaves them out cannot be compared. groups: of the overall line, how many groups
    have a score; all_groups: how many there are. None for other lines, and where a benchmark does
    not say.
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
    weights: Mapping[str, float] = field(default_factory=dict)
    groups: int | None = None
    all_groups: int | None = None


@dataclass(frozen=True, slots=True)
class _Pooled:
    """A dimension's score, and the variance of one prompt's share in it (None: single prompt)."""

    score: float
    prompts: int
    answers: int
    per_prompt: Spread | None


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
    pooled = _dimensions(by_dimension)

    dimension_lines, group_lines, group_weights = [], [], []
    for group, dimensions in groups.items():
        present = [name for name in dimensions if name in by_dimension]
        dimension_lines += [
            _line(dimension_level, name, _equal([name], pooled), pooled, by_dimension[name])
            for name in present
        ]
        weights = _equal(present, pooled)
        if weights:
            group_weights.append(weights)
        if present and list(dimensions) != [group]:
            members = [tally for name in present for tally in by_dimension[name]]
            group_lines.append(_line("group", group, weights, pooled, members))
    overall = {
        name: weight / len(group_weights) for part in group_weights for name, weight in part.items()
    }
    last = _line("overall", "overall", overall, pooled, tallies)
    last = replace(last, groups=len(group_weights), all_groups=len(groups))
    return [*dimension_lines, *group_lines, last]


def _equal(names: Sequence[str], pooled: Mapping[str, _Pooled]) -> dict[str, float]:
    """The weights of a plain mean of the dimensions that have a score."""
    scored = [name for name in names if name in pooled]
    return {name: 1 / len(scored) for name in scored}


def _dimensions(by_dimension: Mapping[str, Sequence[Tally]]) -> dict[str, _Pooled]:
    """Those dimensions that have an answer; a single prompt's variance is borrowed."""
    found = {name: _pool(tallies) for name, tallies in by_dimension.items()}
    scored = {name: one for name, one in found.items() if one is not None}
    borrowed = mean([one.per_prompt for one in scored.values() if one.per_prompt is not None])
    return {
        name: _Pooled(one.score, one.prompts, one.answers, one.per_prompt or borrowed)
        for name, one in scored.items()
    }


def _pool(tallies: Iterable[Tally]) -> _Pooled | None:
    """The ratio of sums over prompts, linearised."""
    rights: dict[str, float] = defaultdict(int)
    answered: dict[str, int] = defaultdict(int)
    for tally in tallies:
        rights[tally.case] += tally.correct
        answered[tally.case] += tally.answered
    counted = [(rights[case], asked) for case, asked in answered.items() if asked]
    if not counted:
        return None
    n, total = len(counted), sum(asked for _, asked in counted)
    ratio = sum(right for right, _ in counted) / total
    residuals = [(right - ratio * asked) * n / total for right, asked in counted]
    return _Pooled(ratio, n, total, of_one(residuals))


def _line(
    level: str,
    name: str,
    weights: Mapping[str, float],
    pooled: Mapping[str, _Pooled],
    tallies: Sequence[Tally],
) -> Line:
    parts = [(weight, pooled[dimension]) for dimension, weight in weights.items()]
    score = sum(weight * part.score for weight, part in parts) if parts else None
    low, high = (None, None) if score is None else _interval(score, parts)
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
        weights=weights,
    )


def _interval(
    score: float, parts: Sequence[tuple[float, _Pooled]]
) -> tuple[float | None, float | None]:
    known = [
        (weight, part.per_prompt.over(part.prompts))
        for weight, part in parts
        if part.per_prompt is not None
    ]
    if len(known) < len(parts):
        return None, None
    spread = of_sum(known)
    if 0 < score < 1:
        trials = 1 / sum(weight**2 / part.answers for weight, part in parts)
        if spread.variance > 0:
            trials = min(trials, score * (1 - score) / spread.variance)
    else:
        trials = 1 / sum(weight**2 / part.prompts for weight, part in parts)
    return wilson(score, trials, t95(spread.freedom))
