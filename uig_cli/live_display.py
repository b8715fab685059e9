"""The live part of a terminal: bars that may begin and end in any order, and lines below each."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

Plain = Callable[[str], str]
"""Makes a text harmless to a terminal."""


TOLD_EVERY = 1.0
"""Seconds between two times that the lines below a bar are worked out."""


class _WithLines(Progress):
    """Bars, and below them the lines of each."""

    told: dict[TaskID, Sequence[str]]

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        for lines in list(getattr(self, "told", {}).values()):
            for line in lines:
                yield Text(f"  {line}", overflow="ellipsis", no_wrap=True)


class LiveBar:
    """One of them."""

    def __init__(self, shown: _WithLines, task: TaskID, plain: Plain) -> None:
        self._shown, self._task, self._plain = shown, task, plain
        self._start, self._done, self._told = time.monotonic(), 0, 0.0
        self._note = ""
        self._lines: Callable[[], Iterable[str]] = tuple

    def advance(self, by: int = 1, note: str = "") -> None:
        self._done += by
        self._note = self._plain(note) if note else self._note
        rate = f"{60 * self._done / max(time.monotonic() - self._start, 1e-3):.3g}/min"
        self._shown.update(self._task, advance=by, rate=rate, note=self._note)
        # Worked out here and not where the screen is drawn, which is on a thread of its own.
        if time.monotonic() - self._told >= TOLD_EVERY:
            self._told = time.monotonic()
            self._shown.told[self._task] = [self._plain(line) for line in self._lines()]

    def tell(self, lines: Callable[[], Iterable[str]]) -> None:
        self._lines = lines


class LiveScreen:
    """All bars of a process on one screen: it appears with the first and goes with the last."""

    def __init__(self, plain: Plain) -> None:
        self._plain = plain
        self._shown: _WithLines | None = None
        self._open = 0

    @contextmanager
    def bar(self, label: str, total: int, unit: str) -> Iterator[LiveBar]:
        if self._shown is None:
            self._shown = _screen()
            self._shown.start()
        shown, self._open = self._shown, self._open + 1
        task = shown.add_task(label, total=total, rate="", note="", unit=unit)
        try:
            yield LiveBar(shown, task, self._plain)
        finally:
            shown.refresh()  # with all that was done, before its lines go
            shown.told.pop(task, None)
            shown.stop_task(task)
            self._open -= 1
            if not self._open:
                shown.stop()
                self._shown = None


def _screen() -> _WithLines:
    shown = _WithLines(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        console=Console(stderr=True),
    )
    shown.told = {}
    return shown
