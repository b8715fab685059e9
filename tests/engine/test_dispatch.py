"""The loop over workers: every item handled once, whatever workers do."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.engine.doubles import Death, Several
from uig_cli.engine.dispatch import Batch, dispatch
from uig_cli.engine.workers import Worker
from uig_cli.errors import RunStopped
from uig_cli.models.protocol import Failure


def batches(items: Sequence[Any], size: int) -> Any:
    """Hands out batches of whole numbers or texts in order."""
    source = iter([items[i : i + size] for i in range(0, len(items), size)])

    def next_batch(worker: Worker) -> Batch[Any] | None:
        taken = next(source, None)
        return None if taken is None else Batch([f"task {i}" for i in taken], taken, (int,))

    return next_batch


def run(workers: Several, items: Sequence[Any], size: int = 3) -> dict[str, Any]:
    answers = list(dispatch(batches(items, size), workers, who="model"))
    assert len(answers) == len(dict(answers)), "something was handled twice"
    return dict(answers)


def double(items: Sequence[int]) -> Iterator[tuple[int, int]]:
    for index, item in enumerate(items):
        yield index, 2 * item


def test_one_worker_is_given_batches_in_order() -> None:
    workers = Several(double)
    assert run(workers, range(7)) == {f"task {i}": 2 * i for i in range(7)}
    assert workers.log == [("a", [0, 1, 2]), ("a", [3, 4, 5]), ("a", [6])]


def test_all_free_workers_are_given_something() -> None:
    workers = Several(double, "abc")
    assert len(run(workers, range(12))) == 12
    assert {name for name, _ in workers.log[:3]} == {"a", "b", "c"}


def test_nothing_to_do_starts_nothing() -> None:
    workers = Several(double)
    assert run(workers, []) == {} and workers.log == []


def test_a_worker_is_asked_for_its_roles_alone() -> None:
    roles = {"a": frozenset({"draw"}), "b": frozenset({"look"})}
    waiting = {"draw": [1, 2], "look": [3]}

    def breaks_once(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        if len(items) > 1:
            raise ValueError("together they break")
        yield from double(items)

    def next_batch(worker: Worker) -> Batch[int] | None:
        role = next(iter(worker.roles or ()))
        taken, waiting[role] = waiting[role], []
        return Batch(taken, taken, (int,), role) if taken else None

    workers = Several(breaks_once, "ab", roles)
    assert dict(dispatch(next_batch, workers, who="model")) == {1: 2, 2: 4, 3: 6}
    assert ("b", [1]) not in workers.log and ("b", [2]) not in workers.log


def test_a_broken_batch_is_tried_one_by_one_before_anything_new() -> None:
    def poisoned(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        for index, item in enumerate(items):
            if item == 1:
                raise ValueError("poison")
            yield index, item

    workers = Several(poisoned)
    found = run(workers, range(5))
    assert found["task 1"] == Failure("model", "poison")
    assert [found[f"task {i}"] for i in (0, 2, 3, 4)] == [0, 2, 3, 4]
    assert [items for _, items in workers.log] == [[0, 1, 2], [1], [2], [3, 4]]


@pytest.mark.parametrize("names", ["a", "ab"])
def test_what_was_under_way_on_two_workers_that_died_is_given_up(names: str) -> None:
    def deadly(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        for index, item in enumerate(items):
            if item == 1:
                raise Death("out of memory")
            yield index, item

    workers = Several(deadly, names)
    found = run(workers, range(5))
    assert found.pop("task 1") == Failure("model", "its worker died twice (out of memory)")
    assert found == {f"task {i}": i for i in (0, 2, 3, 4)}
    assert sum(1 in items for _, items in workers.log) == 2


def test_a_run_without_workers_stops() -> None:
    def dies(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        raise Death("gone")

    with pytest.raises(RunStopped, match=r"no model is left to go on \(b: gone\)"):
        run(Several(dies, "ab", back=False), range(9))


def test_one_of_two_workers_is_enough() -> None:
    def dies_first(items: Sequence[int]) -> Iterator[tuple[int, int]]:
        if not died:
            died.append(items)
            raise Death("gone")
        yield from double(items)

    died: list[Any] = []
    assert len(run(Several(dies_first, "ab", back=False), range(9))) == 9


def test_answers_that_nobody_asked_for_are_left_out() -> None:
    def odd(items: Sequence[int]) -> Iterator[tuple[int, Any]]:
        yield 7, 1
        yield -1, 1
        yield 0, "text"
        yield 0, 5
        yield 1, 6

    assert run(Several(odd), [10, 11, 12]) == {
        "task 10": Failure("protocol", "got str as an answer"),
        "task 11": 6,
        "task 12": Failure("protocol", "the model gave no answer"),
    }
