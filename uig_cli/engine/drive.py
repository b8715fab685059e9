"""Many conversations, few models: the requests of all prompts are answered in batches.

Prompts stand at different stages: some are drawn while others are examined or edited. Waiting
requests queue by role and sampler settings, equal ones once; the fullest queue is answered next,
and every reply is journalled as it comes and carried back to whoever waits for it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from uig_cli.engine.answers import each_once
from uig_cli.engine.failures import RepeatedFailure
from uig_cli.engine.replies import validate_reply
from uig_cli.loop.trace import Conversation, Trace
from uig_cli.models.protocol import (
    Draw,
    Drawn,
    Edit,
    Reply,
    Request,
    Role,
    Said,
    UnifiedModel,
    request_key,
)
from uig_cli.runs.journal import Place


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
    """Where replies are looked up and kept (see runs.journal)."""

    def reply(self, key: str) -> Reply | None: ...

    def write(
        self, key: str, request: Request, reply: Reply, place: Place, about: Mapping[str, str]
    ) -> Reply: ...


class Watcher(Protocol):
    """Told what happens, for progress and for placing pictures."""

    def answered(self, request: Request, reply: Reply) -> None: ...

    def ended(self, job: Job, trace: Trace) -> None: ...


@dataclass(slots=True)
class _Waiting:
    key: str
    request: Request
    first: Job
    jobs: list[Job]


class _Queues:
    """Requests waiting for an answer, by role and sampler settings."""

    def __init__(self) -> None:
        self.by_kind: dict[str, dict[str, _Waiting]] = {}

    def add(self, key: str, request: Request, job: Job) -> None:
        kind = f"{request.role} {json.dumps(dict(request.sampler), sort_keys=True)}"
        queue = self.by_kind.setdefault(kind, {})
        if key in queue:
            if queue[key].jobs[-1] is not job:
                queue[key].jobs.append(job)
        else:
            queue[key] = _Waiting(key, request, job, [job])

    def take(self, most: int) -> list[_Waiting]:
        """From the fullest queue, oldest first."""
        kind = max(self.by_kind, key=lambda kind: len(self.by_kind[kind]))
        queue = self.by_kind[kind]
        taken = [queue.pop(key) for key in list(queue)[:most]]
        if not queue:
            del self.by_kind[kind]
        return taken

    def __len__(self) -> int:
        return max((len(queue) for queue in self.by_kind.values()), default=0)


def drive(
    jobs: Iterable[Job],
    models: Mapping[Role, UnifiedModel],
    book: Book,
    watcher: Watcher,
    *,
    batch_size: int,
) -> None:
    """Brings every job to its end. Raises RunStopped when the run cannot go on."""
    source = iter(jobs)
    queues = _Queues()
    identities = {role: dict(model.identity) for role, model in models.items()}
    repeated = RepeatedFailure("drawing")
    under_way = 0
    window = 4 * batch_size

    def carry_on(job: Job) -> bool:
        """Advances a job as far as known replies go; True when it has come to its end."""
        while True:
            replies = [book.reply(key) for key in job.wanted]
            known = [reply for reply in replies if reply is not None]
            if len(known) < len(replies):
                return False
            try:
                requests = job.conversation.send(known) if job.wanted else next(job.conversation)
            except StopIteration as stop:
                watcher.ended(job, stop.value)
                return True
            job.wanted = []
            for request in requests:
                key = request_key(request, identities[request.role])
                job.wanted.append(key)
                if book.reply(key) is None:
                    queues.add(key, request, job)

    exhausted = False
    while True:
        while not exhausted and under_way < window and len(queues) < batch_size:
            job = next(source, None)
            if job is None:
                exhausted = True
            elif not carry_on(job):
                under_way += 1
        if not queues.by_kind:
            return
        batch = queues.take(batch_size)
        role = batch[0].request.role
        asked = [waiting.request for waiting in batch]
        kinds = (Said,) if role == "look" else (Drawn,)
        for index, answer in each_once(models[role].run, asked, kinds=kinds, who="model"):
            waiting = batch[index]
            place = Place(
                waiting.first.method,
                waiting.first.case,
                waiting.first.sample,
                _step(waiting.request),
            )
            about = _about(waiting.request, waiting.first.prompt, identities[role])
            kept = book.write(waiting.key, waiting.request, validate_reply(answer), place, about)
            watcher.answered(waiting.request, kept)
            repeated.add(kept)
            for job in waiting.jobs:
                if carry_on(job):
                    under_way -= 1


def _step(request: Request) -> int:
    """The step whose picture a request makes; 0 for a look."""
    return request.noise.round if isinstance(request, Draw | Edit) else 0


def _about(request: Request, prompt: str, identity: Mapping[str, str]) -> dict[str, str]:
    """What a picture says of itself in its file."""
    if not isinstance(request, Draw | Edit):
        return {}
    about = {
        "prompt": prompt,
        "seed": str(request.noise.seed),
        "case": request.noise.case,
        "sample": str(request.noise.sample),
        "step": str(_step(request)),
        "model": json.dumps(dict(identity), sort_keys=True),
    }
    return about | ({"instruction": request.instruction} if isinstance(request, Edit) else {})
