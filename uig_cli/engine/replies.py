"""A model's reply on its arrival: checked field by field, and made what the journal keeps.

Models come from anywhere, and what is journalled must be readable by the next session. A run goes
on with a reply before it is written, so memory and journal must say the same.
"""

from collections.abc import Iterator
from types import NoneType

from uig_cli.models.protocol import Cost, Drawn, Failure, Picture, Reply, Said
from uig_cli.runs.journal import readable
from uig_cli.runs.pictures import as_kept


def received(reply: Reply) -> Reply:
    """The reply as it is when it is read back from the journal, or the failure to give one."""
    sound = validate_reply(reply)
    if isinstance(sound, Failure):
        return Failure(sound.kind, readable(sound.reason))
    if isinstance(sound, Said):
        chances = tuple(sound.probabilities) if sound.probabilities else None
        return Said(readable(sound.text), chances, sound.cost)
    try:
        picture = _kept_picture(sound.picture)
    except (OSError, SyntaxError, ValueError) as error:
        return Failure("protocol", f"got a picture that cannot be read ({error})")
    thought = None if sound.thought is None else readable(sound.thought)
    return Drawn(picture, thought, sound.cost)


def _kept_picture(picture: Picture) -> Picture:
    """In RGB where PNG does not know its mode, known by its pixels whatever it said of itself."""
    kept = as_kept(picture)
    return picture if kept is picture else kept.detached()


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
    yield "note", reply.note, str
    yield "cost", reply.cost, Cost
    yield "seconds of a cost", reply.cost.seconds, (float, int)
    yield "passes of a cost", reply.cost.passes, int
    yield "tokens of a cost", reply.cost.tokens, int
