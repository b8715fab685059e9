"""Standard streams that take any text, whatever the terminal is and whoever closed them.

A closed one is replaced by the null device, and its number taken, before anything else is opened:
a journal that became file 1 would hold whatever a library prints. A letter that the terminal's
encoding lacks is written in its place as near as ASCII comes to it, else as an escape.
"""

import codecs
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path

NEAREST: Mapping[str, str] = {
    "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
    "\u2020": "+", "\u2022": "*", "\u2026": "...", "\u2192": "->", "\u00d7": "x",
}  # fmt: skip
"""What stands for the marks of our own texts where an encoding lacks them."""

_HANDLER = "uig.nearest"


def make_sound() -> None:
    """Makes standard input, output and error usable; called once, before anything is opened."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    nowhere = Path(os.devnull)
    sys.stdin = sys.stdin or nowhere.open(encoding="utf-8")
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")
    codecs.register_error(_HANDLER, _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def write_bytes(content: bytes) -> None:
    """Writes a file's content to standard output, in its own encoding whatever the terminal's."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    shown = (NEAREST.get(c) or c.encode("ascii", "backslashreplace").decode() for c in lacking)
    return "".join(shown), error.end
