"""What a prompt says: groups of objects, how they stand to each other, and what must not be there.

A spec leaves open what it does not say (a color, a size), but it is closed about objects: a
picture of it shows these groups and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import hypot
from typing import Any

from uig_cli.shapes.scene import VOCABULARY, Object

QUALITIES = tuple(VOCABULARY)
"""shape, color, texture, size."""

OPPOSITE: Mapping[str, str] = {
    "left": "right",
    "right": "left",
    "above": "below",
    "below": "above",
    "larger": "smaller",
    "smaller": "larger",
}
"""The relations, each with its reverse."""

SPATIAL = ("left", "right", "above", "below")


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """A description of objects; a quality that is None is not said."""

    shape: str | None = None
    color: str | None = None
    texture: str | None = None
    size: str | None = None

    @classmethod
    def of(cls, thing: Object, *qualities: str) -> "ObjectKind":
        """The kind that says those qualities of a thing."""
        return cls(**{quality: getattr(thing, quality) for quality in qualities})

    @property
    def said(self) -> dict[str, str]:
        """The qualities that are said, in the order of QUALITIES."""
        values = {quality: getattr(self, quality) for quality in QUALITIES}
        return {quality: value for quality, value in values.items() if value is not None}

    def but(self, **changes: str | None) -> "ObjectKind":
        changed: Any = changes
        return replace(self, **changed)

    def fits(self, thing: Object) -> bool:
        return all(getattr(thing, quality) == value for quality, value in self.said.items())

    def excludes(self, other: "ObjectKind") -> bool:
        """Nothing can be of both kinds."""
        theirs = other.said
        return any(theirs.get(quality, value) != value for quality, value in self.said.items())

    def covers(self, other: "ObjectKind") -> bool:
        """Whatever is of the other kind is of this kind."""
        return self.said.items() <= other.said.items()


@dataclass(frozen=True, slots=True)
class ObjectGroup:
    """A number of objects of one kind."""

    kind: ObjectKind
    count: int = 1


@dataclass(frozen=True, slots=True)
class Relation:
    """Every member of group a stands so to every member of group b (numbers of groups)."""

    a: int
    word: str
    b: int


@dataclass(frozen=True, slots=True)
class Spec:
    """groups exclude each other; absent: kinds of which there is nothing."""

    groups: tuple[ObjectGroup, ...]
    relations: tuple[Relation, ...] = ()
    absent: tuple[ObjectKind, ...] = ()

    @property
    def total(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def odd(self) -> str | None:
        """The one quality in which a single object differs from the rest, which are alike."""
        if len(self.groups) != 2 or self.groups[1].count != 1 or self.groups[0].count < 2:
            return None
        rest, other = (group.kind.said for group in self.groups)
        differing = [quality for quality in rest if other.get(quality) != rest[quality]]
        return differing[0] if rest.keys() == other.keys() and len(differing) == 1 else None


def stands(a: Object, word: str, b: Object) -> bool:
    """Whether a stands so to b. In space by GenEval's rule: the offset of the centers, less a tenth
    of both sizes on each axis, is more than half the distance along that direction."""
    if word in ("larger", "smaller"):
        return a.diameter > b.diameter if word == "larger" else a.diameter < b.diameter
    axis = 0 if word in ("left", "right") else 1
    offset = [a.center[k] - b.center[k] for k in (0, 1)]
    along = -offset[axis] if word in ("left", "above") else offset[axis]
    rest = along - 0.1 * (a.diameter + b.diameter)
    return rest > 0.5 * hypot(*offset)
