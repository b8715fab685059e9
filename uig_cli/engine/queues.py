"""Requests waiting for an answer, by role and sampler settings; equal ones are asked once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from uig_cli.engine.workers import Worker
from uig_cli.models.protocol import Request, Role

Job = TypeVar("Job")


@dataclass(slots=True)
class Waiting(Generic[Job]):
    """A request, its key, and all who wait for its answer; the first of them asked first."""

    key: str
    request: Request
    jobs: list[Job]


QueueKind = tuple[Role, str]


@dataclass(slots=True)
class Queues(Generic[Job]):
    """unanswered: all requests that wait, those that a worker is at among them."""

    by_kind: dict[QueueKind, dict[str, Waiting[Job]]] = field(default_factory=dict)
    unanswered: dict[str, Waiting[Job]] = field(default_factory=dict)

    def add(self, key: str, request: Request, job: Job) -> None:
        if key not in self.unanswered:
            kind = (request.role, json.dumps(dict(request.sampler), sort_keys=True))
            waiting = self.unanswered[key] = Waiting(key, request, [job])
            self.by_kind.setdefault(kind, {})[key] = waiting
        elif self.unanswered[key].jobs[-1] is not job:
            self.unanswered[key].jobs.append(job)

    def answered(self, waiting: Waiting[Job]) -> None:
        del self.unanswered[waiting.key]

    def take(self, worker: Worker, batches: Mapping[Role, int]) -> Sequence[Waiting[Job]]:
        """A batch from the fullest queue that the worker may be given, oldest first; none: nothing.

        Of full ones the role with the larger batches comes first: it is filled by what those with
        smaller ones bring, and would never be while they go on.
        """
        kinds = [kind for kind in self.by_kind if worker.plays(kind[0])]
        if not kinds:
            return ()

        def fullness(kind: QueueKind) -> tuple[float, int, int]:
            most, waiting = batches[kind[0]], len(self.by_kind[kind])
            return min(1.0, waiting / most), most, waiting

        kind = max(kinds, key=fullness)
        queue = self.by_kind[kind]
        taken = [queue.pop(key) for key in list(queue)[: batches[kind[0]]]]
        if not queue:
            del self.by_kind[kind]
        return taken

    def any_full(self, batches: Mapping[Role, int]) -> bool:
        """Whether a whole batch of some role waits."""
        return any(len(queue) >= batches[role] for (role, _), queue in self.by_kind.items())
