"""The set `built-in-hard` in GenEval's format: groups of shapes that stand in a relation.

The plain built-in set is all but solved. Here prompts count two groups, most of them colored, and
say how they stand to each other; the official rules check all of it, each clause of another shape.
Three single shapes are drawn right throughout, three groups never: both are left out.
"""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from uig_cli.benchmarks.geneval.prompts import Metadata, clause
from uig_cli.shapes.descriptions import short
from uig_cli.shapes.grouped import grouped_spec
from uig_cli.shapes.spec import Spec
from uig_cli.shapes.topics import TRAINED, sample_spec

LINES = 24
"""Prompts of a family."""

FAMILIES: Mapping[str, tuple[int, Callable[[Random], Spec]]] = {
    "counts_position": (2, lambda rng: sample_spec("numeracy+2d", rng, TRAINED)),
    "colored_counts_position": (2, lambda rng: sample_spec("numeracy+color+2d", rng, TRAINED)),
    "groups_position": (2, lambda rng: grouped_spec(rng, TRAINED)),
}
"""Tags: how many groups, and where their specs come from."""


def generate() -> list[Metadata]:
    """The prompts in file order, in the official fields."""
    return list(_lines())


def _lines() -> Iterator[Metadata]:
    said: set[str] = set()
    for tag in FAMILIES:
        kept = number = 0
        while kept < LINES:
            rng = Random(f"hard/geneval/{tag}/{number}")
            number += 1
            spec = _spec(tag, rng)
            prompt = short(spec, rng)
            if prompt not in said:
                said.add(prompt)
                kept += 1
                yield _metadata(tag, spec, prompt)


def _spec(tag: str, rng: Random) -> Spec:
    """One with so many groups, each of another shape: the rules find boxes by their shape."""
    count, family = FAMILIES[tag]
    while True:
        spec = family(rng)
        shapes = {group.kind.shape for group in spec.groups}
        if len(spec.groups) == len(shapes) == count and None not in shapes:
            return spec


def _metadata(tag: str, spec: Spec, prompt: str) -> Metadata:
    """Clauses of the groups, a relation's target before what stands in relation to it."""
    order = list(range(len(spec.groups)))
    if spec.relations:
        (relation,) = spec.relations
        order.sort(key=lambda number: (number != relation.b, number))
    include = []
    for number in order:
        group = spec.groups[number]
        more: dict[str, Any] = {} if group.kind.color is None else {"color": group.kind.color}
        for relation in spec.relations:
            if relation.a == number:
                of = " of" if relation.word in ("left", "right") else ""
                more["position"] = [relation.word + of, order.index(relation.b)]
        include.append(clause(group.kind.shape or "", group.count, **more))
    exclude = [clause(each["class"], each["count"] + 1) for each in include]
    return {"tag": tag, "include": include, "exclude": exclude, "prompt": prompt}
