"""A method run over what is journalled: the trace of a case, without a model."""

from collections.abc import Callable, Mapping

from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Trace
from uig_cli.models.protocol import Failure, Reply, Role, request_key

PENDING = Failure("pending", "not answered yet")

Lookup = Callable[[str], Reply | None]


def replay(
    method: Method,
    task: DrawTask,
    settings: MethodSettings,
    identities: Mapping[Role, Mapping[str, str]],
    find: Lookup,
) -> Trace:
    """The trace as far as the replies go; what is not known yet is a `pending` failure."""
    conversation = method.run(task, settings)
    try:
        requests = next(conversation)
        while True:
            replies = [
                find(request_key(request, identities[request.role])) or PENDING
                for request in requests
            ]
            requests = conversation.send(replies)
    except StopIteration as stop:
        trace = stop.value
        assert isinstance(trace, Trace)
        return trace
