"""Lines of data files, one by one."""

import json
from pathlib import Path
from typing import Any

import pytest

from uig_cli.benchmarks.tiif.lines import (
    PromptPair,
    file_names,
    parse_prompts,
    parse_questions,
    read_prompts,
)
from uig_cli.cases import Question
from uig_cli.errors import UigError

FILE = Path("f.jsonl")


def prompts(*rows: object) -> list[PromptPair]:
    return parse_prompts("".join(json.dumps(row) + "\n" for row in rows), FILE, "text")


def questions(**fields: Any) -> list[tuple[Question, ...]]:
    row = {"type": "text", "yn_question_list": ["A?"], "yn_answer_list": ["yes"], **fields}
    return parse_questions(json.dumps(row), FILE, "text")


PAIR = {"type": "text", "short_description": " a\u2028b ", "long_description": ""}


def test_file_names() -> None:
    assert [str(path) for path in file_names("test", "text")] == [
        "test_prompts/text_prompts.jsonl", "test_eval_prompts/text_eval_prompts.jsonl",
    ]  # fmt: skip


def test_prompts_are_taken_as_they_stand() -> None:
    assert prompts(PAIR, PAIR) == [PromptPair(" a\u2028b ", "")] * 2
    # A line ends in a line feed alone, and the last one needs none.
    text = json.dumps(PAIR, ensure_ascii=False)
    assert parse_prompts(text, FILE, "text") == prompts(PAIR)


def test_questions_are_stripped_and_answers_lowered() -> None:
    found = questions(yn_question_list=[" A? ", "B?"], yn_answer_list=["Yes ", "NO"])
    assert found == [(Question("A?", "yes"), Question("B?", "no"))]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"yn_answer_list": ["yes", "no"]}, "got 1 questions and 2 answers"),
        ({"yn_question_list": [], "yn_answer_list": []}, "got 0 questions and 0 answers"),
        ({"yn_question_list": [" "]}, "got an empty question"),
        ({"yn_answer_list": ["maybe"]}, "the wanted answer 'maybe'"),
        ({"yn_answer_list": "yes"}, "got 'yes', expected a list of texts in \"yn_answer_list\""),
        ({"yn_answer_list": [1]}, "got 1, expected a list of texts"),
        ({"yn_question_list": ["\ud800?"]}, "half a surrogate pair"),
        ({"yn_question_list": ["\udfff?"]}, "half a surrogate pair"),
        ({"type": "style"}, "got type 'style', expected \"text\" as in the file's name"),
    ],
)
def test_questions_that_are_none(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(UigError, match=r"^f\.jsonl, line 1: ") as caught:
        questions(**fields)
    assert says in str(caught.value)


def test_characters_beside_the_surrogates_are_texts() -> None:
    assert questions(yn_question_list=["\ud7ff\ue000?"])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ([1], "got [1], expected one JSON object"),
        ({"type": "text"}, 'got the fields type, expected a field "short_description"'),
        ({}, 'got the fields none, expected a field "type"'),
        ({**PAIR, "long_description": None}, 'got None, expected text in "long_description"'),
        ({**PAIR, "type": "x" * 59}, f"got type '{'x' * 56}..., expected"),
        ({**PAIR, "type": "x" * 70}, f"got type '{'x' * 56}..., expected"),
        ({**PAIR, "type": "x" * 58}, f"got type '{'x' * 58}', expected"),
    ],
)
def test_prompts_that_are_none(row: object, says: str) -> None:
    with pytest.raises(UigError) as caught:
        prompts(PAIR, row)
    assert str(caught.value).startswith("f.jsonl, line 2: ") and says in str(caught.value)


def test_broken_lines() -> None:
    for text, says in (("{", "broken JSON"), ("1" * 5000, "unreadable JSON"), (" \n", "an empty")):
        with pytest.raises(UigError, match=says):
            parse_prompts(text, FILE, "text")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UigError, match="cannot be read"):
        read_prompts(tmp_path / "none.jsonl", "text")
    file = tmp_path / "f.jsonl"
    file.write_bytes(b"ab\xff")
    with pytest.raises(UigError, match="not UTF-8 at offset 2"):
        read_prompts(file, "text")
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(PAIR).encode() + b"\n")
    assert read_prompts(file, "text") == prompts(PAIR)
