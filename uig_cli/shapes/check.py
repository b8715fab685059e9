"""What is wrong with a picture by a spec, and the edits that would put it right.

The objects are matched with what the spec asks for, so that the least has to be changed; what
differs is then an error each, the gravest first: blobs, what is missing or too much, wrong
qualities, comparisons, places. This is the teacher of the model's examinations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from uig_cli.shapes.edits import Add, Change, Edit, InCell, Remove
from uig_cli.shapes.places import rearranged, spot
from uig_cli.shapes.reading import Reading
from uig_cli.shapes.sample import allowed, place
from uig_cli.shapes.scene import DIAMETER, SHAPES, VOCABULARY, Object, cell
from uig_cli.shapes.spec import SPATIAL, Kind, Spec, stands
from uig_cli.shapes.words import RELATIONS, noun, some

WEIGHTS = {"shape": 1.0, "color": 1.0, "texture": 0.8, "size": 0.6}
"""What a wrong quality costs in matching."""

UNMATCHED = 1.1
"""What an object or a wish without partner costs: changing two qualities is still cheaper than
taking one object away and adding another."""

ORDER = 1e-4
"""A little for every object that is read before one: it decides among equals only."""

Sort = Literal["malformed", "missing", "extra", "quality", "denied", "comparison", "place"]


@dataclass(frozen=True, slots=True)
class Error:
    """One thing wrong. text: for people; edit: the repair; quality: which, for sort "quality"."""

    sort: Sort
    text: str
    edit: Edit
    quality: str | None = None


def things(reading: Reading) -> tuple[Object, ...]:
    """All that was read, what is malformed as objects of the shape "blob"."""
    blobs = []
    for bad in reading.malformed:
        left, top, right, bottom = bad.box
        side = max(right - left, bottom - top)
        size = min(DIAMETER, key=lambda size: abs(DIAMETER[size] - side))
        blobs.append(Object("blob", bad.color, "plain", size, bad.center))
    return (*reading.objects, *blobs)


def errors(spec: Spec, objects: Sequence[Object], rng: Random) -> tuple[Error, ...]:
    """All that is wrong, gravest first; nothing if the objects are what the spec says. rng: for
    what a repair may choose (a color that is not the denied one, a free place)."""
    members, extra = match(spec, objects)
    pairs = [(spec.groups[n].kind, thing) for n, each in enumerate(members) for thing in each]
    return (
        *_malformed(pairs, extra),
        *_missing(spec, members, objects, rng),
        *_extra(extra),
        *_qualities(pairs),
        *_denied(spec, pairs, rng),
        *_comparisons(spec, members),
        *_places(spec, members, objects, rng),
    )


def match(spec: Spec, objects: Sequence[Object]) -> tuple[list[list[Object]], list[Object]]:
    """The members of each group, at most as many as it wants, and the objects left over. Among
    equals what is read first comes first, and what is left over last."""
    objects = sorted(objects, key=lambda thing: cell(thing.center))
    wanted = [number for number, group in enumerate(spec.groups) for _ in range(group.count)]
    cost = np.full((len(objects) + len(wanted),) * 2, UNMATCHED)
    cost[len(objects) :, len(wanted) :] = 0
    for row, thing in enumerate(objects):
        for column, number in enumerate(wanted):
            wrong = sum(WEIGHTS[q] for q in _wrong(spec.groups[number].kind, thing))
            cost[row, column] = wrong + ORDER * row * (1 - column / 100)
    members: list[list[Object]] = [[] for _ in spec.groups]
    extra: list[Object] = []
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        if row < len(objects):
            home = members[wanted[column]] if column < len(wanted) else extra
            home.append(objects[row])
    return members, extra


def _wrong(kind: Kind, thing: Object) -> list[str]:
    wrong = [quality for quality, value in kind.said.items() if getattr(thing, quality) != value]
    if thing.shape not in SHAPES and "shape" not in wrong:
        wrong.insert(0, "shape")
    return wrong


def _malformed(pairs: Sequence[tuple[Kind, Object]], extra: Sequence[Object]) -> Iterator[Error]:
    for kind, thing in pairs:
        if thing.shape not in SHAPES:
            shape = kind.shape or SHAPES[0]
            text = f"a {thing.color} blob where {some(kind)} should be"
            yield Error("malformed", text, Change(thing, "shape", shape))
    for thing in extra:
        if thing.shape not in SHAPES:
            yield Error("malformed", f"a {thing.color} blob", Remove(thing))


def _missing(
    spec: Spec, members: list[list[Object]], objects: Sequence[Object], rng: Random
) -> Iterator[Error]:
    for number, group in enumerate(spec.groups):
        for _ in range(group.count - len(members[number])):
            thing = _one_more(group.kind, members[number], spec.absent, rng)
            there = spot(spec, number, members, objects)
            edit = Add(place(thing, there, rng), group.kind, InCell(there))
            yield Error("missing", f"{some(group.kind)} is missing", edit)


def _one_more(kind: Kind, members: Sequence[Object], absent: Sequence[Kind], rng: Random) -> Object:
    """Another member of a group, like the right ones that are there already."""
    for thing in members:
        if kind.shape and kind.fits(thing) and not any(each.fits(thing) for each in absent):
            return thing
    return allowed(kind.but(size=kind.size or "large"), absent, rng)


def _extra(extra: Sequence[Object]) -> Iterator[Error]:
    for thing in extra:
        if thing.shape in SHAPES:
            text = f"{some(Kind.of(thing, 'shape', 'color'))} too many"
            yield Error("extra", text, Remove(thing))


def _qualities(pairs: Sequence[tuple[Kind, Object]]) -> Iterator[Error]:
    for kind, thing in pairs:
        for quality in _wrong(kind, thing):
            if thing.shape in SHAPES or quality != "shape":
                value, is_so = kind.said[quality], getattr(thing, quality)
                text = f"{some(kind)} should be there, its {quality} is {is_so} and not {value}"
                yield Error("quality", text, Change(thing, quality, value), quality)


def _denied(spec: Spec, pairs: Sequence[tuple[Kind, Object]], rng: Random) -> Iterator[Error]:
    """Members that are what they must not be, each in a quality that is not said of them."""
    for absent in spec.absent:
        for kind, thing in pairs:
            open_ = [quality for quality in absent.said if quality not in kind.said]
            if open_ and absent.fits(thing):
                value = absent.said[open_[0]]
                other = rng.choice([v for v in VOCABULARY[open_[0]] if v != value])
                text = f"{some(kind)} must not be {value}"
                yield Error("denied", text, Change(thing, open_[0], other))


def _comparisons(spec: Spec, members: list[list[Object]]) -> Iterator[Error]:
    for relation in spec.relations:
        if relation.word in SPATIAL:
            continue
        big, small = members[relation.a], members[relation.b]
        if relation.word == "smaller":
            big, small = small, big
        if all(stands(a, "larger", b) for a in big for b in small):
            continue
        a, b = (noun(spec.groups[n].kind) for n in (relation.a, relation.b))
        text = f"the {a} is not {RELATIONS[relation.word][0]} the {b}"
        changes = [Change(thing, "size", "large") for thing in big if thing.size != "large"]
        changes += [Change(thing, "size", "small") for thing in small if thing.size != "small"]
        for change in changes:
            yield Error("comparison", text, change)


def _places(
    spec: Spec, members: list[list[Object]], objects: Sequence[Object], rng: Random
) -> Iterator[Error]:
    for relation in spec.relations:
        pairs = [(a, b) for a in members[relation.a] for b in members[relation.b]]
        if relation.word in SPATIAL and not all(stands(a, relation.word, b) for a, b in pairs):
            a, b = (noun(spec.groups[n].kind) for n in (relation.a, relation.b))
            text = f"the {a} is not {RELATIONS[relation.word][0]} the {b}"
            yield Error("place", text, rearranged(spec, members, objects, rng))
