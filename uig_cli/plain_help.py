"""`--help` as plain text, under the headings that the options declare.

Typer's own help takes brackets for markup and loses them, or, told to leave markup alone, lists
all options under one heading and breaks names at their hyphens.
"""

from textwrap import wrap
from typing import Any

import typer
from typer.core import TyperCommand

from uig_cli.streams import kept_for_results

WIDTH = 100
"""Most columns of a line, however wide the terminal is."""

NAMES = 28
"""Most columns of an option's name and type; longer ones get a line of their own."""


class PlainCommand(TyperCommand):
    """A command whose options stand under their headings, each where its first option stands, and
    whose result alone goes to standard output."""

    def invoke(self, ctx: Any) -> Any:
        with kept_for_results():
            return super().invoke(ctx)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        panels: dict[str, list[tuple[str, str]]] = {"Arguments": []}
        for parameter in self.get_params(ctx):
            if row := parameter.get_help_record(ctx):
                panels.setdefault(_heading(parameter), []).append(row)
        for heading, rows in panels.items():
            if rows:
                with formatter.section(heading):
                    _write(rows, formatter)


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
