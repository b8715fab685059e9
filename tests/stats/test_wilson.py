"""Intervals of means that are known as from so many trials."""

from math import inf

import pytest
from scipy import stats

from uig_cli.stats.spread import Spread, t95
from uig_cli.stats.wilson import around, wilson

NONE = Spread(0.0, inf)


def test_as_many_trials_as_would_give_the_variance_and_no_more_than_there_are() -> None:
    spread = Spread(0.25 / 40, 9)
    assert around(0.5, spread, 50, 200) == wilson(0.5, 40, t95(9))
    assert around(0.5, spread, 50, 30) == wilson(0.5, 30, t95(9))
    assert around(0.5, NONE, 50, 200) == pytest.approx(wilson(0.5, 200))


@pytest.mark.parametrize("wrong", [1, 2, 3])
def test_near_the_ends_the_exact_bound_counts(wrong: int) -> None:
    """Wilson's would end before it: at a true share of 99.85 % one wrong of 72 comes in every
    tenth run, and its interval ended at 99.76 %."""
    exact = stats.binomtest(72 - wrong, 72).proportion_ci(0.9, method="exact").high
    low, high = around(1 - wrong / 72, NONE, 72, 72)
    assert high == pytest.approx(exact) and high > wilson(1 - wrong / 72, 72)[1]
    mirrored = around(wrong / 72, NONE, 72, 72)
    assert mirrored == pytest.approx((1 - high, 1 - low))


def test_no_interval_begins_above_that_of_perfect_prompts() -> None:
    best, worst = wilson(1, 12), wilson(0, 12)
    assert around(1, Spread(0.1, 3), 12, 60) == best
    assert around(0, Spread(0.1, 3), 12, 60) == worst
    assert around(0.99, NONE, 12, 1000)[0] == best[0]
    assert around(0.01, NONE, 12, 1000)[1] == worst[1]
