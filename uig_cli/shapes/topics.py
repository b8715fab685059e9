"""What prompts are about: specs drawn at random, topic by topic.

Topics are named like TIIF's dimensions, parts joined by "+": a form (numeracy, comparison,
differentiation, negation), qualities that are said (color, texture, size) and "2d" for a relation
in space. Their prompts name shapes; a few of numeracy say only "shapes".
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random

from uig_cli.errors import unknown
from uig_cli.shapes.scene import COLORS, MOST, SHAPES, TEXTURES, VOCABULARY
from uig_cli.shapes.spec import SPATIAL, ObjectGroup, ObjectKind, Relation, Spec

ShapeColor = tuple[str, str]

HELD_OUT: frozenset[ShapeColor] = frozenset(
    {
        ("circle", "purple"),
        ("square", "orange"),
        ("triangle", "pink"),
        ("diamond", "brown"),
        ("star", "blue"),
        ("cross", "yellow"),
        ("heart", "green"),
    }
)
"""(shape, color) pairs that training never puts into a relation in space."""

EVERY_PAIR: frozenset[ShapeColor] = frozenset(
    (shape, color) for shape in SHAPES for color in COLORS
)
TRAINED: frozenset[ShapeColor] = EVERY_PAIR - HELD_OUT

FORMS = ("numeracy", "comparison", "differentiation", "negation")

TOPICS: tuple[str, ...] = (
    "shape",
    "shape+color",
    "shape+texture",
    "shape+size",
    "color+texture",
    "2d",
    "color+2d",
    "texture+2d",
    "size+2d",
    "color+texture+2d",
    *FORMS,
    *(f"{form}+{part}" for form in FORMS for part in ("color", "texture", "2d")),
)
"""The topics of training and of the built-in sets; other combinations work as well."""


def sample_spec(topic: str, rng: Random, pairs: Collection[ShapeColor] = TRAINED) -> Spec:
    """A random spec on a topic. pairs: the (shape, color) pairs that relations may speak of."""
    parts = topic.split("+")
    for part in parts:
        if part not in (*VOCABULARY, *FORMS, "2d"):
            raise unknown("topic part", part, [*VOCABULARY, *FORMS, "2d"])
    said = [part for part in parts if part in VOCABULARY and part != "shape"]
    form = next((_FORMS[part] for part in parts if part in _FORMS), _attributes)
    while True:
        spec = form(rng, said, "2d" in parts)
        in_space = any(relation.word in SPATIAL for relation in spec.relations)
        if not in_space or all(
            may_be_related(group.kind, spec.absent, pairs) for group in spec.groups
        ):
            return spec


def may_be_related(
    kind: ObjectKind, absent: Collection[ObjectKind], pairs: Collection[ShapeColor]
) -> bool:
    """Whether some pair is of a kind and of none of the absent ones."""
    pure = [ObjectKind(shape, color) for shape, color in pairs]
    return any(
        not kind.excludes(pair) and not any(each.covers(pair) for each in absent) for pair in pure
    )


def kinds_apart(rng: Random, number: int, said: Sequence[str]) -> list[ObjectKind]:
    """Kinds that exclude each other: mostly different shapes."""
    while True:
        kinds = [
            ObjectKind(shape=rng.choice(SHAPES)).but(
                **{quality: rng.choice(_worth_saying(quality)) for quality in said}
            )
            for _ in range(number)
        ]
        if all(a.excludes(b) for i, a in enumerate(kinds) for b in kinds[:i]):
            return kinds


def _worth_saying(quality: str) -> tuple[str, ...]:
    """Plain is what unsaid textures are; saying it is kept for where it makes a difference."""
    return TEXTURES[1:] if quality == "texture" else VOCABULARY[quality]


def _related(rng: Random, groups: Sequence[ObjectGroup], space: bool) -> tuple[Relation, ...]:
    """One relation in space between the first two groups, if the topic wants one."""
    return (Relation(0, rng.choice(SPATIAL), 1),) if space and len(groups) > 1 else ()


def _attributes(rng: Random, said: Sequence[str], space: bool) -> Spec:
    """One to three single objects; two or three with a relation."""
    number = rng.choice((2, 2, 2, 3)) if space else rng.choice((1, 2, 2, 3))
    groups = tuple(ObjectGroup(kind) for kind in kinds_apart(rng, number, said))
    return Spec(groups, _related(rng, groups, space))


def _numeracy(rng: Random, said: Sequence[str], space: bool) -> Spec:
    """Two to five alike, or two groups of up to five together; sometimes of any shape."""
    if not space and rng.random() < 0.55:
        (kind,) = kinds_apart(rng, 1, said)
        any_shape = bool(said) and rng.random() < 0.15
        return Spec(
            (ObjectGroup(kind.but(shape=None) if any_shape else kind, rng.randint(2, MOST)),)
        )
    # More than these cannot all stand clearly so to each other in nine cells.
    choices = (
        ((1, 2), (1, 3), (2, 1), (2, 2), (3, 1))
        if space
        else ((2, 1), (2, 2), (2, 3), (3, 1), (3, 2))
    )
    first, second = rng.choice(choices)
    one, other = kinds_apart(rng, 2, said)
    groups = (ObjectGroup(one, first), ObjectGroup(other, second))
    return Spec(groups, _related(rng, groups, space))


def _comparison(rng: Random, said: Sequence[str], space: bool) -> Spec:
    """Two single objects, one larger or smaller than the other."""
    groups = tuple(
        ObjectGroup(kind) for kind in kinds_apart(rng, 2, [part for part in said if part != "size"])
    )
    size = Relation(0, rng.choice(("larger", "smaller")), 1)
    return Spec(groups, (size, *_related(rng, groups, space)))


def _differentiation(rng: Random, said: Sequence[str], space: bool) -> Spec:
    """All alike but one, which differs in one quality."""
    (kind,) = kinds_apart(rng, 1, said)
    quality = rng.choice((*said, *said, "shape") if said else ("color", "texture", "size"))
    values = rng.sample(VOCABULARY[quality], 2)
    rest, other = (kind.but(**{quality: value}) for value in values)
    groups = (ObjectGroup(rest, rng.randint(2, 3 if space else MOST - 1)), ObjectGroup(other))
    relations = (Relation(1, rng.choice(SPATIAL), 0),) if space else ()
    return Spec(groups, relations)


def _negation(rng: Random, said: Sequence[str], space: bool) -> Spec:
    """Objects, and what is not there: another shape, or the same shape in some quality."""
    number = 2 if space else rng.choice((1, 1, 2))
    kinds = kinds_apart(rng, number, said)
    counts = [1 if space else rng.choice((1, 1, 2, 3)[: 5 - number]) for _ in kinds]
    groups = tuple(ObjectGroup(kind, count) for kind, count in zip(kinds, counts, strict=True))
    unsaid = [quality for quality in ("color", "texture") if quality not in said]
    if unsaid and rng.random() < 0.6:
        quality = rng.choice(unsaid)
        not_so = rng.choice(_worth_saying(quality))
        absent = kinds[-1].but(**{quality: not_so})
    else:
        others = [shape for shape in SHAPES if all(kind.shape != shape for kind in kinds)]
        absent = ObjectKind(shape=rng.choice(others))
    return Spec(groups, _related(rng, groups, space), (absent,))


_FORMS: Mapping[str, Callable[[Random, Sequence[str], bool], Spec]] = {
    "numeracy": _numeracy,
    "comparison": _comparison,
    "differentiation": _differentiation,
    "negation": _negation,
}
