"""One and the same judge on both sides, and what is said where it was read by other versions."""

from collections.abc import Mapping

import pytest

from uig_cli.compare.compatibility import reading_remark, shared_judge
from uig_cli.errors import UigError
from uig_cli.results.outcomes import Results

EYE = {"judge": "openai", "model": "eye", "parser": "robust"}
NEW = {**EYE, "parser version": "2"}
EXACT = {"judge": "exact", "reader": "2"}


def results(name: str, **judges: Mapping[str, str]) -> Results:
    return Results(name, "0.2.0", "tiif", "mini", {}, judges, [], [])


def remark(before: Results, after: Results, wanted: str | None = None) -> str:
    judge, other = shared_judge([before, after], wanted)
    return " ".join(reading_remark(before, judge, after, other))


def test_a_judge_read_by_other_versions_is_the_same_and_that_is_said() -> None:
    told = remark(results("old", eye=EYE), results("new", eye=NEW))
    assert (
        "old and new have the same judge, eye, read by different versions (parser 1 and 2)" in told
    )
    assert "`uig rejudge RUN`" in told
    told = remark(results("new", eye=NEW), results("old", eye=EYE))
    assert "(parser 2 and 1)" in told
    assert "(reader 2 and 3)" in remark(
        results("a", exact=EXACT), results("b", exact={**EXACT, "reader": "3"})
    )
    two = {"answers judge": "eye", "ratings judge": "rater"}
    told = remark(results("a", both=two), results("b", both={**two, "answers parser version": "2"}))
    assert "(answers parser 1 and 2)" in told


def test_the_same_version_goes_first() -> None:
    before, after = results("a", eye=EYE, eye2=NEW), results("b", eye=NEW)
    assert shared_judge([before, after], None) == ["eye2", "eye"]
    assert remark(before, after) == ""
    assert shared_judge([before, after], "eye") == ["eye", "eye"]
    assert "different versions" in remark(before, after, "eye")


def test_another_judge_stays_another() -> None:
    with pytest.raises(UigError, match="judge eye is another there: parser "):
        shared_judge([results("a", eye=NEW), results("b", eye={**EYE, "parser": "strict"})], None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"reader": "easy"}, {"reader": "paddle"}),
        ({"setting reader": "2"}, {"setting reader": "3"}),
        ({"setting parser version": "2"}, {}),
        ({"model reader": "2"}, {"model reader": "3"}),
    ],
)
def test_what_is_called_like_a_version_and_is_none(
    one: Mapping[str, str], other: Mapping[str, str]
) -> None:
    """Fields of scorers of others: who reads, and how it was set, is another judge."""
    both = results("a", eye={**EYE, **one}), results("b", eye={**EYE, **other})
    with pytest.raises(UigError, match="judge eye is another there"):
        shared_judge(both, None)
