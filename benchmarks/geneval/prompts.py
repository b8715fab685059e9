"""GenEval's 553 prompts, generated: the official templates filled by the official draws.

The result is the published `evaluation_metadata.jsonl`, byte for byte (its SHA-256 is
`PUBLISHED_SHA256`). A prompt is known by its line number, counted from 0.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from uig_cli.benchmarks.geneval.pcg64 import PCG64
from uig_cli.scoring.detection import COLORS, object_names

SEED = 43
PER_TASK = 100
TAGS = ("single_object", "two_object", "counting", "colors", "position", "color_attr")
POSITIONS = ("left of", "right of", "above", "below")
NUMBERS = {2: "two", 3: "three", 4: "four"}
PUBLISHED_SHA256 = "5c48e0813e812e3c373fa5c8ed07a8f0a483be30272b4427b0559c8048e67c13"

Metadata = Mapping[str, Any]
"""tag, include, exclude (counting only), prompt; a clause has class, count and perhaps color or
position, the latter [relation, index of the target clause]."""


def generate() -> list[Metadata]:
    """The 553 prompts in file order; of equal samples the first is kept."""
    random, names = PCG64(SEED), object_names()
    tasks = (_single_object, _two_object, _counting, _colors, _position, _color_attr)
    samples = (sample for task in tasks for sample in task(random, names))
    return list({json.dumps(sample): sample for sample in samples}.values())


def as_lines(prompts: Iterable[Metadata]) -> str:
    """The official file format: a JSON object a line."""
    return "".join(json.dumps(metadata) + "\n" for metadata in prompts)


def _single_object(random: PCG64, names: tuple[str, ...]) -> Iterator[Metadata]:
    for i in random.distinct(len(names), len(names)):
        yield _sample("single_object", [_clause(names[i])], _with_article(names[i]))


def _two_object(random: PCG64, names: tuple[str, ...]) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        a, b = (names[i] for i in random.distinct(len(names), 2))
        prompt = f"{_with_article(a)} and {_with_article(b)}"
        yield _sample("two_object", [_clause(a), _clause(b)], prompt)


def _counting(random: PCG64, names: tuple[str, ...]) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        name = names[random.integer(0, len(names) - 1)]
        count = random.integer(2, 4)
        plural = name + ("es" if name.endswith("s") else "s")
        yield {
            "tag": "counting",
            "include": [_clause(name, count)],
            "exclude": [_clause(name, count + 1)],
            "prompt": f"a photo of {NUMBERS[count]} {plural}",
        }


def _colors(random: PCG64, names: tuple[str, ...]) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        name = _never_person(names, random.integer(0, len(names) - 2))
        color = COLORS[random.integer(0, len(COLORS) - 1)]
        prompt = _with_article(f"{color} {name}")
        yield _sample("colors", [_clause(name, color=color)], prompt)


def _position(random: PCG64, names: tuple[str, ...]) -> Iterator[Metadata]:
    """The target of the relation comes first, so that it is checked first."""
    for _ in range(PER_TASK):
        a, b = (names[i] for i in random.distinct(len(names), 2))
        relation = POSITIONS[random.integer(0, len(POSITIONS) - 1)]
        clauses = [_clause(b), _clause(a, position=[relation, 0])]
        yield _sample("position", clauses, f"{_with_article(a)} {relation} {_with_article(b)}")


def _color_attr(random: PCG64, names: tuple[str, ...]) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        a, b = (_never_person(names, i) for i in random.distinct(len(names) - 1, 2))
        c, d = (COLORS[i] for i in random.distinct(len(COLORS), 2))
        prompt = f"{_with_article(f'{c} {a}')} and {_with_article(f'{d} {b}')}"
        yield _sample("color_attr", [_clause(a, color=c), _clause(b, color=d)], prompt)


def _sample(tag: str, include: list[dict[str, Any]], rest: str) -> Metadata:
    return {"tag": tag, "include": include, "prompt": f"a photo of {rest}"}


def _clause(name: str, count: int = 1, **more: Any) -> dict[str, Any]:
    return {"class": name, "count": count, **more}


def _never_person(names: tuple[str, ...], drawn: int) -> str:
    """The drawn name of those after "person", going round."""
    return names[(drawn + 1 + names.index("person")) % len(names)]


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
