"""Examine, instruct, mend, round by round: the loop that the paper proposes, and its variations.

`refine` is the loop as we hold it right. What it varies over is what the field argues about: which
picture is kept, and whether a wrong one is edited or drawn anew. `refine_as_published` is the loop
as the published code runs it (spec BAGEL + UiG, sections 11 and 13): thoughts stay in verdicts and
instructions, special token strings are parsed, the last picture is not examined, and a round
without an instruction is spent on the same picture.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from uig_cli.loop.examine import examined, present
from uig_cli.loop.first import First, anew, ask, made
from uig_cli.loop.keep_score import ScoreName, best, no_worse, scored, wrong_things
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Step, Trace, holding
from uig_cli.models.protocol import Edit, Reply, Request

Keep = Literal["last", "best", "accept"]
RepairBy = Literal["edit", "redraw", "auto"]

MUCH_WRONG = 3
"""Separate things to change from which `auto` draws anew instead of editing."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a loop goes. keep: the last picture; the best of all, by `score`; or a new one only if it
    is no worse, and else on from the better one by the same instruction with new noise. repair: how
    a wrong picture is mended. examine: the template of the examination. score: None asks for none.
    """

    keep: Keep = "last"
    repair: RepairBy = "edit"
    examine: str = "examine"
    score: ScoreName | None = None


Stepping = Generator[Sequence[Request], Sequence[Reply], Step]


def refine(
    task: DrawTask, settings: MethodSettings, first: First, course: Course | None = None
) -> Conversation:
    """Mends until the examination is content, unclear, or the rounds are used up.

    Every picture is examined, the last one too. An unclear examination ends the loop with the
    picture kept, nothing is mended by guesswork; where only better pictures are accepted it is
    a picture that is not accepted.
    """
    course = course or Course()
    seen = [(yield from _looked_at(task, settings, first.step, (), course))]
    steps = [seen[0]]
    while (at := _goes_on(steps, seen, settings, course)) is not None:
        step = yield from _mended(task, settings, at, len(steps), course)
        step = yield from _looked_at(task, settings, step, seen, course)
        seen.append(step)
        steps.append(_kept(steps[-1], seen, course))
    last = steps[-1]
    # Only a loop that keeps the last picture is at its end where the last examination failed.
    cut_short = last.failure is not None and (
        course.keep != "last" or len(steps) - 1 < settings.rounds
    )
    return Trace(
        tuple(steps),
        first.detailed_prompt,
        iterations=len(steps) - 1,
        complete=last.picture is not None and not cut_short,
    )


def _goes_on(
    steps: Sequence[Step], seen: Sequence[Step], settings: MethodSettings, course: Course
) -> Step | None:
    """The step whose picture the next round mends; None at the end of the loop."""
    at = steps[-1] if course.keep == "accept" else seen[-1]
    lost = seen[-1].picture is None or seen[-1].failure is not None
    if lost or at.verdict != "edit" or len(steps) > settings.rounds:
        return None
    return at


def _looked_at(
    task: DrawTask, settings: MethodSettings, step: Step, before: Sequence[Step], course: Course
) -> Stepping:
    """The step with its examination and, where pictures are chosen from, its score."""
    if step.picture is None:
        return step
    step = yield from examined(task, settings, step, before=before, template=course.examine)
    if course.score is not None:
        step = yield from scored(task, settings, step, course.score)
    return step


def _mended(
    task: DrawTask, settings: MethodSettings, step: Step, round: int, course: Course
) -> Stepping:
    """The next step's picture: edited as the instruction asks, or drawn anew."""
    again = course.repair == "redraw" or (
        course.repair == "auto" and wrong_things(step) >= MUCH_WRONG
    )
    if not again:
        return (yield from edited(task, settings, step, round, special_tokens=False))
    return made(round, (yield from ask(anew(task, settings, round))))


def _kept(before: Step, seen: Sequence[Step], course: Course) -> Step:
    """What the method holds after the round that made the last of `seen`. before: what it held."""
    new = seen[-1]
    if new.picture is None or course.keep == "last" or course.score is None:
        return new
    if new.failure is not None:  # nobody knows what would have been kept
        return replace(new, picture=None, made=new.picture)
    if course.keep == "best":
        chosen = best(seen, course.score)
    else:
        chosen = new if no_worse(new, before, course.score) else before
    return holding(chosen, new)


def refine_as_published(task: DrawTask, settings: MethodSettings, first: First) -> Conversation:
    """At most `settings.rounds` rounds of evaluate and edit, exactly as published."""
    steps = [first.step]
    iterations = 0
    published = replace(settings, verdict_parser="reference")
    for round in range(1, settings.rounds + 1):
        if steps[-1].picture is None:
            break
        steps[-1] = yield from examined(task, published, steps[-1], special_tokens=True)
        if steps[-1].verdict != "edit":
            break
        iterations += 1
        if steps[-1].instruction:
            new = yield from edited(task, settings, steps[-1], round, special_tokens=True)
            steps.append(new)
        else:
            steps.append(Step(round, steps[-1].picture))
    complete = steps[-1].picture is not None and steps[-1].failure is None
    return Trace(tuple(steps), first.detailed_prompt, iterations, complete)


def edited(
    task: DrawTask, settings: MethodSettings, step: Step, round: int, *, special_tokens: bool
) -> Stepping:
    """The next step: the picture edited as its examination asks."""
    request = Edit(
        picture=present(step),
        instruction=step.instruction or "",
        noise=task.noise(round),
        think=settings.templates["think-draw"].fill(),
        special_tokens=special_tokens,
        sampler=settings.sampler("edit"),
    )
    return made(round, (yield from ask(request)))
