"""Scores of runs as curves and bars: what the page and the figures for papers both draw.

All scores are percent, with their 95 % intervals; what is missing is left out, never drawn as 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from uig_cli.compare.run_side import MeanCost, Side, cost_to
from uig_cli.errors import UigError, unknown
from uig_cli.results.figures import known
from uig_cli.results.outcomes import Results
from uig_cli.results.tables import Tables

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Point:
    """A score at x: a step, or what it took to come there."""

    x: float
    score: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """One method, step by step."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves that share their axes."""

    title: str
    across: str
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Final scores of groups: for each group a bar per method, None where a method has none."""

    title: str
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    bars: tuple[tuple[Point | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Plotted:
    """What one run came to, and what its methods are called in a figure: by their names, with the
    run's before them where there are several runs."""

    tables: Tables
    results: Results
    before: str = ""

    def label(self, method: str) -> str:
        return f"{self.before} {method}".strip()


def what_is_scored(runs: Sequence[Plotted]) -> list[tuple[str, str]]:
    """Splits and judges that there are scores of, in the order of the first run's tables."""
    pairs = [
        (str(split), str(judge))
        for run in runs
        for split, judge in run.tables.summary[["split", "judge"]].drop_duplicates().to_numpy()
    ]
    return list(dict.fromkeys(pairs))


def chosen(runs: Sequence[Plotted], split: str | None, judge: str | None) -> tuple[str, str]:
    """The first of what is scored that is as asked for. Raises UigError where there is none."""
    there = what_is_scored(runs)
    if not there:
        raise UigError("these runs have no scores; judge them with `uig rejudge` first.")
    for name, asked, each in (
        ("split", split, [one for one, _ in there]),
        ("judge", judge, [one for _, one in there]),
    ):
        if asked is not None and asked not in each:
            raise unknown(name, asked, list(dict.fromkeys(each)))
    found = [pair for pair in there if split in (None, pair[0]) and judge in (None, pair[1])]
    if not found:
        raise UigError(f"judge {judge} has judged no {split} prompt of these runs; leave one out.")
    return found[0]


def score_by_round(runs: Sequence[Plotted], split: str, judge: str) -> Chart:
    """The overall at each step, over the same cases at each."""
    curves = [
        Curve(run.label(method), tuple(points))
        for run in runs
        for method, points in _overall_by_step(run.tables, split, judge)
    ]
    return Chart("Score by round", "round (0 is the first picture)", tuple(curves))


def score_by_cost(runs: Sequence[Plotted], split: str, judge: str) -> Chart:
    """The overall at each step against what a case took up to there: work, tokens through the
    decoder; or pictures, where the work of a picture is not known."""
    found = [
        (run.label(method), points, _spent(run, method, split, judge))
        for run in runs
        for method, points in _overall_by_step(run.tables, split, judge)
    ]
    worked = all(one.work is not None for _, _, spent in found for one in spent)
    curves = []
    for label, points, spent in found:
        xs = [one.work if worked and one.work is not None else one.pictures for one in spent]
        moved = [Point(xs[int(p.x)], p.score, p.low, p.high) for p in points if p.x < len(xs)]
        curves.append(Curve(label, tuple(moved)))
    what = "work: tokens through the decoder, per case" if worked else "pictures per case"
    return Chart(f"Score against {'work' if worked else 'pictures'}", what, tuple(curves))


def score_by_group(runs: Sequence[Plotted], split: str, judge: str) -> BarChart:
    """The final scores of all groups and of the whole."""
    labels: list[str] = []
    columns: list[Mapping[str, Point]] = []
    for run in runs:
        rows = _rows(run.tables.summary, split, judge)
        final = rows[(rows["step"] == "final") & (rows["level"] != "dimension")]
        for method in dict.fromkeys(final["method"]):
            own = final[final["method"] == method].to_dict("records")
            labels.append(run.label(str(method)))
            columns.append({str(row["name"]): _point(0, row) for row in own if known(row["score"])})
    groups = tuple(dict.fromkeys(name for column in columns for name in column))
    bars = tuple(tuple(column.get(name) for column in columns) for name in groups)
    return BarChart("Final score by group", groups, tuple(labels), bars)


def _spent(run: Plotted, method: str, split: str, judge: str) -> list[MeanCost]:
    """What a case and sample took up to each step, on average over those of the split."""
    own = run.results.at(method, judge, 0)
    places = [place for place in own if run.results.by_id[place[0]].split == split]
    side = Side(run.results, method, None, judge)
    return [cost_to(side, step, places) for step in range(side.last + 1)]


def _overall_by_step(tables: Tables, split: str, judge: str) -> Iterator[tuple[str, list[Point]]]:
    rows = _rows(tables.summary, split, judge)
    rows = rows[(rows["level"] == "overall") & (rows["step"] != "final")]
    for method in dict.fromkeys(rows["method"]):
        own = rows[rows["method"] == method].to_dict("records")
        points = [_point(int(row["step"]), row) for row in own if known(row["score"])]
        if points:
            yield str(method), sorted(points, key=lambda one: one.x)


def _rows(table: "pd.DataFrame", split: str, judge: str) -> "pd.DataFrame":
    return table[(table["split"] == split) & (table["judge"] == judge)]


def _point(x: float, row: Mapping[Any, Any]) -> Point:
    low, high = row["low"], row["high"]
    sure = known(low) and known(high)
    return Point(
        x, float(row["score"]), float(low) if sure else None, float(high) if sure else None
    )
