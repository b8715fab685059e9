"""Prompts and questions about the small world, in TIIF's dimensions and in TIIF's files.

Of TIIF's 39 dimensions, those that this world can express: 22, in six groups. A line is a `Spec`,
said short and said long; its questions are claims that the spec settles. In the groups that ask
about a form or a quality, every wanted answer is yes, as nearly always in TIIF. In the three
reasoning groups half of them are no, so that agreeing with everything does not pay.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from uig_cli.benchmarks.tiif.dimensions import GROUPS
from uig_cli.benchmarks.tiif.lines import file_names
from uig_cli.shapes.claims import Claim, Exists, Number, Stand, claims_of
from uig_cli.shapes.descriptions import long, short
from uig_cli.shapes.questions import ask
from uig_cli.shapes.sample import stage
from uig_cli.shapes.spec import Spec
from uig_cli.shapes.topics import HELD_OUT, TOPICS, TRAINED, ShapeColor, sample_spec

LINES = 12
"""Prompts of a dimension."""

TOPIC = {"2d_spatial_relation": "2d"}
"""The world's name for a dimension, where it is another one."""

REASONING = ("Basic/Reasoning", "Advanced/Attribute+Reasoning", "Advanced/Relation+Reasoning")
"""The groups in which half of the wanted answers are no."""

YES, EACH = 5, 3
"""The most questions of a line: where all answers are yes, and of yes and no each elsewhere."""


@dataclass(frozen=True, slots=True)
class PromptLine:
    """asked: question and wanted answer."""

    dimension: str
    spec: Spec
    short: str
    long: str
    asked: tuple[tuple[str, str], ...]


def lines() -> Iterator[PromptLine]:
    """All lines, dimension by dimension in TIIF's order; no prompt comes twice."""
    said: set[object] = set()
    for group, dimensions in GROUPS.items():
        for dimension in dimensions:
            if TOPIC.get(dimension, dimension) in TOPICS:
                yield from _dimension(dimension, group in REASONING, said)


def _dimension(dimension: str, reasoning: bool, said: set[object]) -> Iterator[PromptLine]:
    kept = number = 0
    while kept < LINES:
        # Training's names begin with a number, so these scenes are none of its own.
        rng = Random(f"eval/tiif/{dimension}/{number}")
        number += 1
        pairs = HELD_OUT if held_out(dimension, kept) else TRAINED
        spec = sample_spec(TOPIC.get(dimension, dimension), rng, pairs)
        texts = short(spec, rng), long(spec, rng)
        if said.isdisjoint((spec, *texts)):
            said |= {spec, *texts}
            kept += 1
            asked = questions_about(spec, reasoning, rng, pairs)
            yield PromptLine(dimension, spec, *texts, asked)


def questions_about(
    spec: Spec, reasoning: bool, rng: Random, pairs: Collection[ShapeColor]
) -> tuple[tuple[str, str], ...]:
    """What is asked about a picture of a spec: questions and wanted answers."""
    example = stage(spec, rng, pairs).objects
    return tuple(
        (ask(claim, rng, example), "yes" if holds else "no")
        for claim, holds in _claims(spec, reasoning, rng)
    )


def held_out(dimension: str, line: int) -> bool:
    """Whether this line relates (shape, color) pairs that training never puts into a relation:
    every third of color+2d."""
    return dimension == "color+2d" and line % 3 == 0


def _claims(spec: Spec, reasoning: bool, rng: Random) -> list[tuple[Claim, bool]]:
    """What is asked about a spec: relations, numbers and denials first, then whether its single
    objects are there, then whatever else it settles; where it is reasoning, half of it false."""
    settled = dict(claims_of(spec, rng))
    denied = {Exists(kind) for kind in spec.absent}
    single = {Exists(group.kind) for group in spec.groups if group.count == 1}

    def rank(claim: Claim) -> int:
        if isinstance(claim, Stand | Number) or claim in denied:
            return 0
        return 1 if claim in single else 2

    order = sorted(rng.sample(list(settled), len(settled)), key=rank)
    true = [claim for claim in order if settled[claim]]
    false = [claim for claim in order if not settled[claim]]
    each = min(EACH, len(true), len(false))
    chosen = [*true[:each], *false[:each]] if reasoning else true[:YES]
    return [(claim, settled[claim]) for claim in rng.sample(chosen, len(chosen))]


def files(name: str, of: Iterable[PromptLine] | None = None) -> Mapping[Path, str]:
    """A set as TIIF's files, path -> text, by default this one; name: the set that they are called
    by."""
    found: dict[Path, str] = {}
    for line in lines() if of is None else of:
        questions, answers = zip(*line.asked, strict=True)
        rows: tuple[dict[str, Any], ...] = (
            {"short_description": line.short, "long_description": line.long},
            {"yn_question_list": questions, "yn_answer_list": answers},
        )
        for path, row in zip(file_names(name, line.dimension), rows, strict=True):
            text = json.dumps({"type": line.dimension, **row})
            found[path] = found.get(path, "") + text + "\n"
    return found


def write(folder: Path, name: str = "test") -> None:
    """Writes the set as TIIF's files, by default under the full set's name."""
    for path, text in files(name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
