"""What happened to one prompt, in order: a step per round.

Step 0 is the first picture, step r what a method holds after round r. A round makes a picture, or
several to choose from, and keeps one: the picture that the method returns if it stops there, which
may be an earlier one. An examination belongs to the kept picture, and so does every score that is
called a step's. Where something failed the trace ends: later steps are missing, they are never
filled with an earlier picture as if the method had chosen it.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import get_args

from uig_cli.cases import has_halves
from uig_cli.errors import UigError
from uig_cli.loop.verdict import VerdictKind
from uig_cli.models.protocol import Cost, Failure, Picture, Reply, Request


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several pictures of a round. score: what the method chose by, if it has a number;
    failure: why `picture` is missing. A step with such a one is missing and tried again."""

    picture: Picture | None
    cost: Cost = Cost()
    score: float | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What was said of a picture, and what the method made of it. score: what it chose by."""

    text: str | None = None
    verdict: VerdictKind | None = None
    instruction: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One round: the picture kept, and what was said of it.

    picture: the one kept. thought: what the model reasoned before it drew. examination, verdict,
    instruction: what it said about this picture, and what that asks to change. failure: why
    `picture` is missing, or, beside a picture, why its examination is. cost: of the whole round,
    drawing all candidates and examining together. made: the picture that the round made; left
    out, it is the one kept. candidates: all that it made, where `made` was chosen from several.
    score: what the method kept `picture` by, if it has a number; made_examination: what was said of
    `made`, where that is another picture.
    """

    number: int
    picture: Picture | None
    cost: Cost = Cost()
    thought: str | None = None
    examination: str | None = None
    verdict: VerdictKind | None = None
    instruction: str | None = None
    failure: Failure | None = None
    made: Picture | None = None
    candidates: tuple[Candidate, ...] = ()
    score: float | None = None
    made_examination: Examination | None = None

    def __post_init__(self) -> None:
        if self.made is None:
            object.__setattr__(self, "made", self.picture)

    @property
    def returned(self) -> bool:
        """Whether it keeps another picture than it made."""
        return self.picture is not None and self.picture != self.made

    @property
    def lost(self) -> Failure | None:
        """Why one of its candidates is missing, if one is: nobody knows what it would have kept."""
        return next((one.failure for one in self.candidates if one.failure is not None), None)

    def chosen(self, candidate: Candidate) -> bool:
        return candidate.picture is not None and candidate.picture == self.made


@dataclass(frozen=True, slots=True)
class Spent:
    """What loops took, each on average; compared by work, else by passes, else by pictures."""

    work: float | None
    passes: float
    pictures: float

    def affords(self, one: "Spent", more: float) -> bool:
        """Whether `one`, `more` times as dear, is within this."""
        if self.work and one.work:
            return one.work * more <= self.work
        if self.passes and one.passes:
            return one.passes * more <= self.passes
        return one.pictures * more <= self.pictures


def holding(kept: Step, new: Step) -> Step:
    """The step of a round that made the picture of `new` and holds on to that of `kept`."""
    if kept.picture == new.picture:
        return new
    told = Examination(new.examination, new.verdict, new.instruction, new.score)
    return replace(
        kept,
        number=new.number,
        cost=new.cost,
        thought=new.thought,
        failure=new.failure,
        made=new.picture,
        candidates=new.candidates,
        made_examination=told,
    )


@dataclass(frozen=True, slots=True)
class Trace:
    """detailed_prompt: what the first picture was drawn from, where that is not the prompt.

    iterations: rounds that did not end in a match (as the published code counts them).
    complete: the loop came to its own end; False when a failure cut it short.
    """

    steps: tuple[Step, ...]
    detailed_prompt: str = ""
    iterations: int = 0
    complete: bool = True

    @property
    def final(self) -> Step:
        return self.steps[-1]

    @property
    def spent(self) -> Spent:
        """What it took, all its steps together."""
        cost = sum((step.cost for step in self.steps), Cost())
        made = sum(max(len(step.candidates), step.made is not None) for step in self.steps)
        return Spent(cost.work, cost.passes, made)

    def returns_to(self, number: int) -> int | None:
        """The earlier step whose picture step `number` keeps in place of the one it made; None
        where it keeps that one."""
        step = self.steps[number]
        if not step.returned or step.picture is None:
            return None
        for earlier in reversed(self.steps[:number]):
            candidates = (one.picture for one in earlier.candidates)
            if step.picture in (earlier.made, *candidates):
                return earlier.number
        return None

    def comes_back_to(self, number: int) -> int | None:
        """The first earlier step that held the very picture which step `number` made: what a loop
        that goes in circles does, and one whose edit changed nothing. None where it is new."""
        step = self.steps[number]
        if step.returned or step.picture is None:
            return None
        same = (one.number for one in self.steps[:number] if one.picture == step.picture)
        return next(same, None)


def pictures_of(steps: Sequence[Step], *, candidates: bool) -> tuple[Picture, ...]:
    """The different pictures to score: kept and made, and with `candidates` those too."""
    found: dict[Picture, None] = {}
    for step in steps:
        others = [one.picture for one in step.candidates] if candidates else []
        found |= dict.fromkeys(one for one in (step.picture, step.made, *others) if one is not None)
    return tuple(found)


def checked(trace: object, method: str) -> Trace:
    """What a method returned, if it is a trace of steps 0, 1, ... in order; else UigError."""
    if not isinstance(trace, Trace):
        raise UigError(
            f"method {method} returned {type(trace).__name__}, expected a uig_cli.loop.trace.Trace."
        )
    numbers = [step.number for step in trace.steps]
    if not numbers or numbers != list(range(len(numbers))):
        told = ", ".join(map(str, numbers)) or "none"
        raise UigError(
            f"method {method} returned the steps {told}; expected at least one, numbered 0, 1, ... "
            "in order."
        )
    for step in trace.steps:
        for name, value, kinds in _fields(step):
            halved = isinstance(value, str) and has_halves(value)
            if halved or not isinstance(value, kinds):
                raise UigError(
                    f"method {method} returned a step {step.number} whose {name} is "
                    f"{type(value).__name__} {ascii(value)[:40]}; see uig_cli.loop.trace.Step."
                )
    return trace


def _fields(step: Step) -> Iterator[tuple[str, object, type | tuple[type, ...]]]:
    """What a field is, its value and its types; parts of candidates come after them."""
    nothing = type(None)
    for name in ("thought", "examination", "verdict", "instruction"):
        yield name, getattr(step, name), (str, nothing)
    if step.verdict not in get_args(VerdictKind):
        yield "verdict", step.verdict, nothing
    yield "picture", step.picture, (Picture, nothing)
    yield "made", step.made, (Picture, nothing)
    yield "cost", step.cost, Cost
    yield "failure", step.failure, (Failure, nothing)
    yield "score", step.score, (Real, nothing)
    yield "made_examination", step.made_examination, (Examination, nothing)
    yield "candidates", step.candidates, tuple
    for one in step.candidates:
        yield "candidate", one, Candidate
        yield "candidate's picture", one.picture, (Picture, nothing)
        yield "candidate's cost", one.cost, Cost
        yield "candidate's score", one.score, (Real, nothing)
        yield "candidate's failure", one.failure, (Failure, nothing)


Conversation = Generator[Sequence[Request], Sequence[Reply], Trace]
"""A method at work on one prompt: yields requests, is sent their replies, returns the trace."""
