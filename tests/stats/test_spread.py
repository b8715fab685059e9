"""Variances of sums of dimensions, and what dimensions of few prompts take from the others."""

from math import inf

import pytest

from uig_cli.stats.spread import Spread, Strata, Stratum, weighted_mean


def known(variance: float, freedom: float) -> object:
    """Compared as (variance, freedom), but for rounding."""
    return pytest.approx((variance, freedom))


def both(spread: Spread | None) -> tuple[float, float]:
    assert spread is not None
    return spread.variance, spread.freedom


A = Stratum(0.5, [0.25, -0.25, 0.25, -0.25])
"""Variance 1/12, three degrees of freedom."""
B = Stratum(0.5, [0.5, -0.5])
"""Variance 1/2, one degree."""


def test_by_hand() -> None:
    """Four degrees are lent to each: b keeps 1/5 of its own 1/2 and takes 4/5 of the mean, 7/24,
    which makes 1/3, half of it over two prompts. In that are 1/10 of b's own variance, and 1/5 of
    either's as lent; a's own is 3/7 * 1/12 + 4/7 * 7/24 = 17/84."""
    strata = Strata({"a": A, "b": B})
    squares = (1 / 5 * 17 / 84) ** 2 / 3 + (3 / 10 * 1 / 3) ** 2
    assert both(strata.spread({"b": 1.0})) == known(1 / 6, (1 / 6) ** 2 / squares)
    variance, _ = both(strata.spread({"a": 0.25, "b": 0.75}))
    assert variance == pytest.approx(17 / 84 / 4 / 16 + 1 / 3 / 2 * 9 / 16)


def test_what_is_lent_goes_by_the_scale() -> None:
    """The mean of both, 7/12 over 4 units, is for one of three units as much as 7/16."""
    strata = Strata({"a": Stratum(0.5, A.residuals, 1.0), "b": Stratum(0.5, B.residuals, 3.0)})
    found = strata.spread({"b": 1.0})
    assert found is not None
    assert found.variance == pytest.approx((1 / 5 * 1 / 2 + 4 / 5 * 7 / 16) / 2)


def test_equal_dimensions_add_up_to_what_they_are_by_themselves() -> None:
    """What one lends the other takes: a plain mean is as sure as it was."""
    found = Strata({"a": B, "b": Stratum(0.9, [0.1, -0.1])}).spread({"a": 0.5, "b": 0.5})
    assert found is not None and found.variance == pytest.approx((0.5 + 0.02) / 2 / 4)
    assert 1 < found.freedom < 2


def test_one_dimension_lends_to_nobody() -> None:
    assert both(Strata({"a": A}).spread({"a": 1.0})) == known(1 / 48, 3)


def test_a_single_prompt_takes_what_all_say() -> None:
    strata = Strata({"a": A, "b": Stratum(1.0, [0.0])})
    assert both(strata.spread({"b": 1.0})) == known(1 / 12, 3)


def test_single_prompts_alone_are_one_stratum() -> None:
    strata = Strata(
        {name: Stratum(value, [0.0], 9.0) for name, value in zip("abc", (0, 1, 1), strict=True)}
    )
    assert both(strata.spread({"a": 1.0})) == known(1 / 3, 2)
    overall = strata.spread(dict.fromkeys("abc", 1 / 3))
    assert both(overall) == known(1 / 9, 2)
    assert Strata({"a": Stratum(1.0, [0.0])}).spread({"a": 1.0}) is None
    assert Strata({}).spread({}) is None


def test_no_variance_at_all_is_without_doubt() -> None:
    still = Stratum(1.0, [0.0, 0.0], 0.0)
    assert Strata({"a": still, "b": still}).spread({"a": 1.0}) == Spread(0.0, inf)


def test_a_weighted_mean_stays_among_its_values() -> None:
    assert weighted_mean([(1 / 6, 1.0)] * 6) == 1
    assert weighted_mean([(1 / 9, 1.0)] * 9) == 1
    assert weighted_mean([(0.25, 0.5), (0.75, 0.9)]) == pytest.approx(0.8)
    assert 0.5 < weighted_mean([(0.5, 0.5), (0.5, 0.5 + 2e-10)]) < 0.5 + 2e-10
    assert weighted_mean([(0.5, 1.0)]) == 0.5  # of a benchmark with other weights
