"""Means over prompts against closed forms and scipy, and their coverage by simulation."""

import numpy as np
import pytest
from scipy import stats

from uig_cli.stats.means import by_prompt, mean_over_prompts


def test_one_picture_a_prompt_is_students_interval() -> None:
    values = [0.1, 0.4, 0.35, 0.8, 0.2]
    found = mean_over_prompts(by_prompt((str(i), v) for i, v in enumerate(values)), 0, 1)
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert (found.mean, found.low, found.high) == pytest.approx((np.mean(values), low, high))


def test_equal_samples_of_a_prompt_add_nothing() -> None:
    once = mean_over_prompts({"a": [0.2], "b": [0.6], "c": [0.3]}, 0, 1)
    often = mean_over_prompts({"a": [0.2] * 4, "b": [0.6] * 4, "c": [0.3] * 4}, 0, 1)
    assert (often.mean, often.low, often.high) == pytest.approx((once.mean, once.low, once.high))


def test_a_prompt_with_more_pictures_weighs_more() -> None:
    assert mean_over_prompts({"a": [0.0], "b": [1.0, 1.0, 1.0]}, 0, 1).mean == 0.75


def test_the_interval_keeps_within_bounds_and_one_prompt_has_none() -> None:
    found = mean_over_prompts({"a": [1.0], "b": [0.9]}, 0, 1)
    assert found.high == 1 and found.low is not None and found.low >= 0
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
