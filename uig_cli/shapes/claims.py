"""Statements about objects that are true or false, and true and false ones about a spec.

A statement about things that are not there is false, and one about several things holds of all
of them: "the circles are red" needs a circle, and no circle of another color.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from uig_cli.shapes.scene import MOST, SHAPES, VOCABULARY, Object, other_values
from uig_cli.shapes.spec import OPPOSITE, SPATIAL, ObjectKind, Spec, stands
from uig_cli.shapes.topics import TRAINED, ShapeColor


@dataclass(frozen=True, slots=True)
class Exists:
    kind: ObjectKind

    def holds(self, objects: Sequence[Object]) -> bool:
        return any(map(self.kind.fits, objects))


@dataclass(frozen=True, slots=True)
class Number:
    """There are exactly `count` of that kind."""

    kind: ObjectKind
    count: int

    def holds(self, objects: Sequence[Object]) -> bool:
        return sum(map(self.kind.fits, objects)) == self.count


@dataclass(frozen=True, slots=True)
class Are:
    """Everything of that kind has a value of a quality (color, texture or size)."""

    kind: ObjectKind
    quality: str
    value: str

    def holds(self, objects: Sequence[Object]) -> bool:
        values = [getattr(thing, self.quality) for thing in objects if self.kind.fits(thing)]
        return bool(values) and all(value == self.value for value in values)


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything of kind a stands so to everything else of kind b."""

    a: ObjectKind
    word: str
    b: ObjectKind

    def holds(self, objects: Sequence[Object]) -> bool:
        pairs = [
            (a, b)
            for a in objects
            if self.a.fits(a)
            for b in objects
            if b is not a and self.b.fits(b)
        ]
        return bool(pairs) and all(stands(a, self.word, b) for a, b in pairs)


@dataclass(frozen=True, slots=True)
class More:
    """There are more of kind a than of kind b."""

    a: ObjectKind
    b: ObjectKind

    def holds(self, objects: Sequence[Object]) -> bool:
        return sum(map(self.a.fits, objects)) > sum(map(self.b.fits, objects))


Claim = Exists | Number | Are | Stand | More


def claims_of(spec: Spec, rng: Random) -> Iterator[tuple[Claim, bool]]:
    """Claims that a spec settles, true and false, going through all that it says."""
    kinds = [group.kind for group in spec.groups]
    for group in spec.groups:
        kind = group.kind
        yield Exists(kind), True
        if group.count > 1:
            yield Number(kind, group.count), True
            others = [count for count in range(1, MOST + 1) if count != group.count]
            yield Number(kind, rng.choice(others)), False
        yield from _qualities(kind, kinds, rng)
    for relation in spec.relations:
        a, b = kinds[relation.a], kinds[relation.b]
        yield Stand(a, relation.word, b), True
        yield Stand(a, OPPOSITE[relation.word], b), False
    for kind in spec.absent:
        yield Exists(kind), False
    if len(kinds) == 2:
        few, many = sorted(spec.groups, key=lambda group: group.count)
        if few.count < many.count:
            yield More(many.kind, few.kind), True
            yield More(few.kind, many.kind), False
    free = [ObjectKind(shape=shape) for shape in SHAPES]
    missing = [kind for kind in free if all(kind.excludes(other) for other in kinds)]
    if missing:
        yield Exists(rng.choice(missing)), False


def _qualities(
    kind: ObjectKind, kinds: Sequence[ObjectKind], rng: Random
) -> Iterator[tuple[Claim, bool]]:
    """What is said about a kind, asked apart, where the rest of it tells it from the others."""
    for quality, value in kind.said.items():
        wrong = kind.but(**{quality: rng.choice(other_values(quality, value))})
        if all(wrong.excludes(other) for other in kinds):
            yield Exists(wrong), False
        rest = kind.but(**{quality: None})
        others = [other for other in kinds if other != kind]
        if quality != "shape" and rest.said and all(rest.excludes(other) for other in others):
            yield Are(rest, quality, value), True
            yield Are(rest, quality, rng.choice(other_values(quality, value))), False


def claims_about(
    objects: Sequence[Object], rng: Random, pairs: Collection[ShapeColor] = TRAINED
) -> Iterator[tuple[Claim, bool]]:
    """Endless random claims about objects and whether they hold, about half of them true. pairs:
    the (shape, color) pairs of objects that a relation in space may be claimed of."""
    while True:
        want = rng.random() < 0.5
        for _ in range(20):
            claim = _random_claim(objects, rng)
            if claim.holds(objects) == want and speakable(claim, objects, pairs):
                yield claim, want
                break


def speakable(
    claim: Claim, objects: Sequence[Object], pairs: Collection[ShapeColor] = TRAINED
) -> bool:
    """Whether a relation in space, if it is one, is claimed of `pairs` only: by the objects that it
    is about, and by its own words, which may speak of what is not there."""
    if not isinstance(claim, Stand) or claim.word not in SPATIAL:
        return True
    kinds = (claim.a, claim.b)
    shown = {(thing.shape, thing.color) for thing in objects if any(k.fits(thing) for k in kinds)}
    said = {(kind.shape, kind.color) for kind in kinds if kind.shape and kind.color}
    return shown | said <= set(pairs)


def _random_claim(objects: Sequence[Object], rng: Random) -> Claim:
    a, b = (_random_kind(objects, rng) for _ in range(2))
    match rng.choice(("exists", "number", "are", "stand", "more")):
        case "exists":
            return Exists(a)
        case "number":
            return Number(a, rng.randint(1, MOST))
        case "are":
            quality = rng.choice(("color", "texture", "size"))
            value = rng.choice(
                [getattr(thing, quality) for thing in objects] or VOCABULARY[quality]
            )
            if rng.random() < 0.3:
                value = rng.choice(VOCABULARY[quality])
            return Are(
                a.but(**{quality: None, "shape": a.shape or rng.choice(SHAPES)}), quality, value
            )
        case "stand":
            return Stand(a, rng.choice(tuple(OPPOSITE)), b)
        case _:
            return More(a, b)


def _random_kind(objects: Sequence[Object], rng: Random) -> ObjectKind:
    """The kind of one of the objects in some qualities, one of them changed now and then."""
    if not objects:
        return ObjectKind(shape=rng.choice(SHAPES))
    qualities = rng.choice(
        (
            ("shape",),
            ("color",),
            ("shape", "color"),
            ("shape", "texture"),
            ("shape", "size"),
            ("color", "texture", "shape"),
        )
    )
    kind = ObjectKind.of(rng.choice(objects), *qualities)
    if rng.random() < 0.3:
        quality = rng.choice(qualities)
        kind = kind.but(**{quality: rng.choice(VOCABULARY[quality])})
    return kind
