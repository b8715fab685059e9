"""What an object is made of: the color and the texture of the pixels inside its outline.

Pixels are folded by the textures' period, 8 x 8 sums, and correlated with each pattern in its
place; the color is the one whose mean under that much ink is nearest. Blur flattens a pattern but
leaves its mean, so a mean is a better witness of color than any single pixel.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uig_cli.shapes.draw import INK, PAINT, PERIOD
from uig_cli.shapes.scene import COLORS, TEXTURES
from uig_cli.shapes.sentences import PHASES, weaves

WOVEN = 0.36
"""Least share of the inside's variance that a pattern must explain."""

CONTRAST = 25.0
"""Least RGB distance (0..442) between a texture's two tones."""

_PAINTS = np.array([PAINT[color] for color in COLORS], np.float32)
_INKS = np.array([INK[color] for color in COLORS], np.float32)

PixelArray = NDArray[np.float32]
"""RGB, float32 [pixels, 3], 0..255."""


@dataclass(frozen=True, slots=True)
class Fabric:
    """color: the nearest one; astray: RGB distance of the mean from that color's; unexplained: RGB
    deviation (root mean square) that color and pattern leave."""

    color: str
    texture: str
    astray: float
    unexplained: float


def fabric(rgb: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Fabric:
    """The fabric of the pixels at those rows and columns of a picture of 96 x 96."""
    inside = rgb[rows, columns]
    mean = inside.mean(axis=0)
    around = inside - mean
    variance = float(np.vdot(around, around)) / len(inside)
    cells = PERIOD * PERIOD
    fold = rows % PERIOD * PERIOD + columns % PERIOD
    count = np.bincount(fold, minlength=cells) / len(inside)
    sums = np.stack([np.bincount(fold, around[:, c], cells) for c in range(3)], axis=1)
    ink = weaves() @ count
    spread = np.maximum(weaves() ** 2 @ count - ink**2, 1e-6)
    shared = weaves() @ sums / len(inside)
    explained = np.square(shared).sum(axis=1) / spread
    best = int(explained.argmax())
    contrast = float(np.linalg.norm(shared[best]) / spread[best])
    if contrast < CONTRAST or explained[best] < WOVEN * variance:
        color, astray = _nearest(mean, 0.0)
        return Fabric(color, "plain", astray, variance**0.5)
    color, astray = _nearest(mean, float(ink[best]))
    texture = TEXTURES[1 + best // len(PHASES)]
    return Fabric(color, texture, astray, max(variance - float(explained[best]), 0.0) ** 0.5)


def _nearest(mean: PixelArray, ink: float) -> tuple[str, float]:
    """The color whose mean with that share of ink is nearest, and how far it is."""
    distance = np.linalg.norm(_PAINTS + (_INKS - _PAINTS) * ink - mean, axis=1)
    best = int(distance.argmin())
    return COLORS[best], float(distance[best])


def commonest(pixels: PixelArray) -> str:
    """The color one of whose two tones most pixels are nearest to."""
    tones = np.concatenate([_PAINTS, _INKS])
    nearest = np.linalg.norm(pixels[:, None] - tones, axis=2).argmin(axis=1) % len(COLORS)
    return COLORS[int(np.bincount(nearest).argmax())]
