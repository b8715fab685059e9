"""The longest course of a method, without a model.

Methods are pure, so one can be led through its requests by made-up replies: every examination
asks for an edit, all choices are as likely, and no two pictures are alike. What comes out is the
most that one prompt can cost, and the pictures that it can leave to be scored.
"""

from collections.abc import Callable

from PIL import Image

from uig_cli.errors import UigError
from uig_cli.loop.converse import converse
from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Spent, Trace
from uig_cli.models.protocol import Cost, Drawn, Look, Picture, Reply, Request, Said

MOST = 1_000
"""Requests of one prompt. A method that asks for more is taken for one that does not end."""

_NEVER_CONTENT = "Is it there?\nEDIT_NEEDED: go on"
"""What every look is answered with: a question for those who ask for some, and an edit."""

UNKNOWN = Spent(None, 0, 0)
"""What `uig` takes on average, before anything is drawn: its longest course stands in for it."""

CostOf = Callable[[Request], Cost]
"""What a request takes, as far as its model tells before it is asked."""


def _nothing_told(request: Request) -> Cost:
    return Cost()


def rehearse(
    method: Method, settings: MethodSettings, cost_of: CostOf = _nothing_told
) -> list[Request]:
    """All requests of the longest course, in order."""
    return rehearsal(method, settings, cost_of)[0]


def rehearsal(
    method: Method, settings: MethodSettings, cost_of: CostOf = _nothing_told
) -> tuple[list[Request], Trace]:
    """The same, and the trace it ends in. Raises UigError for a trace that is none, and for a
    method that goes on and on."""
    asked: list[Request] = []

    def reply(request: Request) -> Reply:
        asked.append(request)
        if len(asked) > MOST:
            raise UigError(
                f"method {method.label} asks more than {MOST:,} requests for one prompt if it is "
                "never content; let it end, e.g. after settings.rounds."
            )
        if isinstance(request, Look):
            count = len(request.choices)
            chances = (1 / count,) * count if count else None
            return Said(_NEVER_CONTENT, chances, cost_of(request))
        return Drawn(_picture(len(asked)), cost=cost_of(request))

    partner = DrawTask("partner", "another prompt")
    task = DrawTask("rehearsal", "a prompt", partner=partner, mean=UNKNOWN)
    conversation = converse(method, task, settings)
    try:
        requests = next(conversation)
        while True:
            requests = conversation.send([reply(request) for request in requests])
    except StopIteration as stop:
        trace: Trace = stop.value
        return asked, trace


def _picture(number: int) -> Picture:
    """The one of that number: a pixel of its own color."""
    return Picture.of(Image.new("RGB", (1, 1), tuple(number.to_bytes(4, "big")[1:])))
