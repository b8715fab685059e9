"""Where objects should go so that the relations of a spec hold, with as few moves as possible."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from random import Random

from uig_cli.shapes.edits import InCell, Move, PlaceBeside, SceneEdit, Swap
from uig_cli.shapes.sample import clearly, free_cells, place
from uig_cli.shapes.scene import CELLS, Object, cell, settled
from uig_cli.shapes.spec import OPPOSITE, SPATIAL, Spec

Members = Sequence[Sequence[Object]]
PlaceRule = tuple[int, str, int]
"""Object i stands so to object j."""


def spot(spec: Spec, number: int, members: Members, objects: Sequence[Object]) -> int:
    """A free cell for a new member of a group, the first that is right, or just the
    first; cell 0 where none is free."""
    wanted = _wishes(spec, number, members)
    free = free_cells(objects)
    good = [
        each
        for each in free
        if all(clearly(each, wish.word, cell(wish.anchor.center)) for wish in wanted)
    ]
    return (*good, *free, 0)[0]


def rearranged(spec: Spec, members: Members, objects: Sequence[Object], rng: Random) -> SceneEdit:
    """The first move or swap on the shortest way to an arrangement in which all relations hold; of
    equal ways the one that moves the first objects, to the first cells. A relation one of whose
    sides is not there says nothing of where the other should stand."""
    spatial = [
        relation
        for relation in spec.relations
        if relation.word in SPATIAL and members[relation.a] and members[relation.b]
    ]
    involved = {number for relation in spatial for number in (relation.a, relation.b)}
    flat = [(thing, number) for number in sorted(involved) for thing in members[number]]
    rules = tuple(
        (i, relation.word, j)
        for relation in spatial
        for i, (_, a) in enumerate(flat)
        for j, (_, b) in enumerate(flat)
        if (a, b) == (relation.a, relation.b)
    )
    things = [thing for thing, _ in flat]
    now = [cell(thing.center) for thing in things]
    others = {cell(thing.center) for thing in objects} - set(now)
    free = free_cells(objects) or [each for each in range(len(CELLS)) if each != now[0]]
    best = min(
        (goal for goal in _arrangements(rules) if not others & set(goal)),
        key=lambda goal: (_edits(now, goal), [a == b for a, b in zip(now, goal, strict=True)]),
        default=(rng.sample(free, 1)[0], *now[1:]),
    )
    steps = [(i, there) for i, there in enumerate(best) if there != now[i]]
    if not steps:  # Where all cells are right, only what stands astray in its own can be wrong.
        astray = next(thing for thing in things if settled(thing) != thing)
        return Move(astray, settled(astray).center, InCell(cell(astray.center)))
    i, there = next((step for step in steps if step[1] not in now), steps[0])
    if there in now:
        return Swap(things[i], things[now.index(there)])
    return Move(things[i], place(things[i], there, rng).center, InCell(there))


def _edits(now: Sequence[int], goal: Sequence[int]) -> float:
    """How many moves lead from one arrangement to another; a swap is a little better than one."""
    changed = sum(here != there for here, there in zip(now, goal, strict=True))
    return 0.9 if changed == 2 and set(now) == set(goal) else changed


def _wishes(spec: Spec, number: int, members: Members) -> list[PlaceBeside]:
    """How a member of a group should stand to the members of the other groups."""
    found: list[PlaceBeside] = []
    for relation in spec.relations:
        if relation.word in SPATIAL and number in (relation.a, relation.b):
            first = number == relation.a
            word = relation.word if first else OPPOSITE[relation.word]
            found += [
                PlaceBeside(word, other) for other in members[relation.b if first else relation.a]
            ]
    return found


@lru_cache(maxsize=1024)
def _arrangements(rules: tuple[PlaceRule, ...]) -> tuple[tuple[int, ...], ...]:
    """All ways to put the objects of the rules into cells so that every rule clearly holds."""
    number = 1 + max(max(i, j) for i, _, j in rules)
    return tuple(
        cells
        for cells in permutations(range(len(CELLS)), number)
        if all(clearly(cells[i], word, cells[j]) for i, word, j in rules)
    )
