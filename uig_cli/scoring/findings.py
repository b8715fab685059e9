"""What a scorer can find about a picture: an answer, a rating, objects, or lines of text.

A scorer never invents a finding: what was refused or could not be understood holds no answer or
value and says why in its status; it is counted as missing and can be asked for again later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from uig_cli.models.protocol import Failure

ANSWERED, REFUSED, UNPARSED, CUT_OFF = "answered", "refused", "unparsed", "cut off"

CONFIDENT = 0.5
"""Lines of text below this confidence do not count (the usual threshold of PaddleOCR, which TIIF
uses)."""

Box = Sequence[float]
"""[x1, y1, x2, y2, score], pixels from the top left; x2 and y2 are one past the object."""

Corner = tuple[float, float]
"""x and y in pixels from the top left."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply as it came. about: the questions it was asked, empty for the one it is kept with.
    cut: it ran into a limit. round: which of several times the same was asked. left_out: characters
    of its middle that are not kept."""

    text: str
    about: tuple[str, ...] = ()
    cut: bool = False
    round: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a yes/no question. yes: how likely the judge holds "yes", 0..1, where it can
    tell.

    status: "answered", or why there is no answer ("refused", "unparsed", ...). raw: what was
    really said. votes: how often yes and no were said where the question was put several times.
    by: the version and the place that answered, where a server did. usage: tokens read and
    written; those of a request about several questions stand with its first answer. replies: what
    it was read out of, where `raw` is not all of it, so that it can be read anew; those of a
    request about several questions stand with the first of them.
    """

    answer: Literal["yes", "no"] | None
    status: str = ANSWERED
    yes: float | None = None
    raw: str = ""
    votes: tuple[int, int] | None = None
    by: str = ""
    usage: tuple[int, int] | None = None
    replies: tuple[Spoken, ...] = ()


def tied(votes: tuple[int, int]) -> str:
    """The status of an answer that was given as often as the other one."""
    return f"a tie, {votes[0]} to {votes[1]}"


@dataclass(frozen=True, slots=True)
class Rating:
    """How well a picture does what is wanted. value: 0 (not at all) to 1, None where there is
    none; the other fields are as those of an answer. Another scale is brought to 0..1 by whoever
    rates."""

    value: float | None
    status: str = ANSWERED
    raw: str = ""
    by: str = ""
    usage: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"got a rating of {self.value}, expected 0 to 1")
        if self.value is None and self.status == ANSWERED:
            raise ValueError("got a rating without a value, expected a status that says why")


@dataclass(frozen=True, slots=True)
class Detections:
    """All objects that a detector saw, before any threshold, so that rules with other thresholds
    can be applied later without it.

    boxes: class -> boxes. colors: class -> one color per box, for the classes whose color was asked
    for; None where nobody looked. Naming one takes the object's mask, so they are named at once.
    image_size: width and height in pixels. rules: settings by which a benchmark is to judge this,
    where they are not its own; they are no part of what was seen.
    """

    boxes: Mapping[str, Sequence[Box]]
    colors: Mapping[str, Sequence[str | None]]
    image_size: tuple[int, int]
    rules: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, colors in self.colors.items():
            if len(colors) != len(self.boxes.get(name, ())):
                raise ValueError(
                    f"{name}: got {len(colors)} colors for {len(self.boxes.get(name, ()))} boxes"
                )

    def to_json(self) -> dict[str, Any]:
        """Numbers of numpy's are written as numbers, too."""
        return {
            "boxes": {
                name: [
                    [x if isinstance(x, int | float) else float(x) for x in box] for box in boxes
                ]
                for name, boxes in self.boxes.items()
            },
            "colors": {name: list(colors) for name, colors in self.colors.items()},
            "image_size": [int(side) for side in self.image_size],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Detections":
        """Raises what reading odd JSON raises: KeyError, TypeError, ValueError, AttributeError."""
        width, height = map(int, record["image_size"])
        boxes = {
            name: [[_finite(x) for x in _five(box)] for box in boxes]
            for name, boxes in record["boxes"].items()
        }
        colors = {name: list(map(_color, named)) for name, named in record["colors"].items()}
        return cls(boxes, colors, (width, height))


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text. confidence: 0..1. corners: clockwise from the text's own top left."""

    text: str
    confidence: float
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """All lines that a reader saw in one picture, from top to bottom as it gives them, so that
    another threshold can be applied later. No text is a finding, too."""

    lines: tuple[TextLine, ...]

    def texts(self, at_least: float = CONFIDENT) -> tuple[str, ...]:
        """The texts of the lines that the reader is sure enough of."""
        return tuple(line.text for line in self.lines if line.confidence >= at_least)

    def to_json(self) -> list[dict[str, Any]]:
        return [
            {"text": line.text, "confidence": line.confidence, "corners": list(line.corners)}
            for line in self.lines
        ]

    @classmethod
    def from_json(cls, record: Sequence[Mapping[str, Any]]) -> "Transcript":
        """Raises as `Detections.from_json` does."""
        return cls(tuple(map(_text_line, record)))


def _text_line(line: Mapping[str, Any]) -> TextLine:
    corners = tuple((_finite(x), _finite(y)) for x, y in line["corners"])
    if not isinstance(line["text"], str):
        raise TypeError(f"text is {type(line['text']).__name__}, expected a text")
    return TextLine(line["text"], _finite(line["confidence"]), corners)


def _finite(number: Any) -> float:
    if type(number) not in (int, float) or not isfinite(number):
        raise TypeError(f"got {type(number).__name__} {ascii(number)[:40]}, expected a number")
    return number  # type: ignore[no-any-return]


def _five(box: Sequence[Any]) -> Sequence[Any]:
    if not isinstance(box, list | tuple) or len(box) != 5:
        raise TypeError("got a box that is not four places and a score")
    return box


def _color(name: Any) -> str | None:
    if name is not None and not isinstance(name, str):
        raise TypeError(f"a color is {type(name).__name__}, expected a text or null")
    return name


Finding = Answer | Rating | Detections | Transcript


def settled(found: Finding | Failure) -> bool:
    """Whether nobody needs to be asked for this again. A tie of all votes is one."""
    if isinstance(found, Answer) and found.votes and found.status == tied(found.votes):
        return True
    if isinstance(found, Answer | Rating):
        return found.status == ANSWERED
    return not isinstance(found, Failure)
