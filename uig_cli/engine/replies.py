"""A model's reply, checked field by field.

Models come from anywhere, and what is journalled must be readable by the next session.
"""

from collections.abc import Iterator
from types import NoneType

from uig_cli.models.protocol import Cost, Drawn, Failure, Picture, Reply


def validate_reply(reply: Reply) -> Reply:
    """The reply, or the failure to give one with fields that can be journalled and read back."""
    for name, value, kinds in _fields(reply):
        if not isinstance(value, kinds):
            return Failure("protocol", f"got {type(value).__name__} as {name}")
    return reply


def _fields(reply: Reply) -> Iterator[tuple[str, object, type | tuple[type, ...]]]:
    """What a field is, its value and its types, one by one: parts come after their whole."""
    if isinstance(reply, Failure):
        yield "kind of a failure", reply.kind, str
        yield "reason of a failure", reply.reason, str
        return
    if isinstance(reply, Drawn):
        yield "picture", reply.picture, Picture
        yield "thought", reply.thought, (str, NoneType)
    else:
        yield "text", reply.text, str
        yield "probabilities", reply.probabilities, (tuple, list, NoneType)
        yield from (("probability", chance, (float, int)) for chance in reply.probabilities or ())
    yield "cost", reply.cost, Cost
    yield "seconds of a cost", reply.cost.seconds, (float, int)
    yield "passes of a cost", reply.cost.passes, int
    yield "tokens of a cost", reply.cost.tokens, int
