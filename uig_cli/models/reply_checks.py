"""A model's reply, field by field: of the right types, its numbers plain and possible ones.

Whatever takes replies from a model looks at them here before it believes them, whoever wrote the
model. numpy's numbers are numbers; NaN, an infinite cost and a probability of 7 are none.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import inf, isfinite
from numbers import Integral, Real
from types import NoneType
from typing import Any

import numpy as np
from PIL import Image

from uig_cli.models.protocol import (
    LONGEST_TEXT,
    NUMBERS,
    Cost,
    Drawn,
    Failure,
    Picture,
    Reply,
    Said,
    Size,
    not_finite,
    pixel_hash,
)

MOST = 2**63 - 1
"""The largest whole number that a table holds."""
MOST_OF_FRACTIONS = 2
"""What no shares of white exceed, even where a decoder overshoots; levels that end here are all
black."""
ROUNDING = 1e-6
"""By how much a probability, or any share, may leave 0..1 before it is none."""


def validate_reply(reply: Reply) -> Reply:
    """The reply with plain numbers, or the failure to give one that can be kept."""
    for name, value, kinds in _fields(reply):
        if not isinstance(value, kinds):
            return Failure("protocol", f"got {type(value).__name__} as {name}")
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return Failure(
                "text", f"its {name} has {len(value)} characters, at most {LONGEST_TEXT} are kept"
            )
    if isinstance(reply, Failure):
        return reply
    cost = _cost(reply.cost)
    if isinstance(cost, Failure) or isinstance(reply, Drawn):
        return cost if isinstance(cost, Failure) else replace(reply, cost=cost)
    chances = _chances(reply)
    if isinstance(chances, Failure):
        return chances
    return replace(reply, cost=cost, probabilities=chances)


def picture_failure(picture: Picture, asked: Size | None = None) -> Failure | None:
    """Why a picture is none, if it is none: pixels that cannot be levels, or other ones than it was
    made of, as those of a buffer that was painted over; another size than was asked for."""
    image = picture.image
    if (failure := pixel_failure(image)) is not None:
        return failure
    if pixel_hash(image) != picture.sha256:
        return Failure(
            "protocol",
            "the picture's pixels are not those that its hash is of: give each picture pixels of "
            "its own, which nothing paints over",
        )
    if asked is not None and image.size != tuple(asked):
        got, wanted = ("x".join(map(str, size)) for size in (image.size, asked))
        return Failure("protocol", f"got a picture of {got}, asked for {wanted}")
    return None


def pixel_failure(image: Image.Image) -> Failure | None:
    """Why an image is no picture, if it is none: pixels that are not finite, or whose levels would
    all be black or white as 8 bits."""
    if 0 in image.size:
        return Failure("picture", f"the picture has {image.width}x{image.height} pixels")
    if image.mode[0] not in "FI":
        return None
    values = np.asarray(image)
    if not np.isfinite(values).all():
        return not_finite("the picture's pixels")
    low, high = float(values.min()), float(values.max())
    fractions = image.mode == "F" and high <= MOST_OF_FRACTIONS and (low, high) != (0, 0)
    if fractions or round(low) < 0 or round(high) > 255:
        return Failure(NUMBERS, f"the picture's levels are {low:g} to {high:g}, expected 0 to 255")
    return None


def _fields(reply: Reply) -> Iterator[tuple[str, object, type | tuple[type, ...]]]:
    """What a field is, its value and its types, one by one: parts come after their whole."""
    if isinstance(reply, Failure):
        yield "kind of a failure", reply.kind, str
        yield "reason of a failure", reply.reason, str
        return
    if isinstance(reply, Drawn):
        yield "picture", reply.picture, Picture
        yield "hash of a picture", reply.picture.sha256, str
        yield "size of a picture", reply.picture.size, (tuple, list)
        yield from (("side of a picture", side, Integral) for side in reply.picture.size)
        yield "thought", reply.thought, (str, NoneType)
    else:
        yield "text", reply.text, str
        yield "probabilities", reply.probabilities, (tuple, list, NoneType)
        yield from (("probability", chance, Real) for chance in reply.probabilities or ())
    yield "note", reply.note, str
    yield "cost", reply.cost, Cost
    yield "seconds of a cost", reply.cost.seconds, Real
    yield "passes of a cost", reply.cost.passes, Integral
    yield "tokens of a cost", reply.cost.tokens, Integral
    yield "work of a cost", reply.cost.work or 0, Integral


def _cost(cost: Cost) -> Cost | Failure:
    seconds, passes, tokens = plain_float(cost.seconds), int(cost.passes), int(cost.tokens)
    if not isfinite(seconds) or seconds < 0:
        return Failure(NUMBERS, f"its cost is {seconds} seconds, expected a finite number from 0")
    work = int(cost.work or 0)
    for name, count in (("passes", passes), ("tokens", tokens), ("work", work)):
        if not 0 <= count <= MOST:
            return Failure(NUMBERS, f"its cost is {count:.3g} {name}, expected 0 to {MOST:.3g}")
    # Whoever answers has something go through it: none is what a model says that does not count.
    return Cost(seconds, passes, tokens, work or None)


def _chances(said: Said) -> tuple[float, ...] | Failure | None:
    if said.probabilities is None:
        return None
    chances = tuple(map(plain_float, said.probabilities))
    if not all(map(isfinite, chances)):
        return not_finite("the probabilities of the choices")
    wrong = [chance for chance in chances if not -ROUNDING <= chance <= 1 + ROUNDING]
    if wrong:
        return Failure(NUMBERS, f"got {wrong[0]:g} as the probability of a choice, expected 0 to 1")
    if chances and max(chances) <= 0:  # the judge would take it for the last choice
        return Failure(NUMBERS, "got 0 as the probability of every choice, expected a sum of 1")
    return tuple(min(max(chance, 0.0), 1.0) for chance in chances)


def plain_float(number: Any) -> float:
    """Of any kind of number; one too large for a float is infinite."""
    try:
        return float(number)
    except OverflowError:
        return inf
