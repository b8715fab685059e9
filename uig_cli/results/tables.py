"""The tables of a run, made anew from journal and findings whenever they are wanted.

They hold nothing that the journal and the findings do not: deleting them loses nothing.
"""

import re
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uig_cli.files import write_changed
from uig_cli.results.columns import CandidateRow, QuestionRow, StepRow, SummaryRow, frame
from uig_cli.results.figures import ONE_STRATUM, interval, known, line_name, number, one_stratum
from uig_cli.results.judge_agreement import agreement_markdown, agreement_table
from uig_cli.results.rows import (
    CaseTrace,
    Scored,
    candidate_rows,
    question_rows,
    score,
    step_row,
    summary_rows,
)
from uig_cli.results.run import RunReader
from uig_cli.results.self_judging import self_judging_of
from uig_cli.results.text_rendering import text_summary, text_table
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.records import home_of
from uig_cli.scoring.protocol import FINDING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Tables:
    steps: "pd.DataFrame"
    candidates: "pd.DataFrame"
    questions: "pd.DataFrame"
    summary: "pd.DataFrame"
    texts: "pd.DataFrame"
    agreement: "pd.DataFrame"


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a run that a command is about. judges: by folder; none: only pictures count.

    readers: text readers, by folder. shard: "0 of 2", where the command is about one of several.
    """

    cases: Collection[str]
    methods: Collection[str]
    samples: int
    judges: Collection[str] = ()
    readers: Collection[str] = ()
    shard: str = ""

    def holds(self, drawn: CaseTrace) -> bool:
        return (
            drawn.case.id in self.cases
            and drawn.method in self.methods
            and drawn.sample < self.samples
        )

    def of(self, steps: "pd.DataFrame") -> "pd.DataFrame":
        """Its rows of tables/steps."""
        chosen = self._drawn(steps)
        if self.judges:
            chosen &= steps["judge"].isin(list(self.judges))
        return steps[chosen]

    def of_texts(self, texts: "pd.DataFrame") -> "pd.DataFrame":
        """Its rows of tables/text."""
        return texts[self._drawn(texts) & texts["reader"].isin(list(self.readers))]

    def _drawn(self, rows: "pd.DataFrame") -> "pd.Series[bool]":
        return (
            rows["case"].isin(list(self.cases))
            & rows["method"].isin(list(self.methods))
            & (rows["sample"] < self.samples)
        )


def make_tables(run: RunReader) -> Tables:
    """All rows of a run, by method, case, sample, step and judge."""
    steps: list[StepRow] = []
    candidates: list[CandidateRow] = []
    scored: list[Scored] = []
    scorers = run.scorers()
    seed = run.manifest.drawing.seed
    for drawn in run.drawn():
        judged = [list(score(drawn, scorer)) for scorer in scorers]
        scored += [one for by_judge in judged for one in by_judge]
        for step in drawn.steps:
            rows: Sequence[Scored | None] = [by_judge[step.number] for by_judge in judged] or [None]
            steps += [step_row(drawn, step, seed, one, run.path) for one in rows]
            for one in rows:
                candidates += candidate_rows(drawn, step, one, run.path)
    return Tables(
        steps=frame(StepRow, steps),
        candidates=frame(CandidateRow, candidates),
        questions=frame(QuestionRow, (row for one in scored for row in question_rows(one))),
        summary=frame(SummaryRow, summary_rows(scored, run.benchmark)),
        texts=text_table(run),
        agreement=agreement_table(scored, run.findings("answers")),
    )


def write_tables(run: RunReader, *, worked: bool = True) -> Tables:
    """Makes the tables and writes those that say something new.

    worked: False where nothing was drawn or judged just now: then only tables that are gone, or
    older than what they are made of, are written.
    """
    tables = make_tables(run)
    for name, content in _files(tables, run):
        path = run.folder.tables / name
        if worked or stale(path, run.folder):
            write_changed(path, content())
    return tables


def _files(tables: Tables, run: RunReader) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The files of RUN/tables, and what makes each; without those that would be empty."""
    rows = {"steps": tables.steps, "questions": tables.questions}
    seldom = {"candidates": tables.candidates, "text": tables.texts}
    rows |= {name: table for name, table in seldom.items() if len(table)}
    for name, table in rows.items():
        yield f"{name}.csv", partial(_csv, table)
        yield f"{name}.parquet", partial(_parquet, table)
    summary = tables.summary
    yield "summary.csv", partial(_csv, summary)
    yield "summary.json", lambda: (summary.to_json(orient="records", indent=1) + "\n").encode()
    yield "summary.md", lambda: "".join(f"{line}\n" for line in _summary(tables, run)).encode()
    if len(tables.agreement):
        yield "agreement.csv", partial(_csv, tables.agreement)


def _summary(tables: Tables, run: RunReader) -> Iterator[str]:
    yield from markdown(tables.summary, run)
    yield from text_markdown(text_summary(tables.texts))
    yield from agreement_markdown(tables.agreement)


def _csv(table: "pd.DataFrame") -> bytes:
    return csv_text(table).encode("utf-8")


def _parquet(table: "pd.DataFrame") -> bytes:
    buffer = BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


def stale(path: Path, folder: RunFolder) -> bool:
    """Whether a file that is made of what the run holds is gone, or older than that."""
    made_of = [folder.manifest, *folder.cases.glob("*.jsonl"), *folder.journal.glob("*.jsonl")]
    for home in (home_of(folder.root, kind) for kind in FINDING):
        made_of += [*home.glob("*/*.jsonl"), *home.glob("*/identity.json")]
    newest = max(source.stat().st_mtime_ns for source in made_of)
    return not path.is_file() or path.stat().st_mtime_ns < newest


def csv_text(frame: "pd.DataFrame") -> str:
    """A frame as CSV, with texts in quotes wherever a character of theirs could end a row: a CSV
    writer sees to those of its own line end, so that is both of them until a row is kept.

    A text that a spreadsheet would run as a formula has an apostrophe before it; Parquet has all
    texts as they are.
    """
    rows = _Rows()
    texts = frame.select_dtypes(exclude="number").columns
    frame = frame.assign(**{name: frame[name].map(_defused) for name in texts})
    frame.to_csv(rows, index=False, lineterminator="\r\n")
    return rows.getvalue()


_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def as_it_was(value: object) -> object:
    """A text of `csv_text` without the apostrophe that it was given there."""
    given = isinstance(value, str) and value.startswith("'") and _FORMULA.match(value[1:])
    return value[1:] if given and isinstance(value, str) else value


class _Rows(StringIO):
    """Is given row after row, and ends each with a line feed alone."""

    def write(self, row: str) -> int:
        return super().write(row.removesuffix("\r\n") + "\n")


def markdown(summary: "pd.DataFrame", run: RunReader) -> Iterator[str]:
    """The final step, group by group, a table for each split and judge."""
    record = run.manifest.drawing.benchmark
    yield f"# {record.name} {record.set}".rstrip()
    yield f"\n{record.card}"
    for note in (*run.manifest.notes, *self_judging_of(run)):
        yield f"\n**{note}**"
    final = summary[summary["step"] == "final"]
    for (split, judge), rows in final.groupby(["split", "judge"], sort=True):
        yield f"\n## {split or 'all'}, judged by {judge}\n"
        if one_stratum(rows.to_dict("records")):
            yield f"{ONE_STRATUM}\n"
        yield (
            "| method | "
            + " | ".join(("group", "score", "95 % interval", "always yes", "cases", "missing"))
            + " |"
        )
        yield "|---|---|---:|---:|---:|---:|---:|"
        for row in rows[rows["level"] != "dimension"].to_dict("records"):
            yield (
                f"| {row['method']} | {line_name(row)} | {number(row['score'])} "
                f"| {_interval(row)} | {number(row['always_yes'])} "
                f"| {row['cases']} | {row['missing']} |"
            )


def _interval(
    row: Mapping[Hashable, Any], before: str = "", of: str = "score", *, digits: int = 1
) -> str:
    """The interval of a row; nothing to tell of where there is no score."""
    low, high = row[f"{before}low"], row[f"{before}high"]
    return interval(low, high, digits) if known(row[of]) else number(None)


def text_markdown(means: "pd.DataFrame") -> Iterator[str]:
    """GNED and recall at the final step, a table for each split and reader."""
    final = means[means["step"] == "final"]
    for (split, reader), rows in final.groupby(["split", "reader"], sort=True):
        yield f"\n## {split or 'all'}, text read by {reader}\n"
        yield "| method | GNED (0 is best) | 95 % interval | recall | 95 % interval | missing |"
        yield "|---|---:|---:|---:|---:|---:|"
        for row in rows.to_dict("records"):
            cells = [
                cell
                for name in ("gned", "recall")
                for cell in (number(row[name]), _interval(row, f"{name}_", name, digits=2))
            ]
            yield f"| {row['method']} | {' | '.join(cells)} | {row['missing']} |"
