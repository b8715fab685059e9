"""Edit instructions in words. A target is named so that only one object can be meant."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from random import Random
from typing import TypeVar

from uig_cli.shapes.blemishes import STAINED
from uig_cli.shapes.edits import (
    Add,
    InCell,
    Location,
    Move,
    PlaceBeside,
    QualityChange,
    Remove,
    SceneEdit,
    Swap,
)
from uig_cli.shapes.scene import SHAPES, Object, cell
from uig_cli.shapes.spec import QUALITIES, ObjectKind
from uig_cli.shapes.vocabulary import CELL_WORDS, RELATIONS, noun, some

T = TypeVar("T")

RECOLOR = (
    "Change the color of {target} to {value}.",
    "Make {target} {value}.",
    "Paint {target} {value}.",
    "Recolor {target} in {value}.",
    "Turn {target} {value}.",
)
RESHAPE = (
    "Turn {target} into {some}.",
    "Change {target} into {some}.",
    "Replace {target} with {some}.",
    "Make {target} {some}.",
)
RETEXTURE = ("Make {target} {value}.", "Change {target} to be {value}.")
PATTERN = {
    "striped": ("Give {target} stripes.", "Cover {target} with stripes."),
    "dotted": ("Give {target} dots.", "Cover {target} with dots."),
    "checkered": ("Give {target} a checkered pattern.", "Cover {target} with checks."),
    "plain": ("Remove the pattern from {target}.", "Take the pattern off {target}."),
}
RESIZE = {
    "large": ("Make {target} larger.", "Enlarge {target}.", "Make {target} large."),
    "small": ("Make {target} smaller.", "Shrink {target}.", "Make {target} small."),
}
ADD = ("Add {some}{where}.", "Put {some}{where}.", "Draw {some}{where}.", "Place {some}{where}.")
REMOVE = ("Remove {target}.", "Delete {target}.", "Erase {target}.", "Take {target} away.")
MOVE = ("Move {target}{where}.", "Shift {target}{where}.", "Bring {target}{where}.")
SWAP = (
    "Swap {target} and {other}.",
    "Let {target} and {other} change places.",
    "Exchange {target} and {other}.",
)

PLACED = 0.75
"""How often a thing is named with its place."""


class Usual(Random):
    """Chooses the first of everything: the usual wording, things with their places."""

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]
        return seq[0]


def instruct(edit: SceneEdit, objects: Sequence[Object], rng: Random) -> str:
    """The instruction for an edit of a picture with these objects."""

    def name(thing: Object) -> str:
        return refer(thing, objects, rng)

    wordings: Sequence[str]
    match edit:
        case QualityChange(target, quality, value):
            wordings = _changing(quality, value)
            fields = {"target": name(target), "value": value, "some": some(ObjectKind(shape=value))}
        case Add(_, kind, where):
            wordings = ADD if where else ADD[:1]
            fields = {"some": some(kind), "where": _place(" at", where, name)}
        case Remove(target):
            wordings, fields = REMOVE, {"target": name(target)}
        case Move(target, _, where):
            wordings, fields = MOVE, {"target": name(target), "where": _place(" to", where, name)}
        case Swap(a, b):
            wordings, fields = SWAP, {"target": name(a), "other": name(b)}
    return rng.choice(wordings).format_map(fields)


def _changing(quality: str, value: str) -> Sequence[str]:
    match quality:
        case "color":
            return RECOLOR
        case "shape":
            return RESHAPE
        case "size":
            return RESIZE[value]
        case _:
            return RETEXTURE + PATTERN[value]


def refer(thing: Object, objects: Sequence[Object], rng: Random) -> str:
    """ "the red circle at the top left", or at times without its place: then the fewest qualities
    that single a thing out, or one more."""
    placed = f"the {noun(called(thing))} at the {CELL_WORDS[cell(thing.center)]}"
    if rng.random() < PLACED:
        return placed
    rivals = [_seen(other) for other in objects if other != thing]
    kinds = [kind for kind in _kinds(_seen(thing)) if not any(map(kind.covers, rivals))]
    if not kinds:
        return placed
    fewest = len(kinds[0].said)
    near = [kind for kind in kinds if len(kind.said) <= fewest + 1]
    return f"the {noun(kinds[0] if rng.random() < 0.6 else rng.choice(near))}"


def called(thing: Object) -> ObjectKind:
    """What a thing is called beside its place: its color and shape."""
    return _seen(thing).but(texture=None, size=None)


def _seen(thing: Object) -> ObjectKind:
    """All that can be said of a thing: what has no shape is a blob, what is stained has no one
    color either."""
    kind = ObjectKind.of(thing, *QUALITIES)
    if thing.shape in SHAPES:
        return kind
    return kind.but(shape="blob", color=None if thing.shape in STAINED else thing.color)


def _kinds(seen: ObjectKind) -> Iterator[ObjectKind]:
    """Its kinds that say the shape, those that say least first."""
    others = [quality for quality in seen.said if quality != "shape"]
    for number in range(len(others) + 1):
        for qualities in combinations(others, number):
            yield ObjectKind(seen.shape).but(
                **{quality: seen.said[quality] for quality in qualities}
            )


def _place(preposition: str, where: Location | None, name: Callable[[Object], str]) -> str:
    match where:
        case PlaceBeside(word, anchor):
            return f" {RELATIONS[word][0]} {name(anchor)}"
        case InCell(number):
            return f"{preposition} the {CELL_WORDS[number]}"
        case None:
            return ""
