"""Shapes that another color has run into: what models draw where no word says a color.

The reader calls most of them patchy; those are no objects, as blobs are none, and examiners must
learn to object to them as well (`corrupt.plain_to_see`). Each has a name of its own among the
shapes, "star stained red".
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from uig_cli.shapes.scene import COLORS, SHAPES

STAINED: Mapping[str, tuple[str, str]] = {
    f"{shape} stained {color}": (shape, color) for shape in SHAPES for color in COLORS
}
"""The outline, and the color of the stain."""

WAYS = ((5, 0), (4, 3), (3, 4), (0, 5), (-3, 4), (-4, 3), (-5, 0), (-4, -3), (0, -5), (4, -3))
"""Where a stain may come from: vectors of length 5."""


def stain(x: NDArray[np.float64], y: NDArray[np.float64], way: int) -> NDArray[np.float32]:
    """The share of the stain, 0..1, at points from the center, in radii: about two fifths in all.

    way: which of the ways it comes from, and how soft its edge is.
    """
    a, b = (v / 5 for v in WAYS[way % len(WAYS)])
    along, across = a * x + b * y, a * y - b * x
    soft = 0.05 + 0.06 * (way % 4)
    share: NDArray[np.float32] = np.clip(
        0.5 + (along - 0.2 + 0.3 * across * across) / (2 * soft), 0, 1
    ).astype(np.float32)
    return share
