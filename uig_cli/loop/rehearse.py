"""The longest course of a method, without a model.

Methods are pure, so one can be led through its requests by made-up replies: every examination
asks for an edit, and no two pictures are alike. What comes out is the most that one prompt can
cost, and the pictures that it can leave to be scored.
"""

from PIL import Image

from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Trace, checked
from uig_cli.models.protocol import Drawn, Look, Picture, Reply, Request, Said


def rehearse(method: Method, settings: MethodSettings) -> list[Request]:
    """All requests of the longest course, in order."""
    return rehearsal(method, settings)[0]


def rehearsal(method: Method, settings: MethodSettings) -> tuple[list[Request], Trace]:
    """The same, and the trace it ends in. Raises UigError for a trace that is none."""
    asked: list[Request] = []

    def reply(request: Request) -> Reply:
        asked.append(request)
        if isinstance(request, Look):
            count = len(request.choices)
            return Said("EDIT_NEEDED: go on", (1 / count,) * count if count else None)
        return Drawn(_picture(len(asked)))

    conversation = method.run(DrawTask("rehearsal", "a prompt"), settings)
    try:
        requests = next(conversation)
        while True:
            requests = conversation.send([reply(request) for request in requests])
    except StopIteration as stop:
        return asked, checked(stop.value, method.name)


def _picture(number: int) -> Picture:
    """The one of that number: a pixel of its own color."""
    return Picture.of(Image.new("RGB", (1, 1), tuple(number.to_bytes(4, "big")[1:])))
