"""Which cases are drawn: spread, nested, always the same."""

from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from uig_cli.benchmarks.protocol import Source
from uig_cli.benchmarks.select import shard, spread
from uig_cli.benchmarks.tiif.benchmark import benchmark
from uig_cli.benchmarks.tiif.dimensions import GROUPS
from uig_cli.cases import Case

CASES = benchmark.open(Source(data=ROOT / "tests" / "data" / "tiif-sample")).cases
FIRST = ["tiif/short/negation+color/0", "tiif/short/comparison+2d/0", "tiif/short/negation+2d/0"]
"""Of --limit 3 --split short, in version 0.1.0 and ever since."""


@given(st.integers(1, 170), st.integers(1, 170))
def test_a_smaller_limit_is_part_of_a_larger_one(few: int, many: int) -> None:
    few, many = sorted((few, many))
    small, large = spread(CASES, few), spread(CASES, many)
    assert len(small) == min(few, len(CASES))
    assert {case.id for case in small} <= {case.id for case in large}
    order = [case.id for case in CASES]
    assert [case.id for case in small] == sorted((case.id for case in small), key=order.index)


@given(st.integers(1, 156))
def test_cases_are_spread_evenly_and_splits_alike(limit: int) -> None:
    chosen = spread(CASES, limit)
    dimensions = Counter(case.dimension for case in chosen)
    counts = [dimensions[name] for names in GROUPS.values() for name in names]
    assert max(counts) - min(counts) <= 2
    short, long = (
        {(case.dimension, case.facts["line"]) for case in chosen if case.split == split}
        for split in ("short", "long")
    )
    assert long <= short and len(short) - len(long) == limit % 2


@given(st.integers(1, 90))
def test_of_one_split_the_same_are_taken_as_ever(limit: int) -> None:
    """As version 0.1.0 chose: a run with a limit goes on, and its references stay good."""
    short = [case for case in CASES if case.split == "short"]
    by_dimension: dict[str, list[str]] = {}
    for case in short:
        by_dimension.setdefault(case.dimension, []).append(case.id)
    order = sorted(by_dimension, key=lambda name: sha256(name.encode()).digest())
    turns = [
        by_dimension[name][turn]
        for turn in range(max(map(len, by_dimension.values())))
        for name in order
        if turn < len(by_dimension[name])
    ]
    assert {case.id for case in spread(short, limit)} == set(turns[:limit])


def test_the_first_cases_of_one_split_by_name() -> None:
    both = spread(CASES, 6)
    short = spread([case for case in CASES if case.split == "short"], 3)
    assert [case.id for case in short] == [case.id for case in both if case.split == "short"]
    assert [case.id for case in short] == FIRST


def test_splits_of_unequal_length_are_drawn_to_their_ends() -> None:
    cases = [Case(f"{split}{n}", "x", split, "d") for split, most in (("a", 1), ("b", 3))
             for n in range(most)]  # fmt: skip
    assert [case.id for case in spread(cases, 3)] == ["a0", "b0", "b1"]


def test_a_few_cases_are_of_several_kinds() -> None:
    kinds = {
        group
        for case in spread(CASES, 24)
        for group, names in GROUPS.items()
        if case.dimension in names
    }
    assert len(kinds) >= 5


@given(st.integers(1, 9))
def test_shards_part_the_cases(parts: int) -> None:
    shards = [shard(CASES, (i, parts)) for i in range(parts)]
    assert sorted(case.id for each in shards for case in each) == sorted(c.id for c in CASES)
