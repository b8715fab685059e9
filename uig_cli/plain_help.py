"""`--help` as plain text, under the headings that the options declare.

Typer's own help takes brackets for markup and loses them, or, told to leave markup alone, lists
all options under one heading and breaks names at their hyphens.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

import typer
from typer.core import TyperCommand

from uig_cli.errors import UigError
from uig_cli.streams import kept_for_results

WIDTH = 100
"""Most columns of a line, however wide the terminal is."""

NAMES = 28
"""Most columns of an option's name and type; longer ones get a line of their own."""


USAGE_ERROR: type[Any] = typer.BadParameter.__mro__[1]
"""What is raised for a line that cannot be read; Typer gives no name to it."""


class PlainCommand(TyperCommand):
    """A command whose options stand under their headings, each where its first option stands, and
    whose result alone goes to standard output."""

    def invoke(self, ctx: Any) -> Any:
        try:
            with kept_for_results():
                return super().invoke(ctx)
        except UigError as error:
            error.args = (_named_sources(ctx, str(error)),)
            raise

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            given = list(args)  # reading a line empties it
            rest = super().parse_args(ctx, args)
            _refuse_empty_paths(self, ctx, given)
            return rest
        except USAGE_ERROR as error:
            raise _told_better(error) from None

    def format_options(self, ctx: Any, formatter: Any) -> None:
        panels: dict[str, list[tuple[str, str]]] = {"Arguments": []}
        for parameter in self.get_params(ctx):
            if row := parameter.get_help_record(ctx):
                panels.setdefault(_heading(parameter), []).append(row)
        for heading, rows in panels.items():
            if rows:
                with formatter.section(heading):
                    _write(rows, formatter)


def _refuse_empty_paths(command: PlainCommand, ctx: Any, args: list[str]) -> None:
    """An empty path would be this folder: what a script makes of a variable that is not set."""
    given, _, _ = command.make_parser(ctx).parse_args(args=args)
    for one in command.params:
        if "" in _several(given.get(one.name)) and Path() in _several(ctx.params.get(one.name)):
            raise typer.BadParameter("got an empty path, expected one", ctx, one)  # type: ignore[arg-type]


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _told_better(error: Any) -> Any:
    """Where a wrong value came from, if not from the line; how a text is given, if it stands
    alone."""
    context, parameter = error.ctx, getattr(error, "param", None)
    if context is None:
        return error
    if parameter is not None and (named := _source(context, parameter)):
        error.param_hint = f"{named} ({parameter.opts[0]})"
    if "unexpected extra argument" in error.message:
        flags = [flag for one in context.command.params for flag in one.opts]
        text = "a prompt is given as --prompt TEXT" if "--prompt" in flags else ""
        error.message += f"; {text or 'what it takes is given as --OPTION VALUE'} (see --help)."
    return error


def _source(context: typer.Context, parameter: Any) -> str:
    """The environment's variable, or the key of --config, that a value came from."""
    source = context.get_parameter_source(parameter.name)
    name = source.name if source else ""
    if name == "ENVIRONMENT":
        return f"the environment variable {parameter.envvar}"
    key = parameter.opts[0].removeprefix("--")
    return f'"{key}" in --config' if name == "DEFAULT_MAP" else ""


def _named_sources(context: typer.Context, sentence: str) -> str:
    """The sentence, with where the values came from whose options it names."""
    for one in context.command.params:
        named = re.compile(rf"(?<![\w-]){re.escape(one.opts[0])}(?![\w-])")
        if named.search(sentence) and (where := _source(context, one)):
            sentence += f" ({one.opts[0]} is {where})"
    return sentence


class PlainTyper(typer.Typer):
    """An application of such commands."""

    def __init__(self, **settings: Any) -> None:
        more = {"max_content_width": WIDTH}
        super().__init__(rich_markup_mode=None, context_settings=more, **settings)

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **settings: Any
    ) -> Any:
        return super().command(name, cls=cls or PlainCommand, **settings)


def _heading(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return "Arguments"
    return parameter.rich_help_panel or "Options"


def _write(rows: list[tuple[str, str]], formatter: Any) -> None:
    column = min(max(len(name) for name, _ in rows), NAMES) + 2
    margin = " " * formatter.current_indent
    for name, text in rows:
        lines = wrap(text, max(formatter.width - len(margin) - column, 20), break_on_hyphens=False)
        if len(name) > column - 2:
            formatter.write(f"{margin}{name}\n")
            name = ""
        for line in lines or [""]:
            formatter.write(f"{margin}{name:<{column}}{line}".rstrip() + "\n")
            name = ""
