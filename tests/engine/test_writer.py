"""Work done behind: in order, bounded, and its errors are told."""

import threading
import time
from functools import partial

import pytest

from uig_cli.engine.writer import Writer


def full() -> None:
    raise OSError(28, "No space left on device")


def test_things_are_done_in_order_and_before_the_block_is_left() -> None:
    done: list[int] = []
    here = threading.active_count()
    with Writer(most=3) as writer:
        for number in range(50):
            writer.put(partial(done.append, number))
    assert done == list(range(50))
    assert threading.active_count() == here


def test_no_more_than_so_many_wait() -> None:
    gate = threading.Event()
    with Writer(most=2) as writer:
        writer.put(lambda: (gate.wait(), None)[1])
        writer.put(lambda: None)
        threading.Timer(0.1, gate.set).start()
        start = time.monotonic()
        writer.put(lambda: None)
        assert gate.is_set() and time.monotonic() - start > 0.05


def test_after_an_error_nothing_more_is_done_and_who_puts_is_told() -> None:
    done: list[int] = []
    with pytest.raises(OSError, match="No space"), Writer(most=1) as writer:
        writer.put(partial(done.append, 1))
        writer.put(full)
        for _ in range(3):
            writer.put(partial(done.append, 2))
    assert done == [1]


def test_an_error_of_the_last_thing_is_told_too() -> None:
    with pytest.raises(OSError, match="No space"), Writer() as writer:
        writer.put(full)


def test_what_is_finished_is_kept_when_the_run_stops() -> None:
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt), Writer() as writer:
        for number in range(9):
            writer.put(partial(done.append, number))
        writer.put(full)
        raise KeyboardInterrupt
    assert done == list(range(9))
