"""Methods that keep other pictures than they make, and have candidates; `offered` installs them.

The choice is a toy (lowest hash, or always the first), so that what happens depends on no model's
taste.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from uig_cli.loop.first import as_failure, ask
from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Candidate, Conversation, Step, Trace
from uig_cli.models.protocol import Draw, Drawn, Edit, Picture, Request, Role

Choice = Callable[[Picture, Picture], Picture]
WIDTH = 3


def offered(folder: Path) -> Path:
    """Makes `folder` a place where a package offers these methods, for sys.path or PYTHONPATH."""
    info = folder / "methods_for_tests-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: methods-for-tests\nVersion: 1\n")
    lines = [f"{of.name} = tests.methods_for_tests:{name}" for name, of in ALL.items()]
    (info / "entry_points.txt").write_text("\n".join(["[uig.methods]", *lines, ""]))
    return folder


def lowest(kept: Picture, made: Picture) -> Picture:
    return min(kept, made, key=lambda picture: picture.sha256)


def first(kept: Picture, made: Picture) -> Picture:
    return kept


def _draw(task: DrawTask, settings: MethodSettings) -> Draw:
    return Draw(task.prompt, task.noise(), sampler=settings.sampler("draw"))


def _edit(task: DrawTask, settings: MethodSettings, picture: Picture, round: int) -> Edit:
    return Edit(picture, "brighter", task.noise(round), sampler=settings.sampler("edit"))


def edits(choose: Choice, *, told: bool) -> Callable[[DrawTask, MethodSettings], Conversation]:
    """Edits what is kept, round by round. told: it says what it made; else it gives one picture, as
    a method written for 0.1.0 does."""

    def run(task: DrawTask, settings: MethodSettings) -> Conversation:
        steps: list[Step] = []
        for round in range(settings.rounds + 1):
            kept = steps[-1].picture if steps else None
            request: Request = _edit(task, settings, kept, round) if kept else _draw(task, settings)
            made = yield from ask(request)
            if not isinstance(made, Drawn):
                failed = Step(round, None, failure=as_failure(made))
                return Trace((*steps, failed), complete=False)
            chosen = choose(kept, made.picture) if kept else made.picture
            steps.append(Step(round, chosen, made.cost, made=made.picture if told else None))
        return Trace(tuple(steps), iterations=len(steps) - 1)

    return run


def beam(task: DrawTask, settings: MethodSettings) -> Conversation:
    """WIDTH candidates a round; the lowest hash is made, and kept where it is lower still. What
    failed is left out of the choice, as if it had never been asked for."""
    steps: list[Step] = []
    for round in range(2):
        request = replace(_draw(task, settings), noise=task.noise(round))
        replies = yield [replace(request, stage=f"candidate-{n}") for n in range(WIDTH)]
        candidates = tuple(
            Candidate(reply.picture, reply.cost, score=int(reply.picture.sha256[:2], 16) / 256)
            for reply in replies
            if isinstance(reply, Drawn)
        )
        pictures = [one.picture for one in candidates if one.picture]
        if not pictures:
            return Trace((*steps, Step(round, None, failure=as_failure(replies[0]))))
        made = min(pictures, key=lambda picture: picture.sha256)
        kept = steps[-1].picture if steps else None
        steps.append(
            Step(round, lowest(kept, made) if kept else made, made=made, candidates=candidates)
        )
    return Trace(tuple(steps))


def honest_beam(task: DrawTask, settings: MethodSettings) -> Conversation:
    """One round of WIDTH candidates, those that failed told as what they are."""
    request = _draw(task, settings)
    replies = yield [replace(request, stage=f"candidate-{n}") for n in range(WIDTH)]
    candidates = tuple(
        Candidate(reply.picture, reply.cost)
        if isinstance(reply, Drawn)
        else Candidate(None, failure=as_failure(reply))
        for reply in replies
    )
    made = min((one.picture for one in candidates if one.picture), key=lambda one: one.sha256)
    return Trace((Step(0, made, candidates=candidates),))


_DRAWS: frozenset[Role] = frozenset({"draw"})
_EDITS: frozenset[Role] = frozenset({"draw", "edit"})

BEAM = Method("test-beam", "", beam, _DRAWS, most_steps=lambda settings: 2)
HONEST = Method("test-honest", "", honest_beam, _DRAWS)
KEEPS = Method("test-keeps", "", edits(lowest, told=True), _EDITS, loops=True)
FIRST = Method("test-first", "", edits(first, told=True), _EDITS, loops=True)
SILENT = Method("test-silent", "", edits(lowest, told=False), _EDITS, loops=True)

ALL = {"BEAM": BEAM, "HONEST": HONEST, "KEEPS": KEEPS, "FIRST": FIRST, "SILENT": SILENT}
