"""Whether a run's scores may stand beside published ones, and if not, why.

The reasons are phrases for a note: another set or part of it, other prompts, another judge, the
examined model as its own judge.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from uig_cli.benchmarks.published import Counterpart
from uig_cli.errors import UigError
from uig_cli.results.figures import of_groups
from uig_cli.results.run import RunReader
from uig_cli.results.self_judging import is_self
from uig_cli.runs.thresholds import RULE


@dataclass(frozen=True, slots=True)
class Comparability:
    """counterpart: None if nothing is published about the benchmark. judge: the published judge
    that this one is, None if it is none of them. reasons: empty if the scores compare."""

    counterpart: Counterpart | None
    judge: str | None
    reasons: tuple[str, ...]


def judge_identity(run: RunReader, judge: str) -> Mapping[str, Any]:
    """What the answers or findings of this judge depend on; judge: its folder's name."""
    with suppress(UigError):
        return run.identities().get(judge, {})
    return {}


def self_judged(run: RunReader, judge: str) -> bool:
    """Whether the judge is the examined model itself."""
    return is_self(judge_identity(run, judge), judge)


def comparability(run: RunReader, split: str, judge: str) -> Comparability:
    record, published = run.manifest.drawing.benchmark, run.benchmark.published
    if published is None:
        return Comparability(None, None, (f"no scores of {record.name} are in the list",))
    found = published.counterpart(record.set, record.prompts, split)
    judges = [
        score.judge
        for score in published.scores()
        if (score.benchmark, score.split) == (found.benchmark, found.split)
    ]
    identity = judge_identity(run, judge)
    told = (str(identity[key]) for key in ("judge", "detector", "model") if key in identity)
    same, another = published.same_scorer({judge, *told}, identity, list(dict.fromkeys(judges)))
    reasons = [
        *(found.reasons or _part(run, split, found.prompts)),
        *_samples(run),
        *_judged(run, judge, same, another),
    ]
    if any(name.startswith(RULE) for name in identity):
        reasons.append("other settings of the rules than the official ones")
    return Comparability(found, same, tuple(reasons))


def lacks(run: RunReader, split: str, rows: Sequence[Mapping[Any, Any]]) -> Iterator[str]:
    """Why methods do not stand beside complete ones: what they lack. rows: of tables/summary, the
    overall of each at the final step; a method is named where there are several."""
    held = sum(case.split == split for case in run.cases)
    for row in rows:
        method = f"{row['method']}: " if len(rows) > 1 else ""
        if row["missing"]:
            yield f"{method}{row['missing']} answers missing"
        if row["cases"] < held:  # whatever was to be asked about them, which may be unknown
            yield f"{method}{held - row['cases']} of {held} prompts without an answer"
        made_of = of_groups(row["groups"], row["all_groups"])
        if made_of and row["groups"] < row["all_groups"]:
            yield f"{method}{made_of}"


def _part(run: RunReader, split: str, prompts: int) -> Iterator[str]:
    held = sum(case.split == split for case in run.cases)
    if held < prompts:
        yield f"{held} of {prompts} prompts"


def _samples(run: RunReader) -> Iterator[str]:
    usual = run.benchmark.samples
    if run.manifest.samples != usual:
        yield f"samples per prompt: {run.manifest.samples} instead of {usual}"


def _judged(run: RunReader, judge: str, same: str | None, another: str) -> Iterator[str]:
    if self_judged(run, judge):
        yield "judged by the examined model itself"
    elif same is None:
        yield f"judged by {judge}, published scores are not"
    elif another:
        yield another
