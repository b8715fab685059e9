"""What was said is kept once, and read anew by a parser that reads otherwise."""

import pytest

from uig_cli.scoring.findings import Answer, Spoken
from uig_cli.scoring.parsing import robust, strict
from uig_cli.scoring.spoken import KEPT, heard, read_again, together

ASKED = ("Is it red?", "Is it round?", "Is there a dog?")
Kept = list[tuple[str, Answer]]


def again(*kept: tuple[str, Answer]) -> list[str | None]:
    """What today's parser says, "" for what it reads as none, None where nothing can be told."""
    return [None if one is None else one.answer or "" for one in read_again(robust, kept)]


def answered(*raws: str) -> Kept:
    return [(question, Answer("yes", raw=raw)) for question, raw in zip(ASKED, raws, strict=False)]


def unanswered(*raws: str) -> Kept:
    pairs = zip(ASKED, raws, strict=False)
    return [(question, Answer(None, "unparsed", raw=raw)) for question, raw in pairs]


def test_a_text_about_several_questions_is_kept_once_and_bounded() -> None:
    text = "It is " + "very " * 10_000 + "nice."
    first, second, third = together(ASKED, [[one] for one in heard(robust, text, ASKED)])
    assert [one.status for one in (first, second, third)] == ["unparsed"] * 3
    assert second.raw == third.raw == '[as to "Is it red?"]'
    assert second.replies == third.replies == ()
    (spoken,) = first.replies
    assert spoken.about == ASKED and spoken.left_out == len(text) - KEPT
    assert first.raw == spoken.text and len(spoken.text) < KEPT + 60
    assert f"[... {len(text) - KEPT} characters left out ...]" in first.raw


def test_an_only_reply_stands_in_its_answer_alone() -> None:
    (found,) = together(ASKED[:1], [heard(robust, " No, blue.\n", ASKED[:1])])
    assert (found.raw, found.replies) == ("No, blue.", ())
    (cut,) = together(ASKED[:1], [heard(robust, "no", ASKED[:1], True)])
    assert cut.replies == (Spoken("no", cut=True),)


def test_all_that_was_said_to_a_question_is_read_again() -> None:
    joint = heard(strict, "1. yes\n2. no\n3. yes", ASKED)
    alone = heard(strict, "**No**", ASKED[2:])
    kept = together(ASKED, [[joint[0]], [joint[1]], [joint[2], *alone]])
    assert kept[2].raw == "1. yes\n2. no\n3. yes\n\n**No**"
    assert [len(one.replies) for one in kept] == [1, 0, 1]
    assert again(*zip(ASKED, kept, strict=True)) == ["yes", "no", "no"]


def test_a_reply_that_was_cut_off_is_read_as_one() -> None:
    kept = together(ASKED[:2], [[one] for one in heard(strict, "yes\nno", ASKED[:2], True)])
    assert [one.answer for one in kept] == ["yes", "no"]
    assert again(*zip(ASKED, kept, strict=False)) == ["", ""]


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        (answered("Yes, it is", "2. yes", "Yes or no: no"), ["yes", "yes", "no"]),
        (answered("No. 3: yes", "No idea", ""), ["yes", "", None]),
        (answered("yes", "yes", "yes"), ["yes", "yes", "yes"]),
        (unanswered("A) yes\nB) no\nC) no", "A) yes\nB) no\nC) no", "A) yes\nB) no\nC) no"),
         ["yes", "no", "no"]),
        (unanswered("<answer>yes</answer>"), ["yes"]),
        (unanswered('"yes"', '"yes"', "No, not the image's dog"), [None, None, "no"]),
        (unanswered("I see.\n\nyes", "I see.\n\nno", "?"), [None, None, ""]),
        (unanswered("A) yes\nB) no", "A) yes\nB) no"), ["yes", "no"]),
        (unanswered("I see.\n\nyes"), ["yes"]),
        (unanswered(""), [None]),
        ([*answered("yes"), *unanswered("", "yes")[1:]], ["yes", None]),
        ([*answered("yes"), (ASKED[1], Answer(None, "refused",
          raw="no, I cannot see the picture's frame"))], ["yes", "no"]),
    ],
)  # fmt: skip
def test_what_was_kept_before_replies_were_kept_whole(kept: Kept, found: list[str | None]) -> None:
    assert again(*kept) == found


def test_what_is_read_anew_keeps_who_said_it() -> None:
    kept = Answer("yes", yes=0.75, raw="Yes or no: no", by="eye at home", usage=(9, 1))
    ((found),) = read_again(robust, [(ASKED[0], kept)])
    assert found == Answer("no", yes=0.75, raw="Yes or no: no", by="eye at home", usage=(9, 1))


def test_what_was_paid_is_the_sum_and_who_said_it_the_last_that_is_known() -> None:
    tries = [
        Answer(None, "unparsed", raw="hm", usage=(10, 1), by="a"),
        Answer(None, "unparsed"),
        Answer("no", raw="no", usage=(7, 4)),
    ]
    (found,) = together(ASKED[:1], [tries])
    assert (found.usage, found.by, found.raw, found.answer) == ((17, 5), "a", "no", "no")
    (found,) = together(ASKED[:1], [tries[:2]])
    assert (found.usage, found.by, found.raw) == ((10, 1), "a", "hm")
    (found,) = together(ASKED[:1], [tries[1:2]])
    assert (found.usage, found.by) == (None, "")


def test_a_text_no_longer_than_the_words_for_it_stands_with_every_question() -> None:
    told = '[as to "Is it red?"]'
    for text, second in (("x" * len(told), "x" * len(told)), ("x" * (len(told) + 1), told)):
        found = together(ASKED[:2], [[one] for one in heard(robust, text, ASKED[:2])])
        assert [one.raw for one in found] == [text, second]


@pytest.mark.parametrize(("length", "kept"), [(200, 2), (201, 1)])
def test_a_long_text_that_is_repeated_is_kept_once(length: int, kept: int) -> None:
    def said(question: str) -> list[Answer]:
        return [heard(strict, text, (question,))[0] for text in ("x" * length, question)]

    found = together(ASKED[:2], [said(question) for question in ASKED[:2]])
    assert [len(one.replies) for one in found] == [2, kept]


def test_a_very_long_text_is_kept_in_part() -> None:
    half = "a" * 9_999
    for text, kept in (
        (f"b{half}{half}d", f"b{half}{half}d"),
        (f"b{half}cc{half}d", f"b{half}\n[... 2 characters left out ...]\n{half}d"),
    ):
        found, other = together(ASKED[:2], [[one] for one in heard(strict, text, ASKED[:2])])
        assert found.raw == found.replies[0].text == kept and other.replies == ()
        assert found.replies[0].left_out == (2 if kept != text else 0)


def test_what_was_kept_in_part_says_nothing_and_hides_nothing() -> None:
    spoken = (Spoken("yes", left_out=3), Spoken("no"))
    assert again((ASKED[0], Answer("yes", raw="yes", replies=spoken))) == ["no"]


def test_the_last_reply_that_answers_counts() -> None:
    spoken = (Spoken("yes"), Spoken("no"), Spoken("hm"))
    assert again((ASKED[0], Answer("yes", raw="yes", replies=spoken))) == ["no"]
    assert again((ASKED[0], Answer("yes", raw="yes", replies=spoken[2:]))) == [""]
