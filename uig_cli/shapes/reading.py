"""What a reader says about a picture: the objects in it, and what is no object and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from uig_cli.shapes.scene import Object

PixelBox = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of a picture of 96 x 96; right and bottom excluded."""

Reason = Literal["background", "crowded", "outline", "between", "patchy", "color"]
"""Why something is no object; docs/shapes.md says when."""

NAMELESS: Mapping[Reason, str] = {"patchy": "mixed", "color": "other"}
"""What stands for the color, or the texture, of a well-shaped thing where none of our words fits:
no question names it, so nothing asked about that quality is true."""


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object that was read. mask: bool [96, 96]; likeness: overlap of its outline with the best
    template, 0.9..1."""

    object: Object
    box: PixelBox
    mask: NDArray[np.bool_]
    likeness: float


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that is no object. color: the nearest color word, for pointing at it. outlined:
    what it is by its outline alone, its color or texture NAMELESS; None if no shape fits."""

    reason: Reason
    color: str
    box: PixelBox
    outlined: FoundObject | None = None

    @property
    def center(self) -> tuple[int, int]:
        left, top, right, bottom = self.box
        return ((left + right) // 2, (top + bottom) // 2)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read, from top to bottom.

    Examiners object to a stained shape, so it is none of the `objects`. Who asks for a circle and
    says nothing of its color has one: judges go by what is `outlined`.
    """

    pieces: tuple[FoundObject | Malformed, ...]

    @property
    def found(self) -> tuple[FoundObject, ...]:
        """What is of one shape, color and texture."""
        return tuple(each for each in self.pieces if isinstance(each, FoundObject))

    @property
    def malformed(self) -> tuple[Malformed, ...]:
        return tuple(each for each in self.pieces if isinstance(each, Malformed))

    @property
    def objects(self) -> tuple[Object, ...]:
        return tuple(found.object for found in self.found)

    @property
    def outlined(self) -> tuple[FoundObject, ...]:
        """What has the outline of a shape, whatever its inside looks like."""
        shaped = (each.outlined if isinstance(each, Malformed) else each for each in self.pieces)
        return tuple(each for each in shaped if each is not None)
