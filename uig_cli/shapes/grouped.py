"""Counted groups that stand in a relation: harder than what any topic of training asks for."""

from collections.abc import Collection
from random import Random

from uig_cli.errors import UigError
from uig_cli.shapes.compose import composed
from uig_cli.shapes.spec import SPATIAL, ObjectGroup, Relation, Spec
from uig_cli.shapes.topics import TRAINED, ShapeColor, kinds_apart, may_be_related

GROUPED = ((2, 1), (1, 2), (2, 2), (1, 3), (3, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2))
"""Counts of groups that are related."""


def grouped_spec(rng: Random, pairs: Collection[ShapeColor] = TRAINED) -> Spec:
    """Two or three counted groups of different colored kinds, the first in a relation in space to
    the second, that can stand in the nine cells."""
    while True:
        counts = rng.choice(GROUPED)
        kinds = kinds_apart(rng, len(counts), ["color"])
        groups = tuple(ObjectGroup(kind, count) for kind, count in zip(kinds, counts, strict=True))
        relations = (Relation(0, rng.choice(SPATIAL), 1),)
        if all(may_be_related(kind, (), pairs) for kind in kinds):
            try:
                composed(list(counts), relations, Random(0))
            except (UigError, ValueError):
                continue
            return Spec(groups, relations)
