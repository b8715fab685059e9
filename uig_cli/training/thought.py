"""What an examination says: what is there, what of it stands for what was asked, the verdict.

A verdict alone teaches a bit per picture, and whoever must compare five objects with a sentence
between two words learns it late or never. So the comparison is said aloud, in an order that leaves
little to each word: all objects, cell by cell; then every object that was asked for beside the one
that stands for it; what is too much; what must not be there; how things stand. All of it, the
wording of the instruction included, is a function of what the spec says and of the objects: where
something is free to choose, all that can be learned is to guess.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from uig_cli.shapes.check import errors, match
from uig_cli.shapes.instructions import Usual, instruct
from uig_cli.shapes.scene import SHAPES, Object, cell
from uig_cli.shapes.spec import QUALITIES, Kind, Relation, Spec, stands
from uig_cli.shapes.words import CELL_WORDS, NUMBERS, RELATIONS, noun

MATCH = "MATCH: the picture shows what was asked for."


def examination(spec: Spec, objects: Sequence[Object], random: Random) -> str:
    """The right answer: the thought, then a match or the first thing to do."""
    found = errors(spec, objects, random)
    verdict = f"EDIT_NEEDED: {instruct(found[0].edit, objects, Usual())}" if found else MATCH
    return f"<think>{listing(objects)}. {'; '.join(comparison(spec, objects))}</think>\n{verdict}"


def listing(objects: Sequence[Object]) -> str:
    """All objects in full, cell by cell: "large plain red circle top left; small ..."."""
    return "; ".join(_shown(thing, QUALITIES) for thing in _in_order(objects)) or "nothing"


def comparison(spec: Spec, objects: Sequence[Object]) -> Iterator[str]:
    """ "red circle one: blue circle top left no", "red circle two: nothing", and so on."""
    members, extra = match(spec, objects)
    for group, there in zip(spec.groups, members, strict=True):
        asked = noun(group.kind)
        said = [
            f"{_shown(thing, group.kind.said)} {_yes(_is(thing, group.kind))}"
            for thing in _in_order(there)
        ]
        said += ["nothing"] * (group.count - len(there))
        for number, each in enumerate(said, 1):
            yield f"{asked} {NUMBERS[number]}: {each}"
    for thing in _in_order(extra):
        yield f"more: {_shown(thing, ('shape', 'color'))}"
    for kind in spec.absent:
        denied = [_shown(thing, kind.said) for thing in _in_order(objects) if _is(thing, kind)]
        yield f"no {noun(kind)}: {' '.join([*denied, _yes(not denied)])}"
    for relation in spec.relations:
        a, b = (noun(spec.groups[number].kind) for number in (relation.a, relation.b))
        holds = _holds(relation, members)
        yield f"{a} {RELATIONS[relation.word][0]} {b}: {_yes(holds)}"


def _in_order(objects: Sequence[Object]) -> list[Object]:
    return sorted(objects, key=lambda thing: cell(thing.center))


def _shown(thing: Object, qualities: Iterable[str]) -> str:
    """A thing as far as it matters, and its place; of a blob only the color can be said."""
    if thing.shape in SHAPES:
        kind = Kind.of(thing, *qualities)
    else:
        kind = Kind(shape="blob", color=thing.color)
    return f"{noun(kind)} {CELL_WORDS[cell(thing.center)]}"


def _is(thing: Object, kind: Kind) -> bool:
    return thing.shape in SHAPES and kind.fits(thing)


def _holds(relation: Relation, members: Sequence[Sequence[Object]]) -> bool:
    return all(
        stands(a, relation.word, b) for a in members[relation.a] for b in members[relation.b]
    )


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
