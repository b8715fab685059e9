"""Drawing a scene, with anti-aliasing, the same to the byte everywhere.

Textures belong to the canvas, not to the object: the pattern has a period of 8 units and a fixed
place, as if every object were cut from the same cloth. An autoencoder that goes 8x down sees the
same pattern in each of its cells, which is what lets a small one keep it.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from uig_cli.shapes.blemishes import STAINED, stain
from uig_cli.shapes.outlines import coverage
from uig_cli.shapes.scene import SIDE, Object, Scene

GROUND = (255, 255, 255)

PAINT: Mapping[str, tuple[int, int, int]] = {
    "red": (226, 32, 38),
    "orange": (250, 142, 16),
    "yellow": (250, 226, 40),
    "green": (32, 156, 62),
    "blue": (36, 76, 226),
    "purple": (136, 46, 176),
    "pink": (252, 128, 188),
    "brown": (122, 70, 30),
    "black": (20, 20, 22),
}

INK: Mapping[str, tuple[int, int, int]] = {
    **{color: (7 * r // 20, 7 * g // 20, 7 * b // 20) for color, (r, g, b) in PAINT.items()},
    "black": (150, 150, 152),
}
"""The second tone of a texture: dark of the same hue. Neither tone, nor a blend, nears white."""

PERIOD = 8
"""Units after which a texture repeats, on both axes."""


@lru_cache(maxsize=64)
def pattern(texture: str, side: int = SIDE) -> NDArray[np.float32]:
    """The share of ink of each pixel of a canvas of side x side pixels, 0..1."""
    samples = 4
    at = (np.arange(side * samples) + 0.5) / samples * (SIDE / side) % PERIOD
    x, y = np.broadcast_arrays(at[None, :], at[:, None])
    ink = {
        "plain": np.zeros(x.shape, bool),
        "striped": y < 3,
        "dotted": (x - 4) ** 2 + (y - 4) ** 2 <= 2.2**2,
        "checkered": (x < 4) != (y < 4),
    }[texture]
    share: NDArray[np.float32] = ink.reshape(side, samples, side, samples).mean((1, 3), np.float32)
    share.setflags(write=False)
    return share


def draw(scene: Scene, side: int = SIDE) -> NDArray[np.uint8]:
    """The picture of a scene: uint8 [side, side, 3], RGB. Objects may also be blobs or stained."""
    unit = side / SIDE
    canvas = np.empty((side, side, 3), np.float32)
    canvas[:] = GROUND
    for thing in scene.objects:
        diameter = thing.diameter * unit
        n = 2 * ceil(diameter / 2 + 1)
        x, y = thing.center[0] * unit, thing.center[1] * unit
        left, top = round(x) - n // 2, round(y) - n // 2
        form, _ = STAINED.get(thing.shape, (thing.shape, None))
        mask = coverage(form, diameter, (x - round(x), y - round(y)), n)
        rows = slice(max(top, 0), min(top + n, side))
        columns = slice(max(left, 0), min(left + n, side))
        mask = mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        paint, ink = _tones(thing, rows, columns, unit)
        fill = paint + (ink - paint) * pattern(thing.texture, side)[rows, columns, None]
        canvas[rows, columns] += mask[..., None] * (fill - canvas[rows, columns])
    return (canvas + 0.5).astype(np.uint8)


def _tones(
    thing: Object, rows: slice, columns: slice, unit: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Paint and ink of a thing: [3], or of each pixel if it is stained."""
    paint, ink = (np.array(tones[thing.color], np.float32) for tones in (PAINT, INK))
    if thing.shape not in STAINED:
        return paint, ink
    _, color = STAINED[thing.shape]
    x, y = (
        (np.arange(there.start, there.stop) + 0.5 - middle * unit) / (thing.diameter / 2 * unit)
        for there, middle in zip((columns, rows), thing.center, strict=True)
    )
    share = stain(x[None, :], y[:, None], thing.center[0] + 3 * thing.center[1])[..., None]
    return paint + share * (PAINT[color] - paint), ink + share * (INK[color] - ink)
