"""Slow work off the thread that hands out batches: one thing after the other, on one thread.

Encoding a large picture takes a fifth of a second in which no model need wait. What is put is done
in that order; after an error nothing more is done, and whoever puts next is told.
"""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

PENDING = 32
"""Things that may wait to be done; whoever puts more waits, too. They hold pictures in memory."""

ALIVE_EVERY = 1.0
"""Seconds of silence after which the thread is looked at: does it live?"""


class Writer:
    """What was put when its block is left is done before it is left, even in an error, for what is
    finished is kept."""

    def __init__(self, most: int = PENDING) -> None:
        self._most, self._pending = most, 0
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._ends: SimpleQueue[BaseException | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="uig writer", daemon=True)

    def put(self, task: Callable[[], None]) -> None:
        """Raises what an earlier task raised."""
        while not self._ends.empty() or self._pending >= self._most:
            self._settle()
        self._pending += 1
        self._tasks.put(task)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._tasks.put(None)
        try:
            while self._pending:
                self._settle()
        except Exception:
            if error is None:
                raise

    def _settle(self) -> None:
        """Waits until one task more is done."""
        while True:
            try:
                error = self._ends.get(timeout=ALIVE_EVERY)
            except Empty:
                if self._thread.is_alive():
                    continue
                raise RuntimeError("the thread that writes is gone") from None
            if error is not None:
                self._pending = 0  # the rest is not done
                raise error
            self._pending -= 1
            return

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except BaseException as error:
                self._ends.put(error)
                return
            self._ends.put(None)
