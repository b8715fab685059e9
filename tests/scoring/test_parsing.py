"""Reading a judge's words: the official rule to the letter, and what else judges write."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from uig_cli.errors import UigError
from uig_cli.scoring.parsing import PARSERS, parser, parser_version, robust, strict
from uig_cli.scoring.refusals import refuses

QUESTIONS = ("Is it red?", "Is it round?", "Is there a dog?")


def words(text: str, questions: tuple[str, ...] = QUESTIONS[:2], cut: bool = False) -> list[str]:
    """The answers of the default parser, or why there is none."""
    return [answer.answer or answer.status for answer in robust(text, questions, cut)]


@pytest.fixture(scope="module")
def official(request: pytest.FixtureRequest) -> list[dict[str, object]]:
    """Texts that the official judges wrote, with what the official script read in them."""
    given = os.environ.get("UIG_TIIF_ANSWERS")
    path = (
        Path(given)
        if given
        else request.getfixturevalue("shared") / "fixtures" / "tiif" / "judge_answers.jsonl"
    )
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_strict_is_the_official_rule(official: list[dict[str, object]]) -> None:
    assert official
    for line in official:
        read = strict(line["model_output"], line["questions"])  # type: ignore[arg-type]
        assert [answer.answer for answer in read] == line["model_pred"], line["id"]


def test_robust_reads_the_same_unless_it_sees_a_refusal(official: list[dict[str, object]]) -> None:
    refused = 0
    for line in official:
        read = robust(line["model_output"], line["questions"])  # type: ignore[arg-type]
        if any(answer.status == "refused" for answer in read):
            assert refuses(str(line["model_output"])), line["id"]
            refused += 1
        else:
            assert [answer.answer for answer in read] == line["model_pred"], line["id"]
    assert refused < len(official) / 10


def test_released_texts_are_read_as_the_official_script_reads_them(shared: Path) -> None:
    """Three models' whole results: not one of these texts is read otherwise since 0.1.0."""
    read = [
        [answer.answer for answer in robust(found["model_output"], found["questions"])]
        == found["model_pred"]
        for found in released(shared / "fixtures" / "tiif")
    ]
    assert len(read) == 1523 and read.count(False) == 0


def released(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("judge_results_*.jsonl")):
        for line in path.read_text("utf-8").removesuffix("\n").split("\n"):
            yield json.loads(line)["content"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes\nno", ["yes", "no"]),
        ("Yes, it is.\n\n  NO: a cube\n", ["yes", "no"]),
        ("yesterday\nno\nyes", ["no", "yes"]),
        ("1. yes\n2. no", [None, None]),
        ("**Yes**\nno", [None, None]),
        ("yes", [None, None]),
        ("yes\nno\nyes", [None, None]),
        ("", [None, None]),
    ],
)
def test_strict(text: str, expected: list[str | None]) -> None:
    read = strict(text, QUESTIONS[:2])
    assert [answer.answer for answer in read] == expected
    if None in expected:
        assert {answer.status for answer in read} == {"unparsed"}
        assert {answer.raw for answer in read} == {text}


@pytest.mark.parametrize(
    "text",
    [
        "1. **Yes**, it is\n2. **No** - a cube",
        "**1. Yes** it is\n**2. No**",
        "- yes\n- no",
        "\u2022 Yes \u2013 red\n\u2022 No \u2013 a cube",
        "1) Is it red?\n   Yes, it is\n2) Is it round?\n   No",
        "1. Is it red? Yes\n2. Is it round? \u2014 No, a cube",
        "Is it red? yes\nIs it round? no",
        "Q1: Yes\nQ2: No",
        "Answer 1: yes\nAnswer 2: no",
        "[1] yes\n[2] no",
        "1 yes\n2 no",
        "| 1 | yes |\n| 2 | no |",
        "2. no\n1. yes",
        "yes; no",
        "Here are the answers:\n\nYes.\nNo.\n\nI hope that helps.",
        "1. yes\n2. no\n\nNo, all in all it does not fit.",
        "```\nyes\nno\n```",
        "<think>\nno\nno\nno\n</think>\nyes\nno",
        '```json\n{"answers": ["yes", "no"]}\n```',
        '["Yes, it is", "No"]',
        '[{"question": "Is it red?", "answer": "Yes"}, {"answer": false}]',
        '{"1": "yes", "2": "no"}',
        '{"q2": {"answer": "no"}, "q1": {"answer": "yes"}}',
        '{"Is it round?": "no", "Is it red?": true}',
        '{"answer": "yes", "reason": "no doubt"}\n{"answer": "no", "reason": "yes"}',
        "2. Is it round?\n   No\n1. Is it red?\n   Yes",
        "No. 1: yes\nNo. 2: no",
        "No.2 no\nNo.1 yes",
        "No. 1 - yes\nNo. 2 - no",
        "\u2116 1: yes\n\u2116 2: no",
        "1\ufe0f\u20e3 Yes\n2\ufe0f\u20e3 No",
        "1. Yes or no: yes\n2. Yes or no: no",
        "Is it red? (yes/no): yes\nIs it round? (yes/no): no",
        "Yes or no:\nyes\nno",
        "<answer>1. yes\n2. no</answer>",
        "1. <answer>Yes</answer>\n2. <answer>No</answer>",
        "2. <answer>No</answer>\n1. <answer>Yes</answer>",
        "<answer>yes</answer><answer>no</answer>",
        "I looked closely.\n<|begin_of_box|>yes\nno<|end_of_box|>",
        "1. \\boxed{yes}\n2. $\\boxed{\\text{No}}$",
        "yes\nno<|im_end|>",
        "\u201cYes\u201d\n\u201cNo\u201d",
        "'yes'\n'no, it is a cube'",
        "A) Yes\nB) No",
        "B. yes\nA. no",
        "ii) yes\ni) no",
        "\u2705 Yes\n\u274c No",
        "1. Yes 2. No",
        "Q1: yes, Q2: no",
        "1) yes, it is red; 2) no",
        "1=yes 2=no",
        "No. 1: yes No. 2: no",
        "(a) yes, (b) no",
        'Both are clear:\n```json\n{"1": "Yes", "2": "no"}\n```\nDone.',
        'Here: {"answers": [{"answer": true}, {"answer": false}]} as asked.',
        '[{"question": 2, "answer": "no"}, {"question": 1, "answer": "yes"}]',
        '[{"id": 1, "answer": "no"}, {"id": 0, "answer": "yes"}]',
        '[{"q": "Is it round?", "answer": "no"}, {"q": "Is it red?", "answer": "yes"}]',
        "yes\nno\n<think>That was easy.</think>",
        "[THINK]no\nno[/THINK]yes\nno",
    ],
)
def test_what_judges_write(text: str) -> None:
    assert words(text) == ["yes", "no"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The answer is no.", "no"),
        ("Answer: Yes", "yes"),
        ("*yes*", "yes"),
        ("Yes.\nNo other thing is there.", "yes"),
        ('{"answer": "no", "reason": "yes would be wrong"}', "no"),
        ("It is not red.", "unparsed"),
        ("Nothing to see", "unparsed"),
        ("No, 2 dogs are there.", "no"),
        ("No. 2 dogs are there.", "no"),
        ("No. 12:30 is shown.", "no"),
        ("No. of dogs: 2", "unparsed"),
        ("No. 2: a dog", "unparsed"),
        ("Yes or no: no", "no"),
        ("Yes/No? Yes", "yes"),
        ("The answer is yes or no: no", "no"),
        ("Yes/No", "unparsed"),
        ("yes|no", "unparsed"),
        ("Yes-or-no: no", "no"),
        ("No, yes", "unparsed"),
        ("Yes. No.", "unparsed"),
        ("Yes and no.", "unparsed"),
        ("Yes and no: mostly yes", "unparsed"),
        ("Yes, and no dog is near it.", "yes"),
        ("No idea, the picture is blank.", "unparsed"),
        ("NO WAY TO TELL", "unparsed"),
        ("No doubt, there is a cat.", "unparsed"),
        ("No fewer than two are there.", "unparsed"),
        ("No one is there", "no"),
        ("no Question marks are in the picture", "no"),
        ("Yes\nNo", "unparsed"),
        ("Yes, it is red.\nNo.", "unparsed"),
        ("Yes.\nNo other thing.\nNo, yes", "unparsed"),
        ("\u274c Yes\n\u2705 No", "unparsed"),
        ("\u2610 Yes\n\u2611 No", "unparsed"),
        ("\u25cb Yes\n\u25cf No", "no"),
        ("\u274c Yes", "unparsed"),
        ("No \u2705 is to be seen.", "no"),
        ('"Yes" is written on the sign', "unparsed"),
        ('"Yes, "A" is there."', "unparsed"),
        ("'Yes' is written, 'no' is not'", "unparsed"),
        ('\u00abyes, "A" is\u00bb', "unparsed"),
        ('"Yes, it is.", ', "yes"),
        ('"Yes, it is""', "unparsed"),
        ('(Yes, it is."', "unparsed"),
        ('"Yes, it is', "unparsed"),
        ("B) No", "no"),
        ("<answer>no", "no"),
        ("no</answer>", "no"),
        ("<answer>yes</answer> or rather <answer>no</answer>", "unparsed"),
        ("<answer>Yes</answer> I said <answer>yes</answer>", "yes"),
        ("<think>no</think>\n<answer>yes</answer>", "yes"),
        ("<answer>I cannot see the image.</answer>", "refused"),
        ("I cannot see the image. <answer>no</answer>", "refused"),
        ('I cannot see the image. {"answer": "no"}', "refused"),
        ('{"answer": "yes", "answer": "no"}', "unparsed"),
        ('{"answer": "Yes or no: no"}', "no"),
        ('Yes.\n{"answer": "no"}', "yes"),
        ("", "unparsed"),
    ],
)
def test_one_question(text: str, expected: str) -> None:
    assert words(text, QUESTIONS[:1]) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yes\nno\nno",
        "yes/no",
        "1. Yes, there are 2. No more",
        "Yes and no.\nyes\nno",
        "1. yes 3. no",
        "x 1. yes 2. no",
        "1. yes/2. no",
        "1. yes or 2. no",
        "(b) yes, (a) no",
        '[{"id": 1, "answer": "yes"}, {"id": 1, "answer": "no"}]',
        '{"' + "1" * 5000 + '": "yes", "2": "no"}',
        "[" * 100_000,
        '{"answer":' * 5000 + "1" + "}" * 5000,
        "1. yes\n1. no\n2. no",
        '["yes"]',
        '{"1": "yes", "3": "no"}',
        "maybe",
    ],
)
def test_a_count_that_does_not_fit_says_nothing(text: str) -> None:
    read = robust(text, QUESTIONS[:2])
    assert [answer.status for answer in read] == ["unparsed"] * 2
    assert {answer.raw for answer in read} == {text}


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that.",
        "I\u2019m sorry, I can\u2019t help with this request.",
        "I am unable to view the image.",
        "Sorry, I cannot directly analyze images. Still:\nyes, red\nno, a cube",
        "No image was provided.",
        "no, because I cannot see the picture\nno, because I cannot see the picture",
        "No pictures were provided.\nno\nno",
        "No photos are included in your message.",
    ],
)
def test_refusals(text: str) -> None:
    assert words(text) == ["refused", "refused"]


@pytest.mark.parametrize(
    "text",
    [
        "no, I cannot see a dog in the image\nno, there is no image of a dog",
        "yes, one can see the image of a cat\nno, the sign cannot be read",
        "no, sorry, nothing red\nno, the picture frame cannot be seen",
        "No, I cannot see the image's background as blue.\nno",
        "no, I cannot see the picture\u2019s frame\nno",
        "No photos are included, so they do not look pasted on: no\nno",
    ],
)
def test_what_cannot_be_seen_in_a_picture_is_no_refusal(text: str) -> None:
    assert "refused" not in words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. yes\n2. no, because the", ["yes", "cut off"]),
        ("1. yes\n2. Is it ro", ["yes", "cut off"]),
        ("1. yes\n2", ["yes", "cut off"]),
        ("1. yes\n2. no\n3. The", ["yes", "no"]),
        ("yes\nno\n", ["yes", "no"]),
        ("yes\nno\nI hope", ["yes", "no"]),
        ("yes\nno", ["cut off", "cut off"]),
        ("Yes, let me look.\nyes\nno, bec", ["cut off", "cut off"]),
        ("yes\nno\nyes, bec", ["cut off", "cut off"]),
        ("<answer>yes\nno", ["cut off", "cut off"]),
        ('{"1": "yes", "2": "no"}', ["cut off", "cut off"]),
        ('{"1": "yes", "2": "no"}\n\n ', ["yes", "no"]),
        ("<think>ok</think>\nyes\nno\n", ["yes", "no"]),
        ("<think>\nyes\nno\n", ["cut off", "cut off"]),
        ("I cannot see the image.\nIf", ["refused", "refused"]),
        ("", ["cut off", "cut off"]),
    ],
)
def test_the_last_line_of_a_reply_that_was_cut_off_never_counts(
    text: str, expected: list[str]
) -> None:
    assert words(text, cut=True) == expected


@pytest.mark.parametrize("text", ["no", "y", "", "<answer>no</answer>", "no, it", "<think>no"])
def test_an_only_answer_that_was_cut_off(text: str) -> None:
    assert words(text, QUESTIONS[:1], cut=True) == ["cut off"]
    assert words("No, it is not.\nIt", QUESTIONS[:1], cut=True) == ["no"]
    text = "Yes, it is red.\nNo other ball is there.\nIt lies on"
    assert words(text, QUESTIONS[:1], cut=True) == ["yes"]


def test_what_breaks_off_is_seen_without_being_told() -> None:
    assert words("1. yes\n2. no, because the") == ["yes", "cut off"]
    assert words("no, because", QUESTIONS[:1]) == ["cut off"]
    assert words("<think>\nYes, but let me look again.\nNo red") == ["cut off", "cut off"]
    assert words("yes, it is an A\nno, not an a.") == ["yes", "no"]


def test_of_questions_that_begin_alike_the_longest_is_meant() -> None:
    asked = ("Is there a dog", "Is there a dog in a hat?")
    assert words("1. Is there a dog? Yes\n2. Is there a dog in a hat? No", asked) == ["yes", "no"]


def test_a_line_that_leaves_its_question_open_keeps_its_place() -> None:
    assert words("1. yes\n2. Unclear\nNo, all in all it does not fit.") == ["yes", "unparsed"]
    assert words("No idea\nyes") == ["unparsed", "yes"]
    assert words('[{"answer": "yes"}, {"answer": "unclear"}]') == ["yes", "unparsed"]


STYLES = (
    "{word}, {reason}", "{number}. {word} - {reason}", "{number}) **{word}**: {reason}",
    "- {word}. {reason}", "{number}. {question} {word}", "**{question}**\n{word}",
    "{number}. {question}\n   {word}, {reason}", "Q{number}: {word}; {reason}",
)  # fmt: skip
REASONS = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=30).filter(
    lambda text: not refuses(text) and "<" not in text and "```" not in text
)


@given(
    st.lists(st.sampled_from(["yes", "no", "Yes", "No"]), min_size=2, max_size=12),
    st.sampled_from(STYLES),
    REASONS,
)
def test_any_style_is_read_back(said: list[str], style: str, reason: str) -> None:
    questions = [f"Is thing {number} there?" for number in range(len(said))]
    text = "\n".join(
        style.format(word=word, number=number, question=question, reason=f"so {reason}.")
        for number, (word, question) in enumerate(zip(said, questions, strict=True), 1)
    )
    read = robust(text, questions)
    assert [answer.answer for answer in read] == [word.lower() for word in said]


PIECES = st.sampled_from([
    "yes", "no", "Yes or no", "No. ", "No idea", " and ", "\n", "1. ", "2) ", "A) ", ": ",
    "<think>", "</think>", "<answer>", "</answer>", "\\boxed{", "}", "{", "[", "]", '"', ",",
    '"answer": ', "```json\n", "```", "<|im_end|>", "Is it red?", "I cannot see the image",
    "\u2705", "\ud800", "\0",
])  # fmt: skip


@given(
    st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map("".join)),
    st.integers(1, 3),
    st.booleans(),
)
@example("{" + '"' + "9" * 5000 + '": "yes"}', 1, False)
@example("[" * 5000, 1, False)
@example('{"a": ' + "9" * 5000 + "}", 1, False)
def test_any_text_is_survived(text: str, count: int, cut: bool) -> None:
    for parse in (robust, strict):
        read = parse(text, QUESTIONS[:count], cut)
        assert len(read) == len(QUESTIONS[:count])
        assert all((answer.answer is None) != (answer.status == "answered") for answer in read)


@given(st.lists(PIECES, max_size=30).map("".join), st.integers(1, 3))
def test_strict_knows_nothing_of_replies_that_were_cut(text: str, count: int) -> None:
    assert strict(text, QUESTIONS[:count], True) == strict(text, QUESTIONS[:count])


GROWING = (
    "\n", "\n>", " ", "<think>", "*", "1", "`", "-", "Is it red? ", "1. yes ", "[", "{", '"', "no ",
    "yes or ", "\\boxed{", "<answer>", "I ", "cannot ", "no image ", "\u2705", "a) ", "```\n",
    '{"answer": "yes"}\n', "No. ", "'", "\\text{", "1. yes\n", "$",
)  # fmt: skip


@pytest.mark.parametrize("piece", GROWING)
def test_four_times_the_text_takes_about_four_times_the_time(piece: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        robust(text, QUESTIONS)
        return time.process_time() - start

    number = 4_000 // len(piece)
    assert seconds(piece * 4 * number) < max(0.1, 12 * seconds(piece * number))


def test_no_list_of_answers_is_as_long_as_that() -> None:
    assert words("yes" + " " * 199_998, QUESTIONS[:1]) == ["unparsed"]
    assert words("yes" + " " * 199_998, QUESTIONS[:1], cut=True) == ["cut off"]
    assert words("yes" + " " * 199_997, QUESTIONS[:1]) == ["yes"]


def test_parsers_by_name_and_their_versions() -> None:
    """A version is part of identities: raise it with what a parser reads, and never turn back."""
    assert {name: parser(name) for name in PARSERS} == {"robust": robust, "strict": strict}
    assert {name: parser_version(name) for name in PARSERS} == {"robust": "2", "strict": "1"}


def test_an_unknown_parser_is_refused() -> None:
    with pytest.raises(UigError, match=r'unknown --judge-parser "strickt".*Did you mean "strict"'):
        parser("strickt")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Yes: 10%, No: 90%", None), ("Yes: 0.1, No: 0.9", None), ("Yes (10 %) / No (90 %)", None),
        ("Yes: 10%\nNo: 90%", None), ("Yes: 10%", None), ("No (0.2)", None), ("No: .3", None),
        ("Yes (95%)", "yes"), ("Yes = 0.9", "yes"), ("No: 0 dogs", "no"), ("No: 2 dogs", "no"),
        ("Yes: 50%", "yes"), ("Yes: 3 dogs, no cat", "yes"), ("No:%", "no"),
    ],
)  # fmt: skip
def test_how_likely_an_answer_is_may_be_said_beside_it(said: str, expected: str | None) -> None:
    """The first of two that are weighed is no answer, nor is one that is thought unlikely."""
    assert [one.answer for one in robust(said, ("Is it red?",))] == [expected]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("answer: yes\nanswer: no", None), ("1. yes\n2. no", None), ("Yes.\nNo.", None),
        ("answer: yes\nanswer: yes", "yes"), ("Yes.\nNo cat is there.", "yes"),
    ],
)  # fmt: skip
def test_another_answer_behind_the_only_one(said: str, expected: str | None) -> None:
    assert [one.answer for one in robust(said, ("Is it red?",))] == [expected]


@pytest.mark.parametrize(
    ("numbers", "fits"),
    [
        ("1 2 3", True), ("0 1 2", True), ("1 1 1", True), ("1 . 3", True), (". . .", True),
        ("2 3 4", False), ("1 1 2", False), ("10 20 30", False), ("1 . 2", False),
        ("0 2 1", False),
    ],
)  # fmt: skip
def test_numbers_that_are_not_the_questions_are_not_taken_in_order(
    numbers: str, fits: bool
) -> None:
    """Answers to other questions, as many by chance, say nothing of these."""
    lines = [
        word if number == "." else f"{number}. {word}"
        for number, word in zip(numbers.split(), ("yes", "no", "yes"), strict=True)
    ]
    found = [one.answer for one in robust("\n".join(lines), ("a?", "b?", "c?"))]
    assert found == (["yes", "no", "yes"] if fits else [None] * 3)
