"""A case: one prompt of a benchmark, and what its picture will be held against.

Cases come from files and from code of others, and their texts go into tables, pages and lines on a
terminal. So what a case cannot be is refused where it is made: text that no encoding holds, and
names of more than one line, which could forge a line of ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from uig_cli.errors import UigError

LONGEST_NAME = 400
"""Characters of an id, a split or a dimension."""

_HALF = re.compile("[\ud800-\udfff]")
_NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class UnfitCase(UigError, ValueError):
    """A text of a case that cannot be one."""


def has_halves(text: str) -> bool:
    """Whether a text has halves of characters, which no file and no table can hold."""
    return not text.isascii() and _HALF.search(text) is not None


def is_text(value: Any) -> bool:
    """Whether it is a text that files and tables can hold."""
    return isinstance(value, str) and not has_halves(value)


def _check_text(what: str, text: Any) -> None:
    if not isinstance(text, str):
        raise UnfitCase(f"{what} is of type {type(text).__name__}; expected text.")
    if half := _HALF.search(text):
        raise UnfitCase(
            f"{what} is no Unicode text (half a character at position {half.start()}); save its "
            "source as UTF-8, or mend that place."
        )


def check_name(what: str, name: Any) -> None:
    """Raises UnfitCase for what is not one line of at most LONGEST_NAME characters."""
    _check_text(what, name)
    if len(name) > LONGEST_NAME or _NO_LINE.search(name):
        raise UnfitCase(
            f"{what} is {name[:60]!r}; expected one line of at most {LONGEST_NAME} characters."
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A yes/no question about a picture and the answer that counts as right ("yes" or "no")."""

    text: str
    wanted: str

    def __post_init__(self) -> None:
        _check_text("a question", self.text)
        check_name("a wanted answer", self.wanted)


@dataclass(frozen=True, slots=True)
class Case:
    """One prompt of a benchmark.

    id: given by the benchmark, never made from the prompt's text, e.g. "tiif/long/negation/3".
    dimension: what the benchmark groups by.
    facts: what rules check the picture against, plain JSON.
    problem: why this case cannot be drawn (an empty prompt, say); it is recorded as a failure.
    partner: id and prompt of the next case of its dimension and split in the whole set, where a
    method asks for it.
    """

    id: str
    prompt: str
    split: str = ""
    dimension: str = ""
    questions: tuple[Question, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None
    partner: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        check_name("the id of a case", self.id)
        _check_text(f"the prompt of case {self.id}", self.prompt)
        check_name(f"the split of case {self.id}", self.split)
        check_name(f"the dimension of case {self.id}", self.dimension)
        if self.partner is not None:
            name, prompt = self.partner
            check_name(f"the id of the partner of case {self.id}", name)
            _check_text(f"the prompt of the partner of case {self.id}", prompt)


Place = tuple[str, int]
"""A case's id and a sample of it: what a method makes one trace for."""
