"""What there is in the world: up to five objects on a white square of 96 units.

White is the ground, so that nine of GenEval's ten colors can stand on it; every one of them is
far from white, also when an autoencoder has blurred it. Objects stand loosely in the nine cells
of a 3 x 3 arrangement: a cell is 32 units, four latent columns of an autoencoder that goes 8x
down and two of its 2 x 2 patches, so no object shares a patch with its neighbour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

SHAPES = ("circle", "square", "triangle", "diamond", "star", "cross", "heart")
COLORS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black")
TEXTURES = ("plain", "striped", "dotted", "checkered")
SIZES = ("small", "large")
VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "shape": SHAPES,
    "color": COLORS,
    "texture": TEXTURES,
    "size": SIZES,
}
"""The four qualities of an object and their words."""

SIDE = 96
"""Width and height of the canvas in units; drawn at the default size a unit is a pixel."""

DIAMETER: Mapping[str, int] = {"small": 18, "large": 26}
"""Side of the square that a shape is drawn into, in units; its own box can be smaller (a square
fills nine tenths of it)."""

MOST = 5
"""The most objects of a scene."""

CELLS = tuple((x, y) for y in (16, 48, 80) for x in (16, 48, 80))
"""Centers of the nine cells, row by row."""

LEEWAY: Mapping[str, int] = {"small": 3, "large": 1}
"""How far in units an object may stand from the middle of its cell, on either axis. Two large
neighbours are thus at least 4 units apart, and no object comes nearer to the edge than 2."""


@dataclass(frozen=True, slots=True, order=True)
class Object:
    """One object. center: x and y in units from the top left corner."""

    shape: str
    color: str
    texture: str = "plain"
    size: str = "large"
    center: tuple[int, int] = (48, 48)

    @property
    def diameter(self) -> int:
        return DIAMETER[self.size]


@dataclass(frozen=True, slots=True)
class Scene:
    """Objects that do not touch, on plain white."""

    objects: tuple[Object, ...]


def other_values(quality: str, value: str) -> list[str]:
    """All values of a quality but one."""
    return [each for each in VOCABULARY[quality] if each != value]


def size_of(diameter: float) -> str:
    """The size word nearest to a diameter in units."""
    return min(DIAMETER, key=lambda size: abs(DIAMETER[size] - diameter))


def cell(center: tuple[float, float]) -> int:
    """The number of the cell, row by row, that a point lies in."""
    x, y = (min(int(v // 32), 2) for v in center)
    return 3 * y + x


def settled(thing: Object) -> Object:
    """The thing within the leeway of its cell; a small one that has grown moves by up to 2."""
    reach = LEEWAY[thing.size]
    x, y = (
        min(max(v, middle - reach), middle + reach)
        for v, middle in zip(thing.center, CELLS[cell(thing.center)], strict=True)
    )
    return replace(thing, center=(x, y))
