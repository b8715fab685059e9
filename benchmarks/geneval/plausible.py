"""What no detector can have seen in a picture of a set: a class that its prompts do not know, a box
that cannot be.

Rules that meet such a thing would not fail, they would count: an object under another name is an
absent one, a width read as a corner is another place. So it is refused where it enters, and missing
where it was kept before. What looks possible passes: boxes of x, y, width and height in which no
width is less than its x can be told from corners by nobody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from json import dumps
from math import isfinite
from numbers import Integral, Real
from typing import Any

from uig_cli.benchmarks.geneval.card import FULL
from uig_cli.models.protocol import Failure
from uig_cli.scoring.detectors.objects import COLORS, NO_SUCH_COLOR, object_names
from uig_cli.scoring.findings import Box, Detections
from uig_cli.shapes.scene import SHAPES

LARGEST_SIDE = 100_000
OVER_PIXELS, OVER_SHARE = 1, 0.01
"""How far a box may reach beyond its picture: a pixel, or this share of the picture's side if that
is more. Detectors that regress corners do not all clip them."""
OVER_ONE = 1e-6
"""How far a score may exceed 1: what float32 makes of a sum of shares."""

SPELLINGS: Mapping[str, str] = {
    "mouse": "computer mouse",
    "keyboard": "computer keyboard",
    "remote": "tv remote",
    "tvmonitor": "tv",
    "television": "tv",
    "aeroplane": "airplane",
    "motorbike": "motorcycle",
    "sofa": "couch",
    "pottedplant": "potted plant",
    "diningtable": "dining table",
    "hair dryer": "hair drier",
}
"""How COCO and others call GenEval's classes, where they call them otherwise."""

_SHOWN = 80


def vocabulary(set_name: str) -> tuple[str, ...]:
    """The classes of a set."""
    return object_names() if set_name == FULL else SHAPES


def vocabulary_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes of the set that a case with these facts belongs to."""
    named = {clause["class"] for clause in facts.get("include", ())}
    return SHAPES if named & set(SHAPES) else object_names()


def flaw_of(
    seen: Detections, names: Sequence[str], size: tuple[int, int] | None = None
) -> Failure | None:
    """Why nobody can have seen this, None where somebody may have. names: the set's classes; size:
    of the picture itself, where it is at hand."""
    try:
        return (
            _strange_class(seen, names)
            or _strange_size(seen.image_size, size)
            or _impossible(seen.boxes, size or seen.image_size)
            or _strange_color(seen.colors)
        )
    except (TypeError, ValueError, AttributeError) as error:
        return Failure("protocol", f"detections that cannot be read ({str(error)[:_SHOWN]})")


def guess(found: Sequence[tuple[Box, Sequence[int]]]) -> str:
    """What the boxes of a file look like instead, as the middle of a sentence; nothing where that
    cannot be told. found: boxes, at least one of which cannot be, with the sizes of their
    pictures."""
    known = [(box, size) for box, size in found if _plain(box)]
    scores = [box[4] for box, _ in known]
    if any(score > 1 + OVER_ONE for score in scores) and all(0 <= s <= 100 for s in scores):
        return "; its scores look like percent"
    if all(_corners(box, size) for box, size in known):
        return ""
    for told, corners in _READINGS.items():
        if all(_corners(corners(*box[:4]), size) for box, size in known):
            return f"; its boxes look like {told}"
    return ""


_READINGS: Mapping[str, Callable[[float, float, float, float], Sequence[float]]] = {
    "x, y, width, height": lambda x, y, w, h: (x, y, x + w, y + h),
    "centre x, centre y, width, height": lambda x, y, w, h: (
        x - w / 2, y - h / 2, x + w / 2, y + h / 2,
    ),
    "y1, x1, y2, x2": lambda y1, x1, y2, x2: (x1, y1, x2, y2),
}  # fmt: skip
"""Other formats of boxes, and their corners."""


def _strange_class(seen: Detections, names: Sequence[str]) -> Failure | None:
    for name in (*seen.boxes, *seen.colors):
        if name not in names:
            return Failure(
                "protocol",
                f"the class {_shown(name)}, which is none of the {len(names)} of this set"
                f"{_meant(name, names)}",
            )
    return None


def _meant(name: object, names: Sequence[str]) -> str:
    said = " ".join(str(name).lower().replace("_", " ").split())
    if said.isdecimal():
        return " (names are expected, not numbers)"
    close = [n for n in (SPELLINGS.get(said, ""), said) if n in names]
    close = close or get_close_matches(said, names, n=1)
    return f' (did you mean "{close[0]}"?)' if close else f' (such as "{names[0]}")'


def _strange_size(told: Sequence[object], real: tuple[int, int] | None) -> Failure | None:
    """image_size may be left open, as [0, 0]."""
    sides = [
        int(side) for side in told if isinstance(side, Integral) and not isinstance(side, bool)
    ]
    if len(told) != 2 or len(sides) != 2 or not _possible(*sides):
        return Failure("protocol", f"image_size {_shown(list(told))}, which is no size of pictures")
    if real is not None and any(sides) and tuple(sides) != real:
        return Failure(
            "protocol",
            f"image_size {_shown(sides)} for a picture of {real[0]}x{real[1]}",
        )
    return None


def _possible(width: int, height: int) -> bool:
    return width == height == 0 or (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE)


def _impossible(boxes: Mapping[str, Sequence[Box]], size: Sequence[int]) -> Failure | None:
    for name, found in boxes.items():
        for box in found:
            if trouble := _trouble(box, size):
                kind = "numbers" if trouble == _NOT_FINITE else "protocol"
                return Failure(kind, f"the {name} box {_shown(box)}, {trouble}")
    every = [x for found in boxes.values() for box in found for x in box[:4]]
    if all(0 <= x <= 1 for x in every) and any(0 < x < 1 for x in every):
        return Failure(
            "protocol", "boxes that lie within 0 to 1, shares of the picture it seems, not pixels"
        )
    return None


_NOT_FINITE = "which holds a number that is not finite"


def _trouble(box: Box, size: Sequence[int]) -> str:
    """What is wrong with a box; nothing if it may be. One without a width is what some detectors
    make of an empty mask."""
    if not _numbers(box):
        return "which is not five numbers"
    if not all(isfinite(x) for x in box):
        return _NOT_FINITE
    if not 0 <= box[4] <= 1 + OVER_ONE:
        return "whose score is not within 0 to 1"
    if box[2] < box[0]:
        return "whose x2 is less than its x1"
    if box[3] < box[1]:
        return "whose y2 is less than its y1"
    if not _corners(box, size):
        beyond = f"of {size[0]}x{size[1]}" if size[0] else "of any size"
        return f"which reaches beyond a picture {beyond}"
    return ""


def _numbers(box: Box) -> bool:
    return len(box) == 5 and all(isinstance(x, Real) and not isinstance(x, bool) for x in box)


def _plain(box: Box) -> bool:
    return _numbers(box) and all(isfinite(x) for x in box)


def _corners(box: Sequence[float], size: Sequence[int]) -> bool:
    """Whether these can be x1, y1, x2, y2 of a picture of that size, [0, 0] for any."""
    for low, high, side in zip(box[:2], box[2:4], size, strict=True):
        over = max(OVER_PIXELS, OVER_SHARE * side)
        if not -over <= low <= high <= (side or LARGEST_SIDE) + over:
            return False
    return True


def _strange_color(colors: Mapping[str, Iterable[object]]) -> Failure | None:
    for name, named in colors.items():
        for color in named:
            if color is not None and color not in (*COLORS, *NO_SUCH_COLOR):
                return Failure(
                    "protocol",
                    f"the color {_shown(color)} of a {name}, which is none of {', '.join(COLORS)}",
                )
    return None


def _shown(value: object) -> str:
    text = dumps(value, default=str)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
