"""The three tables of a run, made anew from journal and evidence whenever they are wanted.

They hold nothing that the journal and the evidence do not: deleting them loses nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from uig_cli.files import put_in_place, write_whole
from uig_cli.results.agreement import agreement_markdown, agreement_table
from uig_cli.results.rows import (
    Scored,
    question_rows,
    score,
    step_row,
    summary_rows,
)
from uig_cli.results.run import Run
from uig_cli.results.text_rendering import text_summary, text_table

if TYPE_CHECKING:
    import pandas as pd

STEP_COLUMNS = (
    "case", "split", "dimension", "sample", "method", "step", "judge", "score", "asked",
    "correct", "missing", "verdict", "instruction", "still_running", "failure", "seconds",
    "decoder_passes", "tokens", "size", "seed", "sha256", "picture",
)  # fmt: skip
QUESTION_COLUMNS = (
    "case", "sample", "method", "step", "judge", "number", "question", "wanted", "answer",
    "correct", "status", "raw",
)  # fmt: skip
SUMMARY_COLUMNS = (
    "split", "method", "judge", "step", "level", "name", "score", "low", "high", "cases",
    "pictures", "answered", "missing", "always_yes",
)  # fmt: skip
_WHOLE = ("asked", "correct", "missing")


@dataclass(frozen=True)
class Tables:
    steps: "pd.DataFrame"
    questions: "pd.DataFrame"
    summary: "pd.DataFrame"
    texts: "pd.DataFrame"
    agreement: "pd.DataFrame"


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a run that a command is about. judges: by folder; none: only pictures count.

    readers: text readers, by folder.
    """

    cases: Collection[str]
    methods: Collection[str]
    samples: int
    judges: Collection[str] = ()
    readers: Collection[str] = ()

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


def undrawn(steps: "pd.DataFrame") -> "pd.Series[bool]":
    """Which rows lack their picture."""
    return steps["sha256"].isna()


def unjudged(steps: "pd.DataFrame") -> "pd.Series[bool]":
    """Which rows have a picture that lacks an answer."""
    return ~undrawn(steps) & (steps["missing"].fillna(0) > 0)


def make_tables(run: Run) -> Tables:
    """All rows of a run, by method, case, sample, step and judge."""
    import pandas as pd

    steps: list[dict[str, Any]] = []
    scored: list[Scored] = []
    evidence = run.evidence()
    seed = run.manifest.drawing.seed
    for drawn in run.drawn():
        judged = [list(score(drawn, run.benchmark, judge)) for judge in evidence]
        scored += [one for by_judge in judged for one in by_judge]
        for step in drawn.steps:
            picture = run.picture_path(drawn, step.number)
            rows: Sequence[Scored | None] = [by_judge[step.number] for by_judge in judged] or [None]
            steps += [step_row(drawn, step, seed, one, picture) for one in rows]
    frame = pd.DataFrame(steps, columns=list(STEP_COLUMNS))
    questions = pd.DataFrame(
        (row for one in scored for row in question_rows(one)), columns=list(QUESTION_COLUMNS)
    )
    summary = pd.DataFrame(summary_rows(scored, run.benchmark), columns=list(SUMMARY_COLUMNS))
    for column in _WHOLE:
        frame[column] = frame[column].astype("Int64")
    questions["correct"] = questions["correct"].astype("boolean")
    answering = evidence if run.benchmark.evidence == "answers" else []
    agreement = agreement_table(scored, answering)
    return Tables(frame, questions, summary, text_table(run), agreement)


def write_tables(run: Run) -> Tables:
    tables = make_tables(run)
    folder = run.folder.tables
    made = {"steps": tables.steps, "questions": tables.questions}
    if len(tables.texts):
        made["text"] = tables.texts
    for name, frame in made.items():
        write_whole(folder / f"{name}.csv", csv_text(frame))
        with put_in_place(folder / f"{name}.parquet") as half:
            frame.to_parquet(half, index=False)
    summary = tables.summary
    write_whole(folder / "summary.csv", csv_text(summary))
    write_whole(folder / "summary.json", summary.to_json(orient="records", indent=1) + "\n")
    text = text_markdown(text_summary(tables.texts))
    agreement = agreement_markdown(tables.agreement)
    write_whole(
        folder / "summary.md", "\n".join([*markdown(summary, run), *text, *agreement]) + "\n"
    )
    if len(tables.agreement):
        write_whole(folder / "agreement.csv", csv_text(tables.agreement))
    return tables


def csv_text(frame: "pd.DataFrame") -> str:
    """A frame as CSV, with texts in quotes wherever a character of theirs could end a row: a CSV
    writer sees to those of its own line end, so that is both of them until a row is kept."""
    rows = _Rows()
    frame.to_csv(rows, index=False, lineterminator="\r\n")
    return rows.getvalue()


class _Rows(StringIO):
    """Is given row after row, and ends each with a line feed alone."""

    def write(self, row: str) -> int:
        return super().write(row.removesuffix("\r\n") + "\n")


def markdown(summary: "pd.DataFrame", run: Run) -> Iterator[str]:
    """The final step, group by group, a table for each split and judge."""
    record = run.manifest.drawing.benchmark
    yield f"# {record.name} {record.set}".rstrip()
    yield f"\n{record.card}"
    for note in run.manifest.notes:
        yield f"\n**{note}**"
    final = summary[(summary["step"] == "final") & (summary["level"] != "dimension")]
    for (split, judge), rows in final.groupby(["split", "judge"], sort=True):
        yield f"\n## {split or 'all'}, judged by {judge}\n"
        yield (
            "| method | "
            + " | ".join(("group", "score", "95 % interval", "always yes", "cases", "missing"))
            + " |"
        )
        yield "|---|---|---:|---:|---:|---:|---:|"
        for row in rows.to_dict("records"):
            yield (
                f"| {row['method']} | {row['name']} | {number(row['score'])} "
                f"| {interval(row['low'], row['high'])} | {number(row['always_yes'])} "
                f"| {row['cases']} | {row['missing']} |"
            )


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
                for cell in (
                    number(row[name]),
                    interval(row[f"{name}_low"], row[f"{name}_high"]),
                )
            ]
            yield f"| {row['method']} | {' | '.join(cells)} | {row['missing']} |"


def number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.2f}"


def interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or low != low else f"{number(low)} to {number(high)}"
