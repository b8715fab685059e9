"""Scores of one or several runs as rows: one for each run, split, method and judge.

Rows that may be held against each other share a block: same prompts, the same cases drawn, as
many samples, same judge. What differs besides the model within a block is named, and so is why a
block's scores do not stand beside published ones.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uig_cli.compare.comparability import comparability, judge_identity, lacks, self_judged
from uig_cli.errors import UigError
from uig_cli.results.run import RunReader
from uig_cli.results.self_judging import self_judging
from uig_cli.results.tables import Tables, make_tables
from uig_cli.runs.identity import digest
from uig_cli.stats.paired import OVERALL

if TYPE_CHECKING:
    import pandas as pd

APART = "Not comparable with table"
"""How a note begins that tells why rows have a table of their own."""

FINE = "dimension"
"""The level of a summary that is too fine for a row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Percent, with its 95 % interval."""

    score: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A method of a run before a judge, at the final step.

    folder: of the run. cells: groups or tags in the benchmark's order, the last one the overall.
    same: what must be equal for two rows to be held against each other. drawing: the method's
    drawing identity.
    notes: the run's own; not_published: why it does not stand beside published scores. groups,
    all_groups: how many groups the overall has of those there are.
    """

    run: str
    folder: str
    model: str
    benchmark: str
    set: str
    split: str
    method: str
    judge: str
    self_judged: bool
    cells: Mapping[str, Cell]
    cases: int
    answered: int
    missing: int
    notes: tuple[str, ...]
    not_published: tuple[str, ...]
    same: Mapping[str, str]
    drawing: Mapping[str, Any]
    groups: int | None = None
    all_groups: int | None = None

    @property
    def identity(self) -> str:
        return digest(self.drawing)


@dataclass(frozen=True, slots=True)
class ScoreBlock:
    """Rows that compare. number: from 1; notes: what a reader must know, one sentence each;
    short_names: of groups, as they fit a narrow column."""

    number: int
    rows: tuple[ScoreRow, ...]
    notes: tuple[str, ...] = field(default=())
    short_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        row = self.rows[0]
        what = " ".join(part for part in (row.benchmark, row.set, row.split) if part)
        return f"{what}, judged by {row.judge}"


def blocks(runs: Sequence[RunReader], made: Sequence[Tables] | None = None) -> list[ScoreBlock]:
    """All scores of these runs. Raises UigError for runs of several benchmarks, or without one.

    made: their tables, where they are made already.
    """
    names = sorted({run.manifest.drawing.benchmark.name for run in runs})
    if len(names) > 1:
        raise UigError(
            f"got runs of {' and '.join(names)}, expected runs of one benchmark; export them apart."
        )
    found: dict[str, list[ScoreRow]] = {}
    for run, tables in zip(runs, made or map(make_tables, runs), strict=True):
        for row in _rows(run, tables):
            found.setdefault(json.dumps(dict(row.same), sort_keys=True), []).append(row)
    if not found:
        raise UigError(
            f"got no scores in {', '.join(str(run.folder.root) for run in runs)}, expected judged "
            "pictures; judge them with `uig rejudge` first."
        )
    groups = list(found.values())
    return [
        ScoreBlock(
            number,
            tuple(rows),
            tuple(_notes(number, rows, groups)),
            runs[0].benchmark.card.short_names,
        )
        for number, rows in enumerate(groups, start=1)
    ]


def group_names(blocks: Sequence[ScoreBlock]) -> list[str]:
    """All groups or tags in the order of the benchmark, the overall last."""
    names = list(dict.fromkeys(name for b in blocks for row in b.rows for name in row.cells))
    return [name for name in names if name != OVERALL] + [OVERALL] * (OVERALL in names)


def _rows(run: RunReader, tables: Tables) -> Iterator[ScoreRow]:
    summary = tables.summary
    final = summary[(summary["step"] == "final") & (summary["level"] != FINE)]
    for (split, judge, method), lines in final.groupby(["split", "judge", "method"], sort=True):
        records = lines.to_dict("records")
        overall = records[-1]
        yield ScoreRow(
            run=run.folder.root.resolve().name,
            folder=str(run.folder.root),
            model=_model(run),
            benchmark=run.manifest.drawing.benchmark.name,
            set=run.manifest.drawing.benchmark.set,
            split=str(split),
            method=str(method),
            judge=str(judge),
            self_judged=self_judged(run, str(judge)),
            cells={
                str(line["name"]): Cell(*(_known(line[name]) for name in ("score", "low", "high")))
                for line in records
            },
            cases=int(overall["cases"]),
            answered=int(overall["answered"]),
            missing=int(overall["missing"]),
            notes=(*run.manifest.notes, *_self_judging(run, str(method), str(judge))),
            not_published=(
                *comparability(run, str(split), str(judge)).reasons,
                *lacks(run, str(split), [overall]),
            ),
            same=_same(run, tables.steps, str(split), str(judge), str(method)),
            drawing=run.drawing_identities[str(method)],
            groups=_count(overall["groups"]),
            all_groups=_count(overall["all_groups"]),
        )


def _self_judging(run: RunReader, method: str, judge: str) -> Iterator[str]:
    drawing = run.drawing_identities[method]
    return self_judging({method: drawing}, {judge: judge_identity(run, judge)})


def _same(
    run: RunReader, steps: "pd.DataFrame", split: str, judge: str, method: str
) -> dict[str, str]:
    """Cases are those with a picture at the end: a method may have been asked for fewer."""
    record = run.manifest.drawing.benchmark
    own = steps[(steps["split"] == split) & (steps["judge"] == judge) & (steps["method"] == method)]
    drawn = own[(own["step"] == own["step"].max()) & own["sha256"].notna()]
    return {
        "set": record.set,
        "split": split,
        "prompts": record.prompts,
        "cases": digest({"cases": sorted(drawn[["case", "sample"]].to_numpy().tolist())}),
        "samples": str(run.manifest.samples),
        "judging": digest(judge_identity(run, judge)),
    }


def _notes(
    number: int, rows: Sequence[ScoreRow], groups: Sequence[Sequence[ScoreRow]]
) -> Iterator[str]:
    for other, others in enumerate(groups, start=1):
        differing = [
            name for name, value in rows[0].same.items() if others[0].same.get(name) != value
        ]
        if other < number:
            yield f"{APART} {other}: other {_listed(differing)}."
    if differing := sorted(_differing(rows)):
        yield f"Rows differ in more than the model and the method: {_listed(differing)}."
    yield from dict.fromkeys(note for row in rows for note in row.notes)
    for reasons in dict.fromkeys(row.not_published for row in rows if row.not_published):
        yield f"Not comparable with published scores: {'; '.join(reasons)}."


def _differing(rows: Sequence[ScoreRow]) -> Iterator[str]:
    """Identity fields with more than one value, models apart. How examinations are read is a trait
    of a method, and so compared within methods only."""
    values: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.drawing.items():
            key = f"{name} {row.method}" if name == "verdict" else name
            values.setdefault(key, set()).add(json.dumps(value, sort_keys=True))
    for key, found in values.items():
        if len(found) > 1 and not key.startswith("model."):
            yield key.partition(" ")[0]


def _model(run: RunReader) -> str:
    """The model's own name where it has one, else how it was asked for, without its folders."""
    drawer = run.manifest.drawing.models.get("draw", {})
    return drawer.get("name") or Path(str(run.manifest.options.get("model") or "")).name


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _count(value: Any) -> int | None:
    return None if (found := _known(value)) is None else int(found)


def _known(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
