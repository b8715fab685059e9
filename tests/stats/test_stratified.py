"""Nested means: textbook cases, a case by hand, resampling, and what is missing."""

from collections.abc import Mapping, Sequence
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from uig_cli.stats.spread import Spread, t95
from uig_cli.stats.stratified import Line, Tally, nested_means, one_stratum
from uig_cli.stats.wilson import around, wilson

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
    """a: 6 of 8, residuals over the mean size +-0.25, so 0.25 / 3 a prompt, 3 degrees of freedom.
    b: 2 of 4, +-0.5, 1 / 3 a prompt. c: 9 of 12, 12 prompts of one question: 0.1875 * 12 / 11 a
    prompt, 11 degrees. The mean score is 2/3: a's scale is that of (3 + 8/3) / 8 = 17/24, b's of
    (2 + 8/3) / 8 = 7/12, c's of (9 + 8/3) / 16 = 35/48; what all say is lent by those."""
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
    seen = {"a": 0.25 / 3, "b": 1 / 3, "c": 0.1875 * 12 / 11}
    prompts = {"a": 4, "b": 4, "c": 12}
    scale = {name: x * (1 - x) for name, x in (("a", 17 / 24), ("b", 7 / 12), ("c", 35 / 48))}
    unit = sum(seen.values()) / sum(scale.values())
    own = {name: (n - 1) / (n + 3) for name, n in prompts.items()}
    moderated = {n: own[n] * seen[n] + (1 - own[n]) * unit * scale[n] for n in seen}

    answers = {"a": 8, "b": 4, "c": 12}
    for line in lines.values():
        part = {name: weight**2 / prompts[name] for name, weight in line.weights.items()}
        lent = sum(part[name] * (1 - own[name]) * scale[name] for name in part)
        count = {n: part.get(n, 0) * own[n] + lent / sum(scale.values()) for n in seen}
        total = sum(count[name] * seen[name] for name in seen)
        squares = sum((count[n] * moderated[n]) ** 2 / (prompts[n] - 1) for n in seen)
        most = 1 / sum(weight**2 / answers[name] for name, weight in line.weights.items())
        expected = around(
            line.score or 0, Spread(total, total**2 / squares), 1 / sum(part.values()), most
        )
        assert (line.low, line.high) == pytest.approx(expected)
    assert lines["overall"].weights == {"a": 0.25, "b": 0.25, "c": 0.5}


def test_answers_count_by_the_square_of_their_weight() -> None:
    """Where prompts vary less than single answers would, two dimensions of 24 and 6 answers count
    as 1 / (1/4/24 + 1/4/6) = 19.2 trials."""
    lines = summary({"a": [(4, 8)] * 3, "b": [(1, 2)] * 3})
    assert error(lines["overall"], inf) == pytest.approx(sqrt(0.25 / 19.2))


def test_perfect_prompts_count_by_the_square_of_their_weight() -> None:
    lines = summary({"a": [(1, 1)] * 9, "b": [(5, 5)] * 3, "c": [(2, 2)] * 4}, GROUPED)
    for name, trials in (("ab", 1 / (1 / 4 / 9 + 1 / 4 / 3)), ("c", 4)):
        assert (lines[name].low, lines[name].high) == pytest.approx(wilson(1, trials))
    overall = 1 / (1 / 16 / 9 + 1 / 16 / 3 + 1 / 4 / 4)
    assert (lines["overall"].low, lines["overall"].high) == pytest.approx(wilson(1, overall))


GROUPED = {"ab": ["a", "b"], "c": ["c"]}


@pytest.mark.parametrize("share", [0, 1])
@settings(max_examples=20)
@given(groups=st.integers(2, 40), each=st.integers(1, 4))
def test_all_right_is_decided_by_counts(groups: int, each: int, share: int) -> None:
    """Weights that do not add up to 1 in floating point make no other score of it."""
    names = {f"g{g}": [f"g{g}d{d}" for d in range(each)] for g in range(groups)}
    lines = summary({d: [(share * 7, 7)] * 2 for ds in names.values() for d in ds}, names)
    overall = lines["overall"]
    assert overall.score == share
    assert (overall.low, overall.high) == pytest.approx(wilson(share, 2 * each * groups))


@pytest.mark.parametrize("prompts", [2, 3, 4, 12])
@pytest.mark.parametrize("apart", [True, False])
def test_one_wrong_answer_more_never_makes_the_interval_begin_higher(
    prompts: int, apart: bool
) -> None:
    """Nor does it blow it up: nine dimensions, wrong answers one a prompt, or all of one prompt."""
    lows = []
    for wrong in range(6):
        found = {
            f"d{d}": [
                (5 - ((d + 9 * p < wrong) if apart else wrong * (d == p == 0)), 5)
                for p in range(prompts)
            ]
            for d in range(9)
        }
        line = summary(found, {name: [name] for name in found})["overall"]
        assert line.low is not None
        lows.append(line.low)
    assert lows == sorted(lows, reverse=True)
    assert lows[0] - lows[1] < 0.05 and lows[-1] > 0.6


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
    """And its five answers count as five at the most: its interval is as wide as chance makes it,
    and begins no higher than if the one prompt had been right, one of one."""
    many = [(7, 10), (9, 10)] * 18
    lines = summary({"a": many, "b": [(4, 5)]})
    assert lines["b"].score == 0.8
    assert lines["b"].low == wilson(1, 1)[0] < wilson(0.8, 5, t95(35))[0]
    exact = stats.binomtest(4, 5).proportion_ci(0.9, method="exact").high
    assert lines["b"].high == pytest.approx(exact)
    assert error(lines["a"], 35) == pytest.approx(sqrt(0.8 * 0.2 / 360))


@given(st.integers(2, 30), st.integers(1, 5), st.sampled_from((0, 1)))
def test_prompts_that_all_score_the_same_count_once_each(n: int, asked: int, share: int) -> None:
    line = summary({"a": [(share * asked, asked)] * n})["a"]
    assert (line.low, line.high) == pytest.approx(wilson(share, n))
    assert line.low is not None and line.high is not None and line.high - line.low > 3 / (n + 4)


def test_single_prompts_alone_are_one_stratum() -> None:
    """Shares 0.5, 0.75, 1 vary by 1/16 a prompt, with two degrees of freedom."""
    lines = summary({"a": [(10, 20)], "b": [(15, 20)], "c": [(20, 20)]})
    assert lines["overall"].score == 0.75
    assert error(lines["overall"], 2) == pytest.approx(sqrt(1 / 16 / 3))
    assert lines["a"].low is not None


def test_one_stratum_is_told() -> None:
    def told(dimensions: dict[str, list[tuple[int, int]]]) -> bool:
        return one_stratum(list(summary(dimensions).values()))

    assert told({"a": [(10, 20)], "b": [(15, 20)], "c": [(20, 20)]})
    assert not told({"a": [(10, 20)] * 2, "b": [(15, 20)], "c": [(20, 20)]})
    assert not told({"a": [(10, 20)]}) and not told({"a": [(10, 20)] * 3})
    assert not one_stratum([])


def test_one_prompt_has_no_interval() -> None:
    lines = summary({"a": [(1, 2)]})
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
