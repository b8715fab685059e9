"""The set `built-in-hard`: prompts at the rim of what the built-in model was trained on.

The plain built-in set is drawn right at 95 % and more, so that no loop can gain by it. These eight
families combine counting with qualities and places; about a third is drawn right at once, edits
help and harm, and choosing matters. Prompts are many rather than sampled often, since the noise
decides little: a prompt is understood or it is not. What lies beyond (four kinds of objects, two
relations) is drawn right by nobody, and left out.
"""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from uig_cli.benchmarks.tiif.built_in import PromptLine, questions_about
from uig_cli.shapes.descriptions import long, short
from uig_cli.shapes.grouped import grouped_spec
from uig_cli.shapes.spec import Spec
from uig_cli.shapes.topics import TRAINED, sample_spec

LINES = 24
"""Prompts of a family."""

Family = Callable[[Random], Spec]


def _on(topic: str) -> Family:
    return lambda rng: sample_spec(topic, rng, TRAINED)


FAMILIES: Mapping[str, Family] = {
    "num+ct": _on("numeracy+color+texture"),
    "num+c+2d": _on("numeracy+color+2d"),
    "num+t+2d": _on("numeracy+texture+2d"),
    "num+ct+2d": _on("numeracy+color+texture+2d"),
    "diff+2d": _on("differentiation+2d"),
    "diff+c+2d": _on("differentiation+color+2d"),
    "diff+ct": _on("differentiation+color+texture"),
    "grp+2d": lambda rng: grouped_spec(rng, TRAINED),
}
"""Names of dimensions: num for numeracy, diff for differentiation, grp for counted groups; c, t for
colors and textures, 2d for places."""

GROUPS: Mapping[str, tuple[str, ...]] = {"Hard": tuple(FAMILIES)}


def lines(numbers: range = range(LINES)) -> Iterator[PromptLine]:
    """The lines of these numbers, family by family."""
    for family in FAMILIES:
        for number in numbers:
            yield _line(family, number)


def _line(family: str, number: int) -> PromptLine:
    name = f"h8/{family}/{number}"
    rng = Random(name)
    spec = FAMILIES[family](rng)
    told = long(spec, rng)
    asked = questions_about(spec, False, Random(f"h8/long/{family}/{number}"), TRAINED)
    return PromptLine(family, spec, short(spec, Random(f"{name}/short")), told, asked)
