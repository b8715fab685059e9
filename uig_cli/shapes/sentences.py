"""What the reader compares with: every shape at many sizes, every texture where it belongs.

Templates are drawn by the same outlines as pictures are, then softened a little: an outline that
an autoencoder has blurred is compared with one that lies between sharp and blurred.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from uig_cli.shapes.draw import PERIOD, pattern
from uig_cli.shapes.outlines import coverage
from uig_cli.shapes.scene import SHAPES, TEXTURES

PATCH = 36
"""Side in pixels of the patch that an object is compared in."""

DIAMETERS = (15.0, 16.5, 18.0, 19.5, 21.0, 23.0, 24.5, 26.0, 27.5, 29.0)
"""Sizes of the templates in pixels, around the two real ones."""

SHIFTS = (-1 / 3, 0.0, 1 / 3)
"""Where between two pixels a template's center of mass lies, on each axis."""

PHASES = tuple((i, j) for i in (0, 1, -1) for j in (0, 1, -1))
"""How far in pixels a texture may have slipped from its place on the canvas."""

SOFTNESS = 0.6
"""Sigma in pixels of the softening."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """T templates, shape by shape in the order of SHAPES.

    soft: float32 [T, PATCH * PATCH], 0..1, center of mass near the middle; power: [T], sums of
    squares; inner: bool [T, PATCH * PATCH], pixels surely inside; diameter: [T], pixels;
    center: [T, 2], x and y of the object's center from the middle of the patch, pixels.
    """

    soft: NDArray[np.float32]
    power: NDArray[np.float32]
    inner: NDArray[np.bool_]
    diameter: NDArray[np.float32]
    center: NDArray[np.float32]

    @property
    def per_shape(self) -> int:
        return len(self.diameter) // len(SHAPES)


@lru_cache(maxsize=1)
def outlines() -> Outlines:
    """Made once, in a fraction of a second."""
    sharp, diameters, centers = [], [], []
    for shape in SHAPES:
        for diameter in DIAMETERS:
            row, column = ndimage.center_of_mass(coverage(shape, diameter, (0.0, 0.0), PATCH, 4))
            x, y = PATCH / 2 - 0.5 - column, PATCH / 2 - 0.5 - row
            for dy in SHIFTS:
                for dx in SHIFTS:
                    center = (x + dx, y + dy)
                    sharp.append(coverage(shape, diameter, center, PATCH, 4))
                    diameters.append(diameter)
                    centers.append(center)
    stack = np.stack(sharp)
    soft = ndimage.gaussian_filter(stack, (0, SOFTNESS, SOFTNESS)).reshape(len(stack), -1)
    inner = ndimage.minimum_filter(stack, (1, 3, 3)).reshape(len(stack), -1) > 0.99
    power = np.einsum("tp,tp->t", soft, soft)
    return Outlines(
        soft, power, inner, np.array(diameters, np.float32), np.array(centers, np.float32)
    )


@lru_cache(maxsize=1)
def weaves() -> NDArray[np.float32]:
    """Ink of the textures other than plain, in place and slipped: float32 [3 * 9, 8 * 8]."""
    return np.stack(
        [
            np.roll(pattern(texture)[:PERIOD, :PERIOD], phase, (0, 1)).ravel()
            for texture in TEXTURES
            if texture != "plain"
            for phase in PHASES
        ]
    )
