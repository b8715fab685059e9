"""The judge protocol: a picture and questions in, answers out, each with its evidence.

A judge never invents an answer: what was refused or could not be parsed has no answer and says
why in its status; it is counted as missing and can be asked again later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from uig_cli.models.protocol import Failure, Picture

ANSWERED, REFUSED, UNPARSED = "answered", "refused", "unparsed"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. yes: how likely the judge holds "yes", 0..1, where it can tell.

    status: "answered", or why there is no answer ("refused", "unparsed", ...). raw: what was
    really said. votes: how often yes and no were said where the question was put several times.
    by: the version and the place that answered, where a server did. usage: tokens read and
    written; those of a request about several questions stand with its first answer.
    """

    answer: Literal["yes", "no"] | None
    status: str = ANSWERED
    yes: float | None = None
    raw: str = ""
    votes: tuple[int, int] | None = None
    by: str = ""
    usage: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture and the questions put to it."""

    picture: Picture
    questions: tuple[str, ...]


class Judge(Protocol):
    """name: short, fit for a folder name; identity: all its answers depend on, plain JSON.

    batch: pictures it is asked about at a time; None: as many as the models of the run take.
    """

    name: str

    @property
    def batch(self) -> int | None: ...

    @property
    def identity(self) -> Mapping[str, str]: ...

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, tuple[Answer, ...] | Failure]]:
        """Answers each item once, as (index, answers in the order of its questions)."""
        ...
