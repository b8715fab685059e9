"""What a user sees while work goes on: progress on standard error, results on standard output.

On a terminal a live bar with throughput and time left; elsewhere a plain line now and then, so
that logs stay readable. `--quiet` shows neither.
"""

import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from uig_cli.live_display import LiveScreen

PLAIN_EVERY = 15.0
"""Seconds between two plain progress lines."""


class Bar(Protocol):
    def advance(self, by: int = 1, note: str = "") -> None: ...

    def tell(self, lines: Callable[[], Iterable[str]]) -> None:
        """What stands beside the bar from now on. lines: called when it is time to show them."""
        ...


class Display(Protocol):
    """What the engine tells while it works: progress, and sentences that a user should read."""

    def progress(self, label: str, total: int, unit: str) -> AbstractContextManager[Bar]:
        """A bar for `total` units of work, ended with the block."""
        ...

    def say(self, text: str) -> None: ...


class _NoBar:
    def advance(self, by: int = 1, note: str = "") -> None:
        return

    def tell(self, lines: Callable[[], Iterable[str]]) -> None:
        return


class Silent:
    """Tells nothing: for programs, and for --quiet."""

    def progress(self, label: str, total: int, unit: str) -> AbstractContextManager[Bar]:
        return nullcontext(_NoBar())

    def say(self, text: str) -> None:
        return


class Terminal:
    """Progress and sentences on standard error."""

    def progress(self, label: str, total: int, unit: str) -> AbstractContextManager[Bar]:
        return progress(label, total, unit)

    def say(self, text: str) -> None:
        say(text)


class _Plain:
    """A line every few seconds, and at the end."""

    def __init__(self, label: str, total: int, unit: str) -> None:
        self._label, self._total, self._unit = label, total, unit
        self._done, self._note = 0, ""
        self._lines: Callable[[], Iterable[str]] = tuple
        self._start = self._shown = time.monotonic()

    def advance(self, by: int = 1, note: str = "") -> None:
        self._done += by
        self._note = note or self._note
        if time.monotonic() - self._shown >= PLAIN_EVERY:
            self.show(self._lines())

    def tell(self, lines: Callable[[], Iterable[str]]) -> None:
        self._lines = lines

    def show(self, told: Iterable[str] = ()) -> None:
        self._shown = time.monotonic()
        elapsed = self._shown - self._start
        left = ""
        if self._done and self._done < self._total:
            left = f", {clock(elapsed / self._done * (self._total - self._done))} left"
        note = f", {self._note}" if self._note else ""
        more = "".join(f"; {line}" for line in told)
        say(
            f"{self._label}: {self._done}/{self._total} {self._unit} "
            f"in {clock(elapsed)}{left}{note}{more}"
        )


@contextmanager
def progress(label: str, total: int, unit: str) -> Iterator[Bar]:
    """A bar for `total` units of work, ended with the block; several may be open, in any order."""
    if total == 0:
        yield _NoBar()
    elif sys.stderr.isatty():
        with _screen().bar(label, total, unit) as bar:
            yield bar
    else:
        plain = _Plain(label, total, unit)
        try:
            yield plain
        finally:
            plain.show()


@cache
def _screen() -> "LiveScreen":
    from uig_cli.live_display import LiveScreen

    return LiveScreen(harmless)


def say(text: str) -> None:
    """A line for the user on standard error."""
    print(harmless(text), file=sys.stderr, flush=True)


def how_many(count: int, noun: str) -> str:
    """1 case, 12 cases, 1,200 cases."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def shortened(text: str, most: int) -> str:
    """On one line, with dots where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def harmless(text: str) -> str:
    """The text as one line, with control characters made visible: none reaches the terminal, and
    nobody's text can look like a line of ours."""
    return "".join(_visible(c) for c in text)


def in_lines(text: str, indent: str = "    ") -> list[str]:
    """The same for a text of several lines: all but the first are set in."""
    first, *others = text.splitlines() or [""]
    return [harmless(first), *(f"{indent}{harmless(line)}" for line in others)]


def _visible(c: str) -> str:
    kind = unicodedata.category(c)
    if c == "\u200d" or not (kind.startswith("C") or kind in ("Zl", "Zp")):
        return c
    return c.encode("unicode_escape", "replace").decode()


def clock(seconds: float) -> str:
    """Seconds as 4.2s, 3m05s or 2h07m."""
    if seconds < 60:
        return f"{seconds:.1f}s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes}m{int(seconds % 60):02d}s"
    return f"{minutes // 60}h{minutes % 60:02d}m"
