"""The judge `strict`: whether nothing at all is wrong with a drawn picture by its prompt's own
specification.

Beside the questions of a built-in set: a blank page has a quarter of those right, and a blob that
nobody asks about costs nothing. Here all of it counts, what is missing, malformed, too much, and
what stands elsewhere than it should.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import ClassVar

from uig_cli.models.protocol import Failure, Picture, UnifiedModel
from uig_cli.scoring.drawn_shapes import READER, read_shapes
from uig_cli.scoring.protocol import Asked, Kind, Rating, Reply
from uig_cli.scoring.terms import Terms
from uig_cli.shapes.check import errors, with_blobs
from uig_cli.shapes.spec import Spec
from uig_cli.shapes.spec_text import spec_of

CHECKS = "1"
"""Raised when the same reading would be held against the same specification differently."""


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "StrictJudge":
    return StrictJudge()


def faults(spec: Spec, picture: Picture) -> tuple[str, ...] | Failure:
    """What is wrong with a picture, by the sorts of `shapes.check`; nothing where it is as asked
    for."""
    reading = read_shapes(picture)
    if isinstance(reading, Failure):
        return reading
    return tuple(error.sort for error in errors(spec, with_blobs(reading), Random(0)))


class StrictJudge:
    """1 where nothing is wrong, else 0; the raw text names what is."""

    name = "strict"
    kind: Kind = "faults"
    batch = None
    identity: ClassVar[Mapping[str, str]] = {"judge": "strict", "reader": READER, "checks": CHECKS}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        for index, item in enumerate(items):
            yield index, self._looked_at(item)

    def _looked_at(self, item: Asked) -> Reply:
        found: list[Rating] = []
        for text in item.wanted:
            try:
                spec = spec_of(text)
            except (ValueError, TypeError, LookupError) as error:
                return Failure("specification", f"it cannot be read ({error!s:.80})")
            wrong = faults(spec, item.picture)
            if isinstance(wrong, Failure):
                return wrong
            found.append(Rating(float(not wrong), raw=", ".join(wrong)))
        return tuple(found)
