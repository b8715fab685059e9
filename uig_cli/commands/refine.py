"""uig refine: the loop on a user's own prompts, with every step to look at."""

from typing import Annotated

from uig_cli.option_groups import Part
from uig_cli.options import (
    LoopOptions,
    ModelOptions,
    PromptOptions,
    ReportOptions,
    RunOptions,
    configurable,
)


@configurable
def refine(
    models: ModelOptions,
    prompts: PromptOptions,
    loop: LoopOptions,
    run: Annotated[RunOptions, Part(without=("shard",))],
    report: ReportOptions,
) -> None:
    """Draw, examine, edit, repeat: a picture per step, what was said of it, a contact sheet.

      uig refine --prompt "a pink star below three blue triangles"

      uig refine --model bagel --prompt "two birds and three apples"

    `uig report` makes a page of the run.
    """
    from uig_cli import api
    from uig_cli.commands.finish import display_for, finish_own

    done = api.refine(prompts, models=models, loop=loop, run=run, display=display_for(report))
    finish_own(done, prompts.prompt, report)
