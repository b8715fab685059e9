"""Tables for a terminal."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from uig_cli.console import how_many, say
from uig_cli.report.printed import PlainTable, Printed
from uig_cli.results.ceilings import best_of_traces
from uig_cli.results.figures import (
    CAPTION,
    ONE_STRATUM,
    amount,
    known,
    line_name,
    number,
    of_groups,
    one_stratum,
    with_interval,
)
from uig_cli.results.judge_agreement import rounded
from uig_cli.results.run import RunReader
from uig_cli.results.self_judging import self_judging_of
from uig_cli.results.tables import Tables
from uig_cli.results.text_rendering import text_summary

_NOTHING: Mapping[Hashable, Any] = {
    "score": None, "low": None, "high": None, "always_yes": None, "cases": 0,
}  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd


def show_summary(run: RunReader, tables: Tables, *, written: bool = True) -> None:
    """The final scores group by group: a table for each split and judge. written: whether the
    tables are in the run's folder now."""
    out, summary = Printed(), tables.summary
    out.notes((*run.manifest.notes, *self_judging_of(run)))
    if len(summary):
        final = summary[summary["step"] == "final"]
        for (split, judge), rows in final.groupby(["split", "judge"], sort=True):
            out.table(_table(run, str(split), str(judge), rows[rows["level"] != "dimension"]))
            if one_stratum(rows.to_dict("records")):
                out.line(ONE_STRATUM)
        out.table(_by_step(run, tables))
    if tables.steps["work"].notna().any():
        out.table(_costs(tables))
    if len(tables.texts):
        out.table(_texts(tables))
    if len(tables.agreement):
        out.table(_agreement(tables))
    _say_where(run, tables, "and the tables " if written else "")


def _table(run: RunReader, split: str, judge: str, rows: "pd.DataFrame") -> PlainTable:
    record = run.manifest.drawing.benchmark
    title = f"{record.name} {record.set} {split}".strip()
    methods = list(dict.fromkeys(rows["method"]))
    table = PlainTable(
        f"{title}, judged by {judge} (percent, 95 % interval)",
        *("group", *methods, "always yes", "cases", "missing"),
    )
    for name in dict.fromkeys(rows["name"]):
        group = rows[rows["name"] == name]
        by_method = {row["method"]: row for row in group.to_dict("records")}
        found = [by_method.get(method, _NOTHING) for method in methods]
        overall = group["level"].iloc[0] == "overall"
        table.row(
            _alike(line_name(row) for row in found if row is not _NOTHING),
            *(with_interval(row["score"], row["low"], row["high"]) for row in found),
            _alike(number(row["always_yes"]) for row in found),
            _alike(str(row["cases"]) for row in found),
            int(group["missing"].sum()),
            style="bold" if overall else None,
        )
    if any(known(row["score"]) and not known(row["low"]) for row in rows.to_dict("records")):
        table.caption = CAPTION
    return table


def _alike(words: Iterable[str]) -> str:
    """What all methods have in common, else each one's in the order of their columns."""
    each = list(words)
    return each[0] if len(set(each)) == 1 else " / ".join(each)


def _groups_of(row: Mapping[Hashable, Any]) -> str:
    made_of = of_groups(row.get("groups"), row.get("all_groups"))
    return made_of.removesuffix(" groups") or "–"


def _by_step(run: RunReader, tables: Tables) -> PlainTable:
    """How the overall moves from step to step, over the same cases at each; and, where there are
    several, what the best choice among each trace's pictures would come to."""
    scored = run.benchmark.needs  # none where the run's own benchmark is gone
    ceilings = best_of_traces(tables.steps, run.benchmark) if scored else {}
    overall = tables.summary[
        (tables.summary["level"] == "overall") & (tables.summary["step"] != "final")
    ]
    steps = sorted({int(step) for step in overall["step"]})
    table = PlainTable(
        "overall by step (0 is the first picture)",
        *("method", "split", "judge", *map(str, steps), *(["ceiling"] if ceilings else [])),
        *("groups", "cases"),
        words=3,
    )
    if ceilings:
        table.caption = "ceiling: the best-scored picture of each trace; no method can choose so"
    for (method, split, judge), rows in overall.groupby(["method", "split", "judge"], sort=True):
        scores = {int(row["step"]): row["score"] for row in rows.to_dict("records")}
        cells = [number(scores.get(step)) for step in steps]
        if ceilings:
            cells.append(number(ceilings.get((str(method), str(split), str(judge)))))
        first = rows.to_dict("records")[0]
        table.row(method, split or "all", judge, *cells, _groups_of(first), first["cases"])
    return table


def _costs(tables: Tables) -> PlainTable:
    """What each method took to its last step, whatever it is scored by."""
    table = PlainTable(
        "per case and sample (work: tokens through the decoder)",
        *("method", "pictures", "work", "decoder passes", "seconds"),
        words=1,
    )
    place = ["method", "case", "sample", "step"]
    steps = tables.steps.drop_duplicates(place)
    beside = tables.candidates.drop_duplicates(["method", "case", "sample", "round", "candidate"])
    for method, rows in steps.groupby("method", sort=False):
        loops = max(1, len(rows.drop_duplicates(["case", "sample"])))
        made = rows[rows["still_running"] & rows["sha256"].notna()]
        several = beside[beside["method"] == method]
        rounds = len(several.drop_duplicates(["case", "sample", "round"]))
        work = None if rows["work"].isna().any() else float(rows["work"].sum()) / loops
        table.row(
            method,
            amount((len(made) + len(several) - rounds) / loops),
            amount(work),
            amount(float(rows["decoder_passes"].sum()) / loops),
            amount(float(rows["seconds"].sum()) / loops),
        )
    return table


def _texts(tables: Tables) -> PlainTable:
    """How the words that pictures shall show were read, at the last step."""
    means = text_summary(tables.texts)
    table = PlainTable(
        "text rendering (GNED: 0 is best; 95 % interval)",
        *("method", "split", "reader", "GNED", "recall", "pictures", "missing", "no words"),
        words=3,
    )
    for row in means[means["step"] == "final"].to_dict("records"):
        table.row(
            row["method"], row["split"] or "all", row["reader"],
            *(
                with_interval(row[name], row[f"{name}_low"], row[f"{name}_high"], bounds=2)
                for name in ("gned", "recall")
            ),
            *(row[name] for name in ("pictures", "missing", "no_words")),
        )  # fmt: skip
    return table


def _agreement(tables: Tables) -> PlainTable:
    """Judges side by side."""
    names = ("judge", "other", "questions", "agree, percent", "kappa")
    table = PlainTable("judges side by side", *names, words=2)
    overall = tables.agreement[tables.agreement["level"] == "overall"]
    for row in overall.to_dict("records"):
        table.row(row["judge"], row["other"], row["questions"], *rounded(row))
    return table


def _say_where(run: RunReader, tables: Tables, more: str) -> None:
    pictures = tables.steps["picture"].dropna().nunique()
    say(f"{how_many(pictures, 'picture')} {more}are in {run.folder.root}")
