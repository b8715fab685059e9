"""Scores of nested means: dimensions pooled, groups and overall averaged, each with an interval.

All benchmarks add up the same way: a dimension's score pools all answers of its pictures, a group
is the plain mean of its dimensions, the overall the plain mean of the groups, whatever is without
data left out. Every score is thus a weighted sum of dimension scores, and its variance follows
from theirs (`spread.py`); its interval is Wilson's (`wilson.py`), of at most one trial per answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum

from uig_cli.stats.spread import LENT, Strata, Stratum, weighted_mean
from uig_cli.stats.wilson import around


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
    and high are None too where there is one prompt only.

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
    """A dimension's score, and what it was made of."""

    score: float
    prompts: int
    answers: int
    residuals: Sequence[float]

    def scale(self, middle: float) -> float:
        """What its variance goes with: that of a coin with its score, which few prompts draw
        towards `middle`, since a dimension that happens to be all right has one, too."""
        score = (self.prompts * self.score + LENT * middle) / (self.prompts + LENT)
        return score * (1 - score)


class _Dimensions:
    """Those that have an answer."""

    def __init__(self, by_dimension: Mapping[str, Sequence[Tally]]) -> None:
        found = {name: _pool(tallies) for name, tallies in by_dimension.items()}
        self._scored = {name: one for name, one in found.items() if one is not None}
        scores = [one.score for one in self._scored.values()]
        middle = fsum(scores) / len(scores) if scores else 0.0
        self._strata = Strata(
            {
                name: Stratum(one.score, one.residuals, one.scale(middle))
                for name, one in self._scored.items()
            }
        )

    def equal(self, names: Iterable[str]) -> dict[str, float]:
        """The weights of a plain mean of those that have a score."""
        scored = [name for name in names if name in self._scored]
        return {name: 1 / len(scored) for name in scored}

    def score(self, weights: Mapping[str, float]) -> tuple[float, float | None, float | None]:
        """The weighted mean and its interval."""
        parts = [(weight, self._scored[name]) for name, weight in weights.items()]
        score = weighted_mean((weight, part.score) for weight, part in parts)
        spread = self._strata.spread(weights)
        if spread is None:
            return score, None, None
        prompts = 1 / fsum(weight**2 / part.prompts for weight, part in parts)
        answers = 1 / fsum(weight**2 / part.answers for weight, part in parts)
        return score, *around(score, spread, prompts, answers)


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
    pooled = _Dimensions(by_dimension)

    dimension_lines, group_lines, group_weights = {}, [], []
    for group, dimensions in groups.items():
        present = [name for name in dict.fromkeys(dimensions) if name in by_dimension]
        for name in present:
            members, alone = by_dimension[name], pooled.equal([name])
            dimension_lines[name] = _line(dimension_level, name, alone, pooled, members)
        weights = pooled.equal(present)
        if weights:
            group_weights.append(weights)
        if present and list(dimensions) != [group]:
            members = [tally for name in present for tally in by_dimension[name]]
            group_lines.append(_line("group", group, weights, pooled, members))
    overall: dict[str, float] = defaultdict(float)  # a dimension may stand in several groups
    for part in group_weights:
        for name, weight in part.items():
            overall[name] += weight / len(group_weights)
    last = _line("overall", "overall", overall, pooled, tallies)
    last = replace(last, groups=len(group_weights), all_groups=len(groups))
    return [*dimension_lines.values(), *group_lines, last]


def one_stratum(lines: Sequence[Line]) -> bool:
    """Whether the intervals of these lines of one summary take all prompts for one stratum, since
    no dimension has two (`spread.Strata`)."""
    widest = max(lines, key=lambda line: len(line.weights), default=None)
    return widest is not None and 1 < len(widest.weights) == widest.cases


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
    return _Pooled(ratio, n, total, residuals)


def _line(
    level: str,
    name: str,
    weights: Mapping[str, float],
    pooled: _Dimensions,
    tallies: Sequence[Tally],
) -> Line:
    score, low, high = pooled.score(weights) if weights else (None, None, None)
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
