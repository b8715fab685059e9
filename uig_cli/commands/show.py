"""uig show: a run's tables, or the whole chain of one case, from prompt to raw answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uig_cli import completions
from uig_cli.option_groups import Part, command
from uig_cli.options import ReportOptions

if TYPE_CHECKING:
    from uig_cli.results.run import RunReader


@command
def show(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run folder.", autocompletion=completions.runs)
    ],
    report: Annotated[ReportOptions, Part(only=("json",))],
    case: Annotated[
        str | None,
        typer.Option(
            "--case",
            metavar="ID",
            help="A case id, as in tables/steps.csv.",
            autocompletion=completions.cases,
        ),
    ] = None,
    published: Annotated[
        bool,
        typer.Option(
            "--published",
            help="Set the run beside published scores of the same benchmark, split and judge.",
        ),
    ] = False,
) -> None:
    """Show the scores of a run, or with --case all that happened to one prompt.

    uig show results/tiif-... --case tiif/long/negation/3

    uig show results/tiif-... --published
    """
    from uig_cli.commands.finish import print_json
    from uig_cli.report.case_chain import chain_of, show_chain
    from uig_cli.results.run import open_run
    from uig_cli.runs.plugins import MissingPlugin

    try:
        opened = open_run(run)
        _ = opened.methods
    except MissingPlugin as error:
        if case is not None or published:
            raise
        _as_kept(run, error, as_json=report.json)
        return
    if published:
        _beside_published(opened, case, as_json=report.json)
        return
    if case is not None:
        chain = chain_of(opened, case)
        if report.json:
            print_json(chain)
        else:
            show_chain(chain)
        return
    _scores(opened, as_json=report.json)


def _scores(run: "RunReader", *, as_json: bool) -> None:
    """The tables, made anew; a user's own prompts, which nobody scored, one by one."""
    from uig_cli.benchmarks import own
    from uig_cli.commands.finish import as_object, print_json
    from uig_cli.console import say
    from uig_cli.report import own_prompts
    from uig_cli.report.terminal import show_summary
    from uig_cli.results.tables import make_tables, write_tables

    unwritten = None
    try:
        tables = write_tables(run)
    except OSError as error:  # somebody else's run can be looked at, too
        tables, unwritten = make_tables(run), f"{error.strerror or error}: {error.filename}"
    by_prompt = list(run.drawn()) if run.benchmark.name == own.benchmark.name else []
    if as_json:
        told = {"results": own_prompts.results_of(run, by_prompt)} if by_prompt else {}
        print_json({**as_object(run, tables), **told})
    elif by_prompt:
        own_prompts.show(run, by_prompt)
    else:
        show_summary(run, tables, written=unwritten is None)
    if unwritten:
        say(f"note: the tables could not be written ({unwritten}); the journal has all of it.")


def _as_kept(root: Path, why: Exception, *, as_json: bool) -> None:
    """A run whose code is not here, from the tables that were made when it was."""
    from uig_cli.commands.finish import as_object, print_json
    from uig_cli.console import say
    from uig_cli.report.terminal import show_summary
    from uig_cli.results.kept_tables import open_kept

    opened, tables = open_kept(root)
    say(f"note: {why} These are its tables as they were last made.")
    if as_json:
        print_json(as_object(opened, tables))
    else:
        show_summary(opened, tables)


def _beside_published(run: "RunReader", case: str | None, *, as_json: bool) -> None:
    from uig_cli.commands.finish import print_json
    from uig_cli.compare.published import beside
    from uig_cli.errors import UigError
    from uig_cli.report.terminal_published import as_list, show_published
    from uig_cli.results.tables import make_tables

    if case is not None:
        raise UigError("got --case and --published, expected one of them; leave one out.")
    found = list(beside(run, make_tables(run).summary))
    if not found:
        raise UigError(
            f"{run.folder.root} has no scores to set beside published ones; judge its pictures "
            "with `uig rejudge` first."
        )
    if as_json:
        print_json(as_list(found))
    else:
        show_published(run, found)
