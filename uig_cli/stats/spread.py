"""Variances that resampling prompts within their dimension would give, in closed form.

A dimension's score is a ratio of sums over prompts: all samples of a prompt and all its questions
stay together. Its variance is linearised, corrected by n/(n-1), and added up over dimensions, which
are independent. How far it can be trusted is a number of degrees of freedom, by Welch and
Satterthwaite (1946), since most dimensions of TIIF's testmini have four prompts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Spread:
    """A variance and how many independent squares it was estimated from."""

    variance: float
    freedom: float

    def over(self, count: int) -> "Spread":
        """Of a mean of `count` where this is of one."""
        return Spread(self.variance / count, self.freedom)


def of_one(residuals: Sequence[float]) -> Spread | None:
    """The variance of one prompt's share; None for a single prompt, which tells nothing of it.

    residuals: how far each prompt is from what its dimension's score makes of it, adding up to 0.
    """
    n = len(residuals)
    if n < 2:
        return None
    return Spread(sum(residual**2 for residual in residuals) / (n - 1), n - 1)


def of_sum(parts: Iterable[tuple[float, Spread]]) -> Spread:
    """Of a weighted sum of independent estimates: (weight, spread) each."""
    shares = [(weight**2 * part.variance, part.freedom) for weight, part in parts]
    total = sum(share for share, _ in shares)
    squares = sum(share**2 / freedom for share, freedom in shares)
    return Spread(total, total**2 / squares if squares else inf)


def mean(spreads: Sequence[Spread]) -> Spread | None:
    """The mean of independent variances; None without any."""
    if not spreads:
        return None
    total = of_sum((1.0, spread) for spread in spreads)
    return total.over(len(spreads))


def t95(freedom: float) -> float:
    """The 97.5 % point of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(min(freedom, 1e9), 0.975))
