"""Asking somebody who answers batches in this process: the loop over workers, with one of them."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TypeVar

from uig_cli.engine.dispatch import Batch, dispatch
from uig_cli.engine.workers import InProcess
from uig_cli.models.protocol import Failure

Item = TypeVar("Item")
Answer = TypeVar("Answer")

Answering = Callable[[Sequence[Item]], Iterable[tuple[int, Answer]]]
"""Answers a batch as (index, answer), as answers come; runs on a thread of its own."""


def ask_each(
    answering: Answering[Item, Answer],
    batches: Iterable[Sequence[Item]],
    *,
    kinds: tuple[type, ...],
    who: str,
) -> Generator[tuple[Item, Answer | Failure], None, None]:
    """(item, answer) for each item of all batches once, under the rules of `dispatch`. kinds: the
    types an answer may have beside Failure; who: the kind of the failures made here.

    Whoever may be interrupted in between closes it (contextlib.closing), which ends the thread.
    """
    source = (Batch(items, items, kinds) for items in batches if items)
    with InProcess(answering) as workers:
        yield from dispatch(lambda worker: next(source, None), workers, who=who)


def each_once(
    answering: Answering[Item, Answer],
    items: Sequence[Item],
    *,
    kinds: tuple[type, ...],
    who: str,
) -> Iterator[tuple[int, Answer | Failure]]:
    """(index, answer) for each item of one batch once."""
    source = iter([Batch(range(len(items)), items, kinds)] if items else [])
    with InProcess(answering) as workers:
        yield from dispatch(lambda worker: next(source, None), workers, who=who)
