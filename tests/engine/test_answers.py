"""Asking in this process: each item once, over one batch and over many."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from uig_cli.engine.answers import ask_each, each_once
from uig_cli.errors import RunStopped, UigError
from uig_cli.models.protocol import Failure


def halves(items: Sequence[int]) -> Iterator[tuple[int, int]]:
    for index, item in enumerate(items):
        if item % 2:
            raise UigError(f"{item} is odd.")
        yield index, item // 2


def test_each_item_of_a_batch_once() -> None:
    found = dict(each_once(halves, [4, 3, 8], kinds=(int,), who="judge"))
    assert found == {0: 2, 1: Failure("judge", "3 is odd."), 2: 4}
    assert dict(each_once(halves, [], kinds=(int,), who="judge")) == {}


def test_each_item_of_all_batches_once_and_in_order() -> None:
    found = list(ask_each(halves, [[2, 4], [], [6]], kinds=(int,), who="judge"))
    assert found == [(2, 1), (4, 2), (6, 3)]


def test_what_stops_the_run_passes_through_once_it_is_alone() -> None:
    asked: list[list[int]] = []

    def down(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        asked.append(list(items))
        raise RunStopped("the server is down; start it.")
        yield

    with pytest.raises(RunStopped, match="the server is down"):
        list(each_once(down, [1, 2], kinds=(int,), who="judge"))
    assert asked == [[1, 2], [1]]


def test_the_thread_ends_with_whoever_stops_listening() -> None:
    before = threading.active_count()
    answers: Iterator[Any] = ask_each(halves, [[2, 4], [6]], kinds=(int,), who="judge")
    next(answers)
    assert threading.active_count() == before + 1
    del answers
    assert threading.active_count() == before
