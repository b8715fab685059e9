"""The scores of a run as the benchmark's own scripts give them, beside ours in RUN/tables.

Only TIIF's scripts differ from `uig`: they round between their steps.
"""

import json
from typing import TYPE_CHECKING, Any

from uig_cli.benchmarks.tiif.workbook import workbook
from uig_cli.results.run import Run
from uig_cli.results.tables import Tables
from uig_cli.stats.stratified import Tally

if TYPE_CHECKING:
    import pandas as pd

FILE = "official.json"


def official_scores(run: Run, tables: Tables) -> dict[str, dict[str, Any]]:
    """By method and judge ("elsewhere, GPT-4o"), at the final step; empty but for TIIF."""
    steps = tables.steps.dropna(subset=["judge"])
    if run.benchmark.name != "tiif" or not len(steps):
        return {}
    found = {}
    for (method, judge), rows in steps.groupby(["method", "judge"], sort=True):
        final = rows[rows["step"] == rows["step"].max()]
        found[f"{method}, {judge}"] = workbook(
            {
                str(split): [_tally(row) for row in of_split.to_dict("records")]
                for split, of_split in sorted(final.groupby("split"), key=_short_first)
            }
        )
    return found


def write_official_scores(run: Run, tables: Tables) -> None:
    if scores := official_scores(run, tables):
        (run.folder.tables / FILE).write_text(json.dumps(scores, indent=1) + "\n", "utf-8")


def _short_first(group: "tuple[Any, pd.DataFrame]") -> bool:
    return bool(group[0] != "short")


def _tally(row: "dict[Any, Any]") -> Tally:
    missing = int(row["missing"])
    return Tally(
        case=row["case"],
        dimension=row["dimension"],
        correct=int(row["correct"]),
        answered=int(row["asked"]) - missing,
        missing=missing,
    )
