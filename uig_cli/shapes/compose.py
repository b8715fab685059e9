"""Where people would put so many things: one in the middle, two side by side, four in the corners.

Pictures that are composed are learned sooner than scattered ones: how many objects there are says
where each of them goes, so that none has to guess what the others do.
"""

from collections.abc import Sequence
from itertools import permutations
from random import Random

from uig_cli.shapes.sample import Cells, anywhere, holds
from uig_cli.shapes.spec import Relation

COMPOSITIONS = {
    1: ((4,),),
    2: ((3, 5), (1, 7)),
    3: ((3, 4, 5), (1, 4, 7), (0, 6, 5), (3, 2, 8), (1, 6, 8), (0, 2, 7)),
    4: ((0, 2, 6, 8), (0, 2, 3, 5), (0, 1, 6, 7)),
    5: ((0, 2, 4, 6, 8),),
}
"""Cells by how many objects there are; the first composition in which all relations hold is it."""


def composed(counts: Sequence[int], relations: Sequence[Relation], rng: Random) -> Cells:
    """Cells for the groups' members, any where no composition does."""
    for cells in COMPOSITIONS[sum(counts)]:
        orders = [_dealt(order, counts) for order in permutations(cells)]
        fitting = [dealt for dealt in orders if holds(dealt, relations)]
        if fitting:
            return rng.choice(fitting)
    return anywhere(counts, relations, rng)


def _dealt(order: Sequence[int], counts: Sequence[int]) -> Cells:
    cells = iter(order)
    return [[next(cells) for _ in range(count)] for count in counts]
