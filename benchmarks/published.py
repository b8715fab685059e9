"""Scores that others have published, and which of them are about the same prompts.

`published.csv` beside this module holds them with their sources, in whatever unit they were
published; here values are percent.
"""

import csv
import re
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from uig_cli.benchmarks.built_in import BUILT_IN

OVERALL = "overall"
GAIN = "gain"
"""Metrics that begin with this word are differences, not scores."""

ABOUT_SHAPES = f"set {BUILT_IN}, which is about drawn shapes"
"""Why scores over a built-in set compare with none that are published."""


@dataclass(frozen=True, slots=True)
class Score:
    """A published score. benchmark, split, judge: in the words of who published it. value:
    percent, or points. metric: the name of a line of the summary."""

    benchmark: str
    split: str
    judge: str
    model: str
    metric: str
    value: float
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What published scores a set of prompts belongs beside.

    benchmark, split: in the words of `Score`. prompts: how many the complete set has. reasons: why
    scores over this set do not compare with the published ones all the same. note: what to bear in
    mind where they do, one sentence. same_set: that it is the published set, whatever the reasons;
    None: it is where there are none.
    """

    benchmark: str
    split: str
    prompts: int
    reasons: tuple[str, ...] = ()
    note: str = ""
    same_set: bool | None = None

    @property
    def another_set(self) -> bool:
        """Nothing that is published is about this set."""
        return bool(self.reasons) if self.same_set is None else not self.same_set


class Published(Protocol):
    """What is published about a benchmark, and what of it may stand beside a run."""

    @abstractmethod
    def scores(self) -> Sequence[Score]: ...

    @abstractmethod
    def counterpart(self, set_name: str, prompts: str, split: str) -> Counterpart:
        """prompts: the hash of all prompts of the set (`Data.prompts_hash`), split: a case's."""

    def same_scorer(
        self, names: Collection[str], identity: Mapping[str, Any], judges: Sequence[str]
    ) -> tuple[str | None, str]:
        """Which of the published judges a run's judge or detector is, and why its scores do not
        compare with theirs all the same ("": they do). names: all that it goes by."""
        return same_judge(names, judges), ""


@cache
def listed(*benchmarks: str, times: float = 1) -> tuple[Score, ...]:
    """The lines of the list about these benchmarks. times: what makes percents of their values."""
    text = files("uig_cli.benchmarks").joinpath("published.csv").read_text("utf-8")
    return tuple(one for one in read_scores(text, times) if one.benchmark in benchmarks)


def read_scores(text: str, times: float = 1) -> list[Score]:
    """The scores of a CSV text whose columns are the fields of `Score`."""
    return [
        Score(**{**row, "value": round(float(row["value"]) * times, 6)})  # type: ignore[arg-type]
        for row in csv.DictReader(text.splitlines())
    ]


def same_judge(names: Collection[str], published: Iterable[str]) -> str | None:
    """Which of the published judges goes by one of these names; None if none does.

    A version's date, "Instruct", the kind of judge and a maker's name before a slash are
    overlooked: GPT-4o is openai:gpt-4o-2024-11-20, but not gpt-4o-mini.
    """
    plain = {_plain(name) for name in names}
    return next((judge for judge in published if _plain(judge) in plain), None)


def _plain(name: str) -> str:
    name = name.partition("@")[0].rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()
    name = re.sub(r"^(hf|openai)-|-\d{4}-\d{2}-\d{2}$|-instruct$", "", name)
    return re.sub(r"[^a-z0-9]", "", name)
