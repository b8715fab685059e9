"""What a benchmark is to `uig`: cases to draw, a rule that scores a picture, a summary.

A benchmark never draws and never asks: it hands out `Case`s, turns the evidence about a picture
(a judge's answers, or a detector's findings) into `Judged` lines, and adds tallies up. What is
missing stays missing: it lowers no score, it is counted.

Whatever else belongs to a benchmark is a part of it that may be left out: the layout of its
official files, scores that others have published, the numbers that its own scripts print.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from uig_cli.benchmarks.card import Card, Given
from uig_cli.benchmarks.external import ExternalModel, ImportRequest
from uig_cli.benchmarks.published import Published
from uig_cli.cases import Case
from uig_cli.models.protocol import Picture
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


@dataclass(frozen=True, slots=True)
class FinalPicture:
    """What a method of a run left of a case and sample.

    model: what that method's pictures are called, fit for a folder's name. picture: None where it
    is missing. findings, judged: by the name of the scorer, what it found and what that means.
    """

    case: Case
    sample: int
    model: str
    picture: Picture | None
    findings: Mapping[str, Any]
    judged: Mapping[str, tuple[Judged, ...]]


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run as plain data, for a layout to write. models: the names of all; scorers: name ->
    identity; samples: pictures per prompt."""

    models: tuple[str, ...]
    samples: int
    scorers: Mapping[str, Mapping[str, str]]
    pictures: Sequence[FinalPicture]


class Layout(Protocol):
    """The files that a benchmark's own scripts read and write."""

    def read(self, source: Source, asked: ImportRequest) -> tuple[Data, Sequence[ExternalModel]]:
        """The set's cases, and what was made of them elsewhere, model by model. Raises UigError
        where the files are in another layout."""
        ...

    def write(self, run: FinishedRun, folder: Path) -> Sequence[str]:
        """Writes a run into an empty folder; returns what the user must know, each one sentence.

        A picture's file is copied, so that whoever changes it leaves the run as it is.
        """
        ...


class Benchmark(Protocol):
    """A benchmark behind `uig eval NAME`. Inherit from it: what may be left out has a default.

    evidence: what its pictures are scored by. layout, published: None without.
    """

    card: Card
    evidence: Evidence = "answers"
    layout: Layout | None = None
    published: Published | None = None

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def version(self) -> str:
        return self.card.version

    @property
    def splits(self) -> tuple[str, ...]:
        return self.card.splits

    @property
    def sets(self) -> tuple[str, ...]:
        return self.card.sets

    @property
    def samples(self) -> int:
        return self.card.samples

    @abstractmethod
    def open(self, source: Source) -> Data:
        """Reads and validates the data; raises UigError with what was got and expected."""

    @abstractmethod
    def judged(self, case: Case, evidence: Any) -> tuple[Judged, ...]:
        """Scores one picture. evidence: Sequence[Answer] aligned with case.questions, or
        `Detections`, or a `Failure` (nothing is known: all lines are missing)."""

    @abstractmethod
    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Lines from fine to coarse; the last one is the headline, level "overall"."""

    def rules(self, options: Given) -> Mapping[str, float]:
        """The settings of its rules that are given and not its own, for rules that have any."""
        return {}

    def official_scores(self, tallies: Mapping[str, Sequence[Tally]]) -> Mapping[str, Any] | None:
        """The numbers that its own scripts make of the pictures of a method, plain JSON; None
        where they are those of `summary`. tallies: by split, in the order of `splits`."""
        return None
