"""A judge asked several times: the majority answers, and how often it agreed stands beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from uig_cli.models.protocol import Failure
from uig_cli.scoring.around import Around
from uig_cli.scoring.findings import ANSWERED, UNPARSED, tied
from uig_cli.scoring.protocol import (
    Answer,
    Asked,
    Finding,
    Reply,
    Scorer,
)

_VOTE = re.compile(r"^\[(\d{1,6})\] ", re.MULTILINE)


class Repeated(Around):
    """Puts each item `times` times to a judge. A tie is no answer, and stays one: who asks until it
    breaks asks for what he wants to hear. One that only stands because a vote could not be read is
    asked for again.

    An answer's `yes` is the share of yes among its votes; its raw text holds all that was said.
    """

    def __init__(self, judge: Scorer, times: int) -> None:
        super().__init__(judge)
        self._times = times

    @property
    def identity(self) -> Mapping[str, str]:
        return {**self._scorer.identity, "repeats": str(self._times)}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        replies: list[list[Reply]] = [[] for _ in items]
        asked = [item for item in items for _ in range(self._times)]
        for place, reply in self._scorer.ask(asked):
            index = place // self._times
            replies[index].append(reply)
            if len(replies[index]) == self._times:
                yield index, _together(replies[index], self._times)

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        """Votes are read one by one, where they can be told apart."""
        votes = [_votes(answer, self._times) for _, answer in kept]
        rounds = []
        for number in range(self._times):
            said = [(q, each[number]) for (q, _), each in zip(kept, votes, strict=True) if each]
            rounds.append(dict(zip((q for q, _ in said), super().read_again(said), strict=True)))
        found: list[Answer | None] = []
        for question, answer in kept:
            given = [each.get(question) for each in rounds]
            known = [one for one in given if one is not None]
            whole = len(known) == self._times
            found.append(_of_votes(answer, known, self._times) if whole else None)
        return found


def _together(replies: Sequence[Reply], times: int) -> Reply:
    rounds = [reply for reply in replies if not isinstance(reply, Failure)]
    if not rounds:
        return next(reply for reply in replies if isinstance(reply, Failure))
    return tuple(_majority(votes, times) for votes in zip(*rounds, strict=True))


def _majority(given: Sequence[Finding], times: int) -> Answer:
    """One answer for several to the same question."""
    answers = [each for each in given if isinstance(each, Answer)]
    used = [answer.usage for answer in answers if answer.usage]
    made = Answer(
        None,
        raw="\n".join(f"[{number}] {answer.raw}" for number, answer in enumerate(answers, 1)),
        by=" and ".join(dict.fromkeys(answer.by for answer in answers if answer.by)),
        usage=(sum(u[0] for u in used), sum(u[1] for u in used)) if used else None,
        replies=tuple(
            replace(spoken, round=number)
            for number, answer in enumerate(answers, 1)
            for spoken in answer.replies
        ),
    )
    return _of_votes(made, answers, times)


def _of_votes(made: Answer, answers: Sequence[Answer], times: int) -> Answer:
    """`made` with what most of the answers say."""
    yes = sum(answer.answer == "yes" for answer in answers)
    no = sum(answer.answer == "no" for answer in answers)
    if not yes + no:
        return replace(made, answer=None, status=answers[-1].status, yes=None, votes=None)
    votes, lost = (yes, no), times - yes - no
    made = replace(made, yes=yes / (yes + no), votes=votes)
    if yes == no:
        status = tied(votes) + (f", {lost} not read" if lost else "")
        return replace(made, answer=None, status=status)
    return replace(made, answer="yes" if yes > no else "no", status=ANSWERED)


def _votes(kept: Answer, times: int) -> list[Answer]:
    """The votes that a kept answer was made of; none where they cannot be told apart."""
    marks = list(_VOTE.finditer(kept.raw))
    if [int(mark[1]) for mark in marks] != list(range(1, times + 1)):
        return []
    ends = [*(mark.start() - 1 for mark in marks[1:]), len(kept.raw)]
    said = kept.votes is not None and sum(kept.votes) == times
    return [
        Answer(
            None,
            ANSWERED if said else UNPARSED,
            raw=kept.raw[mark.end() : end],
            replies=tuple(replace(one, round=0) for one in kept.replies if one.round == number),
        )
        for number, (mark, end) in enumerate(zip(marks, ends, strict=True), 1)
    ]
