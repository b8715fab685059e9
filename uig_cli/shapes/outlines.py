"""The outlines: which points of the square from -1 to 1 belong to a shape (y points down).

A shape is a test on points, so that drawing at any size and the reader's templates come from one
definition. Blobs are outlines that are no shape: what examiners must learn to object to.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Inside = Callable[[Points, Points], NDArray[np.bool_]]


def _polygon(corners: NDArray[np.float64]) -> Inside:
    """Even-odd rule."""

    def inside(x: Points, y: Points) -> NDArray[np.bool_]:
        odd = np.zeros(x.shape, bool)
        for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if y0 != y1:
                odd ^= ((y0 <= y) != (y1 <= y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
        return odd

    return inside


def _star() -> Inside:
    angle = np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2, 0.5, 1.05)
    return _polygon(np.stack([radius * np.sin(angle), 0.1 - radius * np.cos(angle)], axis=1))


def _heart(x: Points, y: Points) -> NDArray[np.bool_]:
    across, down = np.abs(x), y + 0.42
    lobes: NDArray[np.bool_] = (across - 0.47) ** 2 + down**2 <= 0.53**2
    return lobes | ((down >= 0) & (across + 0.7 * down <= 0.98))


def _lumps(*circles: tuple[float, float, float]) -> Inside:
    def inside(x: Points, y: Points) -> NDArray[np.bool_]:
        near: NDArray[np.bool_] = np.zeros(x.shape, bool)
        for a, b, r in circles:
            near |= (x - a) ** 2 + (y - b) ** 2 <= r * r
        return near

    return inside


FORMS: Mapping[str, Inside] = {
    "circle": lambda x, y: x * x + y * y <= 1,
    "square": lambda x, y: np.maximum(np.abs(x), np.abs(y)) <= 0.9,
    "triangle": _polygon(np.array([(0.0, -0.95), (1.0, 0.85), (-1.0, 0.85)])),
    "diamond": lambda x, y: np.abs(x) + np.abs(y) <= 1,
    "star": _star(),
    "cross": lambda x, y: (
        (np.minimum(np.abs(x), np.abs(y)) <= 0.34) & (np.maximum(np.abs(x), np.abs(y)) <= 1)
    ),
    "heart": _heart,
}

BLOBS: Mapping[str, Inside] = {
    "peanut": _lumps((-0.5, -0.1, 0.5), (0.5, 0.1, 0.5)),
    "bean": _lumps((-0.55, -0.45, 0.45), (-0.35, 0.3, 0.55), (0.5, 0.5, 0.5)),
    "splash": _lumps((0, 0.1, 0.5), (-0.7, -0.6, 0.3), (-0.4, -0.3, 0.3), (0.7, 0.5, 0.3)),
    "ring": lambda x, y: (x * x + y * y <= 1) & (x * x + (y + 0.2) ** 2 >= 0.3),
    "stone": lambda x, y: (x * x + y * y <= 1) & (np.abs(x - y) <= 0.75),
}


@lru_cache(maxsize=4096)
def coverage(
    form: str, diameter: float, offset: tuple[float, float], n: int, points: int = 8
) -> NDArray[np.float32]:
    """How much of each pixel of an n x n patch a form covers, 0..1.

    diameter and offset (the form's center from the patch's center) in pixels; points: test points
    per pixel and axis.
    """
    at = (np.arange(n * points) + 0.5) / points - n / 2
    x = (at[None, :] - offset[0]) / (diameter / 2)
    y = (at[:, None] - offset[1]) / (diameter / 2)
    inside = (FORMS.get(form) or BLOBS[form])(*np.broadcast_arrays(x, y))
    share: NDArray[np.float32] = inside.reshape(n, points, n, points).mean((1, 3), np.float32)
    share.setflags(write=False)
    return share
