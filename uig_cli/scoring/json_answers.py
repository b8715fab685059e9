"""Answers in JSON: a list, an object by number or question, or an object a line; alone, fenced, or
with prose around it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from uig_cli.plain_json import read_json

_LISTS = ("answers", "results", "responses", "judgements", "judgments")
_WORDS = ("answer", "response", "verdict", "result", "judgement", "judgment")
_PLACES = ("question", "number", "id", "index", "q", "question_number", "question_id")
"""What an item may call the question that it is about, by number or in full."""
_NUMBER = re.compile(r"[^\d]{0,40}(\d{1,3})[^\d]{0,40}")
_FENCED = re.compile(r"^[ \t]*```[\w-]*[ \t]*$", re.MULTILINE)
_DEEP = 4
"""Levels at which answers are looked for."""


def json_answers(text: str, questions: Sequence[str]) -> tuple[list[str], str]:
    """What the text says to each question, in their order, and what stands around the JSON.

    Nothing to any where it holds no JSON or answers another number of questions.
    """
    for piece, around in _pieces(text.strip()):
        value = _value(piece)
        found = _said(value, questions) if value is not None else []
        if len(found) == len(questions):
            return found, around
    return [], ""


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Where JSON may be: the whole, the only fenced block, from the first bracket to the last."""
    yield text, ""
    fences = list(_FENCED.finditer(text))
    if len(fences) == 2:
        first, last = fences
        around = f"{text[: first.start()]}\n{text[last.end() :]}"
        yield text[first.end() : last.start()].strip(), around
    starts = [at for at in (text.find("["), text.find("{")) if at >= 0]
    end = max(text.rfind("]"), text.rfind("}")) + 1
    if starts and min(starts) < end and (min(starts), end) != (0, len(text)):
        yield text[min(starts) : end], f"{text[: min(starts)]}\n{text[end:]}"


def _value(text: str) -> Any:
    """The JSON value that the text is, alone or a value a line; None for anything else."""
    if not text.startswith(("[", "{")):
        return None
    try:
        return read_json(text, unique_names=True)
    except ValueError:
        pass
    try:
        lines = [line.strip().rstrip(",") for line in text.splitlines() if line.strip()]
        return [read_json(line, unique_names=True) for line in lines]
    except ValueError:
        return None


def _said(value: Any, questions: Sequence[str], deep: int = 0) -> list[str]:
    if isinstance(value, list):
        return [_one(item) for item in _in_order(value, questions)]
    if not isinstance(value, Mapping):
        return []
    for name in _LISTS:
        if isinstance(value.get(name), list | dict) and deep < _DEEP:
            return _said(value[name], questions, deep + 1)
    if all(question in value for question in questions):
        return [_one(value[question]) for question in questions]
    numbers = {int(m[1]): key for key in value if (m := _NUMBER.fullmatch(str(key)))}
    if len(numbers) == len(value) and set(numbers) == set(range(1, len(questions) + 1)):
        return [_one(value[numbers[number]]) for number in sorted(numbers)]
    return [_one(value)]


def _in_order(items: Sequence[Any], questions: Sequence[str]) -> Sequence[Any]:
    """The items in the order of the questions that they name; as they stand where they name none.
    Nothing where they name one twice, or another."""
    objects = [item for item in items if isinstance(item, Mapping)]
    for name in _PLACES:
        if not objects or len(objects) != len(items) or not all(name in one for one in objects):
            continue
        said = [_place(one[name], questions) for one in objects]
        named = [place for place in said if place is not None]
        if not named:
            continue
        first = 0 if 0 in named else 1
        if sorted(named) != list(range(first, first + len(items))):
            return ()
        return [item for _, item in sorted(zip(named, objects, strict=True), key=lambda p: p[0])]
    return items


def _place(told: Any, questions: Sequence[str]) -> int | None:
    """The number of a question, from 1, that an item says it is about."""
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    if not isinstance(told, str):
        return None
    same = [n for n, question in enumerate(questions, 1) if question.strip() == told.strip()]
    if len(same) == 1:
        return same[0]
    number = re.fullmatch(r"\s{0,5}(?:q|question)?\s{0,3}#?(\d{1,3})[.:)]?\s{0,5}", told, re.I)
    return int(number[1]) if number else None


def _one(item: Any, deep: int = 0) -> str:
    """One answer as text that begins with its word, if it is one."""
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, Mapping):
        if deep >= _DEEP:
            return ""
        return next((_one(item[name], deep + 1) for name in _WORDS if name in item), "")
    return item if isinstance(item, str) else ""
