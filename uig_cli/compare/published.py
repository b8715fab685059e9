"""A run beside published scores of the same benchmark, split and judge.

Where the run's judge is none of the published ones, the scores by all of them stand there, and the
reason why they do not compare. Published gains are no scores and are set apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from uig_cli.benchmarks.published import GAIN, OVERALL, Score
from uig_cli.compare.comparability import Comparability, comparability, lacks
from uig_cli.results.figures import of_groups
from uig_cli.results.run import RunReader
from uig_cli.scoring.registry import STRICT

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """One row. scores: metric -> (percent, low, high), the interval None where none is known.

    source: where it was published, None for the run's own; missing: its unanswered questions;
    groups: "7 of 9 groups", what its overall is made of.
    """

    model: str
    judge: str
    scores: Mapping[str, tuple[float | None, float | None, float | None]]
    source: str | None = None
    note: str = ""
    missing: int | None = None
    groups: str = ""

    @property
    def overall(self) -> float:
        return self.scores.get(OVERALL, (None,))[0] or 0.0


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """A split and judge of the run. entries: the run's own methods, then the published ones by
    their overall; gains: published differences, as sentences. Nothing published stands beside a run
    on another set."""

    split: str
    judge: str
    comparability: Comparability
    metrics: tuple[str, ...]
    entries: tuple[PublishedEntry, ...]
    gains: tuple[str, ...]


def beside(run: RunReader, summary: "pd.DataFrame") -> Iterator[PublishedComparison]:
    """One for each split and judge. summary: the rows of tables/summary."""
    final = summary[(summary["step"] == "final") & (summary["judge"] != STRICT)]
    for (split, judge), rows in final.groupby(["split", "judge"], sort=True):
        stands = comparability(run, str(split), str(judge))
        known, found = _published(run, stands), stands.counterpart
        metrics = tuple(dict.fromkeys(score.metric for score in known)) or (OVERALL,)
        others = [] if found is None or found.another_set else known
        overall = rows[rows["level"] == OVERALL].to_dict("records")
        lacking = tuple(lacks(run, str(split), overall))
        own = _own(rows[rows["name"].isin(metrics)], str(judge))
        listed = sorted(_entries(others), key=lambda entry: -entry.overall)
        gains = tuple(_gains(run, str(split))) if others else ()
        stands = replace(stands, reasons=(*stands.reasons, *lacking))
        yield PublishedComparison(str(split), str(judge), stands, metrics, (*own, *listed), gains)


def _scores(run: RunReader) -> Sequence[Score]:
    published = run.benchmark.published
    return published.scores() if published else ()


def _published(run: RunReader, stands: Comparability) -> list[Score]:
    found = stands.counterpart
    return [
        score
        for score in _scores(run)
        if found is not None
        and (score.benchmark, score.split) == (found.benchmark, found.split)
        and stands.judge in (None, score.judge)
    ]


def _own(rows: "pd.DataFrame", judge: str) -> Iterator[PublishedEntry]:
    for method, lines in rows.groupby("method", sort=True):
        records = lines.to_dict("records")
        overall = next((row for row in records if row["name"] == OVERALL), None)
        missing = None if overall is None else int(overall["missing"])
        groups = of_groups(overall["groups"], overall["all_groups"]) if overall else ""
        cells = {
            str(row["name"]): (_known(row["score"]), _known(row["low"]), _known(row["high"]))
            for row in records
        }
        yield PublishedEntry(f"this run, {method}", judge, cells, missing=missing, groups=groups)


def _entries(published: Sequence[Score]) -> Iterator[PublishedEntry]:
    rows: dict[tuple[str, str, str], list[Score]] = {}
    for score in published:
        rows.setdefault((score.model, score.judge, score.source), []).append(score)
    for (model, judge, source), found in rows.items():
        cells = {score.metric: (score.value, None, None) for score in found}
        note = "; ".join(dict.fromkeys(score.note for score in found if score.note))
        yield PublishedEntry(model, judge, cells, source, note)


def _gains(run: RunReader, split: str) -> Iterator[str]:
    name = run.manifest.drawing.benchmark.name
    for score in _scores(run):
        if score.benchmark == name and score.split == split and score.metric.startswith(GAIN):
            note = f"; {score.note}" if score.note else ""
            yield f"{score.model}: {score.metric} {score.value:+.2f} ({score.source}{note})"


def _known(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
