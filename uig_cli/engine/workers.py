"""The seam between the engine and those who answer: start a batch, take what happens next.

A worker knows how to answer and nothing else: no prompts, no journal, no second tries. What crosses
the seam is data, so that a worker may be a thread here, another process, or another machine.
"""

import atexit
import ctypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import index as whole_number
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from uig_cli import faults
from uig_cli.errors import RunStopped, UigError
from uig_cli.models.threads import thread_settings

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Item_contra = TypeVar("Item_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)

ALIVE_EVERY = 1.0
"""Seconds of silence after which a worker is looked at: does it live?"""

PATIENCE = 3.0
"""Seconds that a worker interrupted in the middle is given to end."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One who can be given a batch. roles: what it may be asked for; None: anything."""

    name: str
    roles: frozenset[str] | None = None

    def plays(self, role: str) -> bool:
        return self.roles is None or role in self.roles


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a batch broke, in one line. stops: the run itself cannot go on."""

    reason: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Answered(Generic[Answer_co]):
    """The item of that index in a ticket's batch has its answer."""

    ticket: int
    index: int
    answer: Answer_co


@dataclass(frozen=True, slots=True)
class Done:
    """A ticket has come to its end; what it has not answered by now it will not answer."""

    ticket: int
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Died:
    """A worker is gone, with what was under way on it. It may be back, and free, already."""

    worker: str
    reason: str


Event = Answered[Answer] | Done | Died


class Workers(Protocol[Item_contra, Answer_co]):
    """All workers of a run.

    free: those that can be given a batch now; a worker is given one at a time. take: what happens
    next; asked only while something is under way, and never waiting for one who is gone.
    """

    @property
    def free(self) -> Sequence[Worker]: ...

    def start(self, worker: Worker, ticket: int, items: Sequence[Item_contra]) -> None: ...

    def take(self) -> Answered[Answer_co] | Done | Died: ...


class InProcess(Generic[Item, Answer]):
    """One worker on a thread of this process, there from its first batch until it is closed.

    The thread that takes can be interrupted by signals; one that is closed in the middle of a batch
    is interrupted at its next line of Python, as a signal would.
    """

    def __init__(self, answering: Callable[[Sequence[Item]], Iterable[tuple[int, Answer]]]) -> None:
        self._answering = answering
        self._orders: SimpleQueue[tuple[int, Sequence[Item]] | None] = SimpleQueue()
        self._events: SimpleQueue[Event[Answer]] = SimpleQueue()
        self._worker = Worker("in process")
        self._busy = False
        self._thread: Thread | None = None

    @property
    def free(self) -> Sequence[Worker]:
        return () if self._busy else (self._worker,)

    def start(self, worker: Worker, ticket: int, items: Sequence[Item]) -> None:
        if self._thread is None or not self._thread.is_alive():
            work, carried = self._work, (thread_settings(),)
            self._thread = Thread(target=work, args=carried, name="uig worker", daemon=True)
            self._thread.start()
            atexit.register(self.close)
        self._busy = True
        self._orders.put((ticket, items))

    def take(self) -> Event[Answer]:
        while True:
            try:
                event = self._events.get(timeout=ALIVE_EVERY)
            except Empty:
                if self._thread is not None and self._thread.is_alive():
                    continue
                event = Died(self._worker.name, "its thread ended")
            if not isinstance(event, Answered):
                self._busy = False
            return event

    def close(self) -> None:
        """Ends the thread, whatever it is doing."""
        atexit.unregister(self.close)
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._busy:
            _interrupt(thread)
        self._orders.put(None)
        thread.join(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _work(self, carry_over: Callable[[], None]) -> None:
        try:
            carry_over()
            while (order := self._orders.get()) is not None:
                self._events.put(self._answer(*order))
        except _Interrupted:
            return

    def _answer(self, ticket: int, items: Sequence[Item]) -> Event[Answer]:
        """Answers a batch; returns how it ended."""
        try:
            for index, answer in self._answering(items):
                self._events.put(Answered(ticket, whole_number(index), answer))
        except _Interrupted:
            raise
        except UigError as error:
            return Done(ticket, Trouble(one_line(str(error)), isinstance(error, RunStopped)))
        except Exception as error:
            return Done(ticket, Trouble(one_line(faults.told(error))))
        except BaseException as error:  # one who answers may not end the process
            return Died(self._worker.name, one_line(faults.told(error)))
        return Done(ticket)


class _Interrupted(SystemExit):
    """Raised in a worker's thread to end it; models catch Exception at most."""


def _interrupt(thread: Thread) -> None:
    assert thread.ident is not None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(_Interrupted)
    )


def one_line(text: str) -> str:
    return " ".join(text.split())
