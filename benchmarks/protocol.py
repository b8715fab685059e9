"""What a benchmark is to `uig`: cases to draw, a rule that scores a picture, a summary.

A benchmark never draws and never asks: it hands out `Case`s, says what is wanted of their pictures,
turns what was found (answers, ratings, detections) into `Check` lines, and adds tallies up. What is
missing stays missing: it lowers no score, it is counted.

Whatever else belongs to a benchmark is a part of it that may be left out: the layout of its
official files, scores that others have published, the numbers that its own scripts print.
"""

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from numbers import Real
from pathlib import Path
from typing import Any, Protocol

from uig_cli.benchmarks.card import Card, Given
from uig_cli.benchmarks.external import ExternalModel, ImportRequest
from uig_cli.benchmarks.published import Published
from uig_cli.cases import Case, is_text
from uig_cli.models.protocol import Failure, Picture
from uig_cli.registry import Origin
from uig_cli.scoring.protocol import Answer, Finding, Kind, Rating
from uig_cli.stats.stratified import Line, Tally


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
    reader of those tables must know, each once; former_hashes: what older versions of the
    benchmark made of the very same prompts for a prompts_hash.
    """

    cases: Sequence[Case]
    set: str
    prompts_hash: str
    warnings: tuple[str, ...]
    card: str
    notes: tuple[str, ...] = ()
    former_hashes: tuple[str, ...] = ()


Found = Mapping[Kind, Sequence[Finding | Failure]]
"""What is known of a picture: for each kind that the benchmark needs, a finding or a failure for
each text of `wanted`, in that order."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a picture's score: a yes/no question, a rating, or the verdict of rules.

    answer: what was found, None where it is missing; status: "answered", or why it is missing.
    value: 0 (wrong) to 1 (right); of a line that tells none, whether the answer is the wanted one,
    as a whole number, so that sums of such lines are whole. weight: what the line counts beside the
    other lines of its picture.
    """

    question: str
    wanted: str
    answer: str | None
    status: str
    raw: str = ""
    value: float | None = None
    weight: float = 1

    def __post_init__(self) -> None:
        told = (self.question, self.wanted, self.status, self.raw, self.answer or "")
        if odd := [one for one in told if not is_text(one)]:
            raise TypeError(f"got {odd[0]!a:.40} in a line of a score, expected texts")
        if self.value is not None:
            object.__setattr__(self, "value", _plain(self.value, self.question))
        object.__setattr__(self, "weight", _plain(self.weight, self.question))
        if self.value is None and self.answer is not None:
            object.__setattr__(self, "value", int(self.answer == self.wanted))
        if self.value is not None and not 0 <= self.value <= 1:
            raise ValueError(f"{self.question}: got the value {self.value}, expected 0 to 1")
        if not 0 < self.weight < inf:
            raise ValueError(f"{self.question}: got the weight {self.weight}, expected more than 0")

    @classmethod
    def of(cls, question: str, wanted: str, found: Finding | Failure, weight: float = 1) -> "Check":
        """The line of an answer, which is right if it is the wanted one, or of a rating."""
        match found:
            case Failure(kind, reason):
                return cls(question, wanted, None, f"{kind}: {reason}", weight=weight)
            case Answer(answer, status, raw=raw):
                return cls(question, wanted, answer, status, raw, weight=weight)
            case Rating(value, status, raw):
                shown = None if value is None else f"{value:g}"
                return cls(question, wanted, shown, status, raw, value, weight)
        raise TypeError(f"{question}: got {type(found).__name__}, expected an answer or a rating")

    @property
    def correct(self) -> bool | None:
        """Whether it is right in full; None where it is missing."""
        return None if self.value is None else self.value == 1


def _plain(number: Any, question: str) -> float:
    """The number as Python's own (numpy's are converted); TypeError for what is none."""
    if isinstance(number, int | float):
        return number
    if isinstance(number, Real):
        return float(number)
    raise TypeError(f"{question}: got {number!r:.40}, expected a number")


@dataclass(frozen=True, slots=True)
class FinalPicture:
    """What a method of a run left of a case and sample.

    model: what that method's pictures are called, fit for a folder's name. picture: None where it
    is missing; findings, checks: by the name of the scorer, what it found and what that means.
    """

    case: Case
    sample: int
    model: str
    picture: Picture | None
    findings: Mapping[str, Found]
    checks: Mapping[str, tuple[Check, ...]]


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

    layout, published: None without. origin: where its code is, if it is none of ours; the registry
    says so.
    """

    card: Card
    layout: Layout | None = None
    published: Published | None = None
    origin: Origin | None = None

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

    @property
    def needs(self) -> tuple[Kind, ...]:
        """The kinds of findings that its pictures are scored by; a scorer of each must look at
        them."""
        return self.card.needs

    @abstractmethod
    def open(self, source: Source) -> Data:
        """Reads and validates the data; raises UigError with what was got and expected."""

    def wanted(self, case: Case, kind: Kind) -> tuple[str, ...]:
        """What a scorer of that kind is asked about the case's picture, as stable texts; none where
        it has nothing to look for. Kinds that are not needed may be wanted, too: their findings are
        kept, and measured apart from the score (the words in a picture, say)."""
        return tuple(question.text for question in case.questions) if kind == "answers" else ()

    def check_case(self, case: Case) -> None:
        """Whether a case that a run kept is one of this benchmark's still; whatever its own reading
        of odd data raises says that it is not."""
        json.dumps(dict(case.facts), ensure_ascii=False).encode()
        for kind in self.needs:
            for text in self.wanted(case, kind):
                text.encode()

    def flaw(self, found: Finding, picture: Picture, set_name: str) -> Failure | None:
        """Why nobody can have found this in a picture of that set; None where somebody may have.
        Such a finding is a failure of whoever hands it over, and never scored."""
        return None

    def verdict_text(self, case: Case) -> str | None:
        """The stable text that verdicts on the case's pictures are kept under, as answers (yes:
        right), where somebody else's whole verdict may stand in for what it needs; `judged` is
        given answers alone then. None where no verdict is taken."""
        return None

    @abstractmethod
    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        """The lines that make one picture's score: as many, whatever is missing."""

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
