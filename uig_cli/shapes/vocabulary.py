"""Words for kinds, numbers, relations and cells, both ways: written, and understood again."""

import re
from collections.abc import Mapping, Sequence

from uig_cli.shapes.scene import SHAPES, VOCABULARY
from uig_cli.shapes.spec import ObjectGroup, ObjectKind

NUMBERS = ("no", "one", "two", "three", "four", "five")

RELATIONS: Mapping[str, tuple[str, ...]] = {
    "left": ("to the left of", "left of"),
    "right": ("to the right of", "right of"),
    "above": ("above", "higher up than"),
    "below": ("below", "lower down than"),
    "larger": ("larger than", "bigger than"),
    "smaller": ("smaller than", "tinier than"),
}
"""Wordings of the relations; the first is the usual one."""

CELL_WORDS = (
    "top left",
    "top center",
    "top right",
    "center left",
    "center",
    "center right",
    "bottom left",
    "bottom center",
    "bottom right",
)
"""Names of the cells, row by row."""

_ORDER = ("size", "texture", "color")
_NOUNS = ("shape", "object")
_VALUE = {value: quality for quality, values in VOCABULARY.items() for value in values}


def plural(noun: str) -> str:
    """GenEval's rule, which is right for all our nouns."""
    return noun + ("es" if noun.endswith("s") else "s")


def noun(kind: ObjectKind, many: bool = False) -> str:
    """ "small striped red circle", or "circles"; "shape" where the shape is not said."""
    said = kind.said
    head = said.get("shape", _NOUNS[0])
    words = [said[quality] for quality in _ORDER if quality in said]
    return " ".join([*words, plural(head) if many else head])


def some(kind: ObjectKind) -> str:
    """ "a red circle", "an orange star"."""
    text = noun(kind)
    return f"{'an' if text[0] in 'aeiou' else 'a'} {text}"


def counted(group: ObjectGroup) -> str:
    """ "a red circle", "three red circles"."""
    if group.count == 1:
        return some(group.kind)
    return f"{NUMBERS[group.count]} {noun(group.kind, many=True)}"


def the(group: ObjectGroup) -> str:
    """ "the red circle", "the red circles"."""
    return f"the {noun(group.kind, many=group.count > 1)}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else items[0]


_SINGULAR = {plural(word): word for word in (*SHAPES, *_NOUNS)}


def understood(text: str) -> ObjectKind | None:
    """The kind that a noun phrase without article names; None if a word is not of this world."""
    words = [_SINGULAR.get(word, word) for word in text.lower().split()]
    if not words or words[-1] not in (*SHAPES, *_NOUNS):
        return None
    values = [word for word in words if word not in _NOUNS]
    if any(value not in _VALUE for value in values):
        return None
    said = {_VALUE[value]: value for value in values}
    return ObjectKind(**said) if len(said) == len(values) else None


def number(text: str) -> int | None:
    """A number word (no, one to five) or a single digit; None for anything else."""
    if text in NUMBERS:
        return NUMBERS.index(text)
    return int(text) if re.fullmatch("[0-9]", text) else None


def relation(text: str) -> str | None:
    """The relation that a wording names."""
    return next((word for word, wordings in RELATIONS.items() if text in wordings), None)
