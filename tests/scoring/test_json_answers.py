"""JSON in a judge's reply, where it begins and ends, and how deep it is."""

import json
from typing import Any

import pytest

from uig_cli.scoring.json_answers import json_answers

ASKED = ("Is it red?", "Is it round?")
FENCE = "```"


def said(text: str) -> list[str]:
    return json_answers(text, ASKED)[0]


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ('["yes", "no"]', ""),
        (' {"1": "yes", "2": "no"}\n', ""),
        ('["yes", "no"] I hope that helps.', "\n I hope that helps."),
        ('["yes", "no"] :-{', "\n :-{"),
        ('{"1": "yes", "2": "no"} or so [1', '\n or so [1'),
        ('So: ["yes", "no"]', "So: \n"),
        (f'In {{}}:\n{FENCE}json\n["yes", "no"]\n{FENCE}\nas [asked].',
         "In {}:\n\n\nas [asked]."),
    ],
)  # fmt: skip
def test_where_it_begins_and_ends(text: str, around: str) -> None:
    assert json_answers(text, ASKED) == (["yes", "no"], around)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "]", "] [", '["yes"', 'yes", "no"]', '["yes"]', '["yes", "no", "no"]', "3",
        '"yes"\n"no"', '{"Is it red?": "yes"}', '{"Is it red?": "yes", "2": "no"}',
        '{"0": "yes", "1": "no"}', '{"1": "yes", "2": "no", "note": "so"}',
        '{"1": "yes", "12 or 13": "no"}',
        f'{FENCE}\n["yes", "no"]\n{FENCE}\n{FENCE}\n["no", "no"]\n{FENCE}',
        '[{"id": 1, "answer": "yes"}, {"id": 3, "answer": "no"}]',
        '[{"id": 2, "answer": "yes"}, {"id": 2, "answer": "no"}]',
    ],
)  # fmt: skip
def test_what_answers_another_number_of_questions_or_none(text: str) -> None:
    assert json_answers(text, ASKED) == ([], "")


@pytest.mark.parametrize(
    "items",
    [
        [("number", 2), ("number", 1)],
        [("id", 1), ("id", 0)],
        [("index", "Q2."), ("index", "question 1:")],
        [("q", "#2"), ("q", " 1) ")],
        [("question", " Is it round?"), ("question", "Is it red? ")],
        [("question_id", "2"), ("question_id", 1)],
    ],
)
def test_items_stand_where_they_say(items: list[tuple[str, Any]]) -> None:
    words = zip(items, ("no", "yes"), strict=True)
    turned = [{name: place, "answer": word} for (name, place), word in words]
    assert said(json.dumps(turned)) == ["yes", "no"]


def test_items_that_name_no_question_stand_as_they_are() -> None:
    unnamed = [{"id": "a", "answer": "yes"}, {"id": True, "answer": "no"}]
    assert said(json.dumps(unnamed)) == ["yes", "no"]
    assert said(json.dumps([{"id": 2, "answer": "yes"}, {"answer": "no"}])) == ["yes", "no"]
    assert said(json.dumps([{"id": 2, "answer": "yes"}, "no"])) == ["yes", "no"]


def test_a_question_that_is_asked_twice_has_no_place_by_its_words() -> None:
    items = [{"question": "Is it red?", "answer": "yes"}, {"question": "?", "answer": "no"}]
    assert json_answers(json.dumps(items), ("Is it red?",) * 2)[0] == ["yes", "no"]


@pytest.mark.parametrize(("levels", "found"), [(1, True), (4, True), (5, False)])
def test_answers_are_looked_for_four_levels_deep(levels: int, found: bool) -> None:
    lists, word = json.dumps(["yes", "no"]), json.dumps("no")
    for _ in range(levels):
        lists, word = f'{{"results": {lists}}}', f'{{"verdict": {word}}}'
    assert said(lists) == (["yes", "no"] if found else [])
    assert said(f'["yes", {word}]') == ["yes", "no" if found else ""]


def test_what_is_no_text_is_no_answer() -> None:
    assert said('[true, {"response": false}]') == ["yes", "no"]
    assert said('[1, {"said": "no"}]') == said("[null, []]") == ["", ""]
    assert said('{"answer": "yes"},\n\n{"answer": "no"}') == ["yes", "no"]
    assert said('{"answers": "yes", "1": "no"}') == []
