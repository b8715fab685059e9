"""Who scores: decided once, the same for every command."""

from typing import Any

import pytest

from tests.scoring_for_tests import Beauty, Moods, asker, offer, rater
from uig_cli.benchmarks.built_in import BUILT_IN
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.benchmarks.protocol import Benchmark, Source
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.cases import Case
from uig_cli.engine.scorers import Chosen, Usual, choose_scorers
from uig_cli.errors import UigError
from uig_cli.options import ScoringOptions


def typed(**values: Any) -> ScoringOptions:
    return ScoringOptions(**values)


def exported(**values: Any) -> ScoringOptions:
    return ScoringOptions(**values, sources=dict.fromkeys(values, "environment"))


SIGN = Case("t/0", "a sign", "", "text", facts={"words": ["tea"]})


def chosen(
    of: Benchmark,
    options: ScoringOptions,
    set_name: str = BUILT_IN,
    usual: Usual = "for each kind",
    cases: tuple[Case, ...] = (),
) -> Chosen:
    return choose_scorers(
        of, set_name, cases or of.open(Source(set=set_name)).cases, options, usual
    )


EXACT, STRICT = ("judges", "exact"), ("judges", "strict")


def specs(found: Chosen) -> list[tuple[str, str]]:
    return [(one.group, one.spec) for one in found.scorers]


def test_who_scores_usually() -> None:
    assert specs(chosen(tiif, typed())) == [EXACT, STRICT]
    assert specs(chosen(geneval, typed())) == [("detectors", "exact"), STRICT]
    testmini = chosen(tiif, typed(), "testmini", cases=(SIGN,))
    assert specs(testmini) == [("judges", "self")] and testmini.asks_examiner
    with pytest.raises(
        UigError, match=r"geneval needs a detector; got none\. Give --detector mask"
    ):
        chosen(geneval, typed(), "full")


@pytest.mark.parametrize("usual", ["for each kind", "if nobody is named", "never"])
def test_what_is_exported_for_another_benchmark_is_in_nobodys_way(usual: Usual) -> None:
    away = exported(detector="nobody-knows-it", judge_repeats=3, judge_parser="strict")
    assert chosen(tiif, away, usual=usual) == chosen(tiif, typed(), usual=usual)
    away = exported(judge=("none",), ocr="rapidocr")
    assert chosen(geneval, away, usual=usual) == chosen(geneval, typed(), usual=usual)


@pytest.mark.parametrize(
    ("of", "options", "says"),
    [
        (
            tiif,
            typed(detector="exact"),
            "tiif is scored by questions; leave --detector out, or give",
        ),
        (geneval, typed(judge=("exact",)), "geneval is scored by a detector; leave --judge out"),
        (tiif, typed(judge=("exakt",)), 'unknown judge "exakt".*Did you mean "exact"'),
        (tiif, typed(judge=("exact:x",)), 'judge "exact" takes nothing more; write exact alone'),
        (tiif, typed(judge=("openai",)), "says no model; expected openai:MODEL"),
        (geneval, typed(detector="mask2former"), "says no folder; expected mask2former:PATH"),
        (tiif, typed(ocr="rapidorc"), 'Did you mean "rapidocr"'),
        (
            tiif,
            typed(judge=("exact",), judge_repeats=3),
            "--judge-repeats is for judges that answer",
        ),
    ],
)
def test_what_is_typed_in_vain_is_refused_in_one_sentence(
    of: Benchmark, options: ScoringOptions, says: str
) -> None:
    with pytest.raises(UigError, match=says) as error:
        chosen(of, options)
    assert "\n" not in str(error.value)


def test_exact_reads_built_in_sets_only() -> None:
    with pytest.raises(UigError, match=r"--judge exact reads .* got tiif testmini"):
        chosen(tiif, typed(judge=("exact",)), "testmini", cases=(SIGN,))
    with pytest.raises(UigError, match=r"--detector exact reads .* got geneval full"):
        chosen(geneval, typed(detector="exact"), "full")


def test_nobody() -> None:
    assert specs(chosen(tiif, typed(judge=("none",)))) == []
    assert specs(chosen(geneval, typed(judge=("none",)))) == []
    assert specs(chosen(geneval, typed(detector="none"))) == []
    assert specs(chosen(tiif, exported(judge=("none",)))) == []


def test_only_those_named_where_pictures_are_scored_again() -> None:
    found = chosen(tiif, typed(ocr="rapidocr"), usual="if nobody is named", cases=(SIGN,))
    assert specs(found) == [("readers", "rapidocr")]
    assert specs(chosen(tiif, typed(), usual="if nobody is named")) == [EXACT, STRICT]
    assert specs(chosen(geneval, typed(), usual="never")) == []


def test_words_are_read_where_a_case_wants_some() -> None:
    found = chosen(tiif, typed(ocr="rapidocr"), cases=(SIGN,))
    assert specs(found) == [EXACT, ("readers", "rapidocr")] and not found.notes
    (note,) = chosen(tiif, typed(), cases=(SIGN,)).notes
    assert "nobody has read the words" in note
    found = chosen(tiif, typed(ocr="rapidocr"))
    assert specs(found) == [EXACT, STRICT] and "has read nothing" in found.notes[0]
    assert not chosen(tiif, exported(ocr="rapidocr")).notes


def test_a_benchmark_that_needs_two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, judges=[asker(), rater()])
    both = chosen(Moods(), typed(judge=("asker", "rater")), "all")
    assert [one.kind for one in both.scorers] == ["answers", "ratings"]
    one = chosen(Moods(), typed(judge=("rater",)), "all", "if nobody is named")
    assert specs(one) == [("judges", "rater")]
    with pytest.raises(UigError, match="moods needs a judge that rates; got none"):
        chosen(Moods(), typed(judge=("asker",)), "all")
    with pytest.raises(
        UigError, match="beauty is scored by ratings, and judge asker gives answers"
    ):
        chosen(Beauty(), typed(judge=("asker", "rater")), "all")
    with pytest.raises(UigError, match="beauty needs a judge that rates"):
        chosen(Beauty(), typed(), "all")
    # A judge of questions may be exported for another benchmark.
    with pytest.raises(UigError, match="beauty needs a judge that rates"):
        chosen(Beauty(), exported(judge=("asker",)), "all")
    away = exported(judge=("asker", "rater"))
    assert specs(chosen(Beauty(), away, "all")) == [("judges", "rater")]
