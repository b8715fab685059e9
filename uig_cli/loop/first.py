"""The first picture, in the three ways the field makes it: at once, after a thought, or from a
prompt that the model has spelled out first."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Step
from uig_cli.loop.verdict import strip_thoughts
from uig_cli.models.protocol import Cost, Draw, Drawn, Failure, Look, Reply, Request, Said


@dataclass(frozen=True, slots=True)
class First:
    """Step 0, and the prompt it was drawn from where that is not the user's."""

    step: Step
    detailed_prompt: str = ""


Opening = Generator[Sequence[Request], Sequence[Reply], First]


def ask(request: Request) -> Generator[Sequence[Request], Sequence[Reply], Reply]:
    """One request, one reply."""
    (reply,) = yield [request]
    return reply


def made(number: int, reply: Reply) -> Step:
    """The step that a reply to `Draw` or `Edit` amounts to."""
    if isinstance(reply, Drawn):
        return Step(number, reply.picture, reply.cost, reply.thought)
    return Step(number, None, failure=as_failure(reply))


def as_failure(reply: Reply) -> Failure:
    """A failure as it is; an answer of the wrong kind is one too."""
    if isinstance(reply, Failure):
        return reply
    return Failure("protocol", f"the model answered with {type(reply).__name__}")


def anew(task: DrawTask, settings: MethodSettings, round: int) -> Draw:
    """The request of another first picture, with the noise of that round."""
    return replace(
        _draw(task, settings, task.prompt, special_tokens=False), noise=task.noise(round)
    )


def at_once(task: DrawTask, settings: MethodSettings, *, special_tokens: bool = False) -> Opening:
    """Prompt -> picture; or the picture that the user brought."""
    if task.picture is not None:
        return First(Step(0, task.picture))
    reply = yield from ask(_draw(task, settings, task.prompt, special_tokens=special_tokens))
    return First(made(0, reply))


def after_a_thought(
    task: DrawTask, settings: MethodSettings, *, special_tokens: bool = False
) -> Opening:
    """Prompt -> plan -> picture."""
    request = _draw(task, settings, task.prompt, special_tokens=special_tokens)
    reply = yield from ask(replace(request, think=settings.templates["think-draw"].fill()))
    return First(made(0, reply))


def detail(task: DrawTask, settings: MethodSettings) -> Look:
    """The request that spells a prompt out over subject, look, surroundings, light and style."""
    return Look(
        text=settings.templates["decompose"].fill(
            user_prompt=task.prompt, original_prompt=task.prompt
        ),
        think=settings.templates["think-look"].fill(),
        sampler=settings.sampler("look"),
    )


def from_details(task: DrawTask, settings: MethodSettings) -> Opening:
    """Prompt -> full description -> picture. A description that is empty but for thoughts leaves
    the prompt as it is."""
    reply = yield from ask(detail(task, settings))
    if not isinstance(reply, Said):
        return First(Step(0, None, failure=as_failure(reply)))
    described = strip_thoughts(reply.text).strip() or task.prompt
    drawn = yield from ask(_draw(task, settings, described, special_tokens=False))
    return First(_dearer(made(0, drawn), reply.cost), described)


def _draw(task: DrawTask, settings: MethodSettings, prompt: str, *, special_tokens: bool) -> Draw:
    return Draw(
        prompt=prompt,
        noise=task.noise(),
        size=settings.size,
        special_tokens=special_tokens,
        sampler=settings.sampler("draw"),
    )


def _dearer(step: Step, cost: Cost) -> Step:
    return replace(step, cost=step.cost + cost)
