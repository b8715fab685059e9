"""A case: one prompt of a benchmark, and what its picture will be held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """A yes/no question about a picture and the answer that counts as right ("yes" or "no")."""

    text: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Case:
    """One prompt of a benchmark.

    id: given by the benchmark, never made from the prompt's text, e.g. "tiif/long/negation/3".
    dimension: what the benchmark groups by.
    facts: what rules check the picture against, plain JSON.
    problem: why this case cannot be drawn (an empty prompt, say); it is recorded as a failure.
    """

    id: str
    prompt: str
    split: str = ""
    dimension: str = ""
    questions: tuple[Question, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None


Place = tuple[str, int]
"""A case's id and a sample of it: what a method makes one trace for."""
