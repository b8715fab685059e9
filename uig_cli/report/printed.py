"""What commands print on standard output: lines and tables, whoever's texts stand in them.

Ids, names and what models say are texts of others. A line is one line whatever it holds, and a
cell one cell: nothing that is printed can look like a line of ours, or move the cursor.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from uig_cli.console import harmless, in_lines
from uig_cli.streams import output

FILE_WIDTH = 160
"""Columns of a table that goes into a file or a pipe."""


class Printed:
    """Standard output of one command."""

    def __init__(self) -> None:
        out = output()
        width = None if out.isatty() else FILE_WIDTH
        self._console = Console(file=out, width=width, markup=False, emoji=False, highlight=False)

    def line(self, text: str = "", style: str = "") -> None:
        self._console.print(Text(harmless(text), style=style), soft_wrap=True)

    def passage(self, text: str, style: str = "") -> None:
        """A text of several lines; all but the first are set in further than any line of ours."""
        for line in in_lines(text, " " * 8):
            self._console.print(Text(line, style=style), soft_wrap=True)

    def notes(self, notes: Iterable[str]) -> None:
        for note in notes:
            self.line(note, "yellow")

    def table(self, table: "PlainTable") -> None:
        self._console.print(table)


class PlainTable(Table):
    """A table of texts. words: the columns that hold some, from the left; those behind hold
    figures, which are never broken."""

    def __init__(self, title: str, *columns: str, words: int = 1) -> None:
        super().__init__(title=Text(harmless(title)), title_justify="left", caption_justify="left")
        for place, name in enumerate(columns):
            if place < words:
                self.word_column(name)
            else:
                self.figure_column(name)

    def word_column(self, name: str) -> None:
        self.add_column(Text(harmless(name)), overflow="fold")

    def figure_column(self, name: str) -> None:
        self.add_column(Text(harmless(name)), justify="right", no_wrap=True)

    def row(self, *cells: object, style: str | None = None) -> None:
        self.add_row(*(Text(harmless(str(cell))) for cell in cells), style=style)
