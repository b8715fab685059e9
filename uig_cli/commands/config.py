"""uig config: which value each option has, and where it came from."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from uig_cli.option_groups import Part, command, source_of
from uig_cli.options import ReportOptions
from uig_cli.plain_help import PlainTyper

config_app = PlainTyper(
    no_args_is_help=True, help="What options are set to, and where that was said."
)


@config_app.command(  # type: ignore[untyped-decorator]
    "show", context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
@command
def show(
    context: typer.Context,
    report: Annotated[ReportOptions, Part(only=("json",))],
    name: Annotated[
        str | None,
        typer.Argument(metavar="[COMMAND ...]", help="A command as it would be given; none: all."),
    ] = None,
) -> None:
    """Print every option, its value and where it came from: line, config, environment or default.

    What stands behind COMMAND is read as that command would read it.

      uig config show

      uig config show eval tiif --limit 20 --config study.yaml
    """
    from uig_cli.commands.finish import print_json
    from uig_cli.console import harmless
    from uig_cli.errors import UigError, unknown
    from uig_cli.streams import write_line

    commands = {n: c for n, c in _commands(context).items() if n != "config"}
    if name is not None and name not in commands:
        raise unknown("command", name, commands)
    if name is None and context.args:
        raise UigError(f'got "{context.args[0]}" without a command; give COMMAND before it.')
    names = commands if name is None else [name]
    rows = [row for n in names for row in _rows(n, commands[n], context.args)]
    if report.json:
        print_json([{f: getattr(row, f) for f in OptionRow.__slots__} for row in rows])
        return
    width = max(len(row.option) for row in rows)
    for n in names:
        own = [row for row in rows if row.command == n]
        write_line(f"{n}" + ("" if own else ": no options"))
        for row in own:
            write_line(f"  {row.option:<{width}}  {row.source:<11}  {harmless(_told(row.value))}")


@dataclass(frozen=True, slots=True)
class OptionRow:
    """value: as the command has it; None where nothing was said and nothing is usual."""

    command: str
    option: str
    value: Any
    source: str


def _told(value: Any) -> str:
    if value is None or value == []:
        return "-"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _commands(context: typer.Context) -> dict[str, Any]:
    found: dict[str, Any] = context.find_root().command.commands  # type: ignore[attr-defined]
    return found


def _rows(name: str, asked: Any, words: Sequence[str]) -> Iterator[OptionRow]:
    """The options of a command, read as it would read them; what it needs beside them may lack."""
    reader = copy.copy(asked)
    reader.params = [copy.copy(parameter) for parameter in asked.params]
    for parameter in reader.params:
        parameter.required = False
    read = reader.make_context(name, list(words))
    for parameter in reader.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            value = read.params.get(parameter.name)
            plain = [str(each) for each in value] if isinstance(value, list | tuple) else value
            told = plain if isinstance(plain, list | int | float | None) else str(plain)
            yield OptionRow(name, parameter.opts[0], told, source_of(read, parameter.name))
