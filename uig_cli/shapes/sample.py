"""Scenes at random: free ones, and ones that show what a spec says.

Python's own generator makes the choices: its stream for a seed is the same on every machine and
has not changed for many versions, and small choices cost it little.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from random import Random

from uig_cli.errors import UigError
from uig_cli.shapes.scene import (
    CELLS,
    COLORS,
    LEEWAY,
    MOST,
    SHAPES,
    SIZES,
    TEXTURES,
    Object,
    Scene,
    cell,
)
from uig_cli.shapes.spec import SPATIAL, ObjectKind, Relation, Spec
from uig_cli.shapes.topics import TRAINED, ShapeColor

TRIES = 20_000

Cells = list[list[int]]
"""The cells of each group's members."""

Arrange = Callable[[Sequence[int], Sequence[Relation], Random], Cells]
"""Finds different cells for groups of so many members, so that all relations clearly hold."""


def sample_scene(rng: Random, count: int | None = None) -> Scene:
    """One to five objects (or `count`), every quality at random."""
    number = rng.randint(1, MOST) if count is None else count
    return Scene(
        tuple(
            place(filled(ObjectKind(texture=rng.choice(TEXTURES)), rng), where, rng)
            for where in rng.sample(range(len(CELLS)), number)
        )
    )


def anywhere(counts: Sequence[int], relations: Sequence[Relation], rng: Random) -> Cells:
    """Cells at random."""
    for _ in range(TRIES):
        drawn = iter(rng.sample(range(len(CELLS)), sum(counts)))
        cells = [[next(drawn) for _ in range(count)] for count in counts]
        if all_hold(cells, relations):
            return cells
    raise UigError(
        f"no arrangement of {list(counts)} objects has {list(relations)}; ask for fewer."
    )


def all_hold(cells: Cells, relations: Sequence[Relation]) -> bool:
    """Whether relations in space between groups clearly hold."""
    return all(
        clearly(a, relation.word, b)
        for relation in relations
        for a in cells[relation.a]
        for b in cells[relation.b]
    )


def stage(
    spec: Spec,
    rng: Random,
    pairs: Collection[ShapeColor] = TRAINED,
    arrange: Arrange = anywhere,
    size: str | None = None,
) -> Scene:
    """A scene of a spec: what is not said is chosen, alike within a group but for open shapes;
    unsaid textures are plain. pairs: the (shape, color) pairs that may stand in a relation in
    space. size: what things are whose size is left open; by default it is chosen."""
    members: list[list[Object]] = []
    in_space = any(relation.word in SPATIAL for relation in spec.relations)
    for number, group in enumerate(spec.groups):
        kind = _sized(spec, number, size, rng)
        members.append(_members(kind, group.count, spec.absent, pairs if in_space else None, rng))
    spatial = [relation for relation in spec.relations if relation.word in SPATIAL]
    cells = arrange([len(group) for group in members], spatial, rng)
    return Scene(
        tuple(
            place(thing, where, rng)
            for group, wheres in zip(members, cells, strict=True)
            for thing, where in zip(group, wheres, strict=True)
        )
    )


def place(thing: Object, where: int, rng: Random) -> Object:
    """The thing somewhere in a cell."""
    x, y = CELLS[where]
    reach = LEEWAY[thing.size]
    return replace(thing, center=(x + rng.randint(-reach, reach), y + rng.randint(-reach, reach)))


def free_cells(objects: Collection[Object]) -> list[int]:
    taken = {cell(thing.center) for thing in objects}
    return [number for number in range(len(CELLS)) if number not in taken]


def clearly(a: int, word: str, b: int) -> bool:
    """Whether a cell lies so to another that nobody would call it anything else."""
    (ax, ay), (bx, by) = (CELLS[number] for number in (a, b))
    right, down = ax - bx, ay - by
    along, across = (right, down) if word in ("left", "right") else (down, right)
    return (along < 0) == (word in ("left", "above")) and abs(along) >= max(2 * abs(across), 1)


def _sized(spec: Spec, number: int, size: str | None, rng: Random) -> ObjectKind:
    """A group's kind with the size that comparisons ask for; where none is said `size`, or any."""
    kind = spec.groups[number].kind
    for relation in spec.relations:
        if relation.word in ("larger", "smaller") and number in (relation.a, relation.b):
            big = (relation.word == "larger") == (number == relation.a)
            return kind.but(size="large" if big else "small")
    return kind if kind.size else kind.but(size=size or rng.choice(SIZES))


def filled(kind: ObjectKind, rng: Random) -> Object:
    """An object of a kind; what the kind leaves open is chosen, textures plain."""
    return Object(
        kind.shape or rng.choice(SHAPES),
        kind.color or rng.choice(COLORS),
        kind.texture or "plain",
        kind.size or rng.choice(SIZES),
    )


def allowed(kind: ObjectKind, absent: Sequence[ObjectKind], rng: Random) -> Object:
    """An object of a kind that is of none of the absent kinds; plain textures where they may be."""
    for _ in range(TRIES):
        thing = filled(kind, rng)
        if kind.texture is None and rng.random() < 0.5 and any(each.fits(thing) for each in absent):
            thing = replace(thing, texture=rng.choice(TEXTURES))
        if not any(each.fits(thing) for each in absent):
            return thing
    raise UigError(f"no object is {kind} and none of {list(absent)}; say less.")


def _members(
    kind: ObjectKind,
    count: int,
    absent: Sequence[ObjectKind],
    pairs: Collection[ShapeColor] | None,
    rng: Random,
) -> list[Object]:
    """Objects of a group: alike in all but the shape, where that is open."""
    for _ in range(TRIES):
        first = allowed(kind, absent, rng)
        shapes = [first.shape, *(kind.shape or rng.choice(SHAPES) for _ in range(count - 1))]
        things = [replace(first, shape=shape) for shape in shapes]
        if all(
            not any(each.fits(thing) for each in absent)
            and (pairs is None or (thing.shape, thing.color) in pairs)
            for thing in things
        ):
            return things
    raise UigError(f"{count} times {kind} cannot be in a relation with the pairs given; say less.")
