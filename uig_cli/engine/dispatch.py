"""The one loop over workers, for drawing and for scoring: every item is handled exactly once.

What breaks a batch is tried again one by one, so that one item's trouble is its own; so is what was
under way on a worker that died, and an item that was under way on two of them is given up. An
answer that is missing, of no known kind, or given twice cannot get in. Only what says that the run
itself cannot go on passes through.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from uig_cli.engine.workers import Answered, Died, Done, Trouble, Worker, Workers
from uig_cli.errors import RunStopped
from uig_cli.models.protocol import Failure

Task = TypeVar("Task")

DEATHS = 2
"""Workers that died over an item before it is given up."""


@dataclass(frozen=True, slots=True)
class Batch(Generic[Task]):
    """What is asked together. tasks: what the engine knows the items by, in the same order; items:
    what crosses to the worker; kinds: the types that an answer may have; deaths: of workers."""

    tasks: Sequence[Task]
    items: Sequence[Any]
    kinds: tuple[type, ...]
    role: str = ""
    deaths: int = 0

    def alone(self, index: int, deaths: int) -> "Batch[Task]":
        tasks, items = [self.tasks[index]], [self.items[index]]
        return replace(self, tasks=tasks, items=items, deaths=deaths)


@dataclass(slots=True)
class _UnderWay(Generic[Task]):
    worker: Worker
    batch: Batch[Task]
    waiting: set[int]


@dataclass(slots=True)
class _Loop(Generic[Task]):
    """next_batch: what a worker should be given; None: nothing now."""

    next_batch: Callable[[Worker], Batch[Task] | None]
    workers: Workers[Any, Any]
    who: str
    under_way: dict[int, _UnderWay[Task]] = field(default_factory=dict)
    again: deque[Batch[Task]] = field(default_factory=deque)
    tickets: int = 0
    last_death: str = ""

    def run(self) -> Iterator[tuple[Task, Any]]:
        while True:
            for worker in self.workers.free:
                self._start(worker)
            if not self.under_way:
                if self.again or not self.workers.free:
                    raise RunStopped(
                        f"no {self.who} is left to go on ({self.last_death}); give the same "
                        "command again to go on."
                    )
                return
            event = self.workers.take()
            if isinstance(event, Answered):
                yield from self._answered(event)
            elif isinstance(event, Done):
                yield from self._done(event)
            else:
                yield from self._died(event)

    def _start(self, worker: Worker) -> None:
        """Gives a worker what is to be tried again before anything new."""
        batch = next((batch for batch in self.again if worker.plays(batch.role)), None)
        if batch is not None:
            self.again.remove(batch)
        else:
            batch = self.next_batch(worker)
        if batch is None:
            return
        self.tickets += 1
        self.under_way[self.tickets] = _UnderWay(worker, batch, set(range(len(batch.items))))
        self.workers.start(worker, self.tickets, batch.items)

    def _answered(self, event: Answered[Any]) -> Iterator[tuple[Task, Any]]:
        ticket = self.under_way.get(event.ticket)
        if ticket is None or event.index not in ticket.waiting:
            return
        ticket.waiting.discard(event.index)
        answer, kinds = event.answer, (*ticket.batch.kinds, Failure)
        if not isinstance(answer, kinds):
            answer = Failure("protocol", f"got {type(answer).__name__} as an answer")
        yield ticket.batch.tasks[event.index], answer

    def _done(self, event: Done) -> Iterator[tuple[Task, Any]]:
        ticket = self.under_way.pop(event.ticket)
        batch, trouble = ticket.batch, event.trouble
        if trouble is not None and len(batch.items) > 1:
            self.again.extend(batch.alone(index, batch.deaths) for index in sorted(ticket.waiting))
            return
        if trouble is not None and trouble.stops:
            raise RunStopped(trouble.reason)
        failure = self._failure(trouble)
        for index in sorted(ticket.waiting):
            yield batch.tasks[index], failure

    def _failure(self, trouble: Trouble | None) -> Failure:
        if trouble is None:
            return Failure("protocol", f"the {self.who} gave no answer")
        return Failure(self.who, trouble.reason)

    def _died(self, event: Died) -> Iterator[tuple[Task, Any]]:
        self.last_death = f"{event.worker}: {event.reason}"
        lost = [n for n, ticket in self.under_way.items() if ticket.worker.name == event.worker]
        for ticket in [self.under_way.pop(number) for number in lost]:
            batch, deaths = ticket.batch, ticket.batch.deaths + 1
            for index in sorted(ticket.waiting):
                if deaths < DEATHS:
                    self.again.append(batch.alone(index, deaths))
                else:
                    reason = f"its worker died twice ({event.reason})"
                    yield batch.tasks[index], Failure(self.who, reason)


def dispatch(
    next_batch: Callable[[Worker], Batch[Task] | None], workers: Workers[Any, Any], *, who: str
) -> Iterator[tuple[Task, Any]]:
    """(task, answer or Failure) of each task once, as answers come, until `next_batch` has nothing
    more for anybody and nothing is under way.

    who: the kind of the failures made here ("model", "judge", "detector").
    """
    return _Loop(next_batch, workers, who).run()
