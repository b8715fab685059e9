"""From traces and findings to plain rows: a row per picture, a row per question.

A step is scored by the picture kept; the one made has its score beside it where it is another. A
case that stopped keeps its last picture at later steps, so that steps compare the same cases.
A case that failed does not: from the failure on its pictures are missing, and so is their score.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from uig_cli.benchmarks.built_in import NOTHING_WRONG
from uig_cli.benchmarks.protocol import Benchmark, Check
from uig_cli.cases import Case
from uig_cli.loop.trace import Step, Trace
from uig_cli.models.protocol import Cost, Failure, Picture
from uig_cli.results.columns import CandidateRow, QuestionRow, StepRow, SummaryRow
from uig_cli.results.kept_findings import RunScorer
from uig_cli.results.summary_lines import summary_lines
from uig_cli.scoring.findings import Answer
from uig_cli.stats.stratified import Tally

PathOf = Callable[[Picture | None], str | None]
"""A picture's file, relative to the run folder; None where it has none."""


@dataclass(frozen=True, slots=True)
class CaseTrace:
    """One sample of one case by one method. steps: brought to the same length for all cases where
    the whole run is read."""

    case: Case
    method: str
    sample: int
    trace: Trace
    steps: tuple[Step, ...]

    @property
    def place(self) -> tuple[str, int]:
        """A case and a sample of it."""
        return self.case.id, self.sample

    def running(self, number: int) -> bool:
        return number < len(self.trace.steps)

    def comes_back_to(self, number: int) -> int | None:
        return self.trace.comes_back_to(number) if self.running(number) else None

    def returns_to(self, number: int) -> int | None:
        return self.trace.returns_to(number) if self.running(number) else None


def even_steps(trace: Trace, last: int) -> tuple[Step, ...]:
    """All steps, and on to number `last`: a stopped trace repeats the picture it kept, a failed one
    has none."""
    final = trace.final
    kept = replace(
        final, cost=Cost(), thought=None, failure=None, made=final.picture, candidates=()
    )
    reason = final.failure or Failure("incomplete", "the loop did not come to its end")
    further = range(len(trace.steps), last + 1)
    return (
        *trace.steps,
        *(
            replace(kept, number=number) if trace.complete else Step(number, None, failure=reason)
            for number in further
        ),
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """One step before one judge, with the lines that make its score. made: those of the picture
    made, where that is not the one kept; candidates: of every candidate."""

    drawn: CaseTrace
    step: Step
    judge: str
    checks: tuple[Check, ...]
    made: tuple[Check, ...] | None = None
    candidates: tuple[tuple[Check, ...], ...] = ()

    @property
    def tally(self) -> Tally:
        return self._tally(self.checks)

    @property
    def made_tally(self) -> Tally:
        """Of the picture made; the same as `tally` where that is the one kept."""
        return self._tally(self.checks if self.made is None else self.made)

    @property
    def candidate_tallies(self) -> list[Tally]:
        return [self._tally(lines) for lines in self.candidates]

    def _tally(self, checks: Sequence[Check]) -> Tally:
        return _tally_of(self.drawn.case, checks)


def _tally_of(case: Case, checks: Sequence[Check]) -> Tally:
    """Every answered line counts once, by its weight beside the picture's others."""
    answered = [(line.value, line.weight) for line in checks if line.value is not None]
    return Tally(
        case=case.id,
        dimension=case.dimension,
        correct=_weighted(answered),
        answered=len(answered),
        missing=len(checks) - len(answered),
    )


def _weighted(lines: Sequence[tuple[float, float]]) -> float:
    """The sum of the values, weighted so that the weights make one a line: it is whole where all
    values are, and all weights are alike."""
    weights = {weight for _, weight in lines}
    if len(weights) <= 1:
        return sum(value for value, _ in lines)
    total = sum(weight for _, weight in lines)
    return len(lines) * (sum(value * weight for value, weight in lines) / total)


def score(drawn: CaseTrace, scorer: RunScorer) -> Iterator[Scored]:
    """Every step's pictures before one scorer; equal pictures are scored once."""
    seen: dict[Picture, tuple[Check, ...]] = {}

    def checks(picture: Picture | None, lost: Failure | None) -> tuple[Check, ...]:
        if picture is None:
            return scorer.checks(drawn.case, None, lost)
        if picture not in seen:
            seen[picture] = scorer.checks(drawn.case, picture, None)
        return seen[picture]

    for step in drawn.steps:
        yield Scored(
            drawn,
            step,
            scorer.name,
            checks(step.picture, step.failure),
            checks(step.made, None) if step.returned else None,
            tuple(checks(one.picture, one.failure) for one in step.candidates),
        )


def step_row(
    drawn: CaseTrace, step: Step, seed: int, scored: Scored | None, path: PathOf
) -> StepRow:
    """A row of tables/steps. Without a judge the score columns are empty."""
    case, tally = drawn.case, scored.tally if scored else None
    size = step.picture.size if step.picture and any(step.picture.size) else None
    made = scored.made_tally if scored and step.returned else None
    other = step.made_examination
    return StepRow(
        case=case.id,
        split=case.split,
        dimension=case.dimension,
        sample=drawn.sample,
        method=drawn.method,
        step=step.number,
        judge=scored.judge if scored else None,
        score=share(tally),
        asked=tally.answered + tally.missing if tally else None,
        correct=tally.correct if tally else None,
        missing=tally.missing if tally else None,
        verdict=step.verdict,
        instruction=step.instruction,
        still_running=drawn.running(step.number),
        failure=_reason(step.failure),
        seconds=round(step.cost.seconds, 4),
        decoder_passes=step.cost.passes,
        work=step.cost.work,
        tokens=step.cost.tokens,
        size=f"{size[0]}x{size[1]}" if size else None,
        seed=seed,
        sha256=step.picture.sha256 if step.picture else None,
        made_sha256=step.made.sha256 if step.made and step.returned else None,
        made_score=share(made),
        kept_by=step.score,
        made_kept_by=other.score if other else None,
        made_verdict=other.verdict if other else None,
        made_instruction=other.instruction if other else None,
        returns_to=drawn.returns_to(step.number),
        comes_back_to=drawn.comes_back_to(step.number),
        picture=path(step.picture),
    )


def candidate_rows(
    drawn: CaseTrace, step: Step, scored: Scored | None, path: PathOf
) -> Iterator[CandidateRow]:
    """Rows of tables/candidates."""
    tallies = scored.candidate_tallies if scored else [None] * len(step.candidates)
    for number, (one, tally) in enumerate(zip(step.candidates, tallies, strict=True)):
        yield CandidateRow(
            case=drawn.case.id,
            sample=drawn.sample,
            method=drawn.method,
            round=step.number,
            candidate=number,
            sha256=one.picture.sha256 if one.picture else None,
            chosen=step.chosen(one),
            score=share(tally),
            judge=scored.judge if scored else None,
            method_score=one.score,
            failure=_reason(one.failure),
            picture=path(one.picture),
        )


def _reason(failure: Failure | None) -> str | None:
    return f"{failure.kind}: {failure.reason}" if failure else None


def question_rows(scored: Scored) -> Iterator[QuestionRow]:
    """Rows of tables/questions."""
    drawn = scored.drawn
    for number, line in enumerate(scored.checks):
        yield QuestionRow(
            case=drawn.case.id,
            sample=drawn.sample,
            method=drawn.method,
            step=scored.step.number,
            judge=scored.judge,
            number=number,
            question=line.question,
            wanted=line.wanted,
            answer=line.answer,
            correct=line.correct,
            value=line.value,
            weight=line.weight,
            status=line.status,
            raw=line.raw,
        )


def summary_rows(scored: Sequence[Scored], benchmark: Benchmark) -> Iterator[SummaryRow]:
    """Rows of tables/summary: per split, method and judge every step, and "final".

    Steps are held against each other: a sample that lacks all answers at one of them is missing at
    each. "final" is the last step by itself, with all that is answered there.
    """
    cases = {one.drawn.case.id: one.drawn.case for one in scored}
    found: dict[tuple[str, str, str], dict[int, list[Scored]]] = {}
    strict = {
        one.judge for one in scored if [line.question for line in one.checks] == [NOTHING_WRONG]
    }
    for one in scored:
        key = (one.drawn.case.split, one.drawn.method, one.judge)
        found.setdefault(key, {}).setdefault(one.step.number, []).append(one)
    for (split, method, judge), by_step in sorted(found.items()):
        pictures = [one for step in by_step.values() for one in step]
        lost = {one.drawn.place for one in pictures if not one.tally.answered}
        rows = {
            str(step): [_lacking(one.tally) if one.drawn.place in lost else one.tally for one in at]
            for step, at in sorted(by_step.items())
        }
        rows["final"] = [one.tally for one in by_step[max(by_step)]]
        for name, tallies in rows.items():
            counted = dict.fromkeys(tally.case for tally in tallies if tally.answered)
            blind: Mapping[tuple[str, str], float | None] = {}
            if judge not in strict:
                blind = _always_yes([cases[case] for case in counted], benchmark)
            for line in summary_lines(benchmark, tallies):
                yield SummaryRow(
                    split=split,
                    method=method,
                    judge=judge,
                    step=name,
                    level=line.level,
                    name=line.name,
                    score=_percent(line.score),
                    low=_percent(line.low),
                    high=_percent(line.high),
                    cases=line.cases,
                    pictures=line.pictures,
                    answered=line.answered,
                    missing=line.missing,
                    always_yes=blind.get((line.level, line.name)),
                    groups=line.groups,
                    all_groups=line.all_groups,
                )


def _lacking(tally: Tally) -> Tally:
    return replace(tally, correct=0, answered=0, missing=tally.answered + tally.missing)


def _always_yes(
    cases: Collection[Case], benchmark: Benchmark
) -> Mapping[tuple[str, str], float | None]:
    """Line -> what a judge that always says yes gives these cases, in percent; empty where the
    score is not made of answers alone."""
    if set(benchmark.needs) != {"answers"}:
        return {}
    tallies = [
        _tally_of(case, benchmark.judged(case, {"answers": (Answer("yes"),) * len(wanted)}))
        for case in cases
        if (wanted := benchmark.wanted(case, "answers"))
    ]
    lines = summary_lines(benchmark, tallies) if tallies else []
    return {(line.level, line.name): _percent(line.score) for line in lines}


def share(tally: Tally | None) -> float | None:
    """The score in percent; None where nothing was answered: missing is never 0."""
    return _percent(tally.correct / tally.answered) if tally and tally.answered else None


Turn = Literal["repaired", "broken"]


def turned(before: Tally, after: Tally) -> Turn | None:
    """What became of a picture that is answered in full on both sides: right in all, or not any
    more."""
    if before.missing or after.missing or not (before.answered and after.answered):
        return None
    was, is_now = before.correct == before.answered, after.correct == after.answered
    return None if was == is_now else "repaired" if is_now else "broken"


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 6)
