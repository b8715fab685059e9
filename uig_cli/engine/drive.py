"""Many conversations, few models: the requests of all prompts are answered in batches.

Prompts stand at different stages: some are drawn while others are examined or edited. Waiting
requests queue by role and sampler settings, equal ones once; the fullest queue is answered next.
A reply goes on to whoever waits for it as it comes, and into the journal behind that, in the order
of arrival: a model need not wait for a picture to be written, and a reply whose request holds a
picture is never journalled before that picture.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from uig_cli.engine.dispatch import Batch, dispatch
from uig_cli.engine.failures import RepeatedFailure
from uig_cli.engine.queues import Queues, Waiting
from uig_cli.engine.replies import received
from uig_cli.engine.workers import Worker, Workers
from uig_cli.engine.writer import Writer
from uig_cli.loop.trace import Conversation, Trace
from uig_cli.models.protocol import (
    Draw,
    Drawn,
    Edit,
    Reply,
    Request,
    Role,
    Said,
    request_key,
)
from uig_cli.runs.journal import FirstAsked

Identities = Mapping[Role, Mapping[str, str]]


@dataclass(slots=True)
class Job:
    """One conversation under way. wanted: keys of the requests that it waits for."""

    method: str
    case: str
    sample: int
    prompt: str
    conversation: Conversation
    wanted: list[str] = field(default_factory=list)


class Book(Protocol):
    """Where replies are looked up and kept (see runs.journal); written from one thread, looked up
    from another."""

    def reply(self, key: str) -> Reply | None: ...

    def write(
        self, key: str, request: Request, reply: Reply, place: FirstAsked, about: Mapping[str, str]
    ) -> Reply: ...


class Watcher(Protocol):
    """Told what happens, for progress and for placing pictures, in order and from one thread: of
    replies and ends once all that came before is written. job: who asked first."""

    def answered(self, job: Job, request: Request, reply: Reply) -> None: ...

    def noted(self, note: str) -> None: ...

    def ended(self, job: Job, trace: Trace) -> None: ...


def drive(
    jobs: Iterable[Job],
    workers: Workers[Request, Reply],
    identities: Identities,
    book: Book,
    watcher: Watcher,
    *,
    batches: Mapping[Role, int],
) -> None:
    """Brings every job to its end. Raises RunStopped when the run cannot go on.

    batches: how many requests of each role a worker is handed.
    """
    repeated = RepeatedFailure("drawing")
    with Writer() as writer:
        records = _Records(book, watcher, writer, identities)
        desk = _Desk(iter(jobs), records, identities, batches)
        for waiting, answer in dispatch(desk.next_batch, workers, who="model"):
            reply = received(answer, getattr(waiting.request, "size", None))
            records.keep(waiting, reply, note=getattr(answer, "note", ""))
            repeated.add(reply)
            desk.go_on(waiting)


@dataclass(slots=True)
class _Records:
    """What is known of requests: in memory from a reply's arrival until the book has it."""

    book: Book
    watcher: Watcher
    writer: Writer
    identities: Identities
    unwritten: dict[str, Reply] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)

    def reply(self, key: str) -> Reply | None:
        return self.unwritten.get(key) or self.book.reply(key)

    def keep(self, waiting: Waiting[Job], reply: Reply, note: str) -> None:
        self.unwritten[waiting.key] = reply
        self.writer.put(partial(self._write, waiting, reply))
        if note and note not in self.noted and isinstance(note, str):
            self.noted.add(note)
            self.writer.put(partial(self.watcher.noted, note))

    def ended(self, job: Job, trace: Trace) -> None:
        self.writer.put(partial(self.watcher.ended, job, trace))

    def _write(self, waiting: Waiting[Job], reply: Reply) -> None:
        """On the writer's thread. A picture leaves memory as soon as its file is there."""
        key, request, first = waiting.key, waiting.request, waiting.jobs[0]
        place = FirstAsked(first.method, first.case, first.sample)
        about = _about(request, first.prompt, self.identities[request.role])
        kept = self.book.write(key, request, reply, place, about)
        if isinstance(reply, Drawn) and isinstance(kept, Drawn) and reply.picture == kept.picture:
            reply.picture.settle(kept.picture)
        self.watcher.answered(first, request, kept)
        del self.unwritten[key]


@dataclass(slots=True)
class _Desk:
    """Conversations under way, and the requests that they wait for."""

    jobs: Iterator[Job]
    records: _Records
    identities: Identities
    batches: Mapping[Role, int]
    queues: Queues[Job] = field(default_factory=Queues)
    under_way: int = 0
    exhausted: bool = False

    def next_batch(self, worker: Worker) -> Batch[Waiting[Job]] | None:
        """The next requests for a worker. Prompts are begun as long as the queues want them."""
        window = 4 * max(self.batches.values())
        while (
            not self.exhausted
            and self.under_way < window
            and not self.queues.any_full(self.batches)
        ):
            job = next(self.jobs, None)
            if job is None:
                self.exhausted = True
            elif not self._carry_on(job):
                self.under_way += 1
        taken = self.queues.take(worker, self.batches)
        if not taken:
            return None
        role = taken[0].request.role
        kinds = (Said,) if role == "look" else (Drawn,)
        return Batch(taken, [waiting.request for waiting in taken], kinds, role)

    def go_on(self, waiting: Waiting[Job]) -> None:
        """A request has its reply: all that waited for it go on."""
        self.queues.answered(waiting)
        for job in waiting.jobs:
            if self._carry_on(job):
                self.under_way -= 1

    def _carry_on(self, job: Job) -> bool:
        """Advances a job as far as known replies go; True when it has come to its end."""
        while True:
            replies = [self.records.reply(key) for key in job.wanted]
            known = [reply for reply in replies if reply is not None]
            if len(known) < len(replies):
                return False
            try:
                requests = job.conversation.send(known) if job.wanted else next(job.conversation)
            except StopIteration as stop:
                self.records.ended(job, stop.value)
                return True
            job.wanted = []
            for request in requests:
                key = request_key(request, self.identities[request.role])
                job.wanted.append(key)
                if self.records.reply(key) is None:
                    self.queues.add(key, request, job)


def _about(request: Request, prompt: str, identity: Mapping[str, str]) -> dict[str, str]:
    """What a picture says of itself in its file."""
    if not isinstance(request, Draw | Edit):
        return {}
    about = {
        "prompt": prompt,
        "seed": str(request.noise.seed),
        "case": request.noise.case,
        "sample": str(request.noise.sample),
        "step": str(request.noise.round),
        "model": json.dumps(dict(identity), sort_keys=True),
    }
    return about | ({"instruction": request.instruction} if isinstance(request, Edit) else {})
