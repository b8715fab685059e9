"""Scores from released judge answers, against values recomputed along the official path."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from uig_cli.benchmarks.protocol import Check
from uig_cli.benchmarks.tiif.benchmark import benchmark
from uig_cli.benchmarks.tiif.workbook import workbook
from uig_cli.cases import Case, Question
from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import Answer
from uig_cli.stats.stratified import Line, Tally

FIXTURES = Path(__file__).parents[3].parent / "shared" / "fixtures" / "tiif"


def tally(case: Case, judged: tuple[Check, ...]) -> Tally:
    known = [line.correct for line in judged if line.correct is not None]
    return Tally(case.id, case.dimension, sum(known), len(known), len(judged) - len(known))


def released(model: str) -> Iterator[tuple[Case, tuple[Answer, ...]]]:
    path = FIXTURES / f"judge_results_{model}.jsonl"
    for line in path.read_text("utf-8").removesuffix("\n").split("\n"):
        found = json.loads(line)["content"]
        split, dimension = found["desc"].removesuffix("_description"), found["attribute"]
        questions = tuple(
            Question(text.strip(), wanted.strip().lower())
            for text, wanted in zip(found["questions"], found["gt_answers"], strict=True)
        )
        case = Case(
            f"tiif/{split}/{dimension}/{found['line_idx']}", "", split, dimension, questions
        )
        yield case, tuple(Answer(answer) for answer in found["model_pred"])


@pytest.mark.parametrize("model", ["FluxPro", "Janus-Pro", "sd3"])
def test_released_answers_give_the_recomputed_scores(model: str) -> None:
    if not FIXTURES.is_dir():
        pytest.skip("released judge answers are not here: expected ../shared/fixtures/tiif")
    expected = json.loads((FIXTURES / "expected_scores.json").read_text())["judges"]["GPT-4o"][
        model
    ]
    judged = [
        (case, benchmark.judged(case, {"answers": answers})) for case, answers in released(model)
    ]
    for split in ("short", "long"):
        lines = benchmark.summary([tally(c, j) for c, j in judged if c.split == split])
        scores = {(line.level, line.name): line for line in lines}
        for name, values in expected["dimensions"].items():
            line, wanted = scores.get(("dimension", name)), values[split] or {}
            assert score(line) == approx(wanted.get("accuracy"))
            assert (line.answered if line else 0) == wanted.get("questions", 0)
        for name, values in expected["groups"].items():
            assert score(scores.get(("group", name))) == approx(values[split]["unrounded"])
        assert lines[-1].level == "overall"
        assert lines[-1].score == approx(expected["overall"][split]["unrounded"])
        assert lines[-1].cases == sum(
            values[split]["files"] for values in expected["dimensions"].values() if values[split]
        )


def score(line: Line | None) -> float | None:
    return line.score if line else None


def approx(value: float | None) -> object:
    return None if value is None else pytest.approx(value, abs=1e-9)


CASE = Case("tiif/short/text/0", "", "short", "text", (Question("A?", "yes"), Question("B?", "no")))


def test_answers_are_held_against_what_is_wanted() -> None:
    right, wrong = Answer("no", raw="no."), Answer("no", yes=0.2)
    first, second = benchmark.judged(CASE, {"answers": (wrong, right)})
    assert (first.question, first.wanted, first.answer, first.correct) == ("A?", "yes", "no", False)
    assert (second.correct, second.raw, second.status) == (True, "no.", "answered")


def test_a_missing_answer_is_not_a_wrong_one() -> None:
    refused = Answer(None, "refused", raw="I will not say")
    judged = benchmark.judged(CASE, {"answers": (Answer("yes"), refused)})
    assert [line.correct for line in judged] == [True, None]
    assert judged[1].status == "refused"
    assert benchmark.summary([tally(CASE, judged)])[-1].score == 1.0


def test_a_failure_leaves_every_question_missing() -> None:
    judged = benchmark.judged(CASE, {"answers": (Failure("memory", "out of it"),) * 2})
    assert [(line.answer, line.status) for line in judged] == [(None, "memory: out of it")] * 2
    lines = benchmark.summary([tally(CASE, judged)])
    assert [(line.score, line.missing) for line in lines] == [(None, 2)] * 3


def test_answers_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        benchmark.judged(CASE, {"answers": (Answer("yes"),)})


def test_words_are_wanted_where_the_picture_shall_show_some() -> None:
    assert benchmark.wanted(CASE, "answers") == ("A?", "B?")
    assert benchmark.wanted(CASE, "texts") == benchmark.wanted(CASE, "detections") == ()
    signs = replace(CASE, facts={"words": ["tea"]})
    assert benchmark.wanted(signs, "texts") == ("",)
    assert benchmark.wanted(replace(CASE, facts={"words": []}), "texts") == ()


def test_the_mean_of_all_columns_is_rounded_once() -> None:
    """3/7, 3/7 and 7/7: 0.6190 of what they are, 0.6191 of what the workbook shows of them. Groups
    and overall are means of what it shows."""
    columns = {"shape+color": 3, "color+texture": 3, "texture+color": 7}
    found = workbook(
        {"short": [Tally(name, name, right, 7, 0) for name, right in columns.items()], "long": []}
    )
    assert found["mean_accuracy_all_columns_official"] == 0.619
    shown = found["groups"]["Basic/Attribute"]["short"]
    assert shown["official"] == pytest.approx((2 * 0.4286 + 1) / 3, abs=1e-12)
    assert shown["unrounded"] == pytest.approx(13 / 21)


@pytest.mark.parametrize(("model", "mean"), [("FluxPro", 0.6606), ("Janus-Pro", 0.6882)])
def test_the_mean_of_all_columns_of_released_answers(model: str, mean: float) -> None:
    if not FIXTURES.is_dir():
        pytest.skip("released judge answers are not here: expected ../shared/fixtures/tiif")
    tallies: dict[str, list[Tally]] = {"short": [], "long": []}
    for case, answers in released(model):
        tallies[case.split].append(tally(case, benchmark.judged(case, {"answers": answers})))
    assert workbook(tallies)["mean_accuracy_all_columns_official"] == mean


def test_the_benchmarks_official_scores_are_the_workbook() -> None:
    tallies = {"short": [Tally("a", "action", 1, 3, 0)]}
    assert benchmark.official_scores(tallies) == workbook(tallies)
