"""Reading a picture back into objects, by measurement alone: nothing here is learned.

Segment against the background; compare each piece's soft outline with drawn templates; fold its
inside by the textures' period and correlate with the patterns; name the color whose mean under
that texture is nearest (a mean survives blur, a peak does not). What fits nothing is no object:
it is reported as malformed, with the reason, and with what it is by its outline if that fits.
docs/shapes.md has the account and the measures.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from uig_cli.errors import UigError
from uig_cli.shapes.draw import GROUND
from uig_cli.shapes.reading import NAMELESS, FoundObject, Malformed, PixelBox, Reading, Reason
from uig_cli.shapes.scene import SHAPES, SIDE, Object, size_of
from uig_cli.shapes.sentences import DIAMETERS, PATCH, outlines
from uig_cli.shapes.texture import commonest, fabric

Floats = NDArray[np.float32]

SEEN = 60.0
"""RGB distance (0..442) from the background from which on a pixel belongs to something."""

SPECK = 12
"""Pieces of fewer pixels are dirt: not reported."""

LIKE = 0.9
"""Least overlap (soft Dice) with a template. Degraded true shapes have 0.95, blobs below 0.85."""

FILLED = 0.7
"""Least share of the template's area that is seen. Degraded shapes fill 0.85 and more; the halo of
a faint smear can resemble a small shape, but the smear itself fills 0.3 of it."""

LEAD = 0.003
"""Least lead in overlap over the best other shape."""

PATCHY = 45.0
"""Most RGB deviation (root mean square) that color and pattern may leave unexplained."""

ASTRAY = 75.0
"""Most RGB distance of the inside's mean from its color's. Colors are 87 or more apart."""


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    window: tuple[slice, slice]
    pixels: NDArray[np.bool_]

    @property
    def box(self) -> PixelBox:
        rows, columns = self.window
        return (columns.start, rows.start, columns.stop, rows.stop)


def read(picture: Image.Image | NDArray[np.uint8]) -> Reading:
    """Reads a square picture (an image, or RGB as uint8 [S, S, 3]); S other than 96 is resampled.
    A picture that is not square raises UigError."""
    rgb = _pixels(picture)
    frame = np.concatenate(
        [rgb[:2], rgb[-2:], rgb[:, :2].swapaxes(0, 1), rgb[:, -2:].swapaxes(0, 1)]
    )
    ground = np.median(frame.reshape(-1, 3), axis=0)
    if np.linalg.norm(ground - GROUND) > SEEN:
        return Reading((Malformed("background", commonest(ground[None]), (0, 0, SIDE, SIDE)),))
    off = rgb - ground
    far = np.sqrt(np.einsum("yxc,yxc->yx", off, off))
    labels, _ = ndimage.label(far > SEEN)
    return Reading(tuple(_object(rgb, far, labels, piece) for piece in _pieces(labels)))


def _pixels(picture: Image.Image | NDArray[np.uint8]) -> Floats:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    if image.width != image.height:
        raise UigError(
            f"got a picture of {image.width}x{image.height}, but the built-in world's pictures "
            "are square; read only pictures drawn by or for the built-in model."
        )
    image = image.convert("RGB")
    if image.width != SIDE:
        image = image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32)


def _pieces(labels: NDArray[np.int32]) -> Iterator[_Piece]:
    for number, window in enumerate(ndimage.find_objects(labels), 1):
        pixels = labels[window] == number
        if pixels.sum() >= SPECK:
            yield _Piece(number, window, pixels)


def _object(
    rgb: Floats, far: Floats, labels: NDArray[np.int32], piece: _Piece
) -> FoundObject | Malformed:
    def malformed(reason: Reason, outlined: FoundObject | None = None) -> Malformed:
        nearest = commonest(rgb[piece.window][piece.pixels])
        return Malformed(reason, nearest, piece.box, outlined)

    left, top, right, bottom = piece.box
    if max(right - left, bottom - top) > DIAMETERS[-1] + 3:
        return malformed("crowded")
    patch, x, y = _soft_outline(far, labels, piece)
    known = outlines()
    # Not `@`: a library that spreads so small a product over busy cores takes 100 times as long.
    overlap = np.einsum("tp,p->t", known.soft, patch)
    likeness = 2 * overlap / (known.power + np.vdot(patch, patch))
    best = int(likeness.argmax())
    by_shape = np.sort(likeness.reshape(len(SHAPES), -1).max(axis=1))
    if likeness[best] < LIKE or piece.pixels.sum() < FILLED * known.soft[best].sum():
        return malformed("outline")
    if by_shape[-1] - by_shape[-2] < LEAD:
        return malformed("between")
    inside = np.flatnonzero(known.inner[best])
    rows, columns = inside // PATCH + y, inside % PATCH + x
    kept = (rows >= 0) & (rows < SIDE) & (columns >= 0) & (columns < SIDE)
    made = fabric(rgb, rows[kept], columns[kept])
    dx, dy = known.center[best]
    center = (round(x + PATCH / 2 + float(dx)), round(y + PATCH / 2 + float(dy)))
    shape, size = SHAPES[best // known.per_shape], size_of(float(known.diameter[best]))

    def shaped(color: str, texture: str) -> FoundObject:
        thing = Object(shape, color, texture, size, center)
        return FoundObject(thing, piece.box, labels == piece.number, float(likeness[best]))

    if made.unexplained > PATCHY:
        return malformed("patchy", shaped(NAMELESS["patchy"], NAMELESS["patchy"]))
    if made.astray > ASTRAY:
        return malformed("color", shaped(NAMELESS["color"], made.texture))
    return shaped(made.color, made.texture)


def _soft_outline(far: Floats, labels: NDArray[np.int32], piece: _Piece) -> tuple[Floats, int, int]:
    """How much of each pixel the piece covers, as a flat patch with its center of mass in the
    middle, and the patch's left and top."""
    core = ndimage.binary_erosion(piece.pixels)
    sure = far[piece.window][core if core.sum() >= 9 else piece.pixels]
    full = np.partition(sure, len(sure) // 4)[len(sure) // 4]
    left, top, right, bottom = piece.box
    left, top = max(left - 2, 0), max(top - 2, 0)
    around = (slice(top, bottom + 2), slice(left, right + 2))
    mine = (labels[around] == piece.number) | (labels[around] == 0)
    soft = np.minimum(far[around] / full, 1) * mine
    soft[soft < 0.1] = 0
    down, across = soft.sum(axis=1), soft.sum(axis=0)
    row = float(down @ np.arange(len(down))) / float(down.sum()) + 0.5
    column = float(across @ np.arange(len(across))) / float(across.sum()) + 0.5
    at_row, at_column = PATCH // 2 - round(row), PATCH // 2 - round(column)
    patch = np.zeros((3 * PATCH, 3 * PATCH), np.float32)
    at = (
        slice(PATCH + at_row, PATCH + at_row + len(down)),
        slice(PATCH + at_column, PATCH + at_column + len(across)),
    )
    patch[at] = soft
    return patch[PATCH : 2 * PATCH, PATCH : 2 * PATCH].ravel(), left - at_column, top - at_row
