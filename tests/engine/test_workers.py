"""The worker in this process: what it says of a batch, and that it ends with the run."""

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

import pytest
import torch

from uig_cli.engine.workers import Answered, Died, Done, InProcess, Trouble
from uig_cli.errors import RunStopped, UigError


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before


def events(answering: Any, *batches: Sequence[Any]) -> list[Any]:
    """All that happens when the batches are started one after the other."""
    found: list[Any] = []
    with InProcess[Any, Any](answering) as workers:
        for ticket, items in enumerate(batches):
            (worker,) = workers.free
            workers.start(worker, ticket, items)
            assert workers.free == ()
            found.append(workers.take())
            while not isinstance(found[-1], Done | Died):
                found.append(workers.take())
    return found


def test_answers_come_as_they_are_given_and_then_the_end() -> None:
    def upper(items: Sequence[str]) -> Iterator[tuple[int, str]]:
        for index, item in reversed(list(enumerate(items))):
            yield index, item.upper()

    assert events(upper, ["a", "b"], ["c"]) == [
        Answered(0, 1, "B"), Answered(0, 0, "A"), Done(0), Answered(1, 0, "C"), Done(1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (ValueError("two\nlines"), Trouble("ValueError: two lines")),
        (UigError("no such thing"), Trouble("no such thing")),
        (RunStopped("the disk is full"), Trouble("the disk is full", stops=True)),
    ],
)
def test_what_breaks_a_batch_is_told_in_one_line(error: Exception, trouble: Trouble) -> None:
    def breaks(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        yield 0, 1
        raise error

    assert events(breaks, [0, 1]) == [Answered(0, 0, 1), Done(0, trouble)]


@pytest.mark.parametrize("index", ["0", 0.5, None, []])
def test_an_index_that_is_no_number_breaks_the_batch(index: Any) -> None:
    (done,) = events(lambda items: iter([(index, 1)]), [0])
    assert "TypeError" in done.trouble.reason


def test_one_who_answers_cannot_end_the_process() -> None:
    def leaves(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        if items[0] == 0:
            raise SystemExit(3)
        yield 0, items[0]

    died, *rest = events(leaves, [0], [1])
    assert died == Died("in process", "SystemExit: 3")
    assert rest == [Answered(1, 0, 1), Done(1)]


def test_a_thread_that_is_gone_is_no_reason_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uig_cli.engine.workers.ALIVE_EVERY", 0.01)
    monkeypatch.setattr(InProcess, "_answer", lambda *_: [][0])
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    assert events(lambda items: iter(()), [0]) == [Died("in process", "its thread ended")]


def test_closing_ends_a_batch_in_the_middle() -> None:
    started = threading.Event()

    def endless(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        started.set()
        while True:
            try:
                time.sleep(0.001)
            except Exception:
                pytest.fail("a model must not be able to catch it")
            yield 0, 1

    with InProcess(endless) as workers:
        workers.start(workers.free[0], 0, [0])
        started.wait()


class Stop(BaseException):
    """What the tests' signal handler raises."""


def test_waiting_is_interrupted_by_a_signal() -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stop

    def slow(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        while not ended.is_set():
            time.sleep(0.001)
        yield 0, 1

    ended = threading.Event()
    before = signal.signal(signal.SIGALRM, stop)
    began = time.monotonic()
    try:
        with pytest.raises(Stop), InProcess(slow) as workers:
            workers.start(workers.free[0], 0, [0])
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            workers.take()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 4 and not ended.is_set()


def test_what_a_model_set_of_torch_holds_on_the_thread() -> None:
    with torch.no_grad():
        assert events(lambda items: [(0, torch.is_grad_enabled())], [0])[0].answer is False
    assert events(lambda items: [(0, torch.is_grad_enabled())], [0])[0].answer is True
