"""The longest course of a method, without a model.

Methods are pure, so one can be led through its requests by made-up replies: every examination
asks for an edit. What comes out is the most that one prompt can cost.
"""

from PIL import Image

from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.models.protocol import Drawn, Look, Picture, Reply, Request, Said


def rehearse(method: Method, settings: MethodSettings) -> list[Request]:
    """All requests of the longest course, in order."""
    picture = Picture.of(Image.new("RGB", (1, 1)))
    asked: list[Request] = []

    def reply(request: Request) -> Reply:
        asked.append(request)
        return Said("EDIT_NEEDED: go on") if isinstance(request, Look) else Drawn(picture)

    conversation = method.run(DrawTask("rehearsal", "a prompt"), settings)
    try:
        requests = next(conversation)
        while True:
            requests = conversation.send([reply(request) for request in requests])
    except StopIteration:
        return asked
