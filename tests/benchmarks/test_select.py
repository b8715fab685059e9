"""Which cases are drawn: spread, nested, always the same."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from uig_cli.benchmarks.protocol import Source
from uig_cli.benchmarks.select import shard, spread
from uig_cli.benchmarks.tiif.benchmark import benchmark
from uig_cli.benchmarks.tiif.dimensions import GROUPS

CASES = benchmark.open(Source(data=ROOT / "tests" / "data" / "tiif-sample")).cases


@given(st.integers(1, 170), st.integers(1, 170))
def test_a_smaller_limit_is_part_of_a_larger_one(few: int, many: int) -> None:
    few, many = sorted((few, many))
    small, large = spread(CASES, few), spread(CASES, many)
    assert len(small) == min(few, len(CASES))
    assert {case.id for case in small} <= {case.id for case in large}
    order = [case.id for case in CASES]
    assert [case.id for case in small] == sorted((case.id for case in small), key=order.index)


@given(st.integers(1, 156))
def test_cases_are_spread_evenly(limit: int) -> None:
    chosen = spread(CASES, limit)
    dimensions = Counter(case.dimension for case in chosen)
    counts = [dimensions[name] for names in GROUPS.values() for name in names]
    assert max(counts) - min(counts) <= 1
    if limit >= 78:
        splits = Counter(case.split for case in chosen)
        assert abs(splits["short"] - splits["long"]) <= 39


def test_a_few_cases_are_of_several_kinds() -> None:
    kinds = {
        group
        for case in spread(CASES, 12)
        for group, names in GROUPS.items()
        if case.dimension in names
    }
    assert len(kinds) >= 5


@given(st.integers(1, 9))
def test_shards_part_the_cases(parts: int) -> None:
    shards = [shard(CASES, (i, parts)) for i in range(parts)]
    assert sorted(case.id for each in shards for case in each) == sorted(c.id for c in CASES)
