"""Many conversations at once: queues, equal requests, the order of what is written."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from tests.engine.doubles import Several
from tests.models_for_tests import OddPictures, Quick
from uig_cli.engine.drive import Job, drive
from uig_cli.engine.model_worker import model_workers
from uig_cli.engine.writer import Writer
from uig_cli.errors import RunStopped
from uig_cli.loop.trace import Conversation, Trace
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import (
    ROLES,
    Draw,
    Drawn,
    Edit,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Role,
    Said,
    pixel_hash,
)
from uig_cli.runs.journal import FirstAsked

IDENTITIES = {role: {"kind": "quick"} for role in ROLES}


class Notes:
    """A book and a watcher that remember what happened, in order. gate: opened before a picture
    can be written."""

    def __init__(self) -> None:
        self.kept: dict[str, Reply] = {}
        self.lines: list[tuple[Request, Reply]] = []
        self.ends: list[str] = []
        self.told: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None

    def reply(self, key: str) -> Reply | None:
        return self.kept.get(key)

    def write(
        self, key: str, request: Request, reply: Reply, place: FirstAsked, about: Mapping[str, str]
    ) -> Reply:
        assert threading.current_thread().name == "uig writer"
        self.gate.wait(10)
        if self.error is not None and isinstance(reply, Drawn):
            raise self.error
        kept: Reply = reply
        if isinstance(reply, Drawn):
            image, picture = reply.picture.image, reply.picture
            kept = replace(reply, picture=Picture(picture.sha256, picture.size, lambda: image))
        self.kept[key] = kept
        self.lines.append((request, kept))
        return kept

    def answered(self, job: Job, request: Request, reply: Reply) -> None:
        assert self.lines[-1] == (request, reply)

    def noted(self, note: str) -> None:
        self.told.append(note)

    def ended(self, job: Job, trace: Trace) -> None:
        self.ends.append(job.case)


def job(case: str, conversation: Conversation) -> Job:
    return Job("m", case, 0, "a prompt", conversation)


def draws(case: str, replies: list[Reply] | None = None, **more: Any) -> Conversation:
    (reply,) = yield [Draw("a cat", NoiseKey(0, case), **more)]
    if replies is not None:
        replies.append(reply)
    return Trace(())


def draws_looks_edits(case: str) -> Conversation:
    (drawn,) = yield [Draw("a cat", NoiseKey(0, case))]
    if isinstance(drawn, Drawn):
        _, edited = yield [
            Look("right?", (drawn.picture,)), Edit(drawn.picture, "more", NoiseKey(0, case, 0, 1))
        ]  # fmt: skip
        assert isinstance(edited, Drawn | Failure)
    return Trace(())


def run(
    jobs: Sequence[Job],
    notes: Notes,
    model: Any = None,
    *,
    batch_size: int = 4,
    batches: Mapping[Role, int] | None = None,
) -> list[list[Request]]:
    """Drives the jobs; returns the batches that the model was given."""
    batches = batches or dict.fromkeys(ROLES, batch_size)
    asked: list[list[Request]] = []
    model = model or Quick()

    class Counted(Quick):
        def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
            asked.append(list(requests))
            yield from model.run(requests)

    before = set(threading.enumerate())
    try:
        with model_workers(dict.fromkeys(ROLES, Counted())) as workers:
            drive(jobs, workers, IDENTITIES, notes, notes, batches=batches)
    finally:
        assert set(threading.enumerate()) <= before
    return asked


def roles(batch: Sequence[Request]) -> set[str]:
    return {request.role for request in batch}


def test_batches_are_of_one_role_and_sampler_and_the_fullest_queue_comes_first() -> None:
    jobs = [job(f"c{i}", draws(f"c{i}")) for i in range(3)]
    jobs += [job(f"d{i}", draws(f"d{i}", sampler={"contrast": 0.1})) for i in range(5)]
    notes = Notes()
    asked = run(jobs, notes, batch_size=4)
    assert [len(batch) for batch in asked] == [4, 3, 1]
    assert all(len({str(request.sampler) for request in batch}) == 1 for batch in asked)
    assert len(notes.ends) == 8


def test_equal_requests_are_answered_once_also_while_they_are_under_way() -> None:
    def asks_the_other(case: str, other: str) -> Conversation:
        yield [Draw("a cat", NoiseKey(0, case))]
        yield [Draw("a cat", NoiseKey(0, other))]
        return Trace(())

    notes = Notes()
    jobs = [job("a", draws("a")), job("again", draws("a"))]
    jobs += [job("b", asks_the_other("b", "c")), job("c", draws("c"))]
    asked = run(jobs, notes)
    # "c" is asked for by "b" as soon as "b" is drawn, when the batch with "c" is not at its end.
    assert [request.noise.case for request in asked[0]] == ["a", "b", "c"]
    assert len(asked) == 1 and len(notes.lines) == 3 and len(notes.ends) == 4


def test_what_is_known_is_not_asked() -> None:
    notes = Notes()
    run([job("a", draws_looks_edits("a"))], notes)
    lines = len(notes.lines)
    assert run([job("a", draws_looks_edits("a"))], notes) == []
    assert len(notes.lines) == lines == 3


@pytest.mark.parametrize("names", ["a", "abc"])
def test_a_picture_is_written_before_what_rests_on_it(names: str) -> None:
    model, notes = Quick(), Notes()
    jobs = [job(f"c{i}", draws_looks_edits(f"c{i}")) for i in range(9)]
    drive(
        jobs, Several(model.run, names), IDENTITIES, notes, notes, batches=dict.fromkeys(ROLES, 2)
    )
    written: set[str] = set()
    for request, reply in notes.lines:
        needed: tuple[Picture, ...] = ()
        if isinstance(request, Look):
            needed = request.pictures
        elif isinstance(request, Edit):
            needed = (request.picture,)
        assert {picture.sha256 for picture in needed} <= written
        if isinstance(reply, Drawn):
            written.add(reply.picture.sha256)
    assert len(notes.lines) == 27 and len(notes.ends) == 9


def test_the_model_goes_on_before_earlier_pictures_are_written() -> None:
    notes = Notes()
    notes.gate.clear()

    class Opens(Quick):
        """Lets the book write at its fourth batch: the model got so far without it."""

        def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
            if any(isinstance(request, Edit) for request in requests):
                assert notes.lines == []
                notes.gate.set()
            yield from super().run(requests)

    run([job("a", draws_looks_edits("a"))], notes, Opens())
    assert len(notes.lines) == 3 and notes.ends == ["a"]


def test_an_error_of_the_book_stops_the_run_and_nothing_is_written_behind_it() -> None:
    notes = Notes()
    notes.error = OSError(28, "No space left on device")
    with pytest.raises(OSError, match="No space"):
        run([job(f"c{i}", draws_looks_edits(f"c{i}")) for i in range(20)], notes)
    assert notes.lines == [] and notes.ends == []


def fails(kind: str, reason: Callable[[int], str]) -> Any:
    class Fails(Quick):
        count = 0

        def answer(self, request: Request) -> Reply:
            self.count += 1
            return Failure(kind, reason(self.count))

    return Fails()


def test_ten_equal_failures_stop_the_run_and_are_all_written() -> None:
    notes = Notes()
    jobs = [job(f"c{i}", draws(f"c{i}")) for i in range(30)]
    with pytest.raises(RunStopped, match="10 equal failures in a row"):
        run(jobs, notes, fails("model", lambda count: "no"))
    assert len(notes.lines) == 10


@pytest.mark.parametrize(
    "model", [fails("model", lambda count: str(count % 2)), fails("prompt", lambda count: "no")]
)
def test_unequal_failures_and_those_of_prompts_do_not(model: Any) -> None:
    notes = Notes()
    run([job(f"c{i}", draws(f"c{i}")) for i in range(30)], notes, model)
    assert len(notes.lines) == len(notes.ends) == 30


def test_memory_and_journal_agree_on_odd_replies() -> None:
    notes, replies = Notes(), list[Reply]()
    run([job("a", draws("a", replies))], notes, OddPictures())
    (drawn,), ((_, kept),) = replies, notes.lines
    assert isinstance(drawn, Drawn) and drawn == kept
    assert drawn.picture.image.mode == "RGB"
    assert pixel_hash(drawn.picture.image) == drawn.picture.sha256


class OneCanvas(Quick):
    """Paints every picture onto the same canvas, and into the pictures that it is given."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        canvas = Image.new("RGB", (4, 4))
        for index, request in enumerate(requests):
            if isinstance(request, Edit):
                canvas = request.picture.image
            canvas.putpixel((0, 0), (index + 1, len(requests), 7))
            yield index, Drawn(Picture.of(canvas))


def test_a_model_may_go_on_with_its_pictures() -> None:
    def edits(case: str) -> Conversation:
        (drawn,) = yield [Draw("a cat", NoiseKey(0, case))]
        assert isinstance(drawn, Drawn)
        yield [Edit(drawn.picture, "more", NoiseKey(0, case, 0, 1))]
        return Trace(())

    notes = Notes()
    notes.gate.clear()
    threading.Timer(0.2, notes.gate.set).start()
    run([job(f"c{i}", edits(f"c{i}")) for i in range(3)], notes, OneCanvas())
    replies = [reply for _, reply in notes.lines]
    assert all(isinstance(reply, Drawn) for reply in replies), replies
    for reply in replies:
        assert isinstance(reply, Drawn)
        assert pixel_hash(reply.picture.image) == reply.picture.sha256


def test_other_pixels_than_those_of_the_hash_are_no_picture() -> None:
    class Lies(Quick):
        def answer(self, request: Request) -> Reply:
            image = Image.new("RGB", (2, 2))
            return Drawn(Picture("0" * 64, image.size, lambda: image))

    notes = Notes()
    run([job("a", draws("a"))], notes, Lies())
    ((_, reply),) = notes.lines
    assert isinstance(reply, Failure) and "not those that its hash is of" in reply.reason


def test_a_buffer_that_was_painted_over_is_no_picture_of_each() -> None:
    class OneBuffer(Quick):
        def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
            canvas, drawn = Image.new("RGB", (4, 4)), []
            for index, _ in enumerate(requests):
                canvas.putpixel((0, 0), (index + 1, 0, 0))
                drawn.append(Drawn(Picture.of(canvas)))
            yield from enumerate(drawn)

    notes = Notes()
    run([job(f"c{n}", draws(f"c{n}")) for n in range(3)], notes, OneBuffer())
    kinds = [type(reply).__name__ for _, reply in notes.lines]
    assert kinds == ["Failure", "Failure", "Drawn"]


def test_another_size_than_was_asked_for_is_no_picture() -> None:
    replies: list[Reply] = []

    def asks(size: tuple[int, int]) -> Conversation:
        replies.extend((yield [Draw("a cat", NoiseKey(0, str(size)), size=size)]))
        return Trace(())

    run([job(str(n), asks((n, 16))) for n in (16, 32)], Notes(), Quick())
    assert isinstance(replies[0], Drawn)
    assert replies[1] == Failure("protocol", "got a picture of 16x16, asked for 32x16")


def test_each_note_of_a_model_is_told_once_and_not_kept() -> None:
    class Tells(Quick):
        def answer(self, request: Request) -> Reply:
            return replace(super().answer(request), note="the GPU is small")  # type: ignore[arg-type]

    notes = Notes()
    run([job(f"c{i}", draws_looks_edits(f"c{i}")) for i in range(3)], notes, Tells())
    assert notes.told == ["the GPU is small"]
    assert all(isinstance(r, Drawn | Said) and not r.note for _, r in notes.lines)


def looked_at(name: str) -> Conversation:
    """Draws, then looks."""
    (drawn,) = yield [Draw(name, NoiseKey(0, name))]
    assert isinstance(drawn, Drawn)
    yield [Look(name, (drawn.picture,))]
    return Trace(())


def test_each_role_has_batches_of_its_own_size() -> None:
    """Drawings one by one, looks by sixteen: these are not begun before they are as many, or no
    drawing is left, and drawing does not starve them once they are."""
    jobs = [job(f"c{i}", looked_at(f"c{i}")) for i in range(40)]
    notes = Notes()
    asked = run(jobs, notes, batches={"draw": 1, "look": 16, "edit": 1})
    sizes = {role: [len(b) for b in asked if roles(b) == {role}] for role in ("draw", "look")}
    assert sizes == {"draw": [1] * 40, "look": [16, 16, 8]}
    first_look = next(n for n, batch in enumerate(asked) if roles(batch) == {"look"})
    assert first_look == 16
    assert len(notes.ends) == 40


def test_pictures_that_wait_to_be_written_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uig_cli.engine.drive.Writer", lambda: Writer(most=3))
    drawn, notes = 0, Notes()
    notes.gate.clear()

    class Counts(Quick):
        def answer(self, request: Request) -> Reply:
            nonlocal drawn
            drawn += 1
            if drawn == 12:  # far more than may wait: somebody must have let the book write
                assert notes.gate.is_set()
            return super().answer(request)

    threading.Timer(0.2, notes.gate.set).start()
    run([job(f"c{i}", draws(f"c{i}")) for i in range(20)], notes, Counts(), batch_size=1)
    assert len(notes.lines) == 20
