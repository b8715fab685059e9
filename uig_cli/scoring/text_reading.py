"""What a text reader is to `uig`: pictures in, every line of text it saw out.

The record keeps all lines with their confidence, so that another threshold can be applied later
without the reader. No text is a finding; a picture that could not be read is a `Failure`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PIL import Image

from uig_cli.errors import unknown
from uig_cli.models.protocol import Failure

READERS = ("rapidocr",)

CONFIDENT = 0.5
"""Lines below this confidence do not count (the usual threshold of PaddleOCR, which TIIF uses)."""

Corner = tuple[float, float]
"""x and y in pixels from the top left."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text. confidence: 0..1. corners: clockwise from the text's own top left."""

    text: str
    confidence: float
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """All lines that a reader saw in one picture, from top to bottom as it gives them."""

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
        return cls(
            tuple(
                TextLine(
                    line["text"], line["confidence"], tuple((x, y) for x, y in line["corners"])
                )
                for line in record
            )
        )


class TextReader(Protocol):
    """name: short, fit for a folder name; identity: all its transcripts depend on, plain JSON."""

    name: str

    @property
    def identity(self) -> Mapping[str, str]: ...

    def read(self, pictures: Sequence[Image.Image]) -> Iterator[tuple[int, Transcript | Failure]]:
        """Reads each picture once and answers as (index, transcript), in any order."""
        ...


def wanted_words(facts: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The words that a case wants to be read in its picture; None if it is not about text."""
    words = facts.get("words")
    return None if words is None else tuple(words)


def check_reader(spec: str) -> None:
    """Raises UigError for a reader that is not known."""
    if spec not in READERS:
        raise unknown("text reader", spec, (*READERS, "none"))


def open_reader(spec: str) -> TextReader:
    """The reader of `--ocr`. Raises UigError for one that is not known or not installed."""
    check_reader(spec)
    from uig_cli.scoring.rapid_ocr import RapidOcr

    return RapidOcr.from_package()
