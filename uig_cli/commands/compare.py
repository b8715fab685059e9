"""uig compare: paired differences between runs, methods or steps; with --gate a check for CI."""

from typing import Annotated

import typer

from uig_cli import completions
from uig_cli.commands.shared import COMPARED
from uig_cli.option_groups import Part
from uig_cli.options import CompareOptions, ReportOptions, configurable


@configurable
def compare(
    sides: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN[:METHOD[@STEP]]...",
            help="Run folders or reference files; the first is the baseline.",
            autocompletion=completions.sides,
        ),
    ],
    options: Annotated[CompareOptions, COMPARED],
    report: Annotated[ReportOptions, Part(only=("quiet", "json"))],
) -> None:
    """Compare runs, methods or steps on the cases that both sides have.

    Without METHOD every method that both runs have is compared; STEP is 0, 1, ... or final.

      uig compare RUN:direct RUN:uig

      uig compare RUN:best-of-n RUN:uig --at-equal work

      uig compare results/reference.json RUN:uig --gate 2 --html gate.html

    With --gate the exit code is 100 when the score fell by more than MARGIN points beyond doubt, or
    when so few cases were compared that only the fall itself is beyond doubt, not its size.
    It is 3 when there is no verdict: pictures are missing, or the cases are too few.
    """
    from uig_cli import api
    from uig_cli.commands.finish import print_json
    from uig_cli.console import say
    from uig_cli.report.comparison_text import compared_as_plain, write_files
    from uig_cli.report.terminal_comparison import show_comparisons

    found = api.compare(sides, options=options)
    for remark in found.remarks:
        say(f"note: {remark}")
    write_files(found.comparisons, found.remarks, found.gate, options)
    if report.json:
        plain = compared_as_plain(found.comparisons, found.remarks, found.gate, found.equal)
        print_json(plain)
    else:
        show_comparisons(() if report.quiet else found.comparisons, found.gate, found.equal)
    if found.gate is not None and found.gate.exit_code:
        raise typer.Exit(found.gate.exit_code)
