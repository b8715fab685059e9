"""Paired differences: closed forms, a case by hand, scipy's tests, and what stays the same."""

from collections.abc import Sequence
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from uig_cli.stats.holm import holm
from uig_cli.stats.paired import Counts, Difference, Pair, differences
from uig_cli.stats.power import detectable
from uig_cli.stats.sign_flip import mcnemar, sign_flip
from uig_cli.stats.spread import Spread
from uig_cli.stats.stratified import Tally, nested_means
from uig_cli.stats.wilson import wilson

Rows = Sequence[tuple[str, tuple[int, int], tuple[int, int]]]
"""dimension, (right, asked) before, (right, asked) after."""


def compared(rows: Rows, groups: dict[str, list[str]]) -> dict[str, Difference]:
    pairs = [
        Pair(f"{name}/{number}", name, Counts(*before, int(before[0] == before[1])),
             Counts(*after, int(after[0] == after[1])), 1)
        for number, (name, before, after) in enumerate(rows)
    ]  # fmt: skip
    tallies = [Tally(p.case, p.dimension, p.before.correct, p.before.answered, 0) for p in pairs]
    lines = nested_means(tallies, groups, dimension_level="dimension")
    return {found.name: found for found in differences(pairs, lines)}


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_is_scipys(right: int, more: int) -> None:
    trials = right + more
    expected = stats.binomtest(right, trials).proportion_ci(method="wilson")
    assert wilson(right / trials, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(st.integers(0, 30), st.integers(0, 30))
def test_mcnemar_in_closed_form(better: int, worse: int) -> None:
    n, fewer = better + worse, min(better, worse)
    expected = min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)
    assert mcnemar(better, worse) == pytest.approx(expected)
    assert sign_flip([0.5] * better + [-0.5] * worse + [0.0] * 3) == pytest.approx(expected)


@pytest.mark.parametrize("count", [3, 9, 14])
def test_few_flips_are_scipys_exact_test(count: int) -> None:
    values = np.random.default_rng(count).normal(0.4, 1, count)
    expected = stats.permutation_test(
        (values,), lambda x: x.sum(), permutation_type="samples", n_resamples=np.inf
    )
    assert sign_flip(list(values)) == pytest.approx(expected.pvalue)


def test_many_flips_come_near_scipys() -> None:
    values = np.random.default_rng(1).normal(0.2, 1, 60)
    expected = stats.permutation_test(
        (values,), lambda x, axis: x.sum(axis), permutation_type="samples", n_resamples=20_000,
        vectorized=True, rng=np.random.default_rng(2),
    )  # fmt: skip
    assert sign_flip(list(values)) == pytest.approx(expected.pvalue, abs=0.015)
    assert sign_flip(list(values)) == sign_flip(list(values))


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_rejects_what_stepping_down_rejects(values: list[float]) -> None:
    adjusted = holm(values)
    order, rejected = sorted(range(len(values)), key=values.__getitem__), set()
    for rank, index in enumerate(order):
        if values[index] * (len(values) - rank) > 0.05:
            break
        rejected.add(index)
    assert {index for index, value in enumerate(adjusted) if value <= 0.05} == rejected
    assert all(1 >= more >= value for value, more in zip(values, adjusted, strict=True))


def test_the_detectable_difference_of_a_known_variance() -> None:
    error = 0.02
    found = detectable(Spread(error**2, 1e12))
    assert found == pytest.approx((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * error)
    assert stats.norm.sf(1.959964, loc=found / error) == pytest.approx(0.8, abs=1e-3)


def test_one_dimension_is_the_paired_t_test_with_two_prompts_more() -> None:
    """n / (n + 2) of the variance seen, and 2 / (n + 2) of the greatest that can be."""
    rng = np.random.default_rng(4)
    before, after = rng.integers(0, 6, 25), rng.integers(0, 6, 25)
    rows = [("a", (int(b), 5), (int(a), 5)) for b, a in zip(before, after, strict=True)]
    found = compared(rows, {"a": ["a"]})["a"]
    seen = np.var((after - before) / 5, ddof=1)
    variance = (25 * seen + 2) / 27 / 25
    freedom = 24 * (variance / (25 / 27 * seen / 25)) ** 2
    half = stats.t.ppf(0.975, freedom) * sqrt(variance)
    middle = (after.mean() - before.mean()) / 5
    assert found.difference == pytest.approx(middle)
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half))


def test_by_hand() -> None:
    """a: two prompts of two questions, +1 and 0 of 2, so 0.25 with residuals +-0.25: variance
    0.125 a prompt, of one degree of freedom. b: +-0: none. Lending takes from a what it gives to b:
    overall has half of a's difference and 0.125 / 2 / 4 = 1/64 of variance, 2/3 of which counts
    beside 1/3 of (0.25 + 0.25) / 2, of the two prompts more."""
    found = compared(
        [
            ("a", (0, 2), (1, 2)),
            ("a", (1, 2), (1, 2)),
            ("b", (1, 1), (1, 1)),
            ("b", (0, 1), (0, 1)),
        ],
        {"a": ["a"], "b": ["b"]},
    )
    assert found["overall"].difference == 0.125
    lent = 4 / 5 * 0.0625  # a's share is 1/5 * 0.125 more
    counts, moderated = (1 / 8, 1 / 8), (0.025 + lent, lent)
    squares = sum((one * two) ** 2 for one, two in zip(counts, moderated, strict=True))
    variance = 2 / 3 / 64 + 1 / 3 / 4
    freedom = (1 / 64) ** 2 / squares * (variance / (2 / 3 / 64)) ** 2
    half = stats.t.ppf(0.975, freedom) * sqrt(variance)
    assert found["overall"].high == pytest.approx(0.125 + half)
    assert (found["a"].wins, found["a"].ties, found["a"].losses) == (1, 1, 0)
    assert (found["a"].before, found["a"].after) == (0.25, 0.5)
    assert (found["a"].right_before, found["a"].right_after, found["a"].pictures) == (0, 0, 2)
    assert found["overall"].adjusted is None
    assert found["b"].p == found["b"].adjusted == 1


def test_the_difference_is_that_of_the_scores() -> None:
    rng = np.random.default_rng(9)
    groups = {"x": ["a", "b"], "c": ["c"]}
    rows = [
        (name, (int(rng.integers(0, q + 1)), q), (int(rng.integers(0, r + 1)), r))
        for name in "abc"
        for q, r in rng.integers(1, 6, (7, 2)).tolist()
    ]
    found = compared(rows, groups)
    for side in (1, 2):
        tallies = [Tally(str(number), row[0], *row[side], 0) for number, row in enumerate(rows)]  # type: ignore[call-arg]
        for line in nested_means(tallies, groups, dimension_level="dimension"):
            told = found[line.name]
            assert (told.before, told.after)[side - 1] == pytest.approx(line.score)
            assert told.difference == pytest.approx(told.after - told.before)


@given(st.integers(2, 12), st.data())
def test_turning_the_sides_round_turns_the_sign(n: int, data: st.DataObject) -> None:
    one = st.integers(1, 4).flatmap(lambda q: st.tuples(st.integers(0, q), st.just(q)))
    rows = [(data.draw(st.sampled_from("ab")), data.draw(one), data.draw(one)) for _ in range(n)]
    groups = {"a": ["a"], "b": ["b"]}
    there = compared(rows, groups)["overall"]
    back = compared([(name, after, before) for name, before, after in rows], groups)["overall"]
    assert there.difference == pytest.approx(-back.difference)
    assert there.p == pytest.approx(back.p)
    assert (there.wins, there.losses) == (back.losses, back.wins)
    if there.low is not None and back.high is not None:
        assert there.low == pytest.approx(-back.high)
        assert there.low <= there.difference + 1e-12


def test_samples_of_a_prompt_tell_no_more_than_the_prompt() -> None:
    rows = [("a", (n % 2, 1), (1, 1)) for n in range(20)]
    once = compared(rows, {"a": ["a"]})["a"]
    four = [(name, (4 * b[0], 4), (4 * a[0], 4)) for name, b, a in rows]
    many = compared(four, {"a": ["a"]})["a"]
    assert (many.low, many.high, many.p) == pytest.approx((once.low, once.high, once.p))


def test_a_line_is_as_unsure_as_its_own_prompts() -> None:
    """36 dimensions of four prompts, none changed: one gained and one lost beside four are 2/6."""
    names = [f"d{number}" for number in range(36)]
    found = compared([(name, (5, 5), (5, 5)) for name in names for _ in range(4)],
                     {"first": names[:8], "rest": names[8:]})  # fmt: skip
    for name, prompts, each in (("d0", 4, 4), ("first", 32, 32), ("rest", 112, 112)):
        half = 1.959963984540054 * sqrt(2 / (prompts + 2) / each)
        assert found[name].high == pytest.approx(half), name
    assert found["first"].after == found["rest"].after == found["overall"].after == 1


def test_single_prompts_alone_are_one_stratum_and_one_alone_has_no_interval() -> None:
    """Differences of 1 and 0 vary by a half, of 1 and -1 by 2; of two prompts half of that and half
    of 1 count."""
    rows = [("a", (0, 1), (1, 1)), ("b", (1, 1), (1, 1))]
    found = compared(rows, {"a": ["a"], "b": ["b"]})["overall"]
    expected = (1 / 2 * 1 / 2 + 1 / 2) / 2
    assert found.detectable == pytest.approx(detectable(Spread(expected, (3 / 1) ** 2)))
    turned = compared([rows[0], ("b", (1, 1), (0, 1))], {"a": ["a"], "b": ["b"]})["overall"]
    expected = (1 / 2 * 2 + 1 / 2) / 2
    assert turned.detectable == pytest.approx(detectable(Spread(expected, (3 / 2) ** 2)))
    alone = compared(rows[:1], {"a": ["a"]})["a"]
    assert (alone.low, alone.high, alone.detectable) == (None, None, None)


def test_prompts_and_pictures_are_counted() -> None:
    changes = {((0, 1), (1, 1)): 6, ((1, 1), (0, 1)): 2, ((1, 1), (1, 1)): 3, ((0, 1), (0, 1)): 4}
    rows = [("a", before, after) for (before, after), n in changes.items() for _ in range(n)]
    found = compared(rows, {"a": ["a"]})["a"]
    assert (found.cases, found.wins, found.ties, found.losses) == (15, 6, 7, 2)
    assert (found.right_before, found.right_after, found.pictures) == (5, 9, 15)
    assert found.right_p == pytest.approx(2 * (1 + 8 + 28) / 2**8)


def test_lines_without_a_score_or_with_prompts_of_one_side_alone_have_no_difference() -> None:
    pairs = [Pair(f"{n}", "a", Counts(1, 2, 0), Counts(2, 2, 1), 1) for n in range(3)]
    tallies = [Tally("0", "a", 1, 2, 0), Tally("1", "b", 1, 2, 0), Tally("2", "c", 0, 0, 2)]
    lines = nested_means(tallies, {"a": ["a"], "b": ["b"], "c": ["c"]}, dimension_level="dimension")
    assert [line.name for line in lines] == ["a", "b", "c", "overall"]
    assert [found.name for found in differences(pairs, lines)] == ["a"]


def test_several_samples_or_none_whole_have_no_test_of_pictures() -> None:
    def one(pictures: int) -> Difference:
        pairs = [Pair(f"{n}", "a", Counts(1, 2, 0), Counts(2, 2, 1), n and pictures)
                 for n in range(3)]  # fmt: skip
        lines = nested_means([Tally(p.case, "a", 1, 2, 0) for p in pairs], {"a": ["a"]},
                             dimension_level="dimension")  # fmt: skip
        return differences(pairs, lines)[0]

    assert [(found.pictures, found.right_after, found.right_p) for found in map(one, range(3))] == [
        (0, 0, None), (2, 2, 0.5), (4, 2, None),
    ]  # fmt: skip


def test_of_many_prompts_ten_thousand_signs_are_drawn_and_that_seen_is_one_more() -> None:
    sure = [1 + number / 100 for number in range(40)]
    assert sign_flip(sure) == sign_flip([-value for value in sure]) == 1 / 10_001
    assert sign_flip(sure[:14]) == 2 / 2**14 and sign_flip(sure[:15]) * 10_001 in (1, 2, 3)
    assert sign_flip([1e-12] * 9) == 1 and sign_flip([2e-12] * 9) == 2 / 2**9


def test_one_prompt_that_differs_tells_nothing() -> None:
    assert sign_flip([0.3]) == sign_flip([0.0, -0.2, 0.0]) == 1


def test_flips_are_about_the_score_of_both_sides() -> None:
    """Where sides have different numbers of answers, a prompt adds to a side what it has beyond the
    score of both, 0.5: here all do so the same way, which comes by chance in one of 16."""
    before = ((0, 3), (0, 2), (0, 1), (1, 3), (1, 3))
    after = ((2, 2), (1, 1), (2, 3), (3, 4), (2, 2))
    rows = [("a", one, other) for one, other in zip(before, after, strict=True)]
    found = compared(rows, {"a": ["a"]})["a"]
    assert (found.before, found.after) == pytest.approx((2 / 12, 10 / 12))
    assert found.p == 2 / 2**5
