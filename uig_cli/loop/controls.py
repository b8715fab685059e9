"""Controls: is it the understanding that helps, or just more sampling?

Both go the way of `uig`: every picture is examined, and the examination says when to stop. What it
asks to change is not done. Edits are made by an empty instruction, or by the one that the first
picture of another case got.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from uig_cli.loop.examine import examined
from uig_cli.loop.first import First, at_once
from uig_cli.loop.refine import edited
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Step, Trace
from uig_cli.models.protocol import Cost, Failure, Reply, Request

Instructing = Generator[Sequence[Request], Sequence[Reply], tuple[str, Cost] | Failure]
"""Where another instruction comes from, and what asking for it cost."""


def refine_by(
    task: DrawTask,
    settings: MethodSettings,
    first: First,
    instruction: Callable[[DrawTask, MethodSettings], Instructing],
) -> Conversation:
    """The course of `uig` by one instruction that is not its own, asked for before the first
    edit."""
    steps = [first.step]
    given: tuple[str, Cost] | None = None
    while steps[-1].picture is not None:
        steps[-1] = step = yield from examined(task, settings, steps[-1])
        rounds = len(steps) - 1
        if step.verdict != "edit" or rounds == settings.rounds:
            break
        if given is None:
            found = yield from instruction(task, settings)
            if isinstance(found, Failure):
                steps[-1] = replace(step, failure=found)
                break
            given = found
            step = replace(step, cost=step.cost + found[1])
        steps[-1] = replace(step, instruction=given[0])
        new = yield from edited(task, settings, steps[-1], rounds + 1, special_tokens=False)
        steps.append(new)
    last = steps[-1]
    complete = last.picture is not None and last.failure is None
    return Trace(tuple(steps), iterations=len(steps) - 1, complete=complete)


def empty(task: DrawTask, settings: MethodSettings) -> Instructing:
    """Says nothing."""
    yield from ()
    return "", Cost()


def of_partner(task: DrawTask, settings: MethodSettings) -> Instructing:
    """What the examination of the partner's first picture asks to change, both asked as `uig` would
    for the partner, so that they are answered once. A partner that matches gives an empty one."""
    if task.partner is None:
        return Failure("partner", "no other case of its dimension and split to take one from")
    opening = yield from at_once(task.partner, settings)
    if opening.step.picture is None:
        return opening.step.failure or Failure("partner", "its partner has no picture")
    step: Step = yield from examined(task.partner, settings, opening.step)
    if step.failure is not None:
        return step.failure
    return step.instruction or "", step.cost
