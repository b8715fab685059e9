"""A method at work, between it and whoever answers: the only place that runs one.

What it is sent holds no seconds, so that nothing it does can hang on how fast a machine is; the
trace that comes out has them again. What goes wrong in it is a sentence that names it, and so is a
request or a trace that is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from uig_cli import faults
from uig_cli.errors import UigError
from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Step, Trace, checked
from uig_cli.models.protocol import Cost, Draw, Edit, Failure, Look, Picture, Reply, Request


def converse(of: Method, task: DrawTask, settings: MethodSettings) -> Conversation:
    """The conversation of a method over one prompt."""
    who = f"method {of.label}"
    with faults.blaming(who):
        conversation = of.run(task, settings)
    replies: Sequence[Reply] | None = None
    while True:
        with faults.blaming(who):
            try:
                asked = next(conversation) if replies is None else conversation.send(replies)
            except StopIteration as stop:
                return _with_seconds(checked(stop.value, of.label))
        answered = yield _requests(asked, of)
        replies = [without_seconds(reply) for reply in answered]


def converse_alone(of: Method, task: DrawTask, settings: MethodSettings) -> Conversation:
    """The same for one prompt of many: where the method goes wrong over it, others go on, and its
    trace is a first picture that is missing for that reason."""
    try:
        return (yield from converse(of, task, settings))
    except UigError as error:
        return Trace((Step(0, None, failure=Failure("method", str(error))),), complete=False)


def _requests(asked: Any, of: Method) -> list[Request]:
    """What a method asks, if it is requests of the roles that it says it needs."""
    several = list(asked) if isinstance(asked, list | tuple) else [asked]
    for one in several:
        if not isinstance(one, Draw | Look | Edit):
            raise UigError(
                f"method {of.label} asks for {type(one).__name__} {one!r:.40}, expected a list of "
                "Draw, Look or Edit requests."
            )
        if one.role not in of.needs:
            raise UigError(
                f"method {of.label} asks to {one.role}, which is not among its needs "
                f"({', '.join(sorted(of.needs))}); add it there."
            )
        if wrong := _wrong_field(one):
            raise UigError(f"method {of.label} asks with {wrong}.")
    if not several or not isinstance(asked, list | tuple):
        raise UigError(f"method {of.label} asks for nothing; expected a list of requests.")
    return several


def _wrong_field(request: Request) -> str:
    """What in a request is of another type than it must be; nothing where all is well."""
    for name in ("prompt", "text", "instruction"):
        value = getattr(request, name, "")
        if not isinstance(value, str):
            return f"{type(request).__name__}.{name} of type {type(value).__name__}, expected str"
    pictures = [request.picture] if isinstance(request, Edit) else getattr(request, "pictures", ())
    for one in pictures:
        if not isinstance(one, Picture):
            what = f"a picture of type {type(one).__name__}"
            return f"{type(request).__name__} and {what}, expected Picture"
    return ""


@dataclass(frozen=True)
class _Untimed(Cost):
    """A cost without its seconds, which it remembers through sums."""

    hidden: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return _hiding(_bare(self) + _bare(other))

    __radd__ = __add__


def _hiding(cost: Cost) -> Cost:
    return _Untimed(0.0, cost.passes, cost.tokens, cost.work, cost.seconds)


def _bare(cost: Cost) -> Cost:
    """The cost with all the seconds it knows of."""
    if isinstance(cost, _Untimed):
        return Cost(cost.seconds + cost.hidden, cost.passes, cost.tokens, cost.work)
    return cost


def without_seconds(reply: Reply) -> Reply:
    """The reply as a method may see it."""
    return reply if isinstance(reply, Failure) else replace(reply, cost=_hiding(reply.cost))


def _with_seconds(trace: Trace) -> Trace:
    return replace(trace, steps=tuple(map(_timed, trace.steps)))


def _timed(step: Step) -> Step:
    candidates = tuple(replace(one, cost=_bare(one.cost)) for one in step.candidates)
    return replace(step, cost=_bare(step.cost), candidates=candidates)
