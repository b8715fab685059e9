"""TIIF's judge results, read from the official tree or from JSON lines.

    RESULTS/<model>/<dimension>/<short|long>/<line>.json
    *.jsonl, a line for each file: {"path": "<model>/.../<line>.json", "content": {...}}

A file holds the questions about one picture, the wanted answers, the judge's answers in the same
order, and its whole text. Lists of unequal length are cut to the shorter, as the official script
does, which is told. What cannot be read is kept as a failure with its reason. Where there is a
tree, it is what is read; files of lines beside it are named and left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import checked, listed, some
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS
from uig_cli.benchmarks.tiif.lines import ANSWERS
from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.models.protocol import Failure
from uig_cli.plain_json import read_json
from uig_cli.scoring.findings import ANSWERED, Answer

SPLITS = ("short", "long")
UNCLEAR = "neither yes nor no"
TWICE = "both yes and no"

_FILE = re.compile(r"([0-9]{1,6})\.json")
_ANSWER_LINE = re.compile(r"(?:yes|no)\b", re.IGNORECASE)

Key = tuple[str, str, int]
"""(split, dimension, number)."""


@dataclass(frozen=True, slots=True)
class Result:
    """The judge's answers about one picture; wanted: question -> wanted answer, in order, answered
    or not. cut: whether some list was longer than the others; asked: how many questions there were,
    where the lists do not hold all of them; line: where it says that it belongs."""

    wanted: Mapping[str, str]
    answers: Mapping[str, Answer]
    cut: bool = False
    asked: int = 0
    line: object = None


@dataclass(frozen=True, slots=True)
class Released:
    """All results about one model, by what their files are named. strangers: files that are
    none; copies: those that say again what another says."""

    model: str
    results: Mapping[Key, Result | Failure]
    strangers: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


def read_released(path: Path) -> list[Released]:
    """The results of every model: of a tree of any number of models, of one model's folder, of a
    JSON-lines file or of a folder of them. Raises UigError where nothing of that is found."""
    if path.is_file():
        return _from_lines([path])
    root = path.resolve()
    places = [path] if _is_model(path) else [inner for inner in listed(path) if _is_model(inner)]
    files = [file for file in listed(path) if file.suffix == ".jsonl" and file.is_file()]
    if not places and files:
        return _from_lines(files)
    if not places:
        inside = some(inner.name for inner in listed(path)) or "nothing"
        raise UigError(
            f"{path} holds no judge results in TIIF's layout: got {inside}, expected "
            "<model>/<dimension>/<short or long>/<line>.json, or .jsonl files of such results; "
            "give the folder that holds the models."
        )
    beside = [file.name for file in files] if places != [path] else []
    return [_from_tree(place, root, beside) for place in places]


def _is_model(folder: Path) -> bool:
    return folder.is_dir() and any(
        (folder / dimension / split).is_dir() for dimension in DIMENSIONS for split in SPLITS
    )


def _from_tree(place: Path, root: Path, beside: Sequence[str]) -> Released:
    """One model's folder. beside: files next to it that are not read."""
    results: dict[Key, Result | Failure] = {}
    known: dict[Key, Path] = {}
    strangers, copies = list(beside), []
    for file in _files(place):
        parts = file.relative_to(place).parts
        key = _key((place.name, *parts))[1] if len(parts) == 3 else None
        if key is None:
            strangers.append("/".join(parts))
            continue
        found = _from_file(file, root, key[1], key[0])
        first = known.setdefault(key, file)
        if results.setdefault(key, found) != found:
            raise UigError(
                f"{first} and {file} are two different results for one place; remove one of them."
            )
        if first != file:
            copies.append("/".join(parts))
    return Released(place.resolve().name, results, tuple(strangers), tuple(copies))


def _files(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is no folder itself, by name; links are not followed."""
    for path in listed(folder):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def _from_file(file: Path, root: Path, dimension: str, split: str) -> Result | Failure:
    sound = checked(file, root)
    if isinstance(sound, Failure):
        return Failure("result", sound.reason)
    try:
        return _result(read_json(read_plain(file)), dimension, split)
    except (OSError, ValueError, RecursionError) as error:
        return Failure("result", f"{file.name} cannot be read ({error})")


def _from_lines(files: Sequence[Path]) -> list[Released]:
    """Models in the order of their names; a model may be spread over several files."""
    by_model: dict[str, dict[Key, Result | Failure]] = {}
    first: dict[tuple[str, Key], str] = {}
    strangers: list[str] = []
    copies: dict[str, list[str]] = {}
    for file in files:
        for where, row in _rows(file):
            parts = str(row.get("path", "")).split("/")
            model, key = _key(parts)
            if key is None:
                strangers.append(f"{where}: {row.get('path')!r:.80}")
                continue
            found = _result(row.get("content"), key[1], key[0])
            if by_model.setdefault(model, {}).setdefault(key, found) != found:
                raise UigError(
                    f"{where}: a second result for {model} {'/'.join(parts[1:])}, unlike that of "
                    f"{first[model, key]}; give the results of one judge at a time."
                )
            if first.setdefault((model, key), where) != where:
                copies.setdefault(model, []).append(where)
    if not by_model:
        raise UigError(
            f"{some(files)}: got no TIIF judge results, expected lines with path "
            '"<model>/<dimension>/<short or long>/<line>.json" and content.'
        )
    return [
        Released(model, by_model[model], tuple(strangers), tuple(copies.get(model, ())))
        for model in sorted(by_model)
    ]


def _key(parts: Sequence[str]) -> tuple[str, Key | None]:
    """(model, key) of a path; no key where it is none."""
    if len(parts) < 4:
        return "", None
    dimension, split, name = parts[-3], parts[-2], _FILE.fullmatch(parts[-1])
    if name is None or split not in SPLITS or dimension not in DIMENSIONS:
        return parts[-4], None
    return parts[-4], (split, dimension, int(name[1]))


def _rows(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        text = read_plain(file).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UigError(f"cannot read {file} ({error}); expected UTF-8 JSON lines.") from error
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        where = f"{file}, line {number}"
        try:
            row = read_json(line)
        except ValueError as error:
            raise UigError(
                f"{where}: got broken JSON ({error}), expected one object; mend or remove the line."
            ) from error
        if not isinstance(row, dict):
            raise UigError(
                f"{where}: got {type(row).__name__}, expected an object with path and content; "
                "mend or remove the line."
            )
        yield where, row


def _result(content: object, dimension: str, split: str) -> Result | Failure:
    """A result file's content, checked."""
    if not isinstance(content, dict):
        return Failure("result", "the result is no JSON object")
    about = content.get("attribute", dimension), content.get("desc", f"{split}_description")
    if about != (dimension, f"{split}_description"):
        return Failure("result", f"the result says it is about {about!r:.80}")
    questions, wanted, given = (
        _texts(content.get(field)) for field in ("questions", "gt_answers", "model_pred")
    )
    if questions is None or wanted is None or given is None:
        return Failure("result", "questions, gt_answers or model_pred is no list of texts")
    output = content.get("model_output")
    raw = _raw(output if isinstance(output, str) else "", len(given))
    wants = _wants(questions, wanted)
    if isinstance(wants, Failure):
        return wants
    answers: dict[str, Answer] = {}
    for question, said, text in zip(list(questions)[: len(wanted)], given, raw, strict=False):
        answer = _answer(said, text)
        if answers.setdefault(question, answer).answer != answer.answer:
            answers[question] = Answer(None, TWICE, raw=text)
    cut = not len(questions) == len(wanted) == len(given)
    asked = len(set(questions)) + max(0, len(wanted) - len(questions))
    return Result(wants, answers, cut, asked if asked > len(wants) else 0, content.get("line_idx"))


def _wants(questions: Sequence[str], wanted: Sequence[str]) -> dict[str, str] | Failure:
    """What is wanted of each question."""
    wants: dict[str, str] = {}
    for question, want in zip(questions, wanted, strict=False):
        if not question:
            return Failure("result", "the result holds an empty question")
        if want.lower() not in ANSWERS:
            return Failure("result", f"the result wants {want!r:.60} of a question, not yes or no")
        if wants.setdefault(question, want.lower()) != want.lower():
            return Failure("result", f"the result wants {TWICE} of one question")
    return wants or Failure("result", "the result holds no question with a wanted answer")


def _texts(value: object) -> list[str] | None:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        return None
    return [text.strip() for text in value]


def _answer(given: str, raw: str) -> Answer:
    match given.lower():
        case "yes":
            return Answer("yes", ANSWERED, raw=raw)
        case "no":
            return Answer("no", ANSWERED, raw=raw)
    return Answer(None, UNCLEAR, raw=raw)


def _raw(text: str, answers: int) -> list[str]:
    """The line of each answer where the official rule finds as many; else the whole for each."""
    lines = [line.strip() for line in text.split("\n")]
    counted = [line for line in lines if _ANSWER_LINE.match(line)]
    return counted if len(counted) == answers else [text] * answers
