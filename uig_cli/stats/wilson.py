"""Wilson's interval (1927) for a share, also for a share known from an effective number of trials.

It stays within 0 and 1, and has a width at 0 and 1, where most scores of good models lie.
"""

from math import sqrt

Z95 = 1.959963984540054


def wilson(share: float, trials: float, quantile: float = Z95) -> tuple[float, float]:
    """Low and high. share: in 0..1; trials: more than 0, need not be whole; quantile: how many
    standard errors to either side, by default those of 95 %."""
    square = quantile * quantile
    middle = share + square / (2 * trials)
    half = quantile * sqrt(share * (1 - share) / trials + (square / (2 * trials)) ** 2 / square)
    low, high = (middle - half) / (1 + square / trials), (middle + half) / (1 + square / trials)
    return max(0.0, min(low, share)), min(1.0, max(high, share))
