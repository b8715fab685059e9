"""Planted errors: scenes that a spec would object to, for teaching and testing examinations."""

from dataclasses import replace
from random import Random

from uig_cli.shapes.blemishes import STAINED
from uig_cli.shapes.check import errors
from uig_cli.shapes.draw import draw
from uig_cli.shapes.edits import QualityChange, apply
from uig_cli.shapes.outlines import BLOBS
from uig_cli.shapes.read import read
from uig_cli.shapes.sample_edit import OPS, Pairs, sample_edit
from uig_cli.shapes.scene import SHAPES, Object, Scene, other_values
from uig_cli.shapes.spec import QUALITIES, SPATIAL, Spec
from uig_cli.shapes.topics import TRAINED

PLANTED = (*OPS, "blob", "stain", "stain", *["mix"] * 3)
"""The kinds of planted errors: every edit, an object made a blob, and most often what models do:
an object of two colors; one that has a quality of another, or both have each other's."""

TRIES = 200
"""Random changes that are tried before a scene counts as one that cannot be made wrong."""


def spoil(spec: Spec, scene: Scene, rng: Random, pairs: Pairs = TRAINED) -> Scene | None:
    """The scene with one planted error (two changes where objects swap a quality); None if none was
    found. pairs: the (shape, color) pairs that a picture of a relation in space may hold."""
    in_space = any(relation.word in SPATIAL for relation in spec.relations)
    for _ in range(TRIES):
        spoiled = _planted(scene, rng, pairs)
        if spoiled is None:
            continue
        shown = {(each.shape, each.color) for each in spoiled.objects if each.shape in SHAPES}
        if (in_space and shown - set(pairs)) or not all(map(plain_to_see, spoiled.objects)):
            continue
        if errors(spec, spoiled.objects, rng):
            return spoiled
    return None


def _planted(scene: Scene, rng: Random, pairs: Pairs) -> Scene | None:
    match op := rng.choice(PLANTED):
        case "blob":
            thing = rng.choice(scene.objects)
            return apply(QualityChange(thing, "shape", rng.choice(tuple(BLOBS))), scene)
        case "stain":
            thing = rng.choice(scene.objects)
            flawed = stained(thing, rng)
            return apply(QualityChange(thing, "shape", flawed.shape), scene) if flawed else None
        case "mix":
            return _mixed(scene, rng)
        case _:
            edit = sample_edit(op, scene, rng, pairs)
            return None if edit is None else apply(edit, scene)


def _mixed(scene: Scene, rng: Random) -> Scene | None:
    if len(scene.objects) < 2:
        return None
    a, b = rng.sample(scene.objects, 2)
    quality = rng.choice(QUALITIES)
    swapped = (
        QualityChange(a, quality, getattr(b, quality)),
        QualityChange(b, quality, getattr(a, quality)),
    )
    for edit in swapped[: rng.choice((1, 2))]:
        scene = apply(edit, scene)
    return scene


def stained(thing: Object, rng: Random) -> Object | None:
    """The thing with a stain of another color; None if that is not plain to see."""
    if thing.shape not in SHAPES:
        return None
    color = rng.choice(other_values("color", thing.color))
    flawed = replace(thing, shape=f"{thing.shape} stained {color}")
    return flawed if plain_to_see(flawed) else None


def plain_to_see(thing: Object) -> bool:
    """False for a stained thing that a reader takes for an object."""
    return thing.shape not in STAINED or not read(draw(Scene((thing,)))).objects
