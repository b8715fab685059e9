"""The mean of one number a picture, with the interval that resampling its prompts would give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt


@dataclass(frozen=True, slots=True)
class Mean:
    """low, high: 95 % interval, None where there is one prompt only."""

    mean: float
    low: float | None
    high: float | None


def mean_over_prompts(values: Mapping[str, Sequence[float]], least: float, most: float) -> Mean:
    """The mean over all pictures. values: prompt -> the numbers of its pictures, at least one.

    A ratio of sums over prompts, all pictures of a prompt together, so its variance is linearised
    as in `stats.stratified`, with the n/(n-1) correction and Student's width (n - 1 degrees of
    freedom). The interval is cut to least..most, between which the numbers lie.
    """
    from scipy.special import stdtrit

    sums = [(fsum(numbers), len(numbers)) for numbers in values.values()]
    n, count = len(sums), sum(number for _, number in sums)
    mean = fsum(total for total, _ in sums) / count
    if n == 1:
        return Mean(mean, None, None)
    squares = fsum(((total - mean * number) * n / count) ** 2 for total, number in sums)
    half = float(stdtrit(n - 1, 0.975)) * sqrt(squares / (n - 1) / n)
    return Mean(mean, max(least, mean - half), min(most, mean + half))


def by_prompt(numbers: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    """(prompt, number) pairs by prompt."""
    found: dict[str, list[float]] = {}
    for prompt, number in numbers:
        found.setdefault(prompt, []).append(number)
    return found
