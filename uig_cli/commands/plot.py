"""uig plot: curves and bars of runs as figures for papers."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from uig_cli import completions

KINDS = ("rounds", "cost", "groups")


def plot(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Run folders.", autocompletion=completions.runs),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="A file that ends in .svg, .png or .pdf.")
    ],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="|".join(KINDS),
            help="rounds: score by round; cost: score against the tokens that a case took; groups: "
            "final scores by group.",
        ),
    ] = "rounds",
    split: Annotated[
        str | None,
        typer.Option("--split", help="Of which prompts.", show_default="the first there is"),
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="NAME", help="By which judge.", show_default="the first"),
    ] = None,
) -> None:
    """Draw scores of runs as a figure for a paper, with 95 % intervals.

    It needs matplotlib: pip install 'uig[plot]'.

      uig plot results/demo/tiif --out rounds.pdf

      uig plot RUN_A RUN_B --kind cost --out cost.svg
    """
    from uig_cli.console import say
    from uig_cli.errors import unknown
    from uig_cli.outputs import write_named
    from uig_cli.report import curves, plots
    from uig_cli.report.page.opened import open_all, plotted

    drawings: dict[str, Callable[..., curves.Chart | curves.BarChart]] = {
        "rounds": curves.score_by_round,
        "cost": curves.score_by_cost,
        "groups": curves.score_by_group,
    }
    if kind not in drawings:
        raise unknown("kind", kind, drawings)
    opened, gaps = open_all(runs)
    found = plotted(opened)
    where, who = curves.chosen(found, split, judge)
    for gap in gaps:
        say(f"note: {gap}")
    made = plots.plot(drawings[kind](found, where, who), out)
    if made.boxes:
        say(
            "note: matplotlib's font lacks characters of a name, which are boxes in the figure; "
            "name one that has them in a matplotlibrc file, as font.family."
        )
    write_named("--out", out, made.content)
    say(f"{kind}, {where or 'all prompts'}, judged by {who}: {out}")
