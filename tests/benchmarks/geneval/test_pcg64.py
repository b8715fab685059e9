"""The random numbers against numpy's own generator."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.benchmarks.geneval.pcg64 import PCG64

SEEDS = st.integers(0, 2**32 - 1)
DRAWS = st.integers(1, 100).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


@given(SEEDS, st.lists(st.integers(1, 2**31), min_size=1, max_size=30))
def test_integers_are_numpys(seed: int, tops: list[int]) -> None:
    ours, theirs = PCG64(seed), np.random.default_rng(seed)
    for top in tops:
        assert ours.integer(3, 3 + top) == theirs.integers(3, 3 + top, endpoint=True)


@given(SEEDS, st.lists(DRAWS))
def test_choices_are_numpys(seed: int, draws: list[tuple[int, int]]) -> None:
    ours, theirs = PCG64(seed), np.random.default_rng(seed)
    for n, k in draws:
        assert ours.distinct(n, k) == theirs.choice(n, size=k, replace=False).tolist()


def test_one_of_one_draws_nothing() -> None:
    drawn, fresh = PCG64(43), PCG64(43)
    assert drawn.integer(7, 7) == 7
    assert drawn.integer(0, 10**6) == fresh.integer(0, 10**6)
