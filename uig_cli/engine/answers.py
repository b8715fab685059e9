"""Every item answered exactly once, whatever the one who answers does.

What breaks a batch is tried again one by one, so that one item's trouble is its own. An answer that
is missing, of no known kind, or given twice cannot get into a run. Only what says that the run
itself cannot go on passes through.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from uig_cli.errors import RunStopped, UigError
from uig_cli.models.protocol import Failure

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def each_once(
    answering: Callable[[Sequence[Item]], Iterator[tuple[int, Answer]]],
    items: Sequence[Item],
    *,
    kinds: tuple[type, ...],
    who: str,
) -> Iterator[tuple[int, Answer | Failure]]:
    """(index, answer) for each item once. kinds: the types an answer may have beside Failure;
    who: the kind of the failures made here ("model", "judge", "detector")."""
    waiting = set(range(len(items)))
    broke: Failure | None = None
    try:
        for index, answer in answering(items):
            if index in waiting:
                waiting.discard(index)
                yield index, answer if isinstance(answer, (*kinds, Failure)) else _odd(answer)
    except RunStopped:
        if len(items) == 1:
            raise
        broke = Failure(who, "the batch broke")
    except UigError as error:
        broke = Failure(who, one_line(str(error)))
    except Exception as error:
        broke = Failure(who, one_line(f"{type(error).__name__}: {error}"))
    for index in sorted(waiting):
        if broke is not None and len(items) > 1:
            for _, again in each_once(answering, [items[index]], kinds=kinds, who=who):
                yield index, again
        else:
            yield index, broke or Failure("protocol", f"the {who} gave no answer")


def one_line(text: str) -> str:
    return " ".join(text.split())


def _odd(answer: object) -> Failure:
    return Failure("protocol", f"got {type(answer).__name__} as an answer")
