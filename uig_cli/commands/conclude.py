"""The end of a command: tables, what it came to, and the exit code."""

import json
import sys
from pathlib import Path
from typing import Any

from uig_cli.console import say
from uig_cli.errors import Incomplete
from uig_cli.runs.tables import Tables, write_tables
from uig_cli.runs.view import Run, open_run

REASONS_SHOWN = 3


def conclude(root: Path, *, quiet: bool, as_json: bool, allow_missing: float) -> Tables:
    """Writes the tables, shows the summary, raises Incomplete where too much is missing."""
    run = open_run(root)
    tables = write_tables(run)
    if as_json:
        print(json.dumps(as_object(run, tables), ensure_ascii=True))
    elif not quiet:
        from uig_cli.commands.render import show_summary

        show_summary(run, tables)
    check_complete(run, tables, allow_missing)
    return tables


def as_object(run: Run, tables: Tables) -> dict[str, Any]:
    """What `--json` prints."""
    summary = tables.summary
    final = summary[summary["step"] == "final"]
    return {
        "run": str(run.folder.root),
        "benchmark": run.manifest.drawing.benchmark.name,
        "set": run.manifest.drawing.benchmark.set,
        "methods": list(run.manifest.methods),
        "cases": len(run.cases),
        "pictures": int(tables.steps.dropna(subset=["picture"])["picture"].nunique()),
        "missing_share": round(tables.missing_share, 6),
        "notes": list(run.manifest.notes),
        "summary": json.loads(final.drop(columns="step").to_json(orient="records")),
    }


def check_complete(run: Run, tables: Tables, allow_missing: float) -> None:
    if tables.missing_share <= allow_missing:
        return
    steps = tables.steps
    lost = steps[steps["sha256"].isna()]
    reasons = lost["failure"].value_counts().head(REASONS_SHOWN)
    unjudged = steps["sha256"].notna() & (steps["missing"].fillna(0) > 0)
    for reason, count in reasons.items():
        say(f"  {count} pictures missing: {reason}")
    if unjudged.any():
        say(f"  {int(unjudged.sum())} pictures not judged in full")
    raise Incomplete(
        f"incomplete: {100 * tables.missing_share:.1f} % of the pictures or their judgements are "
        f"missing, {100 * allow_missing:.1f} % are allowed; give the same command again to try "
        "the failed ones again, or --allow-missing SHARE."
    )


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")
