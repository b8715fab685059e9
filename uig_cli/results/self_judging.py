"""Scores that a model gives to itself.

Where a method stops as soon as the model is content with its picture, and the judge is that same
model, the score tells how well the model pleases itself: it is said wherever such a score stands.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from uig_cli.benchmarks.published import same_judge
from uig_cli.errors import UigError
from uig_cli.results.run import RunReader
from uig_cli.scoring.registry import SELF

Identity = Mapping[str, Any]

_LOOKS = "model.look."
_MODEL = re.compile(r"(?:\w+ )?model( \w+)?")
"""The fields of a judge's identity that tell its model; a kind of findings stands before those of
one of several scorers."""

_NO_MATTER = ("dtype",)
"""Fields in which a model differs from itself."""


def is_self(identity: Identity, name: str) -> bool:
    """Whether a judge is the examined model; name: its folder's, for one without an identity."""
    named = [text for key, text in identity.items() if key.rpartition(" ")[2] == "judge"]
    return SELF in (named if identity else [name])


def stops_when_content(drawing: Identity) -> bool:
    """Whether a method goes on, round by round, until the model likes what it sees. drawing: the
    method's drawing identity, flat."""
    return "rounds" in drawing and any(field.startswith(_LOOKS) for field in drawing)


def is_examiner(drawing: Identity, judge: Identity, name: str) -> bool:
    """Whether the model that examines pictures for a method is the judge, too."""
    looks = {key.removeprefix(_LOOKS): v for key, v in drawing.items() if key.startswith(_LOOKS)}
    asked = {
        (found[1] or "").strip(): value
        for key, value in judge.items()
        if (found := _MODEL.fullmatch(key))
    }
    if is_self(judge, name):
        told = (looks.keys() & asked.keys()) - {*_NO_MATTER}
        return all(looks[field] == asked[field] for field in told)
    named = [str(value) for value in looks.values()]
    return "" in asked and same_judge([str(asked[""])], named) is not None


def self_judging(drawings: Mapping[str, Identity], judges: Mapping[str, Identity]) -> Iterator[str]:
    """A sentence for each judge that is the examiner of a method that stops when it is content.

    drawings: drawing identities by method; judges: identities by the names of judges.
    """
    for name, judge in judges.items():
        pleased = [
            method
            for method, drawing in drawings.items()
            if stops_when_content(drawing) and is_examiner(drawing, judge, name)
        ]
        if pleased:
            yield (
                f"{' and '.join(pleased)} stops when the model is content with its own picture, "
                f"and judge {name} is the same model, which so judges itself: these scores say how "
                "well it pleases itself. Have another judge look with `uig rejudge RUN --judge "
                "...`."
            )


def self_judging_of(run: RunReader) -> list[str]:
    """The same of a run; nothing where its judges cannot be told."""
    judges: Mapping[str, Identity] = {}
    with suppress(UigError):
        judges = run.identities()
    return list(self_judging(run.drawing_identities, judges)) if judges else []
