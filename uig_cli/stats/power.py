"""What a comparison could have seen: a difference that is there is found in eight of ten runs."""

from math import sqrt

from uig_cli.stats.spread import Spread, t95

POWER = 0.8
_Z80 = 0.8416212335729143


def detectable(spread: Spread) -> float:
    """The smallest true difference whose 95 % interval leaves out 0 with a chance of `POWER`."""
    return (t95(spread.freedom) + _Z80) * sqrt(spread.variance)
