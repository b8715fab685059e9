"""The mean of one number a picture, with the interval that resampling its prompts would give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from uig_cli.stats.spread import Strata, Stratum
from uig_cli.stats.wilson import around


@dataclass(frozen=True, slots=True)
class Mean:
    """low, high: 95 % interval, None where there is one prompt only."""

    mean: float
    low: float | None
    high: float | None


def mean_over_prompts(values: Mapping[str, Sequence[float]], least: float, most: float) -> Mean:
    """The mean over all pictures. values: prompt -> the numbers of its pictures, at least one, all
    between least and most.

    A ratio of sums over prompts, all pictures of a prompt together, with the interval of a score:
    it has a width where all numbers are the same, and is not symmetric where most lie at an end.
    Unlike an answer, a number may lie between the ends, so few that happen to be near one another
    would claim too much: the variance is never taken to be less than if, beside prompts that are
    all alike, one had been at either end, as in `paired`.
    """
    sums = [
        (fsum((one - least) / (most - least) for one in numbers), len(numbers))
        for numbers in values.values()
    ]
    n, count = len(sums), sum(number for _, number in sums)
    share = fsum(total for total, _ in sums) / count
    residuals = [(total - share * number) * n / count for total, number in sums]
    spread = Strata({"": Stratum(share, residuals)}).spread({"": 1.0})
    mean = least + share * (most - least)
    if spread is None:
        return Mean(mean, None, None)
    coin = share * (1 - share)
    trials = n * max(1.0, (n + 2) * coin / (share**2 + (1 - share) ** 2))
    low, high = (least + end * (most - least) for end in around(share, spread, n, trials))
    return Mean(mean, low, high)


def by_prompt(numbers: Iterable[tuple[str, float]]) -> dict[str, list[float]]:
    """(prompt, number) pairs by prompt."""
    found: dict[str, list[float]] = {}
    for prompt, number in numbers:
        found.setdefault(prompt, []).append(number)
    return found
