"""Nested means: textbook cases, a case by hand, resampling, and what is missing."""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.stats.spread import t95
from uig_cli.stats.stratified import Line, Tally, nested_means
from uig_cli.stats.wilson import wilson

Counts = Sequence[tuple[int, int]]
"""(right, asked) per prompt."""


def tallies(dimensions: Mapping[str, Counts]) -> list[Tally]:
    return [
        Tally(f"{name}/{number}", name, right, asked, 0)
        for name, counts in dimensions.items()
        for number, (right, asked) in enumerate(counts)
    ]


def summary(
    dimensions: Mapping[str, Counts], groups: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Line]:
    groups = groups or {"group": list(dimensions)}
    lines = nested_means(tallies(dimensions), groups, dimension_level="dimension")
    return {line.name: line for line in lines}


def error(line: Line, freedom: float) -> float:
    """The standard error that Wilson's interval of the line was made of, from its ends: each end
    is `t` standard errors, as they would be there, away from the score."""
    assert line.score is not None and line.low is not None and 0 < line.score < 1
    there = (line.score - line.low) / t95(freedom)
    return there * sqrt(line.score * (1 - line.score) / (line.low * (1 - line.low)))


def test_single_questions_give_the_binomial_interval() -> None:
    line = summary({"a": [(1, 1)] * 24 + [(0, 1)] * 12})["a"]
    assert line.score == pytest.approx(2 / 3)
    assert error(line, 35) == pytest.approx(sqrt(2 / 3 * 1 / 3 / 35), rel=1e-9)
    assert (line.cases, line.pictures, line.answered) == (36, 36, 36)


@given(
    st.lists(st.integers(0, 1), min_size=2, max_size=40),
    st.integers(1, 9),
    st.integers(1, 4),
)
def test_answers_that_agree_within_a_prompt_tell_no_more(
    rights: list[int], questions: int, samples: int
) -> None:
    once = summary({"a": [(right, 1) for right in rights]})["a"]
    many = nested_means(
        [
            Tally(f"a/{number}", "a", right * questions, questions, 0)
            for number, right in enumerate(rights)
            for _ in range(samples)
        ],
        {"group": ["a"]},
        dimension_level="dimension",
    )[0]
    assert (many.score, many.low, many.high) == pytest.approx((once.score, once.low, once.high))
    assert (many.cases, many.pictures) == (len(rights), samples * len(rights))


def test_by_hand() -> None:
    """a: 6 of 8, residuals over the mean size +-0.25, so 0.25 / 3 / 4 = 1/48, 3 degrees of
    freedom. b: 2 of 4, +-0.5, 1 / 3 / 4 = 1/12. Their mean: (1/48 + 1/12) / 4 = 5/192, with
    (5/48)^2 / ((1/48^2 + 4^2/48^2) / 3) = 75/17 degrees of freedom. c: 9 of 12, 12 prompts of one
    question: 0.1875 / 11. Overall: (5/192 + 0.1875/11) / 4, 10.3 degrees of freedom."""
    lines = summary(
        {
            "a": [(2, 2), (2, 2), (1, 2), (1, 2)],
            "b": [(1, 1), (1, 1), (0, 1), (0, 1)],
            "c": [(1, 1)] * 9 + [(0, 1)] * 3,
        },
        {"ab": ["a", "b"], "c": ["c"]},
    )
    assert list(lines) == ["a", "b", "c", "ab", "overall"]
    assert [line.level for line in lines.values()] == [*["dimension"] * 3, "group", "overall"]
    assert [line.score for line in lines.values()] == [0.75, 0.5, 0.75, 0.625, 0.6875]
    # 0.75 * 0.25 * 48 is 9 trials, more than the 8 answers given: they count as 8.
    assert error(lines["a"], 3) == pytest.approx(sqrt(0.75 * 0.25 / 8))
    assert error(lines["b"], 3) == pytest.approx(sqrt(1 / 12))
    assert error(lines["ab"], 75 / 17) == pytest.approx(sqrt(5 / 192))
    freedom = (5 / 192 + 0.1875 / 11) ** 2 / ((5 / 192) ** 2 * 17 / 75 + (0.1875 / 11) ** 2 / 11)
    assert error(lines["overall"], freedom) == pytest.approx(sqrt((5 / 192 + 0.1875 / 11) / 4))
    assert lines["overall"].weights == {"a": 0.25, "b": 0.25, "c": 0.5}


def test_the_variance_is_what_resampling_within_dimensions_gives() -> None:
    rng = np.random.default_rng(5)
    sizes = {f"d{number}": count for number, count in enumerate((12, 20, 30, 30))}
    dimensions = {
        name: [
            (int(rng.binomial(asked, rng.uniform(0.2, 1))), int(asked))
            for asked in rng.integers(3, 9, count)
        ]
        for name, count in sizes.items()
    }
    groups = {"one": ["d0", "d1"], "two": ["d2"], "three": ["d3"]}
    overall = summary(dimensions, groups)["overall"]

    drawn = {}
    for name, counts in dimensions.items():
        right, asked = np.array(counts).T
        picks = rng.integers(0, len(right), (20_000, len(right)))
        scores = right[picks].sum(1) / asked[picks].sum(1)
        n = len(right)
        drawn[name] = scores.mean() + (scores - scores.mean()) * sqrt(n / (n - 1))
    means = ((drawn["d0"] + drawn["d1"]) / 2 + drawn["d2"] + drawn["d3"]) / 3
    assert error(overall, 80) == pytest.approx(means.std(), rel=0.04)


def test_a_single_prompt_borrows() -> None:
    many = [(7, 10), (9, 10)] * 18
    lines = summary({"a": many, "b": [(4, 5)]})
    assert lines["b"].score == 0.8
    # Five answers of one prompt cannot tell more than five that are independent.
    assert (lines["b"].low, lines["b"].high) == pytest.approx(wilson(0.8, 5, t95(35)))
    assert error(lines["a"], 35) == pytest.approx(sqrt(0.8 * 0.2 / 360))


@given(st.integers(2, 30), st.integers(1, 5), st.sampled_from((0, 1)))
def test_prompts_that_all_score_the_same_count_once_each(n: int, asked: int, share: int) -> None:
    line = summary({"a": [(share * asked, asked)] * n})["a"]
    assert (line.low, line.high) == pytest.approx(wilson(share, n))
    assert line.low is not None and line.high is not None and line.high - line.low > 3 / (n + 4)


def test_single_prompts_alone_have_no_interval() -> None:
    lines = summary({"a": [(1, 2)], "b": [(3, 4)]})
    assert lines["overall"].score == 0.625
    assert {(line.low, line.high) for line in lines.values()} == {(None, None)}


def test_missing_is_counted_and_never_zero() -> None:
    groups = {"ab": ["a", "b"], "c": ["c"], "d": ["d"]}
    known = tallies({"a": [(1, 2), (2, 2), (0, 3)]})
    lost = [
        Tally("a/2", "a", 0, 0, 3),
        Tally("a/3", "a", 0, 0, 2),
        Tally("b/0", "b", 0, 0, 4),
        Tally("c/0", "c", 0, 0, 1),
    ]
    with_lost = nested_means([*known, *lost], groups, dimension_level="dimension")
    lines = {line.name: line for line in with_lost}
    alone = {line.name: line for line in nested_means(known, groups, dimension_level="dimension")}
    assert list(alone) == ["a", "ab", "overall"]
    for name in ("a", "ab", "overall"):
        assert (lines[name].score, lines[name].low) == (alone[name].score, alone[name].low)
    assert lines["a"].score == pytest.approx(3 / 7)
    assert (lines["a"].cases, lines["a"].pictures, lines["a"].missing) == (3, 5, 5)
    assert (lines["b"].score, lines["b"].low, lines["b"].missing) == (None, None, 4)
    assert (lines["c"].score, lines["c"].cases, lines["c"].pictures) == (None, 0, 1)
    assert "d" not in lines
    assert (lines["overall"].missing, lines["overall"].answered) == (10, 7)


def test_nothing_at_all() -> None:
    (overall,) = nested_means([], {"group": ["a"]}, dimension_level="dimension")
    assert (overall.level, overall.score, overall.low, overall.cases) == ("overall", None, None, 0)


def test_a_group_of_one_by_the_same_name_has_one_line() -> None:
    lines = nested_means(
        tallies({"counting": [(1, 1), (0, 1)], "colors": [(1, 1)]}),
        {"counting": ["counting"], "colors": ["colors"]},
        dimension_level="tag",
    )
    assert [(line.level, line.name, line.score) for line in lines] == [
        ("tag", "counting", 0.5),
        ("tag", "colors", 1.0),
        ("overall", "overall", 0.75),
    ]


def test_a_dimension_of_no_group_is_an_error() -> None:
    with pytest.raises(ValueError, match="no group holds the dimensions b"):
        summary({"a": [(1, 1)], "b": [(1, 1)]}, {"group": ["a"]})


@given(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.lists(
            st.integers(1, 9).flatmap(
                lambda asked: st.tuples(st.integers(0, asked), st.just(asked))
            ),
            min_size=1,
            max_size=6,
        ),
        min_size=1,
    )
)
def test_scores_lie_in_their_intervals(dimensions: dict[str, list[tuple[int, int]]]) -> None:
    lines = summary(dimensions)
    for line in lines.values():
        assert line.score is not None and 0 <= line.score <= 1
        if line.low is not None and line.high is not None:
            assert 0 <= line.low <= line.score <= line.high <= 1
    scores = [lines[name].score or 0 for name in dimensions]
    assert min(scores) - 1e-12 <= (lines["overall"].score or 0) <= max(scores) + 1e-12
