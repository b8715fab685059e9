"""uig report: the page of one or several runs."""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli import completions
from uig_cli.option_groups import Part
from uig_cli.options import ReportOptions, configurable


@configurable
def report(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN...",
            help="Run folders; the first is the baseline of others.",
            autocompletion=completions.runs,
        ),
    ],
    options: Annotated[ReportOptions, Part(only=("quiet", "json"))],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="A new folder for the page, or that of an older one, which is made anew.",
            show_default="page in the first run's folder",
        ),
    ] = None,
    self_contained: Annotated[
        bool,
        typer.Option(
            "--self-contained",
            help="Copy the pictures into the page, so that it can be moved, mailed and published "
            "without the runs.",
        ),
    ] = False,
) -> None:
    """Write what runs came to as a page: scores, curves, and every picture of every round.

    It is a folder of plain files. Open its index.html in a browser: from the disk, from a CI
    server's artifacts, or from any web server. Nothing is loaded from a network.

      uig report results/demo/tiif

      uig report RUN_A RUN_B --out page --self-contained

    Runs that are still drawn, folders of version 0.1.0, and runs whose pictures or plug-ins are
    gone have a page, too, which says what it lacks and why.
    """
    from uig_cli.commands.finish import print_json
    from uig_cli.console import how_many, say
    from uig_cli.report.page.site import write_site

    site = write_site(runs, out or runs[0] / "page", standing_alone=self_contained)
    if options.json:
        print_json(
            {
                "page": str(site.index),
                "cases": site.cases,
                "pictures": site.pictures,
                "pictures_without_a_file": site.gone,
                "gaps": list(site.gaps),
            }
        )
    elif not options.quiet:
        for gap in site.gaps:
            say(f"note: {gap}")
        if site.gone:
            say(f"note: {how_many(site.gone, 'picture')} have no file and are left out.")
        say(f"{how_many(site.cases, 'prompt')}, {how_many(site.pictures, 'picture')}: {site.index}")
