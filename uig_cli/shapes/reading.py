"""What a reader says about a picture: the objects in it, and what is no object and why."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from uig_cli.shapes.scene import Object

PixelBox = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of a picture of 96 x 96; right and bottom excluded."""

Reason = Literal["background", "crowded", "outline", "between", "patchy", "color"]
"""Why something is no object; docs/shapes.md says when."""


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
    """Something that is no object. color: the nearest color word, for pointing at it."""

    reason: Reason
    color: str
    box: PixelBox

    @property
    def center(self) -> tuple[int, int]:
        left, top, right, bottom = self.box
        return ((left + right) // 2, (top + bottom) // 2)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read, from top to bottom."""

    found: tuple[FoundObject, ...]
    malformed: tuple[Malformed, ...]

    @property
    def objects(self) -> tuple[Object, ...]:
        return tuple(found.object for found in self.found)
