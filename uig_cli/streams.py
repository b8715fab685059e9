"""Standard streams that take any text, whatever the terminal is and whoever closed them.

A closed one is replaced by the null device, and its number taken, before anything else is opened:
a journal that became file 1 would hold whatever a library prints. A letter that the terminal's
encoding lacks is written in its place as near as ASCII comes to it, else as an escape.

While a command runs, standard output is for its result alone. What models, libraries and programs
that they start print goes to standard error, whichever way they write.
"""

import codecs
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

NEAREST: Mapping[str, str] = {
    "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
    "\u2020": "+", "\u2022": "*", "\u2026": "...", "\u2192": "->", "\u00d7": "x",
}  # fmt: skip
"""What stands for the marks of our own texts where an encoding lacks them."""

_HANDLER = "uig.nearest"

_results: list[TextIO] = []
"""Where results go while a command runs."""


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
    output().flush()
    output().buffer.write(content)


def output() -> TextIO:
    """Standard output, for a command's own results."""
    return _results[-1] if _results else sys.stdout


def write_line(text: str) -> None:
    output().write(text + "\n")


@contextmanager
def kept_for_results() -> Iterator[None]:
    """Standard output is for what is written through `output`; all else goes to standard error."""
    before = sys.stdout
    apart = _number(before) == 1
    result = _moved(before) if apart else before
    _results.append(result)
    sys.stdout = sys.stderr
    try:
        yield
        result.flush()
    finally:
        _results.pop()
        sys.stdout = before
        if apart:
            os.dup2(result.fileno(), 1)
            with suppress(OSError):
                result.close()


def _number(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError):  # no file behind it, as in a notebook
        return None


def _moved(stream: TextIO) -> TextIO:
    """A stream to where number 1 leads, which from now on leads to standard error."""
    stream.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "w", encoding=stream.encoding, errors=stream.errors, newline="")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    shown = (NEAREST.get(c) or c.encode("ascii", "backslashreplace").decode() for c in lacking)
    return "".join(shown), error.end
