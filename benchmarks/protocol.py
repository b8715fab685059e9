"""What a benchmark is to `uig`: cases to draw, a rule that scores a picture, a summary.

A benchmark never draws and never asks: it hands out `Case`s, turns the evidence about a picture
(a judge's answers, or a detector's findings) into `Judged` lines, and adds tallies up. What is
missing stays missing: it lowers no score, it is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from uig_cli.cases import Case
from uig_cli.stats.stratified import Line, Tally

Evidence = Literal["answers", "detections"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where and what to read. Fields left None take the benchmark's default.

    data: folder with the official files. prompts_file: rewritten prompts in the official format.
    """

    split: str | None = None
    set: str | None = None
    data: Path | None = None
    prompts_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """A benchmark's validated data: `cases` can be iterated again and again.

    set: the name of the set in use; prompts_hash: SHA-256 (hex) over all prompts of all splits
    of that set, so that runs on other prompts are told apart; warnings: oddities a user should
    know, each one sentence; card: one line on what it is, for the head of tables; notes: what a
    reader of those tables must know, each once.
    """

    cases: Sequence[Case]
    set: str
    prompts_hash: str
    warnings: tuple[str, ...]
    card: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of evidence about a picture: a yes/no question, or the verdict of rules.

    answer: None when missing; status: "answered", or why it is missing.
    """

    question: str
    wanted: str
    answer: str | None
    status: str
    raw: str = ""

    @property
    def correct(self) -> bool | None:
        return None if self.answer is None else self.answer == self.wanted


class Benchmark(Protocol):
    """A benchmark behind `uig eval NAME`.

    evidence: what its pictures are scored by. samples: pictures per prompt by default.
    """

    name: str
    version: str
    evidence: Evidence
    splits: tuple[str, ...]
    sets: tuple[str, ...]
    samples: int

    def open(self, source: Source) -> Data:
        """Reads and validates the data; raises UigError with what was got and expected."""
        ...

    def judged(self, case: Case, evidence: Any) -> tuple[Judged, ...]:
        """Scores one picture. evidence: Sequence[Answer] aligned with case.questions, or
        `Detections`, or a `Failure` (nothing is known: all lines are missing)."""
        ...

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Lines from fine to coarse; the last one is the headline, level "overall"."""
        ...
