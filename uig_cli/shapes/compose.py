"""Where people would put so many things: one in the middle, two side by side, four in the corners.

What is named first stands first, as one reads, unless a relation says otherwise. Such pictures
are learned sooner than scattered ones: the words say where everything goes, so that no place has
to guess what the others do.
"""

from collections.abc import Sequence
from itertools import permutations
from random import Random

from uig_cli.shapes.sample import Cells, all_hold, anywhere
from uig_cli.shapes.spec import Relation

COMPOSITIONS = {
    1: ((4,),),
    2: ((3, 5), (1, 7)),
    3: ((3, 4, 5), (1, 4, 7), (0, 5, 6), (2, 3, 8), (1, 6, 8), (0, 2, 7)),
    4: ((0, 2, 6, 8), (0, 2, 3, 5), (0, 1, 6, 7)),
    5: ((0, 2, 4, 6, 8),),
}
"""Cells in reading order, by how many objects there are; the first composition in which all
relations hold is taken."""


def composed(counts: Sequence[int], relations: Sequence[Relation], rng: Random) -> Cells:
    """Cells for the groups' members, any where no composition does."""
    for cells in COMPOSITIONS[sum(counts)]:
        for order in permutations(cells):
            dealt = _dealt(order, counts)
            if all_hold(dealt, relations):
                return dealt
    return anywhere(counts, relations, rng)


def _dealt(order: Sequence[int], counts: Sequence[int]) -> Cells:
    cells = iter(order)
    return [[next(cells) for _ in range(count)] for count in counts]
