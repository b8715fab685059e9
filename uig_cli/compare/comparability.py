"""Whether a run's scores may stand beside published ones, and if not, why.

The reasons are phrases for a note: another set or part of it, other prompts, another judge, the
examined model as its own judge.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from uig_cli.benchmarks.published import Counterpart
from uig_cli.errors import UigError
from uig_cli.results.run import RunReader
from uig_cli.runs.thresholds import RULE

SELF = "self"


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
    identity = judge_identity(run, judge)
    named = [text for key, text in identity.items() if key.split()[-1] == "judge"]
    return SELF in (named if identity else [judge])


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
