"""Examine, instruct, edit, round by round: the loop that the paper proposes, twice.

`refine` is the loop as we hold it right. `refine_as_published` is the loop as the published code
runs it (spec BAGEL + UiG, sections 11 and 13): thoughts stay in verdicts and instructions, special
token strings are parsed, the last picture is not examined, and a round without an instruction is
spent on the same picture.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

from uig_cli.loop.first import First, as_failure, ask, made
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Step, Trace
from uig_cli.loop.verdict import VERDICT_PARSERS
from uig_cli.models.protocol import Edit, Look, Picture, Reply, Request, Said


def refine(task: DrawTask, settings: MethodSettings, first: First) -> Conversation:
    """Edits until the examination is content, unclear, or the rounds are used up.

    Every picture is examined, the last one too. An unclear examination ends the loop with the
    picture kept: nothing is edited by guesswork.
    """
    steps = [first.step]
    rounds = 0
    while steps[-1].picture is not None:
        steps[-1] = yield from _examined(task, settings, steps[-1], special_tokens=False)
        step = steps[-1]
        if step.verdict != "edit" or rounds == settings.rounds:
            break
        rounds += 1
        steps.append((yield from _edited(task, settings, step, rounds, special_tokens=False)))
    cut_short = steps[-1].failure is not None and rounds < settings.rounds
    return Trace(
        tuple(steps),
        first.detailed_prompt,
        iterations=rounds,
        complete=steps[-1].picture is not None and not cut_short,
    )


def refine_as_published(task: DrawTask, settings: MethodSettings, first: First) -> Conversation:
    """At most `settings.rounds` rounds of evaluate and edit, exactly as published."""
    steps = [first.step]
    iterations = 0
    for round in range(1, settings.rounds + 1):
        if steps[-1].picture is None:
            break
        published = replace(settings, verdict_parser="reference")
        steps[-1] = yield from _examined(task, published, steps[-1], special_tokens=True)
        if steps[-1].verdict != "edit":
            break
        iterations += 1
        if steps[-1].instruction:
            edited = yield from _edited(task, settings, steps[-1], round, special_tokens=True)
            steps.append(edited)
        else:
            steps.append(Step(round, steps[-1].picture))
    complete = steps[-1].picture is not None and steps[-1].failure is None
    return Trace(tuple(steps), first.detailed_prompt, iterations, complete)


def _examined(
    task: DrawTask, settings: MethodSettings, step: Step, *, special_tokens: bool
) -> Generator[Sequence[Request], Sequence[Reply], Step]:
    """The step with what the model says about its picture."""
    request = Look(
        text=settings.templates["examine"].fill(
            user_prompt=task.prompt, original_prompt=task.prompt
        ),
        pictures=(_present(step),),
        think=settings.templates["think-look"].fill(),
        special_tokens=special_tokens,
        sampler=settings.sampler("look"),
    )
    reply = yield from ask(request)
    if not isinstance(reply, Said):
        return replace(step, failure=as_failure(reply))
    verdict = VERDICT_PARSERS[settings.verdict_parser](reply.text)
    return replace(
        step,
        examination=reply.text,
        verdict=verdict.kind,
        instruction=verdict.instruction,
        cost=step.cost + reply.cost,
    )


def _edited(
    task: DrawTask, settings: MethodSettings, step: Step, round: int, *, special_tokens: bool
) -> Generator[Sequence[Request], Sequence[Reply], Step]:
    """The next step: the picture edited as its examination asks."""
    request = Edit(
        picture=_present(step),
        instruction=step.instruction or "",
        noise=task.noise(round),
        think=settings.templates["think-draw"].fill(),
        special_tokens=special_tokens,
        sampler=settings.sampler("edit"),
    )
    return made(round, (yield from ask(request)))


def _present(step: Step) -> Picture:
    assert step.picture is not None
    return step.picture
