"""What is wrong with a picture by a spec, and the edits that would put it right.

The objects are matched with what the spec asks for, so that the least has to be changed; what
differs is then an error each, in the order in which a spec is gone through: every wish and what
stands for it, what is too much, what must not be there, how things stand. This is the teacher of
the model's examinations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from uig_cli.shapes.edits import Add, InCell, QualityChange, Remove, SceneEdit
from uig_cli.shapes.places import rearranged, spot
from uig_cli.shapes.reading import Reading
from uig_cli.shapes.sample import allowed, place
from uig_cli.shapes.scene import SHAPES, Object, cell, other_values, size_of
from uig_cli.shapes.spec import SPATIAL, ObjectKind, Relation, Spec, stands

WEIGHTS = {"shape": 1.0, "color": 1.0, "texture": 0.8, "size": 0.6}
"""What a wrong quality costs in matching."""

UNMATCHED = 1.1
"""What an object or a wish without partner costs: changing two qualities is still cheaper than
taking one object away and adding another."""

ORDER = 1e-4
"""Cost of every object that is read before this one, so small that it decides among equals only:
what is left over is read last."""

Sort = Literal["malformed", "missing", "extra", "quality", "denied", "comparison", "place"]


@dataclass(frozen=True, slots=True)
class Error:
    """One thing wrong, and the edit that repairs it."""

    sort: Sort
    edit: SceneEdit


def with_blobs(reading: Reading) -> tuple[Object, ...]:
    """All that was read, what is malformed as objects of the shape "blob"."""
    blobs = []
    for bad in reading.malformed:
        left, top, right, bottom = bad.box
        size = size_of(max(right - left, bottom - top))
        blobs.append(Object("blob", bad.color, "plain", size, bad.center))
    return (*reading.objects, *blobs)


def errors(spec: Spec, objects: Sequence[Object], rng: Random) -> tuple[Error, ...]:
    """All that is wrong, in the order of the spec; nothing if the objects are what it says. rng:
    for what a repair may choose (a color that is not the denied one, how exactly to stand)."""
    members, extra = match(spec, objects)
    return (
        *_wishes(spec, members, objects, rng),
        *_extra(extra),
        *_denied(spec, members, rng),
        *_relations(spec, members, objects, rng),
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
            wrong = sum(WEIGHTS[q] for q in lacking(spec.groups[number].kind, thing))
            # Falls with the wish's number too: what is read first stands for the first wish.
            cost[row, column] = wrong + ORDER * row * (1 - column / 100)
    members: list[list[Object]] = [[] for _ in spec.groups]
    extra: list[Object] = []
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        if row < len(objects):
            home = members[wanted[column]] if column < len(wanted) else extra
            home.append(objects[row])
    return members, extra


def lacking(kind: ObjectKind, thing: Object) -> dict[str, str]:
    """The qualities in which a thing is not of a kind, and what they should be; of a blob its
    shape, whatever the kind says of it."""
    wrong = {
        quality: value for quality, value in kind.said.items() if getattr(thing, quality) != value
    }
    if thing.shape not in SHAPES:
        wrong = {"shape": kind.shape or SHAPES[0], **wrong}
    return wrong


def _wishes(
    spec: Spec, members: list[list[Object]], objects: Sequence[Object], rng: Random
) -> Iterator[Error]:
    for number, group in enumerate(spec.groups):
        for thing in members[number]:
            yield from _lacking(group.kind, thing)
        for _ in range(group.count - len(members[number])):
            thing = _one_more(group.kind, members[number], spec.absent, rng)
            there = spot(spec, number, members, objects)
            edit = Add(place(thing, there, rng), group.kind, InCell(there))
            yield Error("missing", edit)


def _lacking(kind: ObjectKind, thing: Object) -> Iterator[Error]:
    for quality, value in lacking(kind, thing).items():
        is_blob = quality == "shape" and thing.shape not in SHAPES
        yield Error("malformed" if is_blob else "quality", QualityChange(thing, quality, value))


def _one_more(
    kind: ObjectKind, members: Sequence[Object], absent: Sequence[ObjectKind], rng: Random
) -> Object:
    """Another member of a group, like the right ones that are there already."""
    for thing in members:
        if kind.shape and kind.fits(thing) and not any(each.fits(thing) for each in absent):
            return thing
    return allowed(kind.but(size=kind.size or "large"), absent, rng)


def _extra(extra: Sequence[Object]) -> Iterator[Error]:
    for thing in extra:
        yield Error("extra" if thing.shape in SHAPES else "malformed", Remove(thing))


def _denied(spec: Spec, members: list[list[Object]], rng: Random) -> Iterator[Error]:
    """Members that are what they must not be, each in a quality that is not said of them."""
    for absent in spec.absent:
        for group, there in zip(spec.groups, members, strict=True):
            open_ = [quality for quality in absent.said if quality not in group.kind.said]
            for thing in filter(absent.fits, there if open_ else ()):
                value = absent.said[open_[0]]
                other = rng.choice(other_values(open_[0], value))
                yield Error("denied", QualityChange(thing, open_[0], other))


def _relations(
    spec: Spec, members: list[list[Object]], objects: Sequence[Object], rng: Random
) -> Iterator[Error]:
    for relation in spec.relations:
        if holds(relation, members):
            continue
        if relation.word in SPATIAL:
            yield Error("place", rearranged(spec, members, objects, rng))
        else:
            for change in _resized(relation, members):
                yield Error("comparison", change)


def holds(relation: Relation, members: Sequence[Sequence[Object]]) -> bool:
    """Whether all members of the two groups stand so to each other."""
    pairs = product(members[relation.a], members[relation.b])
    return all(stands(a, relation.word, b) for a, b in pairs)


def _resized(relation: Relation, members: Sequence[Sequence[Object]]) -> Iterator[QualityChange]:
    big, small = members[relation.a], members[relation.b]
    if relation.word == "smaller":
        big, small = small, big
    yield from (QualityChange(thing, "size", "large") for thing in big if thing.size != "large")
    yield from (QualityChange(thing, "size", "small") for thing in small if thing.size != "small")
