"""Means over prompts against closed forms and scipy, and their coverage by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from uig_cli.stats.means import by_prompt, mean_over_prompts
from uig_cli.stats.wilson import wilson


def test_one_picture_a_prompt_is_a_score_of_as_many_trials() -> None:
    """Variance 0.152 a prompt, so 0.37 * 0.63 * 5 / 0.152 trials, with four degrees of freedom."""
    values = [0.0, 0.4, 0.35, 1.0, 0.1]
    found = mean_over_prompts(by_prompt((str(i), v) for i, v in enumerate(values)), 0, 1)
    trials = 0.37 * 0.63 * 5 / 0.152
    assert found.mean == pytest.approx(0.37)
    assert (found.low, found.high) == pytest.approx(wilson(0.37, trials, stats.t.ppf(0.975, 4)))


def test_other_bounds_move_and_stretch_the_interval() -> None:
    plain = mean_over_prompts({"a": [0.2], "b": [0.6], "c": [0.3]}, 0, 1)
    other = mean_over_prompts({"a": [12.0], "b": [16.0], "c": [13.0]}, 10, 20)
    assert plain.low is not None and plain.high is not None
    moved = (10 + 10 * plain.mean, 10 + 10 * plain.low, 10 + 10 * plain.high)
    assert (other.mean, other.low, other.high) == pytest.approx(moved)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
@settings(max_examples=20)
@given(n=st.integers(2, 40))
def test_equal_numbers_are_no_certainty(n: int, value: float) -> None:
    found = mean_over_prompts({str(i): [value] for i in range(n)}, 0, 1)
    assert found.mean == value and found.low is not None and found.high is not None
    assert found.high - found.low > 1 / (n + 2)
    if value != 0.5:
        assert (found.low, found.high) == wilson(value, n)


def test_alike_but_for_two_at_the_ends() -> None:
    """(0.25 + 0.25) / 32 is the least that 30 prompts at 0.5 vary by."""
    found = mean_over_prompts({str(i): [0.5] for i in range(30)}, 0, 1)
    assert (found.low, found.high) == pytest.approx(wilson(0.5, 0.25 / (0.5 / 32 / 30)))


@settings(max_examples=30)
@given(st.integers(1, 30), st.floats(0.001, 1))
def test_a_first_error_does_not_bring_the_end_nearer(n: int, error: float) -> None:
    none = mean_over_prompts({str(i): [0.0] for i in range(n + 1)}, 0, 1)
    one = mean_over_prompts({str(i): [error if i == n else 0.0] for i in range(n + 1)}, 0, 1)
    assert one.high is not None and none.high is not None and one.high >= none.high - 1e-12


def test_equal_samples_of_a_prompt_add_nothing() -> None:
    once = mean_over_prompts({"a": [0.2], "b": [0.6], "c": [0.3]}, 0, 1)
    often = mean_over_prompts({"a": [0.2] * 4, "b": [0.6] * 4, "c": [0.3] * 4}, 0, 1)
    assert (often.mean, often.low, often.high) == pytest.approx((once.mean, once.low, once.high))


def test_a_prompt_with_more_pictures_weighs_more() -> None:
    assert mean_over_prompts({"a": [0.0], "b": [1.0, 1.0, 1.0]}, 0, 1).mean == 0.75


def test_the_interval_keeps_within_bounds_and_one_prompt_has_none() -> None:
    found = mean_over_prompts({"a": [1.0], "b": [0.9]}, 0, 1)
    assert found.high is not None and found.low is not None and 0 <= found.low < found.high <= 1
    alone = mean_over_prompts({"a": [0.5, 0.7]}, 0, 1)
    assert alone.mean == pytest.approx(0.6) and alone.low is alone.high is None


def test_coverage() -> None:
    """30 prompts, 2 pictures each that resemble one another, as in testmini's dimension text."""
    random, hits, runs = np.random.default_rng(5), 0, 1500
    for _ in range(runs):
        shared = random.beta(2, 3, size=30)
        pictures = np.clip(shared[:, None] + random.normal(0, 0.05, (30, 2)), 0, 1)
        found = mean_over_prompts({str(i): row.tolist() for i, row in enumerate(pictures)}, 0, 1)
        assert found.low is not None and found.high is not None
        hits += found.low <= 0.4 <= found.high
    assert 0.93 <= hits / runs <= 0.97


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.2])
def test_rare_errors_are_held(rate: float) -> None:
    """30 prompts that are perfect but for a few, as a good model's readings of text are."""
    random, hits, runs = np.random.default_rng(6), 0, 600
    for _ in range(runs):
        values = np.where(random.random(30) < rate, random.uniform(0.2, 1, 30), 0.0)
        found = mean_over_prompts({str(i): [v] for i, v in enumerate(values.tolist())}, 0, 1)
        assert found.low is not None and found.high is not None
        hits += found.low <= 0.6 * rate <= found.high
    assert hits / runs >= 0.93
