"""A spec as a text, and back: a stable name for what a picture is held against."""

import json
from dataclasses import asdict
from typing import Any

from uig_cli.plain_json import read_json
from uig_cli.shapes.scene import VOCABULARY
from uig_cli.shapes.spec import OPPOSITE, ObjectGroup, ObjectKind, Relation, Spec


def text_of(spec: Spec) -> str:
    """One line of JSON; qualities that are not said are left out."""

    def kind(one: ObjectKind) -> dict[str, str]:
        return {name: value for name, value in asdict(one).items() if value is not None}

    return json.dumps(
        {
            "groups": [[group.count, kind(group.kind)] for group in spec.groups],
            "relations": [[one.a, one.word, one.b] for one in spec.relations],
            "absent": [kind(one) for one in spec.absent],
        }
    )


def spec_of(text: str) -> Spec:
    """Raises ValueError, TypeError or LookupError for what is no spec."""
    found = read_json(text)
    groups = tuple(ObjectGroup(_kind(kind), int(count)) for count, kind in found["groups"])
    numbers = range(len(groups))
    relations = tuple(
        Relation(numbers[a], _one_of(word, OPPOSITE), numbers[b])
        for a, word, b in found["relations"]
    )
    return Spec(groups, relations, tuple(map(_kind, found["absent"])))


def _kind(said: dict[str, str]) -> ObjectKind:
    return ObjectKind(**{name: _one_of(value, VOCABULARY[name]) for name, value in said.items()})


def _one_of(value: Any, known: Any) -> str:
    if value not in known:
        raise ValueError(f"{value!r:.40} is none of {', '.join(known)}")
    return str(value)
