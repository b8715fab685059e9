"""A benchmark that anybody may have written: what it makes of pictures is held against them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.scoring_for_tests import Moods
from uig_cli.benchmarks.cases import judged_questions
from uig_cli.benchmarks.protocol import Benchmark, Check, Found
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.cases import Case, Question
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.results.kept_findings import KeptFindings, RunScorer
from uig_cli.results.rows import _always_yes
from uig_cli.results.summary_lines import summary_lines
from uig_cli.runs.records import Records
from uig_cli.stats.stratified import Line, Tally, nested_means

TALLIES = [Tally(f"{name}{n}", name, n % 2, 1, 0) for name in "ab" for n in range(4)]
GROUPS: Mapping[str, Sequence[str]] = {"a": ["a"], "b": ["b", "a"]}
CASE = Case("m/0", "x", "", "m0", (Question("Is it red?", "yes"), Question("Is it blue?", "no")))


class Odd(Moods):
    """A summary with something done to its lines."""

    def __init__(self, change: Callable[[list[Line]], list[Line]]) -> None:
        self._change = change

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        return self._change(nested_means(tallies, GROUPS, dimension_level="dimension"))


def each(**fields: object) -> Callable[[list[Line]], list[Line]]:
    return lambda lines: [replace(line, **fields) for line in lines]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (each(score="1"), "has '1' as score of line 1, expected a number"),
        (each(low=float("nan")), "has nan as low of dimension a, expected 0 to 1"),
        (each(name=7), "has 7 as name of line 1, not a text"),
        (each(level="\ud800"), "as level of line 1, not a text"),
        (each(cases=-1), "has -1 as cases of line 1, expected a whole number from 0"),
        (each(missing=None), "has None as missing of line 1"),
        (each(weights=None), "has None as weights of line 1, expected a mapping"),
        (each(score=50.0), "has 50 as score of dimension a, expected 0 to 1"),
        (each(low=float("nan")), "has nan as low of dimension a"),
        (each(high=-1.0), "has -1 as high of"),
        (each(score=0.75), "has the score 0.75 in dimension a, whose weights make 0.5"),
        (each(score=None), "has the score none in"),
        (each(weights={"a": 0.5}), "has the score 0.5 in dimension a, whose weights make 0.25"),
        (each(weights={"z": 1.0}), "has a weight for z in dimension a, which has no answer"),
        (lambda lines: lines[::-1], "has dimension a as its last line, expected one of the level"),
        (lambda lines: [], "has nothing as its last line"),
        (lambda lines: [lines[0], *lines], "has two lines dimension a"),
    ],
)
def test_a_line_that_cannot_be_is_one_sentence(
    change: Callable[[list[Line]], list[Line]], said: str
) -> None:
    with pytest.raises(UigError, match="the summary of the benchmark moods has") as error:
        summary_lines(Odd(change), TALLIES)
    assert said in str(error.value)


def test_a_dimension_may_stand_in_several_groups() -> None:
    """And counts in each of them: weights that were lost made the overall too small."""
    lines = summary_lines(Odd(list), TALLIES)
    assert [(line.level, line.name) for line in lines] == [
        ("dimension", "a"), ("dimension", "b"), ("group", "b"), ("overall", "overall"),
    ]  # fmt: skip
    assert lines[-1].weights == {"a": 0.75, "b": 0.25}
    assert summary_lines(Odd(each(weights={})), TALLIES)[-1].score == 0.5


def test_what_is_missing_keeps_its_lines(tmp_path: Path) -> None:
    """Lines that are left out are missed by nobody, and what is left scores higher."""

    class Drops(Moods):
        def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
            lines = judged_questions(case, found)
            return tuple(line for line in lines if line.answer is not None)

    class Nothing(Moods):
        def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
            return ()

    def checks(benchmark: Benchmark) -> tuple[Check, ...]:
        kept = KeptFindings("eye", "answers", Records(tmp_path, "answers"), {})
        return RunScorer("eye", benchmark, {"answers": kept}).checks(CASE, None, None)

    assert len(checks(Moods())) == 4
    for benchmark in (Drops(), Nothing()):
        with pytest.raises(UigError, match=r"makes 0 lines of a picture of m/0.*as many for each"):
            checks(benchmark)


def test_always_yes_goes_by_the_benchmark_s_own_lines() -> None:
    """A question that counts nine times as much does so for who always says yes, too."""

    class Heavy(Moods):
        needs = ("answers",)

        def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
            assert not any(isinstance(one, Failure) for one in found["answers"])
            lines = zip(judged_questions(case, found), (1, 9), strict=True)
            return tuple(replace(line, weight=weight) for line, weight in lines)

    assert _always_yes([CASE], Heavy())["overall", "overall"] == 10
    text = replace(CASE, dimension="text")
    assert _always_yes([text], tiif)["overall", "overall"] == 50
