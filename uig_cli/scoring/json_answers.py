"""Answers in JSON: a list, an object by number or question, or an object a line."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_LISTS = ("answers", "results", "responses", "judgements", "judgments")
_WORDS = ("answer", "response", "verdict", "result", "judgement", "judgment")
_NUMBER = re.compile(r"\D*(\d+)\D*")


def json_answers(text: str, questions: Sequence[str]) -> list[str]:
    """What the text says to each question, in their order; empty where it is no JSON or answers
    another number of questions."""
    value = _value(text.strip())
    found = _said(value, questions) if value is not None else []
    return found if len(found) == len(questions) else []


def _value(text: str) -> Any:
    """The JSON value that the text is, alone or a value a line; None for anything else."""
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _said(value: Any, questions: Sequence[str]) -> list[str]:
    if isinstance(value, list):
        return [_one(item) for item in value]
    if not isinstance(value, Mapping):
        return []
    for name in _LISTS:
        if isinstance(value.get(name), list | dict):
            return _said(value[name], questions)
    if all(question in value for question in questions):
        return [_one(value[question]) for question in questions]
    numbers = {int(m[1]): key for key in value if (m := _NUMBER.fullmatch(str(key)))}
    if len(numbers) == len(value) and set(numbers) == set(range(1, len(questions) + 1)):
        return [_one(value[numbers[number]]) for number in sorted(numbers)]
    return [_one(value)]


def _one(item: Any) -> str:
    """One answer as text that begins with its word, if it is one."""
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, Mapping):
        return next((_one(item[name]) for name in _WORDS if name in item), "")
    return item if isinstance(item, str) else ""
