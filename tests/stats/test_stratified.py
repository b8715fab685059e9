"""Nested means: textbook cases, a case by hand, resampling, and what is missing."""

from collections.abc import Mapping, Sequence
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.stats.stratified import Line, Tally, _t95, nested_means

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


def half(line: Line) -> float:
    """Half an interval that is not cut off at 0."""
    assert line.score is not None and line.low is not None and line.low > 0
    return line.score - line.low


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(2, 4.302653), (3, 3.182446), (4, 2.776445), (8, 2.306004), (30, 2.042272), (inf, 1.959964)],
)
def test_student(freedom: float, expected: float) -> None:
    assert _t95(freedom) == pytest.approx(expected, rel=0.008 if freedom < 3 else 0.0013)


@given(st.floats(1, 1000), st.floats(0.01, 10))
def test_student_narrows_with_freedom(freedom: float, more: float) -> None:
    assert _t95(freedom) > _t95(freedom + more) > 1.9599


def test_single_questions_give_the_binomial_interval() -> None:
    line = summary({"a": [(1, 1)] * 24 + [(0, 1)] * 12})["a"]
    assert line.score == pytest.approx(2 / 3)
    assert half(line) == pytest.approx(2.030108 * sqrt(2 / 3 * 1 / 3 / 35), rel=1e-5)
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
    assert half(lines["a"]) == pytest.approx(3.182446 * sqrt(1 / 48), rel=0.0013)
    assert (lines["b"].low, lines["b"].high) == (0, 1)
    assert half(lines["ab"]) == pytest.approx(2.677174 * sqrt(5 / 192), rel=0.0013)
    assert half(lines["overall"]) == pytest.approx(
        2.219194 * sqrt((5 / 192 + 0.1875 / 11) / 4), rel=1e-4
    )


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
    assert half(overall) == pytest.approx(1.99 * means.std(), rel=0.04)


def test_intervals_cover_what_they_should() -> None:
    """Dimensions of 4 prompts and 3 to 6 questions in two groups of 8 and one of 30, as in TIIF's
    testmini; the share of 250 runs whose interval holds the truth."""
    rng = np.random.default_rng(11)
    groups = {g: [f"{g}{n}" for n in range(8)] for g in "ab"} | {"c": ["c0"]}
    truth = {name: rng.uniform(0.4, 0.9) for names in groups.values() for name in names}
    overall = np.mean([np.mean([truth[name] for name in names]) for names in groups.values()])
    group = np.mean([truth[name] for name in groups["a"]])
    held = {"a": 0, "overall": 0}
    for _ in range(250):
        lines = summary(
            {
                name: [
                    (int(rng.binomial(asked, rng.beta(4 * mean, 4 * (1 - mean)))), int(asked))
                    for asked in rng.integers(3, 7, 30 if name == "c0" else 4)
                ]
                for name, mean in truth.items()
            },
            groups,
        )
        for name, value in (("a", group), ("overall", overall)):
            low, high = lines[name].low, lines[name].high
            assert low is not None and high is not None
            held[name] += bool(low <= value <= high)
    assert 0.91 <= held["a"] / 250 <= 0.99
    assert 0.91 <= held["overall"] / 250 <= 0.99


def test_a_single_prompt_borrows() -> None:
    many = [(7, 10), (9, 10)] * 18
    lines = summary({"a": many, "b": [(4, 5)]})
    assert lines["b"].score == 0.8
    assert half(lines["b"]) == pytest.approx(2.030108 * sqrt(0.01 * 36 / 35), rel=1e-4)
    assert half(lines["a"]) == pytest.approx(half(lines["b"]) / 6)
    own = summary({"a": many, "b": [(4, 5), (4, 5)]})
    assert (own["b"].low, own["b"].high) == pytest.approx((0.8, 0.8))


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
