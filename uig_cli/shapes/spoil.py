"""Planted errors: scenes that a spec would object to, for teaching and testing examinations."""

from random import Random

from uig_cli.shapes.check import errors
from uig_cli.shapes.edits import Change, Edit, apply
from uig_cli.shapes.forms import BLOBS
from uig_cli.shapes.sample_edit import OPS, Pairs, sample_edit
from uig_cli.shapes.scene import Scene
from uig_cli.shapes.spec import Spec
from uig_cli.shapes.topics import TRAINED

PLANTED = (*OPS, "blob")
"""The kinds of planted errors: every edit, and an object turned into a blob."""


def spoil(
    spec: Spec, scene: Scene, rng: Random, pairs: Pairs = TRAINED, tries: int = 200
) -> Scene | None:
    """The scene after one random edit that makes it wrong; None if none was found."""
    for _ in range(tries):
        op = rng.choice(PLANTED)
        edit: Edit | None
        if op == "blob":
            edit = Change(rng.choice(scene.objects), "shape", rng.choice(tuple(BLOBS)))
        else:
            edit = sample_edit(op, scene, rng, pairs)
        if edit is not None:
            spoiled = apply(edit, scene)
            if errors(spec, spoiled.objects, rng):
                return spoiled
    return None
