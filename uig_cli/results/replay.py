"""A method run over what is journalled: the trace of a case, without a model."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from uig_cli.loop.converse import converse_alone
from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Trace
from uig_cli.models.protocol import Failure, Look, Reply, Role, request_key

PENDING = Failure("pending", "not answered yet")

Lookup = Callable[[str], Reply | None]


def replay(
    method: Method,
    task: DrawTask,
    settings: MethodSettings,
    identities: Mapping[Role, Mapping[str, str]],
    find: Lookup,
) -> Trace:
    """The trace as far as the replies go; what is not known yet is a `pending` failure.

    A picture that could not be made is missing, whatever the method says of it: nobody knows what
    it would have kept, had it seen it.
    """
    conversation = converse_alone(method, task, settings)
    lost: dict[int, Failure] = {}
    try:
        requests = next(conversation)
        while True:
            replies = [
                find(request_key(request, identities[request.role])) or PENDING
                for request in requests
            ]
            for request, reply in zip(requests, replies, strict=True):
                if isinstance(reply, Failure) and not isinstance(request, Look):
                    lost.setdefault(request.noise.round, reply)
            requests = conversation.send(replies)
    except StopIteration as stop:
        return without(stop.value, lost)


def without(trace: Trace, lost: Mapping[int, Failure]) -> Trace:
    """The trace with its pictures missing from the first failed candidate on, and from the first
    failure of `lost`, by round, where the trace has a picture in its place."""
    failed = {step.number: reason for step in trace.steps if (reason := step.lost) is not None}
    for round, reason in lost.items():
        failed.setdefault(min(round, trace.final.number), reason)
    first = min(failed, default=None)
    if first is None or trace.steps[first].picture is None:
        return trace
    reason = failed[first]
    steps = [
        step if step.number < first else replace(step, picture=None, made=None, failure=reason)
        for step in trace.steps
    ]
    return replace(trace, steps=tuple(steps), complete=False)
