"""GenEval's 553 prompts, generated: the official templates filled by the official draws.

The result is the published `evaluation_metadata.jsonl`, byte for byte (its SHA-256 is
`PUBLISHED_SHA256`). A prompt is known by its line number, counted from 0. The same tasks over
other `Words` make prompts in the same format about other things.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from uig_cli.benchmarks.geneval.pcg64 import PCG64
from uig_cli.scoring.detectors.objects import COLORS, object_names

SEED = 43
PER_TASK = 100
POSITIONS = ("left of", "right of", "above", "below")
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
PUBLISHED_SHA256 = "5c48e0813e812e3c373fa5c8ed07a8f0a483be30272b4427b0559c8048e67c13"

CLAUSES = ("tag", "include", "exclude")
"""The fields that say what is checked."""

Metadata = Mapping[str, Any]
"""tag, include, exclude (counting only), prompt; a clause has class, count and perhaps color or
position, the latter [relation, index of the target clause]."""


@dataclass(frozen=True, slots=True)
class Words:
    """What prompts are made of. colored: the objects that are given colors; most: the highest
    number that is counted to."""

    objects: tuple[str, ...]
    colored: tuple[str, ...]
    colors: tuple[str, ...]
    most: int


Task = Callable[[PCG64, Words], Iterator[Metadata]]


def generate() -> list[Metadata]:
    """The 553 prompts in file order."""
    names = object_names()
    words = Words(names, tuple(name for name in names if name != "person"), COLORS, 4)
    return sampled(words, (single_object, two_object, counting, colors, position, color_attr))


def sampled(words: Words, tasks: Iterable[Task]) -> list[Metadata]:
    """The tasks' samples in order, drawn from one generator; of equal ones the first is kept."""
    random = PCG64(SEED)
    samples = (sample for task in tasks for sample in task(random, words))
    return list({json.dumps(sample): sample for sample in samples}.values())


def as_lines(prompts: Iterable[Metadata]) -> str:
    """The official file format: a JSON object a line."""
    return "".join(json.dumps(metadata) + "\n" for metadata in prompts)


def clauses_key(metadata: Metadata) -> str:
    """What is checked, as a text: no two prompts of a set have the same."""
    return json.dumps([metadata.get(field) or None for field in CLAUSES], sort_keys=True)


def single_object(random: PCG64, words: Words) -> Iterator[Metadata]:
    names = words.objects
    for i in random.distinct(len(names), len(names)):
        yield sample("single_object", [clause(names[i])], with_article(names[i]))


def two_object(random: PCG64, words: Words) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        a, b = (words.objects[i] for i in random.distinct(len(words.objects), 2))
        prompt = f"{with_article(a)} and {with_article(b)}"
        yield sample("two_object", [clause(a), clause(b)], prompt)


def counting(random: PCG64, words: Words) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        name = words.objects[random.integer(0, len(words.objects) - 1)]
        count = random.integer(2, words.most)
        plural = name + ("es" if name.endswith("s") else "s")
        yield {
            "tag": "counting",
            "include": [clause(name, count)],
            "exclude": [clause(name, count + 1)],
            "prompt": f"a photo of {NUMBERS[count]} {plural}",
        }


def colors(random: PCG64, words: Words) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        name = words.colored[random.integer(0, len(words.colored) - 1)]
        color = words.colors[random.integer(0, len(words.colors) - 1)]
        prompt = with_article(f"{color} {name}")
        yield sample("colors", [clause(name, color=color)], prompt)


def position(random: PCG64, words: Words) -> Iterator[Metadata]:
    """The target of the relation comes first, so that it is checked first."""
    for _ in range(PER_TASK):
        a, b = (words.objects[i] for i in random.distinct(len(words.objects), 2))
        relation = POSITIONS[random.integer(0, len(POSITIONS) - 1)]
        clauses = [clause(b), clause(a, position=[relation, 0])]
        yield sample("position", clauses, f"{with_article(a)} {relation} {with_article(b)}")


def color_attr(random: PCG64, words: Words) -> Iterator[Metadata]:
    for _ in range(PER_TASK):
        a, b = (words.colored[i] for i in random.distinct(len(words.colored), 2))
        c, d = (words.colors[i] for i in random.distinct(len(words.colors), 2))
        prompt = f"{with_article(f'{c} {a}')} and {with_article(f'{d} {b}')}"
        yield sample("color_attr", [clause(a, color=c), clause(b, color=d)], prompt)


def sample(tag: str, include: list[dict[str, Any]], rest: str) -> Metadata:
    return {"tag": tag, "include": include, "prompt": f"a photo of {rest}"}


def clause(name: str, count: int = 1, **more: Any) -> dict[str, Any]:
    return {"class": name, "count": count, **more}


def with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
