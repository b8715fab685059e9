"""TIIF's JSON-lines files, read and checked line by line.

A file holds one dimension. Lines end in a line feed and in nothing else, since prompts may hold
every other separator that Unicode knows. A prompt is taken as it stands, white space included;
an empty one is the picture's trouble, not the file's.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from uig_cli.cases import Question
from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.plain_json import read_json

ANSWERS = ("yes", "no")


class PromptPair(NamedTuple):
    """The same content asked for with a concise prompt and with an ornate one."""

    short: str
    long: str


def file_names(set_name: str, dimension: str) -> tuple[Path, Path]:
    """The prompt file and the question file of a dimension, in a folder of data."""
    return (
        Path(f"{set_name}_prompts", f"{dimension}_prompts.jsonl"),
        Path(f"{set_name}_eval_prompts", f"{dimension}_eval_prompts.jsonl"),
    )


def read_prompts(path: Path, dimension: str) -> list[PromptPair]:
    """The prompts of a `<dimension>_prompts.jsonl`; UigError names file and line."""
    return parse_prompts(_read(path), path, dimension)


def read_questions(path: Path, dimension: str) -> list[tuple[Question, ...]]:
    """The questions of a `<dimension>_eval_prompts.jsonl`, stripped, wanted answers lower-cased;
    UigError names file and line."""
    return parse_questions(_read(path), path, dimension)


def further_texts(path: Path, dimension: str) -> list[str]:
    """The fields of a prompt file that hold texts and are not used."""
    known = ("type", "short_description", "long_description")
    names = dict.fromkeys(
        name
        for _, row in _rows(_read(path), path, dimension)
        for name, value in row.items()
        if name not in known and isinstance(value, str)
    )
    return [ascii(name)[1:-1][:60] for name in names]


def parse_prompts(text: str, path: Path, dimension: str) -> list[PromptPair]:
    """`read_prompts` of a text; path: what its file is called."""
    return [
        PromptPair(_text(row, "short_description", place), _text(row, "long_description", place))
        for place, row in _rows(text, path, dimension)
    ]


def parse_questions(text: str, path: Path, dimension: str) -> list[tuple[Question, ...]]:
    """`read_questions` of a text; path: what its file is called."""
    return [_questions(row, place) for place, row in _rows(text, path, dimension)]


def _questions(row: dict[str, Any], place: str) -> tuple[Question, ...]:
    asked = _texts(row, "yn_question_list", place)
    wanted = [answer.lower() for answer in _texts(row, "yn_answer_list", place)]
    if len(asked) != len(wanted) or not asked:
        raise _wrong(
            place,
            f"{len(asked)} questions and {len(wanted)} answers",
            "at least one question and as many answers",
        )
    for question, answer in zip(asked, wanted, strict=True):
        if not question:
            raise _wrong(place, "an empty question", "text in every question")
        if answer not in ANSWERS:
            raise _wrong(place, f"the wanted answer {_short(answer)}", '"yes" or "no"')
    return tuple(Question(text, answer) for text, answer in zip(asked, wanted, strict=True))


def _read(path: Path) -> str:
    try:
        return read_plain(path).decode("utf-8-sig")
    except OSError as error:
        raise UigError(
            f"{path}: cannot be read ({error.strerror}); give a folder with readable files."
        ) from error
    except UnicodeDecodeError as error:
        raise UigError(
            f"{path}: got a byte that is not UTF-8 at offset {error.start}, expected UTF-8 text; "
            "fetch the file again."
        ) from error


def _rows(text: str, path: Path, dimension: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, row) of every line; a place is "FILE, line N", counted from 1 as editors do."""
    if not text.strip():
        raise UigError(f"{path}: got an empty file, expected JSON lines; fetch the file again.")
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        place = f"{path}, line {number}"
        row = _parse(line, place)
        kind = _text(row, "type", place)
        if kind != dimension:
            raise _wrong(place, f"type {_short(kind)}", f'"{dimension}" as in the file\'s name')
        yield place, row


def _parse(line: str, place: str) -> dict[str, Any]:
    try:
        row = read_json(line)
    except json.JSONDecodeError as error:
        trouble = f"broken JSON ({error.msg}, column {error.colno})"
        raise _wrong(place, trouble, "one JSON object") from error
    except ValueError as error:  # a number too long, a nest too deep
        raise _wrong(place, f"unreadable JSON ({error})", "one JSON object") from error
    if not isinstance(row, dict):
        raise _wrong(place, _short(row), "one JSON object")
    return row


def _text(row: dict[str, Any], name: str, place: str) -> str:
    return _known_text(_field(row, name, place), f'text in "{name}"', place)


def _texts(row: dict[str, Any], name: str, place: str) -> list[str]:
    values = _field(row, name, place)
    expected = f'a list of texts in "{name}"'
    if not isinstance(values, list):
        raise _wrong(place, _short(values), expected)
    return [_known_text(value, expected, place).strip() for value in values]


def _field(row: dict[str, Any], name: str, place: str) -> Any:
    if name not in row:
        raise _wrong(place, f"the fields {', '.join(row) or 'none'}", f'a field "{name}"')
    return row[name]


def _known_text(value: Any, expected: str, place: str) -> str:
    """JSON can spell half of a surrogate pair, which no encoding can write."""
    if not isinstance(value, str):
        raise _wrong(place, _short(value), expected)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(place, f"half a surrogate pair in {_short(value)}", expected)
    return value


def _short(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _wrong(place: str, got: str, expected: str) -> UigError:
    return UigError(f"{place}: got {got}, expected {expected}; mend the line or fetch it again.")
