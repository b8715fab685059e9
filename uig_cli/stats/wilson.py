"""Wilson's interval (1927) for a share, also for a share known from an effective number of trials.

It stays within 0 and 1, and has a width at 0 and 1, where most scores of good models lie.
"""

from math import sqrt

from uig_cli.stats.spread import Spread, t95

Z95 = 1.959963984540054


def wilson(share: float, trials: float, quantile: float = Z95) -> tuple[float, float]:
    """Low and high. share: in 0..1; trials: more than 0, need not be whole; quantile: how many
    standard errors to either side, by default those of 95 %."""
    square = quantile * quantile
    middle = share + square / (2 * trials)
    half = quantile * sqrt(share * (1 - share) / trials + (square / (2 * trials)) ** 2 / square)
    low, high = (middle - half) / (1 + square / trials), (middle + half) / (1 + square / trials)
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def around(share: float, spread: Spread, prompts: float, most: float) -> tuple[float, float]:
    """Low and high of a mean in 0..1 of that variance: as many trials as would give it.

    prompts: how many there are; most: as how many trials they count at the very most. At 0 and 1
    no variance can be seen; then a prompt is one trial, as if all that is known of it said one
    thing. Nothing else ends nearer to 0 or 1 than those two do: one wrong answer does not make an
    interval begin higher than none would. Beside 0 and 1 Wilson's end next to them falls short,
    and the exact one of Clopper and Pearson (1934; one-sided, 95 %) counts, as Brown, Cai and
    DasGupta (2001) mend it.
    """
    from scipy.special import betaincinv

    worst, best = wilson(0.0, prompts), wilson(1.0, prompts)
    if not 0 < share < 1:
        return worst if share <= 0 else best
    trials = most
    if spread.variance > 0:
        trials = min(most, share * (1 - share) / spread.variance)
    low, high = wilson(share, trials, t95(spread.freedom))
    right, wrong = share * trials, (1 - share) * trials
    least = float(betaincinv(right, wrong + 1, 0.05))
    greatest = float(betaincinv(right + 1, wrong, 0.95))
    return min(low, best[0], least), max(high, worst[1], greatest)
