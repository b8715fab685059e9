"""By what a method keeps one of its pictures: a number that the model's own words give, the higher
the better.

Which number may choose is not for granted. P(MATCH) asked at once, without the model's thought
before it, points the wrong way on a model that has learned to think first (docs/study.md); so it is
asked behind the thought that the model has just spoken. None of these reads a model's grammar but
`pocket-faults`, whose name says so. An examination that failed or is unclear has no score, and what
has none is never better than anything.
"""

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Literal

from uig_cli.loop.checklist import passed_share
from uig_cli.loop.examine import examination_of, present
from uig_cli.loop.first import as_failure, ask
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Step
from uig_cli.loop.verdict import before_verdict, separate
from uig_cli.models.protocol import Failure, Reply, Request, Said

ScoreName = Literal["verdict", "denials", "p-match", "questions", "pocket-faults"]

_Scoring = Generator[Sequence[Request], Sequence[Reply], Step]
"""Takes an examined step, returns it with its score, and the cost of asking for that."""


@dataclass(frozen=True, slots=True)
class KeepScore:
    """margin: by how much a picture may score less and still be no worse: log odds move a little
    with anything. of: gives a step its score. templates: those it fills."""

    of: Callable[[DrawTask, MethodSettings, Step], _Scoring]
    margin: float = 0.0
    templates: tuple[str, ...] = ()


def scored(task: DrawTask, settings: MethodSettings, step: Step, by: ScoreName) -> _Scoring:
    """The examined step with its score; None where its examination failed or is unclear."""
    if step.picture is None or step.failure is not None or step.verdict in (None, "unclear"):
        return step
    return (yield from KEEP_SCORES[by].of(task, settings, step))


def best(steps: Sequence[Step], by: ScoreName) -> Step:
    """The best of several made pictures, the latest of those that are no worse than the best; the
    last one where none has a score."""
    scores = [step.score for step in steps if step.score is not None]
    if not scores:
        return steps[-1]
    enough = max(scores) - KEEP_SCORES[by].margin
    return next(one for one in reversed(steps) if one.score is not None and one.score >= enough)


def no_worse(step: Step, than: Step, by: ScoreName) -> bool:
    """Whether a new picture may take the place of an older one."""
    if step.score is None:
        return False
    return than.score is None or step.score >= than.score - KEEP_SCORES[by].margin


def wrong_things(step: Step) -> int:
    """How many separate things an examination asks to change."""
    return len(separate(step.instruction or "")) if step.verdict == "edit" else 0


def _by_verdict(task: DrawTask, settings: MethodSettings, step: Step) -> _Scoring:
    """A match is best; else the fewer separate instructions the better."""
    yield from ()
    return replace(step, score=float(-wrong_things(step)))


def _by_denials(task: DrawTask, settings: MethodSettings, step: Step) -> _Scoring:
    """A match is best; else the fewer statements of the examination deny something the better."""
    yield from ()
    return replace(step, score=float(-denials(step.examination or "", step.verdict)))


_STATEMENT = re.compile(r"[;\n]|(?<=[.!?])\s")
_DENIAL = re.compile(
    r"\b(no|not|none|nothing|neither|never|without|lacks?|lacking|missing|absent|wrong|incorrect"
    r"|instead|extra|too (?:many|few|much))\b|n't\b",
    re.IGNORECASE,
)


def denials(examination: str, verdict: str | None) -> int:
    """How many statements of a text say in plain English that something is not as it should be:
    sentences, lines, and what stands between semicolons. None of a match."""
    if verdict == "match":
        return 0
    statements = _STATEMENT.split(before_verdict(examination) or examination)
    return sum(_DENIAL.search(statement) is not None for statement in statements)


def _by_p_match(task: DrawTask, settings: MethodSettings, step: Step) -> _Scoring:
    """The log odds of "MATCH:" against "EDIT_NEEDED:" behind the thought that the model has just
    spoken; the common beginning of both cancels out."""
    thought = before_verdict(step.examination or "")
    if thought is None:
        return step
    choices = (f"{thought}MATCH:", f"{thought}EDIT_NEEDED:")
    request = examination_of(task, settings, present(step))
    reply = yield from ask(replace(request, choices=choices))
    if not isinstance(reply, Said):
        return replace(step, failure=as_failure(reply))
    if reply.probabilities is None:
        return replace(step, failure=Failure("choices", "the model tells no probabilities"))
    return replace(step, score=log_odds(reply.probabilities[0]), cost=step.cost + reply.cost)


def log_odds(probability: float) -> float:
    """In nats, at most 20 either way: among pictures that are all held wrong, how surely still
    differs, and probabilities near 0 do not show it."""
    sure = 1 / (1 + exp(20))
    p = min(max(probability, sure), 1 - sure)
    return log(p / (1 - p))


def _by_questions(task: DrawTask, settings: MethodSettings, step: Step) -> _Scoring:
    """The share of questions that the model made of the prompt itself, and answers with yes."""
    found = yield from passed_share(task, settings, present(step))
    if isinstance(found, Failure):
        return replace(step, failure=found)
    share, cost = found
    return replace(step, score=share, cost=step.cost + cost)


def _by_pocket_faults(task: DrawTask, settings: MethodSettings, step: Step) -> _Scoring:
    """The faults that the thought of `pocket` names, in its own grammar: parts behind the first
    sentence that end in "no" or ": nothing", hold "not", or begin with "more:"."""
    yield from ()
    return replace(step, score=float(-pocket_faults(step.examination or "", step.verdict)))


def pocket_faults(examination: str, verdict: str | None) -> int:
    if verdict == "match":
        return 0
    thought, _, _ = examination.partition("</think>")
    _, _, checks = thought.partition(". ")
    return sum(map(_is_fault, checks.split("; ")))


def _is_fault(part: str) -> bool:
    words = part.split()
    return (
        words[-1:] == ["no"]
        or "not" in words
        or part.endswith(": nothing")
        or part.startswith("more:")
    )


KEEP_SCORES: Mapping[ScoreName, KeepScore] = {
    "verdict": KeepScore(_by_verdict),
    "denials": KeepScore(_by_denials),
    "p-match": KeepScore(_by_p_match, margin=1.0),
    "questions": KeepScore(_by_questions, templates=("checklist-questions", "checklist-answer")),
    "pocket-faults": KeepScore(_by_pocket_faults),
}
