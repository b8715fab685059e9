"""uig generate: one picture per prompt and sample, no refinement."""

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

ONCE = Part(
    without=("rounds", "verdict", "yes"),
    defaults={"method": ("direct",)},
    helps={"method": "direct, think or decompose; may be given several times."},
)


@configurable
def generate(
    models: Annotated[ModelOptions, Part(without=("examiner", "editor"))],
    prompts: Annotated[PromptOptions, Part(without=("image",))],
    loop: Annotated[LoopOptions, ONCE],
    run: Annotated[RunOptions, Part(without=("shard",))],
    report: ReportOptions,
) -> None:
    """Draw pictures from prompts, without refining them.

    uig generate --prompt "a green cross above a pink heart" --samples 4
    """
    from uig_cli import api
    from uig_cli.commands.finish import display_for, finish_own

    done = api.generate(prompts, models=models, loop=loop, run=run, display=display_for(report))
    finish_own(done, prompts.prompt, report)
