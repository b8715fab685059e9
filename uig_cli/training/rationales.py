"""What an examination says: what is there, what of it stands for what was asked, the verdict.

A verdict alone teaches a bit per picture, and whoever must compare five objects with a sentence
between two words learns it late or never. So the comparison is said aloud, in an order that leaves
little to each word: all objects, cell by cell; every wish beside the object that grants it; then,
for wishes that none grants, the object that comes nearest and what it should be; what is too much;
what must not be there; how things stand. The instruction then says again what was first found
wrong. All of it is a function of what the spec says and of the objects: where something is free to
choose, all that can be learned is to guess.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from uig_cli.shapes.check import errors, holds, lacking, match
from uig_cli.shapes.instructions import Usual, called, instruct
from uig_cli.shapes.scene import SHAPES, Object, cell
from uig_cli.shapes.spec import QUALITIES, SPATIAL, ObjectKind, Spec
from uig_cli.shapes.vocabulary import CELL_WORDS, NUMBERS, RELATIONS, noun

MATCH = "MATCH: the picture shows what was asked for."

NAMED = ("shape", "color")
"""What instructions call a thing by, beside its place."""


def examination(spec: Spec, objects: Sequence[Object]) -> str:
    """The right answer: the thought, then a match or the first thing to do."""
    found = errors(spec, objects, Random(0))
    verdict = f"EDIT_NEEDED: {instruct(found[0].edit, objects, Usual())}" if found else MATCH
    return f"<think>{listing(objects)}. {'; '.join(comparison(spec, objects))}</think>\n{verdict}"


def listing(objects: Sequence[Object]) -> str:
    """All objects in full, cell by cell: "large plain red circle top left; small ..."."""
    return "; ".join(_shown(thing, QUALITIES) for thing in _in_order(objects)) or "nothing"


def comparison(spec: Spec, objects: Sequence[Object]) -> Iterator[str]:
    """ "red circle one: red circle center yes", "red circle two: no", "star one: star center left
    yes", then "red circle: green circle top left not red", and so on."""
    members, extra = match(spec, objects)
    missed: list[str] = []
    for group, there in zip(spec.groups, members, strict=True):
        asked = noun(group.kind)
        lacks = {thing: lacking(group.kind, thing) for thing in _in_order(there)}
        right = [thing for thing, lack in lacks.items() if not lack]
        said = [f"{_shown(thing, group.kind.said)} yes" for thing in right]
        said += ["no"] * (group.count - len(right))
        for number, each in enumerate(said, 1):
            yield f"{asked} {NUMBERS[number]}: {each}"
        for thing, lack in lacks.items():
            if lack:
                missed.append(f"{asked}: {_shown(thing, NAMED)} not {' '.join(lack.values())}")
        missed += [f"{asked}: nothing"] * (group.count - len(there))
    yield from missed
    for thing in _in_order(extra):
        yield f"more: {_shown(thing, NAMED)}"
    for kind in spec.absent:
        denied = [_shown(thing, NAMED) for thing in _in_order(objects) if kind.fits(thing)]
        yield f"no {noun(kind)}: {' '.join([*denied, _yes(not denied)])}"
    for relation in spec.relations:
        names = NAMED if relation.word in SPATIAL else ("size", *NAMED)
        a, b = (noun(spec.groups[number].kind) for number in (relation.a, relation.b))
        these, those = (
            " ".join(_shown(thing, names) for thing in _in_order(members[number])) or "nothing"
            for number in (relation.a, relation.b)
        )
        said_so = f"{a} {RELATIONS[relation.word][0]} {b}"
        yield f"{said_so}: {these}, {those} {_yes(holds(relation, members))}"


def _in_order(objects: Sequence[Object]) -> list[Object]:
    return sorted(objects, key=lambda thing: cell(thing.center))


def _shown(thing: Object, qualities: Iterable[str]) -> str:
    """A thing as far as it matters, and its place."""
    kind = ObjectKind.of(thing, *qualities) if thing.shape in SHAPES else called(thing)
    return f"{noun(kind)} {CELL_WORDS[cell(thing.center)]}"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
