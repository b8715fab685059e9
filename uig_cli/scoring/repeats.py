"""A judge asked several times: the majority answers, and how often it agreed stands beside it."""

from collections.abc import Iterator, Mapping, Sequence

from uig_cli.models.protocol import Failure
from uig_cli.scoring.protocol import Answer, Asked, Finding, Kind, Reply, Scorer


class Repeated:
    """Puts each item `times` times to a judge. A tie is no answer.

    An answer's `yes` is the share of yes among its votes; its raw text holds all that was said.
    """

    kind: Kind = "answers"

    def __init__(self, judge: Scorer, times: int) -> None:
        self._judge, self._times = judge, times
        self.name = judge.name

    @property
    def batch(self) -> int | None:
        return self._judge.batch

    @property
    def identity(self) -> Mapping[str, str]:
        return {**self._judge.identity, "repeats": str(self._times)}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        replies: list[list[Reply]] = [[] for _ in items]
        asked = [item for item in items for _ in range(self._times)]
        for place, reply in self._judge.ask(asked):
            index = place // self._times
            replies[index].append(reply)
            if len(replies[index]) == self._times:
                yield index, _together(replies[index])


def _together(replies: Sequence[Reply]) -> Reply:
    rounds = [reply for reply in replies if not isinstance(reply, Failure)]
    if not rounds:
        return next(reply for reply in replies if isinstance(reply, Failure))
    return tuple(_majority(votes) for votes in zip(*rounds, strict=True))


def _majority(given: Sequence[Finding]) -> Answer:
    """One answer for several to the same question."""
    answers = [each for each in given if isinstance(each, Answer)]
    yes = sum(answer.answer == "yes" for answer in answers)
    no = sum(answer.answer == "no" for answer in answers)
    used = [answer.usage for answer in answers if answer.usage]
    raw = "\n".join(f"[{number}] {answer.raw}" for number, answer in enumerate(answers, 1))
    usage = (sum(u[0] for u in used), sum(u[1] for u in used)) if used else None
    by = " and ".join(dict.fromkeys(answer.by for answer in answers if answer.by))
    if not yes + no:
        return Answer(None, answers[-1].status, raw=raw, by=by, usage=usage)
    share, votes = yes / (yes + no), (yes, no)
    if yes == no:
        return Answer(None, f"a tie, {yes} to {no}", share, raw, votes, by, usage)
    return Answer("yes" if yes > no else "no", yes=share, raw=raw, votes=votes, by=by, usage=usage)
