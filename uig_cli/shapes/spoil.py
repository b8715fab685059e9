"""Planted errors: scenes that a spec would object to, for teaching and testing examinations."""

from random import Random

from uig_cli.shapes.check import errors
from uig_cli.shapes.edits import Change, Edit, apply
from uig_cli.shapes.forms import BLOBS
from uig_cli.shapes.sample_edit import OPS, Pairs, sample_edit
from uig_cli.shapes.scene import SHAPES, Scene
from uig_cli.shapes.spec import SPATIAL, Spec
from uig_cli.shapes.topics import TRAINED

PLANTED = (*OPS, "blob")
"""The kinds of planted errors: every edit, and an object turned into a blob."""


def spoil(
    spec: Spec, scene: Scene, rng: Random, pairs: Pairs = TRAINED, tries: int = 200
) -> Scene | None:
    """The scene after one random edit that makes it wrong; None if none was found. pairs: the
    (shape, color) pairs that a picture of a relation in space may hold."""
    in_space = any(relation.word in SPATIAL for relation in spec.relations)
    for _ in range(tries):
        edit = _planted(scene, rng, pairs)
        if edit is None:
            continue
        spoiled = apply(edit, scene)
        shown = {(each.shape, each.color) for each in spoiled.objects if each.shape in SHAPES}
        if errors(spec, spoiled.objects, rng) and not (in_space and shown - set(pairs)):
            return spoiled
    return None


def _planted(scene: Scene, rng: Random, pairs: Pairs) -> Edit | None:
    op = rng.choice(PLANTED)
    if op == "blob":
        return Change(rng.choice(scene.objects), "shape", rng.choice(tuple(BLOBS)))
    return sample_edit(op, scene, rng, pairs)
