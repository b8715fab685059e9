"""One protocol for judges, detectors and text readers: a picture and what is wanted of it go in, a
finding for each comes out, or a failure.

What is wanted is a stable text, chosen by the benchmark: a question, a criterion to rate by, the
classes whose colors matter. Picture and text are the key under which findings are kept, and the
scorer's identity says whose they are; so nothing is asked twice, and storing and asking are the
same for every kind. Findings keep their types.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.findings import (
    ANSWERED,
    CUT_OFF,
    REFUSED,
    UNPARSED,
    Answer,
    Detections,
    Finding,
    Rating,
    TextLine,
    Transcript,
)
from uig_cli.scoring.kinds import Kind

__all__ = [
    "ANSWERED", "CUT_OFF", "FINDING", "REFUSED", "UNPARSED", "Answer", "Asked", "Detections",
    "Failure", "Finding", "Kind", "Paid", "Picture", "Prepared", "Rating", "Reply", "Scorer",
    "Speaking", "TextLine", "Transcript",
]  # fmt: skip

FINDING: Mapping[Kind, type[Finding]] = {
    "answers": Answer,
    "ratings": Rating,
    "detections": Detections,
    "texts": Transcript,
    "faults": Rating,
}
"""The type of every kind's findings."""

Reply = tuple[Finding, ...] | Failure
"""A finding for each text that was wanted, in their order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture and what is wanted of it.

    By kind: answers, the questions; ratings, the criteria; detections, the classes whose colors
    are needed, joined by commas; texts, the empty text; faults, all that there is to be (1: none).
    """

    picture: Picture
    wanted: tuple[str, ...]


class Scorer(Protocol):
    """name: short, fit for a folder name. kind: what it finds. identity: all its findings depend
    on (what it asks, how it reads replies, weights by their hash), as texts; not where it runs.

    batch: pictures it is asked about at a time; None: as many as the models of the run take.
    """

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def batch(self) -> int | None: ...

    @property
    def identity(self) -> Mapping[str, str]: ...

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        """Answers each item once, as (index, reply), in any order. What raises is tried again item
        by item, and is then that item's failure."""
        ...


@runtime_checkable
class Speaking(Protocol):
    """A judge whose answers are read out of what it says: what was kept can be read anew when the
    reading changes."""

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        """What kept answers to questions about one picture say by today's reading; None where the
        texts that were kept do not tell."""
        ...


@runtime_checkable
class Prepared(Protocol):
    """A scorer that needs something to be asked: weights in memory, a server that answers. Where
    all that it is to find is known already it needs nothing."""

    def prepare(self) -> None:
        """Gets it, once; raises UigError where it is not to be had."""
        ...


@runtime_checkable
class Paid(Protocol):
    """A judge whose every request may cost money. Until something that it said could be read, it
    puts no question twice, and whoever asks looks at its first reply before going on."""

    def proven(self) -> None:
        """It has been read before."""
        ...

    def unreadable(self, reply: Reply) -> str | None:
        """Why nothing more should be asked after this reply, in one sentence; None where it can be
        read."""
        ...
