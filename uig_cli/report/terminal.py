"""Tables for a terminal."""

import sys
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from uig_cli.results.figures import CAPTION, known, line_name, number, of_groups, with_interval
from uig_cli.results.judge_agreement import rounded
from uig_cli.results.run import RunReader
from uig_cli.results.self_judging import self_judging_of
from uig_cli.results.tables import Tables
from uig_cli.results.text_rendering import text_summary

FILE_WIDTH = 160
"""Columns of a table that goes into a file or a pipe."""

_NOTHING: Mapping[Hashable, Any] = {
    "score": None, "low": None, "high": None, "always_yes": None, "cases": 0,
}  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd


def show_summary(run: RunReader, tables: Tables) -> None:
    """The final scores group by group: a table for each split and judge."""
    from rich.console import Console
    from rich.text import Text

    from uig_cli.console import harmless

    console = Console(width=None if sys.stdout.isatty() else FILE_WIDTH, markup=False, emoji=False)
    for note in (*run.manifest.notes, *self_judging_of(run)):
        console.print(Text(harmless(note), style="yellow"), soft_wrap=True)
    summary = tables.summary
    if len(summary):
        final = summary[(summary["step"] == "final") & (summary["level"] != "dimension")]
        for (split, judge), rows in final.groupby(["split", "judge"], sort=True):
            console.print(_table(run, str(split), str(judge), rows))
        console.print(_by_step(tables))
    if len(tables.texts):
        console.print(_texts(tables))
    if len(tables.agreement):
        console.print(_agreement(tables))
    _say_where(run, tables)


def _table(run: RunReader, split: str, judge: str, rows: "pd.DataFrame") -> object:
    from rich.table import Table

    record = run.manifest.drawing.benchmark
    title = f"{record.name} {record.set} {split}".strip()
    table = Table(
        title=f"{title}, judged by {judge} (percent, 95 % interval)", title_justify="left"
    )
    table.add_column("group", no_wrap=True)
    methods = list(dict.fromkeys(rows["method"]))
    for name in methods:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("always yes", justify="right", no_wrap=True)
    table.add_column("cases", justify="right", no_wrap=True)
    table.add_column("missing", justify="right", no_wrap=True)
    for name in dict.fromkeys(rows["name"]):
        group = rows[rows["name"] == name]
        by_method = {row["method"]: row for row in group.to_dict("records")}
        found = [by_method.get(method, _NOTHING) for method in methods]
        overall = group["level"].iloc[0] == "overall"
        table.add_row(
            _alike(line_name(row) for row in found if row is not _NOTHING),
            *(with_interval(row["score"], row["low"], row["high"]) for row in found),
            _alike(number(row["always_yes"]) for row in found),
            _alike(str(row["cases"]) for row in found),
            str(int(group["missing"].sum())),
            style="bold" if overall else None,
            end_section=False,
        )
    if any(known(row["score"]) and not known(row["low"]) for row in rows.to_dict("records")):
        table.caption, table.caption_justify = CAPTION, "left"
    return table


def _alike(words: Iterable[str]) -> str:
    """What all methods have in common, else each one's in the order of their columns."""
    each = list(words)
    return each[0] if len(set(each)) == 1 else " / ".join(each)


def _groups_of(row: Mapping[Hashable, Any]) -> str:
    made_of = of_groups(row.get("groups"), row.get("all_groups"))
    return made_of.removesuffix(" groups") or "–"


def _by_step(tables: Tables) -> object:
    """How the overall moves from step to step, over the same cases at each."""
    from rich.table import Table

    overall = tables.summary[
        (tables.summary["level"] == "overall") & (tables.summary["step"] != "final")
    ]
    steps = sorted({int(step) for step in overall["step"]})
    table = Table(title="overall by step (0 is the first picture)", title_justify="left")
    for name in ("method", "split", "judge"):
        table.add_column(name)
    for step in steps:
        table.add_column(str(step), justify="right")
    for name in ("groups", "cases"):
        table.add_column(name, justify="right")
    for (method, split, judge), rows in overall.groupby(["method", "split", "judge"], sort=True):
        scores = {int(row["step"]): row["score"] for row in rows.to_dict("records")}
        cells = [number(scores.get(step)) for step in steps]
        first = rows.to_dict("records")[0]
        counts = _groups_of(first), str(first["cases"])
        table.add_row(str(method), str(split) or "all", str(judge), *cells, *counts)
    return table


def _texts(tables: Tables) -> object:
    """How the words that pictures shall show were read, at the last step."""
    from rich.table import Table

    means = text_summary(tables.texts)
    table = Table(title="text rendering (GNED: 0 is best; 95 % interval)", title_justify="left")
    for name in ("method", "split", "reader"):
        table.add_column(name)
    for name in ("GNED", "recall", "pictures", "missing", "no words"):
        table.add_column(name, justify="right")
    for row in means[means["step"] == "final"].to_dict("records"):
        table.add_row(
            row["method"], row["split"] or "all", row["reader"],
            *(
                with_interval(row[name], row[f"{name}_low"], row[f"{name}_high"], bounds=2)
                for name in ("gned", "recall")
            ),
            *(str(row[name]) for name in ("pictures", "missing", "no_words")),
        )  # fmt: skip
    return table


def _agreement(tables: Tables) -> object:
    """Judges side by side."""
    from rich.table import Table

    table = Table(title="judges side by side", title_justify="left")
    for name in ("judge", "other"):
        table.add_column(name)
    for name in ("questions", "agree, percent", "kappa"):
        table.add_column(name, justify="right")
    overall = tables.agreement[tables.agreement["level"] == "overall"]
    for row in overall.to_dict("records"):
        table.add_row(row["judge"], row["other"], str(row["questions"]), *rounded(row))
    return table


def _say_where(run: RunReader, tables: Tables) -> None:
    from uig_cli.console import say

    pictures = tables.steps["picture"].dropna().nunique()
    say(f"{pictures} pictures and the tables are in {run.folder.root}")
