"""GenEval's six tasks over the small world: its shapes for objects, its colors, counts to five.

The official generator draws them. One task differs: a third of the relations are bare as in
GenEval, a third name a (shape, color) pair that training never puts into a relation, and a third,
for comparison, name pairs that it does. The official rules check color and place of one
clause already.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from uig_cli.benchmarks.geneval.pcg64 import PCG64
from uig_cli.benchmarks.geneval.prompts import (
    POSITIONS,
    Metadata,
    Words,
    clause,
    color_attr,
    colors,
    counting,
    position,
    sample,
    sampled,
    single_object,
    two_object,
    with_article,
)
from uig_cli.shapes.scene import COLORS, MOST, SHAPES
from uig_cli.shapes.topics import HELD_OUT, TRAINED, ShapeColor

RELATIONS = 40
"""Relations drawn of each of the three sorts."""


def generate() -> list[Metadata]:
    """The prompts in file order, in the official fields."""
    words = Words(objects=SHAPES, colored=SHAPES, colors=COLORS, most=MOST)
    return sampled(words, (single_object, two_object, counting, colors, _position, color_attr))


def held_out(metadata: Metadata) -> bool:
    """Whether this is one of the relations that name a held-out pair."""
    clauses = metadata["include"]
    return any("position" in each for each in clauses) and any(
        (each["class"], each.get("color")) in HELD_OUT for each in clauses
    )


def _position(random: PCG64, words: Words) -> Iterator[Metadata]:
    """By turns: without colors, with a held-out pair, with trained pairs."""
    held, trained = sorted(HELD_OUT), sorted(TRAINED)
    for bare in islice(position(random, words), RELATIONS):
        yield bare
        yield _colored(random, held, trained)
        yield _colored(random, trained, trained)


def _colored(random: PCG64, pairs: Sequence[ShapeColor], others: Sequence[ShapeColor]) -> Metadata:
    """A relation between one of the pairs and one of the others of another shape, either first."""
    one = pairs[random.integer(0, len(pairs) - 1)]
    rest = [pair for pair in others if pair[0] != one[0]]
    two = [one, rest[random.integer(0, len(rest) - 1)]]
    first = random.integer(0, 1)
    (a, c), (b, d) = two[first], two[1 - first]
    relation = POSITIONS[random.integer(0, len(POSITIONS) - 1)]
    clauses = [clause(b, color=d), clause(a, color=c, position=[relation, 0])]
    prompt = f"{with_article(f'{c} {a}')} {relation} {with_article(f'{d} {b}')}"
    return sample("position", clauses, prompt)
