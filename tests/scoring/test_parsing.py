"""Reading a judge's words: the official rule to the letter, and what else judges write."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.errors import UigError
from uig_cli.scoring.parsing import parser, robust, strict
from uig_cli.scoring.refusals import refuses

QUESTIONS = ("Is it red?", "Is it round?", "Is there a dog?")


def words(text: str, questions: tuple[str, ...] = QUESTIONS[:2]) -> list[str]:
    """The answers of the default parser, or why there is none."""
    return [answer.answer or answer.status for answer in robust(text, questions)]


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
        ("", "unparsed"),
    ],
)
def test_one_question(text: str, expected: str) -> None:
    assert words(text, QUESTIONS[:1]) == [expected]


@pytest.mark.parametrize(
    "text",
    ["yes", "yes\nno\nno", "1. yes\n1. no\n2. no", '["yes"]', '{"1": "yes", "3": "no"}', "maybe"],
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
    ],
)
def test_what_cannot_be_seen_in_a_picture_is_no_refusal(text: str) -> None:
    assert "refused" not in words(text)


STYLES = (
    "{word}, {reason}", "{number}. {word} - {reason}", "{number}) **{word}**: {reason}",
    "- {word}. {reason}", "{number}. {question} {word}", "**{question}**\n{word}",
    "{number}. {question}\n   {word}, {reason}", "Q{number}: {word}; {reason}",
)  # fmt: skip
REASONS = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=30).filter(
    lambda text: not refuses(text) and "</think>" not in text and "```" not in text
)


@given(
    st.lists(st.sampled_from(["yes", "no", "Yes", "No"]), min_size=2, max_size=12),
    st.sampled_from(STYLES),
    REASONS,
)
def test_any_style_is_read_back(said: list[str], style: str, reason: str) -> None:
    questions = [f"Is thing {number} there?" for number in range(len(said))]
    text = "\n".join(
        style.format(word=word, number=number, question=question, reason=f"so {reason}".strip())
        for number, (word, question) in enumerate(zip(said, questions, strict=True), 1)
    )
    read = robust(text, questions)
    assert [answer.answer for answer in read] == [word.lower() for word in said]


@given(st.text(max_size=300), st.integers(1, 4))
def test_any_text_is_survived(text: str, count: int) -> None:
    for parse in (robust, strict):
        read = parse(text, QUESTIONS[:count])
        assert len(read) == len(QUESTIONS[:count])
        assert all((answer.answer is None) != (answer.status == "answered") for answer in read)


def test_an_unknown_parser_is_refused() -> None:
    with pytest.raises(UigError, match=r'unknown --judge-parser "strickt".*Did you mean "strict"'):
        parser("strickt")
