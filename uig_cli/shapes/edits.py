"""Edits: one change to a scene each, and nothing else. Their words are in `instructions.py`.

Recoloring, reshaping, retexturing and resizing are a `Change` of one quality; then there are
`Add`, `Remove`, `Move` and `Swap`. An edit names the very objects it touches, so that applying
it is a function of the scene alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from uig_cli.shapes.scene import Object, Scene, settled
from uig_cli.shapes.spec import ObjectKind


@dataclass(frozen=True, slots=True)
class InCell:
    """A place by the number of its cell."""

    number: int


@dataclass(frozen=True, slots=True)
class PlaceBeside:
    """A place by its relation in space to another object."""

    word: str
    anchor: Object


Location = InCell | PlaceBeside


@dataclass(frozen=True, slots=True)
class QualityChange:
    """target gets a value of a quality: "shape", "color", "texture" or "size"."""

    target: Object
    quality: str
    value: str


@dataclass(frozen=True, slots=True)
class Add:
    """thing: what comes, with its center. kind: what is said of it; where: what is said of its
    place, None nothing."""

    thing: Object
    kind: ObjectKind
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    target: Object


@dataclass(frozen=True, slots=True)
class Move:
    """target gets a new center; where: how the place is said."""

    target: Object
    center: tuple[int, int]
    where: Location


@dataclass(frozen=True, slots=True)
class Swap:
    """Two objects change places."""

    a: Object
    b: Object


SceneEdit = QualityChange | Add | Remove | Move | Swap


def apply(edit: SceneEdit, scene: Scene) -> Scene:
    """The scene after an edit; objects that it does not touch stay as they are. What has grown or
    changed places is settled in its cell."""
    after: Mapping[Object, Object | None]
    match edit:
        case Add(thing):
            return replace(scene, objects=(*scene.objects, thing))
        case Remove(target):
            after = {target: None}
        case QualityChange(target, quality, value):
            change: Any = {quality: value}
            after = {target: settled(replace(target, **change))}
        case Move(target, center):
            after = {target: replace(target, center=center)}
        case Swap(a, b):
            after = {
                a: settled(replace(a, center=b.center)),
                b: settled(replace(b, center=a.center)),
            }
    objects = [after.get(thing, thing) for thing in scene.objects]
    return replace(scene, objects=tuple(thing for thing in objects if thing is not None))
