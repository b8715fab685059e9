"""A picture before the model's own eyes: what it says of it, and what that asks to change."""

from collections.abc import Generator, Sequence
from dataclasses import replace

from uig_cli.loop.first import as_failure, ask
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Step
from uig_cli.loop.verdict import VERDICT_PARSERS
from uig_cli.models.protocol import Look, Picture, Reply, Request, Said

Examining = Generator[Sequence[Request], Sequence[Reply], Step]

NO_HISTORY = "none"
"""What stands for the instructions of earlier rounds where there are none."""


def examination_of(
    task: DrawTask,
    settings: MethodSettings,
    picture: Picture,
    *,
    before: Sequence[Step] = (),
    template: str = "examine",
    special_tokens: bool = False,
) -> Look:
    """The request to examine a picture. before: the steps that led to it, for templates that tell
    the model what it asked for already."""
    asked = [step.instruction for step in before if step.instruction]
    return Look(
        text=settings.templates[template].fill(
            user_prompt=task.prompt,
            original_prompt=task.prompt,
            instruction=asked[-1] if asked else NO_HISTORY,
            history="\n".join(f"{n}. {one}" for n, one in enumerate(asked, 1)) or NO_HISTORY,
        ),
        pictures=(picture,),
        think=settings.templates["think-look"].fill(),
        special_tokens=special_tokens,
        sampler=settings.sampler("look"),
    )


def examined(
    task: DrawTask,
    settings: MethodSettings,
    step: Step,
    *,
    before: Sequence[Step] = (),
    template: str = "examine",
    special_tokens: bool = False,
) -> Examining:
    """The step with what the model says about its picture."""
    request = examination_of(
        task,
        settings,
        present(step),
        before=before,
        template=template,
        special_tokens=special_tokens,
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


def present(step: Step) -> Picture:
    assert step.picture is not None
    return step.picture
