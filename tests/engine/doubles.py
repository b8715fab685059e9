"""Workers that can be led: several in one thread, and one who is told everything by pickle."""

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from uig_cli.engine.workers import Answered, Died, Done, Event, InProcess, Trouble, Worker

Answering = Callable[[Sequence[Any]], Iterable[tuple[int, Any]]]


class Death(Exception):
    """Raised by an answerer whose worker is to die over it."""


class Several:
    """Workers by name, each with what it may be asked for. A batch is answered when it is started,
    and what happens is taken worker by worker, an event of each in turn.

    log: who was given what. One that died comes back, unless `back` is False.
    """

    def __init__(
        self,
        answering: Answering,
        names: Sequence[str] = ("a",),
        roles: dict[str, frozenset[str]] | None = None,
        back: bool = True,
    ) -> None:
        self.answering, self.back = answering, back
        self.workers = [Worker(name, (roles or {}).get(name)) for name in names]
        self.coming: dict[str, deque[Event[Any]]] = {}
        self.log: list[tuple[str, list[Any]]] = []

    @property
    def free(self) -> Sequence[Worker]:
        return tuple(worker for worker in self.workers if worker.name not in self.coming)

    def start(self, worker: Worker, ticket: int, items: Sequence[Any]) -> None:
        assert worker in self.free
        self.log.append((worker.name, list(items)))
        events: deque[Event[Any]] = deque()
        self.coming[worker.name] = events
        try:
            events.extend(Answered(ticket, i, answer) for i, answer in self.answering(items))
            events.append(Done(ticket))
        except Death as death:
            events.append(Died(worker.name, str(death)))
        except Exception as error:
            events.append(Done(ticket, Trouble(str(error))))

    def take(self) -> Event[Any]:
        name = next(iter(self.coming))
        events = self.coming.pop(name)
        event = events.popleft()
        if events:
            self.coming[name] = events
        elif isinstance(event, Died) and not self.back:
            self.workers = [worker for worker in self.workers if worker.name != name]
        return event


class Pickled(InProcess[Any, Any]):
    """Everything that goes to the worker or comes from it goes through pickle."""

    crossed = 0

    def start(self, worker: Worker, ticket: int, items: Sequence[Any]) -> None:
        super().start(worker, ticket, pickle.loads(pickle.dumps(list(items))))

    def take(self) -> Event[Any]:
        Pickled.crossed += 1
        event: Event[Any] = pickle.loads(pickle.dumps(super().take()))
        return event
