"""A judge asked several times: the majority answers, a tie is no answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import pytest
from PIL import Image

from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.findings import settled
from uig_cli.scoring.parsing import robust
from uig_cli.scoring.protocol import Answer, Asked, Kind
from uig_cli.scoring.repeats import Repeated
from uig_cli.scoring.spoken import heard, read_again, together

RED = Picture.of(Image.new("RGB", (2, 2), "red"))


class Wavering:
    """Says what it is told to say, last item first."""

    name = "wavering"
    kind: Kind = "answers"
    batch = 3
    identity: ClassVar[Mapping[str, str]] = {"judge": "wavering"}

    def __init__(self, *replies: tuple[Answer, ...] | Failure) -> None:
        self.replies = list(replies)
        self.asked: Sequence[Asked] = ()

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, tuple[Answer, ...] | Failure]]:
        self.asked = items
        for index in reversed(range(len(items))):
            yield index, self.replies[index]


YES, NO = Answer("yes", raw="yes!", usage=(5, 1)), Answer("no", raw="no!", usage=(5, 2))
LOST, CUT = Answer(None, "unparsed", raw="hm"), Answer(None, "cut off", raw="y")


@pytest.mark.parametrize(
    ("said", "answer", "status", "votes", "yes"),
    [
        ((YES, YES, NO), "yes", "answered", (2, 1), 2 / 3),
        ((NO, NO, NO), "no", "answered", (0, 3), 0),
        ((YES, NO, LOST), None, "a tie, 1 to 1, 1 not read", (1, 1), 0.5),
        ((YES, LOST, LOST), "yes", "answered", (1, 0), 1),
        ((LOST, LOST, LOST), None, "unparsed", None, None),
        ((CUT, LOST, LOST), None, "cut off", None, None),
    ],
)
def test_majority(
    said: tuple[Answer, ...], answer: str | None, status: str, votes: object, yes: object
) -> None:
    judge = Repeated(Wavering(*((each,) for each in said)), 3)
    ((_, reply),) = judge.ask([Asked(RED, ("Is it?",))])
    assert isinstance(reply, tuple)
    (found,) = reply
    assert (found.answer, found.status, found.votes, found.yes) == (answer, status, votes, yes)
    assert all(each.raw in found.raw for each in said)


def test_items_keep_apart_and_failed_rounds_have_no_vote() -> None:
    broken = Failure("server", "down")
    inner = Wavering((YES, NO), (YES, YES), broken, broken)
    replies = dict(Repeated(inner, 2).ask([Asked(RED, ("a", "b")), Asked(RED, ("c", "d"))]))
    assert replies[1] == broken
    first = replies[0]
    assert isinstance(first, tuple)
    assert [answer.votes for answer in first] == [(2, 0), (1, 1)]
    assert first[0].usage == (10, 2)
    assert len(inner.asked) == 4


def kept(*said: Answer) -> Answer:
    ((_, reply),) = Repeated(Wavering(*((one,) for one in said)), len(said)).ask(
        [Asked(RED, ("Is it?",))]
    )
    assert isinstance(reply, tuple) and isinstance(reply[0], Answer)
    return reply[0]


def test_a_tie_stays_one_unless_a_vote_is_lost() -> None:
    assert settled(kept(YES, NO)) and settled(kept(NO, YES, YES, NO))
    assert not settled(kept(YES, NO, LOST))
    assert settled(Answer(None, "a tie, 1 to 1", 0.5, "[1] yes\n[2] no", (1, 1)))  # of 0.1.0


ECHOED = "[1] Yes or no: no\n[2] yes\n[3] Yes or no: no"


class Reading(Wavering):
    """Its words can be read anew."""

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        return read_again(robust, kept)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer("yes", yes=1.0, raw=ECHOED, votes=(3, 0)),
         Answer("no", yes=1 / 3, raw=ECHOED, votes=(1, 2))),
        (Answer("yes", yes=1.0, raw="[1] yes\n[2] yes\n[3] no\n[2] it says", votes=(2, 1)), None),
        (Answer("yes", yes=1.0, raw="[1] yes\n[2] yes", votes=(2, 0)), None),
        (Answer("yes", yes=1.0, raw="[1] yes\n[2] yes\n[3] No idea", votes=(3, 0)),
         Answer("yes", yes=1.0, raw="[1] yes\n[2] yes\n[3] No idea", votes=(2, 0))),
    ],
)  # fmt: skip
def test_votes_are_read_anew_where_they_can_be_told_apart(
    answer: Answer, expected: Answer | None
) -> None:
    (found,) = Repeated(Reading(), 3).read_again([("Is it?", answer)])
    assert found == expected
    assert Repeated(Wavering(), 3).read_again([("Is it?", answer)]) == [None]


def test_replies_of_several_rounds_are_read_anew_by_round() -> None:
    asked = ("Is it red?", "Is it round?")
    texts = ("1. yes\n2. no", "1. no\n2. no", "1. no\n2. no.")
    rounds = [together(asked, [[one] for one in heard(robust, text, asked)]) for text in texts]
    ((_, reply),) = Repeated(Wavering(*rounds), 3).ask([Asked(RED, asked)])
    assert isinstance(reply, tuple)
    answers = [one for one in reply if isinstance(one, Answer)]
    assert {one.round: one.text for one in answers[0].replies} == {
        1: texts[2], 2: texts[1], 3: texts[0],
    }  # fmt: skip
    again = Repeated(Reading(), 3).read_again(list(zip(asked, answers, strict=True)))
    assert [one and (one.status, one.votes) for one in again] == [
        ("answered", (1, 2)), ("answered", (0, 3)),
    ]  # fmt: skip


def test_repeats_are_part_of_the_identity() -> None:
    judge = Repeated(Wavering(), 5)
    assert judge.identity == {"judge": "wavering", "repeats": "5"}
    assert (judge.name, judge.batch) == ("wavering", 3)


class Costly(Wavering):
    """Whose every request may cost money."""

    read = False

    def proven(self) -> None:
        self.read = True

    def unreadable(self, reply: object) -> str | None:
        return "a sentence" if reply == (LOST,) else None


def test_what_costs_money_says_so_when_it_is_repeated() -> None:
    judge = Costly()
    repeated = Repeated(judge, 2)
    assert repeated.unreadable((LOST,)) == "a sentence" and repeated.unreadable((YES,)) is None
    repeated.proven()
    assert judge.read
    free = Repeated(Wavering(), 2)
    free.proven()
    assert free.unreadable((LOST,)) is None
