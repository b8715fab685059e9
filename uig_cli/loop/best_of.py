"""Drawing several pictures and keeping one: what a loop must be compared with.

Step k holds the best of the first k + 1 pictures, so that one trace is the whole curve over the
number of pictures. With a budget the number is not given but comes from `uig`: as much work as its
loop took on that very case, or on average. The first hands the rival the loop's own stopping
signal, easy cases get one picture; the second does not. Both are told as what they are.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from uig_cli.loop.examine import examined
from uig_cli.loop.first import anew, at_once, made
from uig_cli.loop.keep_score import ScoreName, best, scored
from uig_cli.loop.refine import refine
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Spent, Step, Trace, holding
from uig_cli.models.protocol import Failure, Reply, Request

MOST = 32
"""Pictures of one case, whatever the budget."""

WAITING = Failure("pending", "what uig takes on average is known once it is through all cases")

Budget = Literal["none", "uig", "uig-mean"]


@dataclass(frozen=True, slots=True)
class BestOfNSettings:
    """n: pictures to choose from; budget: as much work as uig; score: what chooses."""

    n: int = field(default=4, metadata={"help": "pictures to choose from, where no budget is set"})
    score: ScoreName = field(default="verdict", metadata={"help": "what chooses among them"})
    budget: Budget = field(
        default="none",
        metadata={"help": "draw for as much work as uig took on the case, or takes on average"},
    )

    def __post_init__(self) -> None:
        if not 1 <= self.n <= MOST:
            raise ValueError(f"n is {self.n}, expected 1 to {MOST}")


def most_pictures(own: BestOfNSettings) -> int:
    return own.n if own.budget == "none" else MOST


def best_of_n(task: DrawTask, settings: MethodSettings) -> Conversation:
    """Draws, examines and scores pictures, and keeps the best of them."""
    own = settings.own(BestOfNSettings)
    if own.budget == "uig-mean" and task.mean is None:
        return Trace((Step(0, None, failure=WAITING),), complete=False)
    first = yield from at_once(task, settings)
    seen = [(yield from _looked_at(task, settings, first.step, own.score))]
    if seen[0].picture is None:
        return Trace((seen[0],), complete=False)
    if own.budget == "none":
        seen += yield from _drawn(task, settings, range(1, own.n), own.score)
    else:
        budget = yield from _budget(task, settings, own.budget)
        if isinstance(budget, Failure):
            lost = replace(seen[0], picture=None, made=seen[0].picture, failure=budget)
            return Trace((lost,), complete=False)
        while len(seen) < MOST and _another(task, budget, Trace(tuple(seen)).spent, len(seen)):
            seen += yield from _drawn(task, settings, range(len(seen), len(seen) + 1), own.score)
            if seen[-1].picture is None:
                break
    return _trace(seen, own.score)


def _another(task: DrawTask, budget: Spent, spent: Spent, count: int) -> bool:
    """Whether to draw one more, as dear as the mean of those so far. What is left over for a part
    of a picture decides by chance, the same for a case and number whenever it is asked: so that
    over many cases as much is spent as was given."""
    chance = task.noise(count).bits("best-of-n") / 2**64
    return budget.affords(spent, 1 + chance / count)


def _budget(
    task: DrawTask, settings: MethodSettings, by: Budget
) -> Generator[Sequence[Request], Sequence[Reply], Spent | Failure]:
    """What uig takes; its requests are shared with it, so that nothing new is asked. A loop that
    did not come to its end tells no budget: with what it took so far this would have fewer pictures
    and look whole."""
    if by == "uig-mean" and task.mean is not None and task.mean.pictures:
        return task.mean
    opening = yield from at_once(task, settings)
    trace = yield from refine(task, settings, opening)
    if not trace.complete:
        return trace.final.failure or Failure("budget", "the loop of uig did not come to its end")
    return trace.spent


def _drawn(
    task: DrawTask, settings: MethodSettings, rounds: range, score: ScoreName
) -> Generator[Sequence[Request], Sequence[Reply], list[Step]]:
    """Further pictures, drawn together and examined one after the other."""
    if not rounds:
        return []
    replies = yield [anew(task, settings, round) for round in rounds]
    steps = [made(round, reply) for round, reply in zip(rounds, replies, strict=True)]
    for number, step in enumerate(steps):
        steps[number] = yield from _looked_at(task, settings, step, score)
    return steps


def _looked_at(
    task: DrawTask, settings: MethodSettings, step: Step, score: ScoreName
) -> Generator[Sequence[Request], Sequence[Reply], Step]:
    if step.picture is None:
        return step
    step = yield from examined(task, settings, step)
    return (yield from scored(task, settings, step, score))


def _trace(seen: Sequence[Step], score: ScoreName) -> Trace:
    """A step for each picture, which keeps the best so far; it ends at the first that is missing,
    since nobody knows whether that would have been the best."""
    steps: list[Step] = []
    for count, new in enumerate(seen, 1):
        if new.picture is None or new.failure is not None:
            steps.append(replace(new, picture=None, made=new.picture))
            break
        steps.append(holding(best(seen[:count], score), new))
    whole = steps[-1].picture is not None
    return Trace(tuple(steps), iterations=len(steps) - 1, complete=whole)
