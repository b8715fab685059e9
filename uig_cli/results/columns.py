"""The tables' columns: a dataclass per table, whose fields are its columns in their order.

What is missing is None: an empty cell, never 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, get_type_hints

if TYPE_CHECKING:
    import pandas as pd


Whole = int | float | None
"""Whole numbers in a table that has no others; ratings have parts of one."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A picture kept, before one judge; `made_` columns are empty where it is the one made."""

    case: str
    split: str
    dimension: str
    sample: int
    method: str
    step: int
    judge: str | None
    score: float | None
    asked: int | None
    correct: Whole
    missing: int | None
    verdict: str | None
    instruction: str | None
    still_running: bool
    failure: str | None
    seconds: float
    decoder_passes: int
    work: int | None
    tokens: int
    size: str | None
    seed: int
    sha256: str | None
    made_sha256: str | None
    made_score: float | None
    kept_by: float | None
    made_kept_by: float | None
    made_verdict: str | None
    made_instruction: str | None
    returns_to: int | None
    comes_back_to: int | None
    picture: str | None


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One of several pictures of a round, before one judge. chosen: it is the one made;
    method_score: what the method chose by."""

    case: str
    sample: int
    method: str
    round: int
    candidate: int
    sha256: str | None
    chosen: bool
    score: float | None
    judge: str | None
    method_score: float | None
    failure: str | None
    picture: str | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A line of evidence about a kept picture."""

    case: str
    sample: int
    method: str
    step: int
    judge: str
    number: int
    question: str
    wanted: str
    answer: str | None
    correct: bool | None
    value: float | None
    weight: float
    status: str
    raw: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A dimension, group or all of a split, by one method before one judge at one step.

    groups, all_groups: of the overall, how many groups it has of those there are.
    """

    split: str
    method: str
    judge: str
    step: str
    level: str
    name: str
    score: float | None
    low: float | None
    high: float | None
    cases: int
    pictures: int
    answered: int
    missing: int
    always_yes: float | None
    groups: int | None
    all_groups: int | None


@dataclass(frozen=True, slots=True)
class TextRow:
    """What one reader read in a kept picture that shall show words."""

    case: str
    split: str
    sample: int
    method: str
    step: int
    reader: str
    words: int
    text: str | None
    gned: float | None
    recall: float | None
    status: str
    sha256: str | None
    picture: str | None


@dataclass(frozen=True, slots=True)
class TextSummaryRow:
    """Means over the pictures of a split, by one method before one reader at one step."""

    split: str
    method: str
    reader: str
    step: str
    gned: float | None
    gned_low: float | None
    gned_high: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    cases: int
    pictures: int
    missing: int
    no_words: int


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """How far two judges, or one asked again, agree."""

    judge: str
    other: str
    level: str
    name: str
    questions: int
    agree: float | None
    kappa: float | None


TableRow = (
    StepRow | CandidateRow | QuestionRow | SummaryRow | TextRow | TextSummaryRow | AgreementRow
)

_PANDAS = {int | None: "Int64", bool | None: "boolean", float | None: "float64"}
"""Types of columns that would be another one for a cell that is empty."""


def columns(of: type[TableRow]) -> list[str]:
    return [field.name for field in fields(of)]


def frame(of: type[TableRow], rows: Iterable[TableRow]) -> "pd.DataFrame":
    """A table of these rows."""
    import pandas as pd

    table = pd.DataFrame(map(attrgetter(*columns(of)), rows), columns=columns(of))
    types = {name: _PANDAS.get(kind) for name, kind in get_type_hints(of).items()}
    for name, kind in get_type_hints(of).items():
        if kind == Whole:
            parts = (table[name].dropna() % 1 != 0).any()
            types[name] = "Float64" if parts else "Int64"
    return table.astype({name: kind for name, kind in types.items() if kind is not None})
