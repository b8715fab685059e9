"""The end of a command: tables, what it came to, and the exit code."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uig_cli.console import say
from uig_cli.errors import Incomplete
from uig_cli.report.contact import Scores, contact_sheet, telling
from uig_cli.results.run import Run, open_run
from uig_cli.results.tables import Selection, Tables, undrawn, unjudged, write_tables
from uig_cli.results.text_rendering import text_summary, unread

if TYPE_CHECKING:
    import pandas as pd

REASONS_SHOWN = 3


def conclude(
    root: Path, asked: Selection, *, quiet: bool, as_json: bool, allow_missing: float
) -> None:
    """Writes the tables, shows the summary, raises Incomplete where too much is missing.

    asked: what the command was about; the rest of the run, another shard's say, may be open.
    """
    run = open_run(root)
    tables = write_tables(run)
    scores = first_and_last(tables.steps)
    shown = telling(run.drawn(), scores)
    sheet = contact_sheet(shown, run.folder.root / "contact-sheet.png", scores) if shown else None
    if as_json:
        print_json(as_object(run, tables))
    elif not quiet:
        from uig_cli.report.terminal import show_summary

        show_summary(run, tables)
        if sheet:
            say(f"contact sheet: {sheet}")
    check_complete(tables, asked, allow_missing)


def first_and_last(steps: "pd.DataFrame") -> Scores:
    """The scores of the first and the last picture by the first judge, where both are known."""
    who = ["method", "case", "sample"]
    judged = steps.sort_values("step", kind="stable").drop_duplicates([*who, "step"])
    before = judged.drop_duplicates(who, keep="first").set_index(who)["score"]
    after = judged.drop_duplicates(who, keep="last").set_index(who)["score"]
    both = before.to_frame("before").join(after.rename("after")).dropna()
    return {key: (first, last) for key, first, last in both.itertuples(name=None)}


def as_object(run: Run, tables: Tables) -> dict[str, Any]:
    """What `--json` prints."""
    summary = tables.summary
    final = summary[summary["step"] == "final"]
    texts = text_summary(tables.texts)
    texts = texts[texts["step"] == "final"]
    return {
        "run": str(run.folder.root),
        "benchmark": run.manifest.drawing.benchmark.name,
        "set": run.manifest.drawing.benchmark.set,
        "methods": list(run.manifest.methods),
        "cases": len(run.cases),
        "pictures": int(tables.steps.dropna(subset=["picture"])["picture"].nunique()),
        "undrawn": int(undrawn(tables.steps).sum()),
        "unjudged": int(unjudged(tables.steps).sum()),
        "notes": list(run.manifest.notes),
        "summary": json.loads(final.drop(columns="step").to_json(orient="records")),
        "agreement": json.loads(tables.agreement.to_json(orient="records")),
        "text": json.loads(texts.drop(columns="step").to_json(orient="records")),
    }


def check_complete(tables: Tables, asked: Selection, allow_missing: float) -> None:
    """Raises Incomplete, after the most frequent reasons, where too much is missing."""
    steps = asked.of(tables.steps)
    lost = undrawn(steps)
    open_ = unjudged(steps) & bool(asked.judges)
    missing = float((lost | open_).mean()) if len(steps) else 0.0
    if missing <= allow_missing:
        check_read(asked.of_texts(tables.texts), allow_missing)
        return
    for reason, count in steps[lost]["failure"].value_counts().head(REASONS_SHOWN).items():
        say(f"  {count} pictures missing: {reason}")
    if open_.any():
        say(f"  {int(open_.sum())} pictures not judged in full")
    raise Incomplete(
        f"incomplete: {100 * missing:.1f} % of the pictures or their judgements are missing, "
        f"{100 * allow_missing:.1f} % are allowed; give the same command again to try the failed "
        "ones again, or --allow-missing SHARE."
    )


def check_read(texts: "pd.DataFrame", allow_missing: float) -> None:
    """Raises Incomplete where too many pictures that shall show words could not be read."""
    lost = texts[unread(texts)]
    if len(lost) <= allow_missing * len(texts):
        return
    for reason, count in lost["status"].value_counts().head(REASONS_SHOWN).items():
        say(f"  {count} pictures not read: {reason}")
    raise Incomplete(
        f"incomplete: the text of {len(lost)} of {len(texts)} pictures could not be read, "
        f"{100 * allow_missing:.1f} % may be missing; give the same command again to try them "
        "again, or --allow-missing SHARE."
    )


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")
