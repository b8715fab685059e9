"""From traces and findings to plain rows: a row per picture, a row per question.

A case that stopped keeps its last picture at later steps, so that steps compare the same cases.
A case that failed does not: from the failure on its pictures are missing, and so is their score.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from uig_cli.benchmarks.protocol import Benchmark, Check
from uig_cli.cases import Case
from uig_cli.loop.trace import Step, Trace
from uig_cli.models.protocol import Cost, Failure
from uig_cli.results.scorers import RunScorer
from uig_cli.stats.always_yes import always_yes
from uig_cli.stats.stratified import Tally


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
    """One picture before one judge, with the lines that make its score."""

    drawn: Drawn
    step: Step
    judge: str
    checks: tuple[Check, ...]

    @property
    def tally(self) -> Tally:
        """Every answered line counts once, by its weight beside the picture's others."""
        answered = [(line.value, line.weight) for line in self.checks if line.value is not None]
        return Tally(
            case=self.drawn.case.id,
            dimension=self.drawn.case.dimension,
            correct=_weighted(answered),
            answered=len(answered),
            missing=len(self.checks) - len(answered),
        )


def _weighted(lines: Sequence[tuple[float, float]]) -> float:
    """The sum of the values, weighted so that the weights make one a line: it is whole where all
    values are, and all weights are alike."""
    weights = {weight for _, weight in lines}
    if len(weights) <= 1:
        return sum(value for value, _ in lines)
    total = sum(weight for _, weight in lines)
    return len(lines) * (sum(value * weight for value, weight in lines) / total)


def score(drawn: Drawn, scorer: RunScorer) -> Iterator[Scored]:
    """Every step's picture before one scorer; equal pictures are scored once."""
    seen: dict[str, tuple[Check, ...]] = {}
    for step in drawn.steps:
        if step.picture is None:
            checks = scorer.checks(drawn.case, None, step.failure)
        else:
            key = step.picture.sha256
            if key not in seen:
                seen[key] = scorer.checks(drawn.case, step.picture, None)
            checks = seen[key]
        yield Scored(drawn, step, scorer.name, checks)


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
    for number, line in enumerate(scored.checks):
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
            "value": line.value,
            "weight": line.weight,
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
    """Line -> what a judge that always says yes gives these cases, in percent; empty where the
    score is not made of answers alone."""
    tallies = always_yes(cases) if set(benchmark.needs) == {"answers"} else []
    lines = benchmark.summary(tallies) if tallies else []
    return {line.name: _percent(line.score) for line in lines}


def percent(correct: float, answered: int) -> float | None:
    """In percent; None where nothing was answered: missing is never 0."""
    return _percent(correct / answered) if answered else None


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 6)
