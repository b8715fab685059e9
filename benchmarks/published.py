"""Scores that others have published, and which of them are about the same prompts.

`published.csv` beside this module holds them with their sources, as they were published: GenEval's
are shares of 1, all others percent. Values are percent here.
"""

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from uig_cli.benchmarks.built_in import BUILT_IN

OVERALL = "overall"
GAIN = "gain"
"""Metrics that begin with this word are differences, not scores."""

TIIF_PROMPTS = 277
"""Prompts of TIIF's testmini, short as well as long."""


@dataclass(frozen=True, slots=True)
class Score:
    """A line of the file. benchmark, split, judge: in its words. value: percent, or points."""

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

    benchmark, split: in the file's words. prompts: how many the complete set has. reasons: why
    scores over this set do not compare with the published ones all the same.
    """

    benchmark: str
    split: str
    prompts: int
    reasons: tuple[str, ...] = ()


@cache
def scores() -> tuple[Score, ...]:
    """All lines of the file."""
    text = files("uig_cli.benchmarks").joinpath("published.csv").read_text("utf-8")
    return tuple(_score(row) for row in csv.DictReader(text.splitlines()))


def _score(row: Mapping[str, str]) -> Score:
    share = row["benchmark"] == "geneval"
    value = round(float(row["value"]) * (100 if share else 1), 6)
    return Score(**{**row, "value": value})  # type: ignore[arg-type]


def counterpart(benchmark: str, set_name: str, prompts: str, split: str) -> Counterpart | None:
    """prompts: the hash of all prompts of the set (`Data.prompts_hash`), split: a case's.

    None for a benchmark without published scores in the file.
    """
    if benchmark == "tiif":
        return Counterpart("tiif-testmini", split, TIIF_PROMPTS, tuple(_tiif(set_name, prompts)))
    if benchmark == "geneval":
        return _geneval(set_name, prompts, split)
    return None


def _tiif(set_name: str, prompts: str) -> Iterable[str]:
    from uig_cli.benchmarks.tiif import OFFICIAL
    from uig_cli.benchmarks.tiif.data import MINI

    if set_name == BUILT_IN:
        yield _BUILT_IN
    elif set_name != MINI:
        yield f"set {set_name}, published scores are of {MINI}"
    elif prompts != OFFICIAL[MINI]:
        yield f"own prompts, not the official {MINI}"


def _geneval(set_name: str, prompts: str, split: str) -> Counterpart:
    from uig_cli.benchmarks.geneval.cases import REWRITTEN
    from uig_cli.benchmarks.geneval.prompts import as_lines, generate

    official = generate()
    if split == REWRITTEN:
        name, reasons = "rewritten prompts", ["every paper rewrites the prompts in its own words"]
    else:
        name, reasons = "official prompts", []
    if set_name == BUILT_IN:
        reasons.append(_BUILT_IN)
    elif split != REWRITTEN and prompts != sha256(as_lines(official).encode()).hexdigest():
        reasons.append("other prompts than the official ones")
    return Counterpart("geneval", name, len(official), tuple(reasons))


_BUILT_IN = "set built-in, which is about drawn shapes"


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
