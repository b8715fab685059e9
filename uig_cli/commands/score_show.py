"""What `uig score` shows: one model as any run, several side by side."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import Place
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.commands.conclude import as_object, check_complete, print_json
from uig_cli.console import harmless, say
from uig_cli.errors import Incomplete
from uig_cli.report.terminal import FILE_WIDTH, show_summary
from uig_cli.results.official import official_scores, write_official_scores
from uig_cli.results.run import Run, open_run
from uig_cli.results.tables import Selection, Tables, interval, number, write_tables


@dataclass(frozen=True, slots=True)
class Model:
    """One model's run. scored: where it has a picture, or a judgement of one."""

    name: str
    root: Path
    selection: Selection
    scored: frozenset[Place]


Row = tuple[Model, Run, Tables]


def show(
    models: Sequence[Model],
    benchmark: Benchmark,
    *,
    quiet: bool,
    as_json: bool,
    allow_missing: float,
) -> None:
    """Writes the tables of all, shows them, raises Incomplete if one lacks too much."""
    runs = [open_run(model.root) for model in models]
    rows = [(m, run, write_tables(run)) for m, run in zip(models, runs, strict=True)]
    for _, run, tables in rows:
        write_official_scores(run, tables)
    unlike = different_prompts(models)
    if as_json:
        print_json(
            {
                "benchmark": benchmark.name,
                "notes": [unlike] if unlike else [],
                "runs": [_object(*row) for row in rows],
            }
        )
    elif not quiet:
        if len(rows) == 1:
            show_summary(rows[0][1], rows[0][2])
        else:
            _side_by_side(rows, unlike)
    lacking = None
    for model, _, tables in rows:
        try:
            check_complete(tables, model.selection, allow_missing)
        except Incomplete as error:
            if len(rows) > 1:
                say(f"  {model.name}: {error}")
            lacking = lacking or error
    if lacking is not None:
        raise lacking


def different_prompts(models: Sequence[Model]) -> str:
    """One sentence where models were not scored on the same prompts, else nothing."""
    every = frozenset[Place]().union(*(model.scored for model in models))
    short = [model for model in models if model.scored != every]
    if not short:
        return ""
    named = ", ".join(f"{model.name} on {len(model.scored)}" for model in short)
    return (
        f"the models were scored on different prompts ({named} of {len(every)} pictures), so their "
        "scores do not compare; `uig compare` compares runs on the prompts they share."
    )


def _object(model: Model, run: Run, tables: Tables) -> dict[str, Any]:
    return {"model": model.name, **as_object(run, tables), "official": official_scores(run, tables)}


def _side_by_side(rows: Sequence[Row], unlike: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else FILE_WIDTH)
    table = Table(title="overall (percent, 95 % interval)", title_justify="left")
    for name in ("model", "split", "judge"):
        table.add_column(name, no_wrap=True)
    for name in ("overall", "interval", "cases", "answers missing", "run"):
        table.add_column(name, justify="right")
    for model, run, tables in rows:
        summary = tables.summary
        overall = summary[(summary["step"] == "final") & (summary["level"] == "overall")]
        for row in overall.to_dict("records"):
            cells = (
                model.name, row["split"] or "all", row["judge"], number(row["score"]),
                interval(row["low"], row["high"]), row["cases"], row["missing"], run.folder.root,
            )  # fmt: skip
            table.add_row(*(Text(harmless(str(cell))) for cell in cells))
    console.print(table)
    for note in dict.fromkeys(n for _, run, _ in rows for n in run.manifest.notes):
        console.print(Text(harmless(note), style="yellow"), soft_wrap=True)
    if unlike:
        console.print(Text(harmless(f"note: {unlike}"), style="yellow"), soft_wrap=True)
