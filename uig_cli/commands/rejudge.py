"""uig rejudge: more judgements of the pictures of a run; draws nothing."""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli import completions
from uig_cli.commands.shared import SCORING, own_options
from uig_cli.option_groups import Group, Part
from uig_cli.options import ReportOptions, RescoringOptions, RunOptions, configurable


@configurable
def rejudge(
    root: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run folder.", autocompletion=completions.runs)
    ],
    scoring: Annotated[RescoringOptions, SCORING],
    own: Annotated[tuple[Group, ...], own_options("rejudge")],
    run: Annotated[RunOptions, Part(only=("shard",))],
    report: ReportOptions,
) -> None:
    """Judge the pictures of a run anew, or for the first time.

    uig rejudge results/geneval-... --detector mask2former:DIR

    uig rejudge results/tiif-... --ocr rapidocr
    """
    from uig_cli import api
    from uig_cli.commands.finish import display_for, finish

    display = display_for(report)
    done = api.rejudge(root, scoring=scoring, own=own, shard=run.shard, display=display)
    finish(done, report)
