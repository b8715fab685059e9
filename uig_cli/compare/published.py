"""A run beside published scores of the same benchmark, split and judge.

Where the run's judge is none of the published ones, the scores by all of them stand there, and the
reason why they do not compare. Published gains are no scores and are set apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uig_cli.benchmarks.published import GAIN, OVERALL, Score
from uig_cli.compare.comparability import Comparability, comparability
from uig_cli.results.run import RunReader

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """One row. scores: metric -> (percent, low, high), the interval None where none is known.

    source: where it was published, None for the run's own; missing: its unanswered questions.
    """

    model: str
    judge: str
    scores: Mapping[str, tuple[float | None, float | None, float | None]]
    source: str | None = None
    note: str = ""
    missing: int | None = None

    @property
    def overall(self) -> float:
        return self.scores.get(OVERALL, (None,))[0] or 0.0


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """A split and judge of the run. entries: the run's own methods, then the published ones by
    their overall; gains: published differences, as sentences."""

    split: str
    judge: str
    comparability: Comparability
    metrics: tuple[str, ...]
    entries: tuple[PublishedEntry, ...]
    gains: tuple[str, ...]


def beside(run: RunReader, summary: "pd.DataFrame") -> Iterator[PublishedComparison]:
    """One for each split and judge. summary: the rows of tables/summary."""
    final = summary[summary["step"] == "final"]
    for (split, judge), rows in final.groupby(["split", "judge"], sort=True):
        stands = comparability(run, str(split), str(judge))
        others = _published(run, stands)
        metrics = tuple(dict.fromkeys(score.metric for score in others)) or (OVERALL,)
        own = _own(rows[rows["name"].isin(metrics)], str(judge))
        listed = sorted(_entries(others), key=lambda entry: -entry.overall)
        yield PublishedComparison(
            str(split), str(judge), stands, metrics, (*own, *listed), tuple(_gains(run, str(split)))
        )


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
        missing = next((int(row["missing"]) for row in records if row["name"] == OVERALL), None)
        cells = {
            str(row["name"]): (_known(row["score"]), _known(row["low"]), _known(row["high"]))
            for row in records
        }
        yield PublishedEntry(f"this run, {method}", judge, cells, missing=missing)


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
