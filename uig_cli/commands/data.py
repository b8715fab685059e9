"""uig data: what benchmarks and models need from public places, fetched once and checked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from uig_cli.option_groups import Part, command
from uig_cli.options import ReportOptions
from uig_cli.plain_help import PlainTyper

data_app = PlainTyper(help="Fetch data and models from public places once, and check them.")

Report = Annotated[ReportOptions, Part(only=("quiet", "json"))]


@data_app.command("pull")  # type: ignore[untyped-decorator]
@command
def pull(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="A benchmark, templates, or model.")],
    report: Report,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Of model: bagel, or OWNER/NAME as on the hub."),
    ] = None,
    revision: Annotated[
        str, typer.Option("--revision", help="Of a model: a branch, a tag or a commit.")
    ] = "main",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to.", show_default="the user's cache"),
    ] = None,
) -> None:
    """Fetch a benchmark's data, the published templates, or a model, into the user's cache.

    Revisions are pinned or resolved once, every file is checked by its hash, and what broke off
    goes on where it was. Afterwards everything works without a network.

      uig data pull tiif

      uig data pull templates

      uig data pull model bagel

    HTTPS_PROXY names a proxy, UIG_DATA_URL a mirror with the same paths, HF_TOKEN a token of the
    hub for models that are not given to everybody, UIG_CACHE another cache folder.
    """
    from uig_cli.commands.finish import display_for, print_json
    from uig_cli.console import how_many, say
    from uig_cli.downloads.catalogue import fetch

    done = fetch(what, name, revision, out, display_for(report))
    if report.json:
        print_json({"folder": str(done.folder), **done.record.model_dump()})
    elif not report.quiet:
        say(f"{how_many(len(done.record.files), 'file')} in {done.folder}")
        say(f"from {done.record.home} at {done.record.revision}, licence: {done.record.licence}")
        say(done.use)


@data_app.command("list")  # type: ignore[untyped-decorator]
@command
def list_pulled(report: Annotated[ReportOptions, Part(only=("json",))]) -> None:
    """List what can be pulled, and what is here."""
    from uig_cli.commands.finish import print_json
    from uig_cli.console import harmless
    from uig_cli.downloads.catalogue import everything
    from uig_cli.streams import write_line

    found = everything()
    if report.json:
        print_json([one.as_plain() for one in found])
        return
    width = max(len(one.asked) for one in found)
    for one in found:
        write_line(harmless(f"{one.asked:<{width}}  {one.told}"))


@data_app.command("verify")  # type: ignore[untyped-decorator]
@command
def verify(
    report: Report,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR...]", help="Only these.", show_default="all in the cache"),
    ] = None,
) -> None:
    """Check every file that was pulled against its hash; exit code 2 where one is another."""
    from uig_cli.commands.finish import print_json
    from uig_cli.console import say
    from uig_cli.downloads.catalogue import verified
    from uig_cli.errors import UigError

    found = verified(folders)
    if report.json:
        print_json({str(folder): wrong for folder, wrong in found.items()})
    elif not report.quiet:
        for folder, wrong in found.items():
            say(f"{folder}: {_told(wrong)}")
    if any(found.values()):
        raise UigError("some files are not as they were pulled; pull them again.")


def _told(wrong: Sequence[str]) -> str:
    return "; ".join(wrong) or "as it was pulled"
