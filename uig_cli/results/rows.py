"""From traces and evidence to plain rows: a row per picture, a row per question.

A case that stopped keeps its last picture at later steps, so that steps compare the same cases.
A case that failed does not: from the failure on its pictures are missing, and so is their score.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from uig_cli.benchmarks.protocol import Benchmark, Judged
from uig_cli.cases import Case
from uig_cli.loop.trace import Step, Trace
from uig_cli.models.protocol import Cost, Failure, Picture
from uig_cli.stats.always_yes import always_yes
from uig_cli.stats.stratified import Tally


class Evidence(Protocol):
    """What one judge or detector knows about pictures. name: its folder's."""

    name: str

    def about(self, case: Case, picture: Picture) -> Any:
        """Evidence as the case's benchmark takes it, or a `Failure`."""
        ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sample of one case by one method, `steps` brought to the same length for all cases."""

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


def even_steps(trace: Trace, rounds: int) -> tuple[Step, ...]:
    """Steps 0..rounds: a stopped trace repeats its last picture, a failed one has none."""
    steps = list(trace.steps[: rounds + 1])
    last = steps[-1]
    lost = not trace.complete
    reason = last.failure or Failure("incomplete", "the loop did not come to its end")
    while len(steps) <= rounds:
        number = len(steps)
        steps.append(
            Step(number, None, failure=reason)
            if lost
            else replace(last, number=number, cost=Cost(), thought=None, failure=None)
        )
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Scored:
    """One picture before one judge, with the lines of evidence that make its score."""

    drawn: Drawn
    step: Step
    judge: str
    judged: tuple[Judged, ...]

    @property
    def tally(self) -> Tally:
        answered = [line for line in self.judged if line.answer is not None]
        return Tally(
            case=self.drawn.case.id,
            dimension=self.drawn.case.dimension,
            correct=sum(bool(line.correct) for line in answered),
            answered=len(answered),
            missing=len(self.judged) - len(answered),
        )


def score(drawn: Drawn, benchmark: Benchmark, evidence: Evidence) -> Iterator[Scored]:
    """Every step's picture before one judge; equal pictures are scored once."""
    seen: dict[str, tuple[Judged, ...]] = {}
    for step in drawn.steps:
        if step.picture is None:
            reason = step.failure or Failure("missing", "no picture")
            judged = benchmark.judged(drawn.case, reason)
        else:
            key = step.picture.sha256
            if key not in seen:
                found = evidence.about(drawn.case, step.picture)
                seen[key] = benchmark.judged(drawn.case, found)
            judged = seen[key]
        yield Scored(drawn, step, evidence.name, judged)


def step_row(
    drawn: Drawn, step: Step, seed: int, scored: Scored | None, picture: str | None
) -> dict[str, Any]:
    """A row of tables/steps. Without a judge the score columns are empty."""
    case, tally = drawn.case, scored.tally if scored else None
    size = step.picture.size if step.picture and any(step.picture.size) else None
    return {
        "case": case.id,
        "split": case.split,
        "dimension": case.dimension,
        "sample": drawn.sample,
        "method": drawn.method,
        "step": step.number,
        "judge": scored.judge if scored else None,
        "score": percent(tally.correct, tally.answered) if tally else None,
        "asked": tally.answered + tally.missing if tally else None,
        "correct": tally.correct if tally else None,
        "missing": tally.missing if tally else None,
        "verdict": step.verdict,
        "instruction": step.instruction,
        "still_running": drawn.running(step.number),
        "failure": f"{step.failure.kind}: {step.failure.reason}" if step.failure else None,
        "seconds": round(step.cost.seconds, 4),
        "decoder_passes": step.cost.passes,
        "tokens": step.cost.tokens,
        "size": f"{size[0]}x{size[1]}" if size else None,
        "seed": seed,
        "sha256": step.picture.sha256 if step.picture else None,
        "picture": picture,
    }


def question_rows(scored: Scored) -> Iterator[dict[str, Any]]:
    """Rows of tables/questions."""
    drawn = scored.drawn
    for number, line in enumerate(scored.judged):
        yield {
            "case": drawn.case.id,
            "sample": drawn.sample,
            "method": drawn.method,
            "step": scored.step.number,
            "judge": scored.judge,
            "number": number,
            "question": line.question,
            "wanted": line.wanted,
            "answer": line.answer,
            "correct": line.correct,
            "status": line.status,
            "raw": line.raw,
        }


def summary_rows(scored: Sequence[Scored], benchmark: Benchmark) -> Iterator[dict[str, Any]]:
    """Rows of tables/summary: per split, method and judge every step, and "final".

    Steps are held against each other: a sample that lacks all answers at one of them is missing at
    each. "final" is the last step by itself, with all that is answered there.
    """
    cases = {one.drawn.case.id: one.drawn.case for one in scored}
    found: dict[tuple[str, str, str], dict[int, list[Scored]]] = {}
    for one in scored:
        key = (one.drawn.case.split, one.drawn.method, one.judge)
        found.setdefault(key, {}).setdefault(one.step.number, []).append(one)
    for (split, method, judge), by_step in sorted(found.items()):
        head = {"split": split, "method": method, "judge": judge}
        pictures = [one for step in by_step.values() for one in step]
        lost = {one.drawn.place for one in pictures if not one.tally.answered}
        rows = {
            str(step): [_lacking(one.tally) if one.drawn.place in lost else one.tally for one in at]
            for step, at in sorted(by_step.items())
        }
        rows["final"] = [one.tally for one in by_step[max(by_step)]]
        for name, tallies in rows.items():
            counted = dict.fromkeys(tally.case for tally in tallies if tally.answered)
            blind = _always_yes([cases[case] for case in counted], benchmark)
            for line in benchmark.summary(tallies):
                yield {
                    **head,
                    "step": name,
                    "level": line.level,
                    "name": line.name,
                    "score": _percent(line.score),
                    "low": _percent(line.low),
                    "high": _percent(line.high),
                    "cases": line.cases,
                    "pictures": line.pictures,
                    "answered": line.answered,
                    "missing": line.missing,
                    "always_yes": blind.get(line.name),
                }


def _lacking(tally: Tally) -> Tally:
    return replace(tally, correct=0, answered=0, missing=tally.answered + tally.missing)


def _always_yes(cases: Collection[Case], benchmark: Benchmark) -> Mapping[str, float | None]:
    """Line -> what a judge that always says yes gives these cases, in percent; empty where no
    judge is asked."""
    tallies = always_yes(cases)
    lines = benchmark.summary(tallies) if tallies else []
    return {line.name: _percent(line.score) for line in lines}


def percent(correct: int, answered: int) -> float | None:
    """In percent; None where nothing was answered: missing is never 0."""
    return _percent(correct / answered) if answered else None


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 6)
