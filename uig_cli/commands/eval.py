"""uig eval: a benchmark's prompts through one or several methods, every step's picture scored."""

from typing import Annotated

from uig_cli.commands.shared import BENCHMARK, CASES, SCORING
from uig_cli.options import (
    CaseOptions,
    LoopOptions,
    ModelOptions,
    ReportOptions,
    RunOptions,
    ScoringOptions,
    configurable,
)


@configurable
def evaluate(
    name: Annotated[str, BENCHMARK],
    cases: Annotated[CaseOptions, CASES],
    models: ModelOptions,
    loop: LoopOptions,
    scoring: Annotated[ScoringOptions, SCORING],
    run: RunOptions,
    report: ReportOptions,
) -> None:
    """Draw a benchmark's prompts, score the picture of every step, write tables.

    Give the same command again to go on with a run that was stopped; widen --limit, --samples,
    --split or --method to continue it.

      uig eval tiif --split long --method direct --method uig

      uig eval tiif --model bagel --judge openai:gpt-4o --out results/bagel

      uig eval geneval --model bagel --detector mask2former:DIR

      uig eval geneval --set built-in --model python:MINE.py:NAME
    """
    from uig_cli import api
    from uig_cli.commands.finish import display_for, finish

    done = api.evaluate(
        name,
        cases=cases,
        models=models,
        loop=loop,
        scoring=scoring,
        run=run,
        display=display_for(report),
    )
    finish(done, report)
