"""From any trace to rows: what is kept counts, what is made stands beside, nothing is cut."""

import csv
import io
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from uig_cli.benchmarks import registry
from uig_cli.benchmarks.protocol import Check
from uig_cli.cases import Case, Question
from uig_cli.loop.trace import Candidate, Step, Trace
from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.columns import CandidateRow, QuestionRow, StepRow, columns, frame
from uig_cli.results.kept_findings import RunScorer
from uig_cli.results.replay import without
from uig_cli.results.rows import (
    CaseTrace,
    candidate_rows,
    even_steps,
    question_rows,
    score,
    step_row,
    turned,
)
from uig_cli.results.tables import as_it_was, csv_text
from uig_cli.scoring.findings import Answer
from uig_cli.stats.stratified import Tally

PICTURES = [Picture.of(Image.new("RGB", (2, 2), (shade, 0, 0))) for shade in range(5)]
CASE = Case("x/1", "a dog", questions=(Question("A dog?", "yes"), Question("A cat?", "no")))
LOST = Failure("memory", "none left")


@dataclass(frozen=True)
class Levels(RunScorer):
    """A judge that sees in picture N an answer to N of two questions right; nothing in the last."""

    def checks(
        self, case: Case, picture: Picture | None, lost: Failure | None
    ) -> tuple[Check, ...]:
        level = None if picture is None else PICTURES.index(picture)
        if level is None or level == len(PICTURES) - 1:
            found: tuple[Any, ...] = (lost or Answer(None, "not judged yet"),) * 2
        else:
            found = Answer("yes" if level > 0 else "no"), Answer("no" if level > 1 else "yes")
        return self.benchmark.judged(case, {"answers": found})


LEVELS = Levels("levels", registry.benchmark("tiif"), {})


def drawn(trace: Trace, last: int = 0) -> CaseTrace:
    return CaseTrace(CASE, "test", 0, trace, even_steps(trace, last))


def tables(one: CaseTrace) -> tuple[pd.DataFrame, pd.DataFrame]:
    scored = list(score(one, LEVELS))
    steps = [step_row(one, each.step, 0, each, lambda picture: None) for each in scored]
    candidates = [
        row for each in scored for row in candidate_rows(one, each.step, each, lambda picture: None)
    ]
    return frame(StepRow, steps), frame(CandidateRow, candidates)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 5))):
        some = [
            Candidate(PICTURES[draw(st.integers(0, 4))], score=draw(st.floats(0, 1)))
            for _ in range(draw(st.integers(0, 3)))
        ]
        made = draw(st.sampled_from([one.picture for one in some] or PICTURES))
        kept = draw(st.sampled_from([made, *(step.picture for step in steps)]))
        steps.append(Step(number, kept, made=made, candidates=tuple(some)))
    if draw(st.booleans()):
        return Trace((*steps, Step(len(steps), None, failure=LOST)), complete=False)
    return Trace(tuple(steps))


@given(traces(), st.integers(0, 7))
def test_any_trace_makes_rows(trace: Trace, last: int) -> None:
    one = drawn(trace, last)
    assert one.steps[: len(trace.steps)] == trace.steps
    assert [step.number for step in one.steps] == list(range(max(len(trace.steps), last + 1)))
    steps, candidates = tables(one)
    assert list(steps) == columns(StepRow) and list(candidates) == columns(CandidateRow)
    assert len(candidates) == sum(len(step.candidates) for step in trace.steps)
    for step, row in zip(one.steps, steps.to_dict("records"), strict=True):
        kept, made = step.picture, step.made
        assert (None if pd.isna(row["sha256"]) else row["sha256"]) == (kept and kept.sha256)
        told = None if pd.isna(row["made_sha256"]) else row["made_sha256"]
        assert told == (made.sha256 if made and made != kept else None)
        assert pd.isna(row["made_score"]) or told
        assert pd.isna(row["returns_to"]) or trace.steps[row["returns_to"]].number < step.number
        if kept is None:
            assert pd.isna(row["score"]) and row["missing"] == 2 and row["failure"]
        elif step.number >= len(trace.steps):
            assert kept == trace.final.picture and not row["still_running"]
            assert row["decoder_passes"] == 0 and told is None


def test_scores_of_kept_made_and_candidates() -> None:
    a, b, c, unjudged = PICTURES[0], PICTURES[1], PICTURES[2], PICTURES[4]
    choice = (Candidate(b, score=0.5), Candidate(unjudged), Candidate(c, score=0.25))
    trace = Trace((Step(0, c), Step(1, c, made=a), Step(2, c, made=b, candidates=choice)))
    steps, candidates = tables(drawn(trace, 3))
    assert steps["score"].tolist() == [100, 100, 100, 100]
    assert steps["made_score"].fillna(-1).tolist() == [-1, 0, 50, -1]
    assert steps["returns_to"].fillna(-1).tolist() == [-1, 0, 0, -1]
    assert candidates["score"].fillna(-1).tolist() == [50, -1, 100]
    assert candidates["method_score"].fillna(-1).tolist() == [0.5, -1, 0.25]
    assert candidates["chosen"].tolist() == [True, False, False]
    assert candidates["round"].tolist() == [2, 2, 2]


def test_a_failed_candidate_is_not_one_candidate_fewer() -> None:
    a, b = PICTURES[:2]
    choice = (Candidate(b), Candidate(None, failure=LOST))
    trace = Trace((Step(0, a), Step(1, b, candidates=choice), Step(2, b)))
    found = without(trace, {})
    assert [step.picture for step in found.steps] == [a, None, None]
    assert found.steps[1].failure == LOST and not found.complete
    steps, candidates = tables(drawn(found, 3))
    assert steps["sha256"].notna().tolist() == [True, False, False, False]
    assert candidates["failure"].fillna("").tolist() == ["", "memory: none left"]


@pytest.mark.parametrize(("round", "kept"), [(0, 0), (1, 1), (2, 2), (7, 2)])
def test_a_picture_that_failed_in_silence_is_missing(round: int, kept: int) -> None:
    trace = Trace(tuple(Step(number, PICTURES[number]) for number in range(3)))
    found = without(trace, {round: LOST})
    assert [step.picture is not None for step in found.steps] == [n < kept for n in range(3)]
    assert found.steps[kept].failure == LOST


def test_columns_are_the_fields_in_their_order() -> None:
    row = QuestionRow("x/1", 0, "uig", 0, "j", 0, "?", "yes", None, None, None, 1.0, "lost", "")
    table = frame(QuestionRow, [row])
    assert list(table) == [field.name for field in fields(QuestionRow)]
    assert table["correct"].dtype == "boolean"
    one = drawn(Trace((Step(0, PICTURES[1]),)))
    (scored,) = score(one, LEVELS)
    assert frame(QuestionRow, question_rows(scored))["correct"].tolist() == [True, False]
    assert len(frame(StepRow, [])) == 0


def test_what_a_round_did_to_a_picture() -> None:
    right, wrong, lost = (Tally("x", "", *of) for of in ((2, 2, 0), (1, 2, 0), (1, 1, 1)))
    assert turned(wrong, right) == "repaired" and turned(right, wrong) == "broken"
    assert turned(right, right) is turned(wrong, wrong) is turned(lost, right) is None


@given(st.lists(st.text() | st.sampled_from(["=cmd|' /C calc'!A0", "'=1", "-1", "@a", "\t=1"])))
def test_no_text_in_csv_is_a_formula_and_each_can_be_had_back(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    table = pd.DataFrame({"text": texts, "number": [-1.5] * len(texts)}).astype({"text": object})
    written = csv_text(table)
    rows = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert [row[1] for row in rows] == ["-1.5"] * len(texts)
    assert not any(row[0].startswith(tuple("=+-@\t\r")) for row in rows)
    assert [as_it_was(row[0]) for row in rows] == texts
