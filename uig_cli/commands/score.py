"""uig score: pictures or judgements made elsewhere, in the official layouts, as normal runs."""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli.commands.shared import BENCHMARK, CASES, EXTERNAL, SCORING, own_options
from uig_cli.option_groups import Group, Part
from uig_cli.options import (
    CaseOptions,
    ExternalOptions,
    ReportOptions,
    RescoringOptions,
    RunOptions,
    configurable,
)


@configurable
def score(
    name: Annotated[str, BENCHMARK],
    external: Annotated[ExternalOptions, EXTERNAL],
    cases: Annotated[CaseOptions, CASES],
    scoring: Annotated[RescoringOptions, SCORING],
    own: Annotated[tuple[Group, ...], own_options("score")],
    run: Annotated[RunOptions, Part(without=("shard",))],
    report: ReportOptions,
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Pictures in the benchmark's official layout."),
    ] = None,
) -> None:
    """Score pictures or judgements that were made elsewhere; each model becomes a normal run.

    Several models go into folders of their own below --out. What the official layouts are, and
    what becomes of files that do not fit: docs/scoring-elsewhere.md.

      uig score tiif OUT --judge openai:gpt-4o --data TIIF

      uig score tiif --judgements eval_results --judged-by GPT-4o

      uig score geneval IMAGES --detector mask2former:DIR --color-clip DIR

      uig score geneval IMAGES --detections FILE --threshold 0.5
    """
    from uig_cli import api
    from uig_cli.commands.finish import display_for, finish_models

    done = api.score(
        name,
        path,
        cases=cases,
        external=external,
        scoring=scoring,
        own=own,
        run=run,
        display=display_for(report),
    )
    finish_models(done, name, report)
