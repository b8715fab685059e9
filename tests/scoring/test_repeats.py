"""A judge asked several times: the majority answers, a tie is no answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import pytest
from PIL import Image

from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.protocol import Answer, Asked, Kind
from uig_cli.scoring.repeats import Repeated

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
LOST = Answer(None, "unparsed", raw="hm")


@pytest.mark.parametrize(
    ("said", "answer", "status", "votes", "yes"),
    [
        ((YES, YES, NO), "yes", "answered", (2, 1), 2 / 3),
        ((NO, NO, NO), "no", "answered", (0, 3), 0),
        ((YES, NO, LOST), None, "a tie, 1 to 1, 1 not read", (1, 1), 0.5),
        ((YES, LOST, LOST), "yes", "answered", (1, 0), 1),
        ((LOST, LOST, LOST), None, "unparsed", None, None),
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


def test_repeats_are_part_of_the_identity() -> None:
    judge = Repeated(Wavering(), 5)
    assert judge.identity == {"judge": "wavering", "repeats": "5"}
    assert (judge.name, judge.batch) == ("wavering", 3)
