"""Edits at random, by kind."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from random import Random

from uig_cli.errors import unknown
from uig_cli.shapes.edits import (
    Add,
    InCell,
    Location,
    Move,
    PlaceBeside,
    QualityChange,
    Remove,
    SceneEdit,
    Swap,
)
from uig_cli.shapes.sample import clearly, filled, free_cells, place
from uig_cli.shapes.scene import MOST, SIZES, TEXTURES, Object, Scene, cell, other_values
from uig_cli.shapes.spec import SPATIAL, ObjectKind, stands
from uig_cli.shapes.topics import TRAINED, ShapeColor

Pairs = Collection[ShapeColor]


def sample_edit(op: str, scene: Scene, rng: Random, pairs: Pairs = TRAINED) -> SceneEdit | None:
    """A random edit of a kind named in OPS; None if the scene allows none. pairs: the (shape,
    color) pairs that may be put into a relation in space."""
    if op not in OPS:
        raise unknown("edit", op, OPS)
    return OPS[op](scene, rng, pairs) if scene.objects else None


def _change(quality: str, scene: Scene, rng: Random) -> SceneEdit:
    target = rng.choice(scene.objects)
    value = rng.choice(other_values(quality, getattr(target, quality)))
    return QualityChange(target, quality, value)


def _add(scene: Scene, rng: Random, pairs: Pairs) -> SceneEdit | None:
    if len(scene.objects) >= MOST:
        return None
    texture = rng.choice(("plain", rng.choice(TEXTURES)))
    size = rng.choice((None, *SIZES))
    thing = filled(ObjectKind(texture=texture, size=size or "large"), rng)
    said = ["shape", "color", *["texture"] * (texture != "plain"), *["size"] * (size is not None)]
    free = free_cells(scene.objects)
    where = rng.choice((None, InCell(rng.choice(free)), _beside(thing, scene.objects, rng, pairs)))
    return Add(place(thing, _cell_for(where, free, rng), rng), ObjectKind.of(thing, *said), where)


def _remove(scene: Scene, rng: Random, pairs: Pairs) -> SceneEdit | None:
    return Remove(rng.choice(scene.objects)) if len(scene.objects) > 1 else None


def _move(scene: Scene, rng: Random, pairs: Pairs) -> SceneEdit:
    target = rng.choice(scene.objects)
    others = [thing for thing in scene.objects if thing != target]
    free = free_cells(scene.objects)
    where: Location | None = None
    if rng.random() < 0.6:
        where = _beside(target, others, rng, pairs, free)
    if where is None or (
        isinstance(where, PlaceBeside) and stands(target, where.word, where.anchor)
    ):
        where = InCell(rng.choice(free))
    return Move(target, place(target, _cell_for(where, free, rng), rng).center, where)


def _swap(scene: Scene, rng: Random, pairs: Pairs) -> SceneEdit | None:
    if len(scene.objects) < 2:
        return None
    a, b = rng.sample(scene.objects, 2)
    return None if replace(a, center=b.center) == b else Swap(a, b)


def _beside(
    thing: Object,
    others: Sequence[Object],
    rng: Random,
    pairs: Pairs,
    free: Sequence[int] | None = None,
) -> PlaceBeside | None:
    """A relation to one of the others for which a cell is free."""
    free = free_cells(others) if free is None else free
    choices = [
        PlaceBeside(word, anchor)
        for anchor in others
        if (thing.shape, thing.color) in pairs and (anchor.shape, anchor.color) in pairs
        for word in SPATIAL
        if any(clearly(number, word, cell(anchor.center)) for number in free)
    ]
    return rng.choice(choices) if choices else None


def _cell_for(where: Location | None, free: Sequence[int], rng: Random) -> int:
    """A free cell that is where it is said to be."""
    match where:
        case None:
            return rng.choice(free)
        case InCell(number):
            return number
        case PlaceBeside(word, anchor):
            return rng.choice([each for each in free if clearly(each, word, cell(anchor.center))])


OPS: Mapping[str, Callable[[Scene, Random, Pairs], SceneEdit | None]] = {
    "recolor": lambda scene, rng, _: _change("color", scene, rng),
    "reshape": lambda scene, rng, _: _change("shape", scene, rng),
    "retexture": lambda scene, rng, _: _change("texture", scene, rng),
    "resize": lambda scene, rng, _: _change("size", scene, rng),
    "add": _add,
    "remove": _remove,
    "move": _move,
    "swap": _swap,
}
