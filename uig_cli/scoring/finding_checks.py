"""A scorer's finding, field by field: of the right types, its numbers plain and possible ones.

Whatever takes findings from a scorer looks at them here before it keeps them, whoever wrote the
scorer: what is kept is believed for ever. numpy's numbers are numbers; NaN, a confidence of 7 and
the answer "Yes." are no findings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from numbers import Integral, Real
from types import NoneType
from typing import Any

from uig_cli.models.protocol import NUMBERS, Failure, not_finite
from uig_cli.models.reply_checks import MOST, ROUNDING, plain_float
from uig_cli.scoring.findings import (
    ANSWERED,
    Answer,
    Detections,
    Finding,
    Rating,
    Spoken,
    TextLine,
    Transcript,
)
from uig_cli.scoring.spoken import bounded

LONGEST = 1_000_000
"""Characters of one text. Ours are bounded before, so that their replies can be told apart."""
SHORT = 1_000
"""Characters of a status, or of a place that answered."""

_Field = tuple[str, Any, type | tuple[type, ...]]


def validate_finding(found: Finding) -> Finding | Failure:
    """The finding with plain numbers and bounded texts, or why it is none."""
    try:
        for name, value, kinds in _fields(found):
            if not isinstance(value, kinds):
                return Failure("protocol", f"got {type(value).__name__} as {name}")
        return _plain(found)
    except _NoFinding as error:
        return error.failure
    except (TypeError, ValueError) as error:  # a number where a sequence belongs, and the like
        return Failure("protocol", f"{type(found).__name__}: {error}"[:SHORT])


def validate_failure(failure: Failure) -> Failure:
    """The failure, with a bounded reason, if it is told in texts."""
    told = (failure.kind, failure.reason)
    if not all(isinstance(text, str) for text in told):
        return Failure("protocol", f"got the failure {told!r:.80}, expected texts")
    return Failure(*map(_shortened, told))


class _NoFinding(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


def _fields(found: Finding) -> Iterator[_Field]:
    """What a field is, its value and its types, one by one: parts come after their whole."""
    if isinstance(found, Detections):
        yield from _fields_of_detections(found)
    elif isinstance(found, Transcript):
        yield from _fields_of_lines(found.lines)
    else:
        yield "status", found.status, str
        yield "raw text", found.raw, str
        yield "place that answered", found.by, str
        yield from _pair("usage", found.usage)
        if isinstance(found, Answer):
            yield "answer", found.answer, (str, NoneType)
            yield "likelihood of yes", found.yes, (Real, NoneType)
            yield from _pair("votes", found.votes)
            yield "replies", found.replies, (tuple, list)
            yield from (("reply", reply, Spoken) for reply in found.replies)
            yield from (("text of a reply", reply.text, str) for reply in found.replies)
        else:
            yield "rating", found.value, (Real, NoneType)


def _pair(name: str, pair: Any) -> Iterator[_Field]:
    yield name, pair, (tuple, list, NoneType)
    yield from ((f"number of {name}", number, Integral) for number in pair or ())


def _fields_of_detections(found: Detections) -> Iterator[_Field]:
    yield "boxes", found.boxes, Mapping
    yield "colors", found.colors, Mapping
    yield "image size", found.image_size, (tuple, list)
    yield from (("side of an image", side, Integral) for side in found.image_size)
    for name, boxes in found.boxes.items():
        yield "class", name, str
        for box in boxes:
            yield from ((f"number of a box of {name:.40}", number, Real) for number in box)
    for name, colors in found.colors.items():
        yield "class", name, str
        yield from (("color", color, (str, NoneType)) for color in colors)


def _fields_of_lines(lines: Any) -> Iterator[_Field]:
    yield "lines of text", lines, (tuple, list)
    for line in lines:
        yield "line of text", line, TextLine
        yield "text of a line", line.text, str
        yield "confidence", line.confidence, Real
        for corner in line.corners:
            yield "corner", corner, (tuple, list)
            yield from (("number of a corner", number, Real) for number in corner)


def _plain(found: Finding) -> Finding:
    if isinstance(found, Detections):
        return _plain_detections(found)
    if isinstance(found, Transcript):
        return Transcript(tuple(_plain_line(line) for line in found.lines))
    said = found.answer if isinstance(found, Answer) else found.value
    if (said is None) == (found.status == ANSWERED):
        got = "nothing" if said is None else f"{said!r:.40}"
        raise _NoFinding(Failure("protocol", f'got {got} with the status "{found.status:.80}"'))
    value = found.yes if isinstance(found, Answer) else found.value
    what = "likelihood of yes" if isinstance(found, Answer) else "rating"
    share = None if value is None else _share(value, what)
    found = replace(
        found,
        status=_shortened(found.status),
        raw=bounded(found.raw, LONGEST)[0],
        by=_shortened(found.by),
        usage=_counts(found.usage, "usage"),
    )
    if isinstance(found, Rating):
        return replace(found, value=share)
    if found.answer not in ("yes", "no", None):
        got = f'got the answer "{found.answer:.40}", expected yes, no or None'
        raise _NoFinding(Failure("protocol", got))
    return replace(found, yes=share, votes=_counts(found.votes, "votes"), replies=(*found.replies,))


def _plain_detections(found: Detections) -> Detections:
    boxes = {
        name: [[_finite(number, f"a box of {name:.40}") for number in box] for box in boxes]
        for name, boxes in found.boxes.items()
    }
    colors = {name: list(colors) for name, colors in found.colors.items()}
    width, height = map(int, found.image_size)
    return replace(found, boxes=boxes, colors=colors, image_size=(width, height))


def _plain_line(line: TextLine) -> TextLine:
    corners = tuple((_finite(x, "a corner"), _finite(y, "a corner")) for x, y in line.corners)
    return TextLine(bounded(line.text, LONGEST)[0], _share(line.confidence, "confidence"), corners)


def _finite(number: Any, what: str) -> float:
    plain = plain_float(number)
    if not isfinite(plain):
        raise _NoFinding(not_finite(f"the numbers of {what}"))
    return number if type(number) is int else plain


def _share(number: Any, what: str) -> float:
    plain = _finite(number, f"a {what}")
    if not -ROUNDING <= plain <= 1 + ROUNDING:
        raise _NoFinding(Failure(NUMBERS, f"got a {what} of {plain:g}, expected 0 to 1"))
    return min(max(float(plain), 0.0), 1.0)


def _counts(pair: Any, what: str) -> tuple[int, int] | None:
    if pair is None:
        return None
    one, other = map(int, pair)
    for count in (one, other):
        if not 0 <= count <= MOST:
            raise _NoFinding(Failure(NUMBERS, f"got {count:.3g} as {what}, expected 0 or more"))
    return one, other


def _shortened(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 3]}..."
