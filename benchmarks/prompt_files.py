"""Files of prompts, known by what stands in them and not by their names.

JSON (an array or lines), CSV and TSV are read by their field `prompt`; anything else is plain text,
one prompt a line. What looks like the first and cannot be read as such is refused: it is never
taken for plain text.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.plain_json import read_json

PROMPT = "prompt"
LARGEST = 64 * 2**20
"""Bytes of a file of prompts."""
JSON_ENDINGS = (".json", ".jsonl", ".ndjson")
TABLE_ENDINGS = (".csv", ".tsv")
OTHER_ENDINGS = (".yaml", ".yml", ".xml", ".html", ".toml")
NEAR = {"prompts", "caption", "captions", "text", "description"}
"""Columns of tables that hold prompts under another name."""
DELIMITERS = ",\t;"

_LINE_END = re.compile(r"\r\n|\r|\n")
_BEGUN = re.compile(r"\[\s*[\"']")
"""How a list of texts begins, and hardly a prompt."""
_YAML = re.compile(r"- +[\"']?prompt[\"']?\s*:|[\"']?prompts?[\"']?\s*:\s*$")
_FIELD = re.compile(r"[\"']prompt[\"']\s*:")
_SHOWN = 60
_NAMED = 8


@dataclass(frozen=True, slots=True)
class PromptRow:
    """An entry of a file. where: the file and the line or entry, for messages."""

    where: str
    value: Any


@dataclass(frozen=True, slots=True)
class PromptList:
    """The prompts of a file in their order. notes: what of it is not used, or how it was read."""

    prompts: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_prompt_list(file: str) -> PromptList:
    """The prompts of a file ("-": standard input), each stripped of its outer white space.

    An empty line of a text is an empty prompt: it is recorded as one that cannot be drawn.
    """
    text = read_text(file)
    if not text.strip():
        raise UigError(f"the prompts file {file} has no prompts; write one prompt a line.")
    name = "standard input" if file == "-" else file
    _refuse_others(text, name)
    rows = _table_rows(text, name) if _quoted_header(text) else json_rows(text, name)
    if rows is None:
        rows = _table_rows(text, name)
    if rows is not None:
        return _of_rows(rows, name)
    lines = _lines(text.rstrip())
    return PromptList(tuple(line.strip().removeprefix("\ufeff").strip() for line in lines))


def _refuse_others(text: str, file: str) -> None:
    """Raises UigError for what is neither JSON, a table nor text."""
    first = next(line for line in _lines(text) if line.strip())
    if file.lower().endswith(OTHER_ENDINGS) or _YAML.match(first.strip()):
        raise UigError(
            f"the prompts file {file} looks like YAML or markup ({shown(first)}), expected JSON, "
            "CSV, TSV or plain text with one prompt a line; convert it, or give it another ending "
            "and first line if it is plain text."
        )


def _quoted_header(text: str) -> bool:
    """Whether a table of one column has its header in quotes, as JSON texts have."""
    first = next(line for line in _lines(text) if line.strip())
    return first.strip().lower() == f'"{PROMPT}"'


def read_text(file: str) -> str:
    """The text of a file, without its mark. Raises UigError for what is no UTF-8 text."""
    try:
        if file == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).expanduser().open("rb") as opened:
                content = opened.read(LARGEST + 1)
    except OSError as error:
        raise UigError(
            f"cannot read the prompts file {file} ({error.strerror}); give a file that can be read."
        ) from error
    if len(content) > LARGEST:
        raise UigError(
            f"the prompts file {file} has more than {LARGEST // 2**20} MB, which no list of "
            "prompts needs; give a smaller file."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UigError(
            f"the prompts file {file} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from error
    if "\0" in text:
        line = len(_lines(text[: text.index("\0")]))
        raise UigError(
            f"the prompts file {file} holds NUL characters (line {line}), as UTF-16 without a mark "
            "does; save it as UTF-8."
        )
    return text


def json_rows(text: str, file: str) -> list[PromptRow] | None:
    """The entries of a JSON array, or of JSON lines; None for a text that is no JSON.

    Raises UigError for JSON that is broken somewhere, with the line.
    """
    lines = [(number, line) for number, line in enumerate(_lines(text), 1) if line.strip()]
    whole: Any = None
    trouble = ""
    try:
        whole = _parsed(text)
    except ValueError as error:
        trouble = str(error)
    if isinstance(whole, list):
        return [PromptRow(f"{file}, entry {n}", value) for n, value in enumerate(whole, 1)]
    if isinstance(whole, dict):
        return [PromptRow(f"{file}, line {lines[0][0]}", whole)]
    parsed = [_value(line) for _, line in lines]
    structured = sum(isinstance(value, dict | list) for value in parsed)
    meant = any(isinstance(value, dict) and PROMPT in value for value in parsed)
    if all(isinstance(value, str) for value in parsed):
        return [PromptRow(f"{file}, line {n}", v) for (n, _), v in zip(lines, parsed, strict=True)]
    begun = _begun(text, file)
    if not structured and begun:
        raise UigError(
            f"the prompts file {file} is broken JSON ({trouble or 'no object'}); mend it, or give "
            "plain text with one prompt a line."
        )
    if not begun and not meant and 2 * structured < max(len(lines), 2):
        return None
    return [
        PromptRow(f"{file}, line {number}", _strictly(line, file, number)) for number, line in lines
    ]


def _begun(text: str, file: str) -> bool:
    """Whether a text that does not parse was meant to be JSON all the same."""
    first, *_ = _lines(text.strip())
    return file.lower().endswith(JSON_ENDINGS) or (
        first[:1] in ("{", "[")
        and (
            first.strip() in ("{", "[")
            or _BEGUN.match(first) is not None
            or _FIELD.search(text) is not None
        )
    )


def _value(line: str) -> Any:
    """What a line holds; None for one that is no JSON."""
    if line.lstrip()[:1] not in ("{", "[", '"'):
        return None
    try:
        return _parsed(line)
    except ValueError:
        return None


def _strictly(line: str, file: str, number: int) -> Any:
    try:
        return _parsed(line)
    except ValueError as error:
        raise UigError(
            f"{file}, line {number}: got broken JSON ({error}), expected one object a line as in "
            "its other lines; mend or remove that line."
        ) from error


def _parsed(text: str) -> Any:
    return read_json(text, unique_names=True)


def _table_rows(text: str, file: str) -> list[PromptRow] | None:
    """The rows of CSV or TSV by their header; None where no column is called `prompt`."""
    header, delimiter = _header(text, file)
    if header is None:
        return None
    rows = []
    one_end = StringIO(_LINE_END.sub("\n", text), newline="\n")
    lines = csv.reader(
        one_end, delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    try:
        next(lines)
        begin = lines.line_num + 1
        for fields in lines:
            where = f"{file}, line {begin}"
            begin = lines.line_num + 1
            if not fields:
                continue
            if len(fields) != len(header):
                raise UigError(
                    f"{where}: got {len(fields)} fields, expected {len(header)} as in the header "
                    f"({_some(header)}); put a text that holds the separator in quotes."
                )
            rows.append(PromptRow(where, dict(zip(header, fields, strict=True))))
    except csv.Error as error:
        raise UigError(
            f"{file}, line {lines.line_num}: the table cannot be read ({error}); put texts in "
            "quotes, and double the quotes in them."
        ) from error
    return rows


def _header(text: str, file: str) -> tuple[list[str] | None, str]:
    """The columns of a table of prompts and what parts them; None for a text that is none."""
    first = next(line for line in _lines(text) if line.strip())
    meant = file.lower().endswith(TABLE_ENDINGS)
    for delimiter in DELIMITERS:
        names = _names(first, delimiter)
        if PROMPT in names:
            if text.lstrip("\r\n") != text:
                raise UigError(f"{file}: the header is not in line 1; remove the lines above it.")
            if len(set(names)) < len(names):
                raise UigError(f"{file}: two columns have one name ({_some(names)}); rename one.")
            return names, delimiter
        lowered = {name.lower() for name in names}
        if PROMPT in lowered or (NEAR & lowered and _is_table(text, delimiter, len(names))):
            raise UigError(
                f"{file}: got a table with the columns {_some(names)}, expected one that is "
                f'called "{PROMPT}"; rename the column of prompts.'
            )
    if meant:
        raise UigError(
            f'{file}: got no column "{PROMPT}" in the first line ({shown(first)}); name the column '
            "of prompts in a header, or give plain text, one prompt a line, under another ending."
        )
    return None, ""


def _is_table(text: str, delimiter: str, columns: int) -> bool:
    """Whether each line, and more than one, has as many fields, and more than one."""
    lines = [line for line in _lines(text) if line.strip()]
    return min(len(lines), columns) > 1 and all(
        len(_names(line, delimiter)) == columns for line in lines
    )


def _names(line: str, delimiter: str) -> list[str]:
    try:
        (names,) = csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True)
    except (csv.Error, ValueError):
        return []
    return [name.strip() for name in names]


def _of_rows(rows: Sequence[PromptRow], file: str) -> PromptList:
    """Objects by their field `prompt`; texts as they are."""
    if not rows:
        raise UigError(f"the prompts file {file} has no prompts; give some entries.")
    prompts = [prompt_of(row).strip() for row in rows]
    notes = list(unused_note(file, rows, (PROMPT,)))
    if any(isinstance(row.value, str) for row in rows):
        notes.append(f"{file} holds JSON texts; the prompts are what stands between the quotes.")
    return PromptList(tuple(prompts), tuple(notes))


def prompt_of(row: PromptRow) -> str:
    """Its prompt. Raises UigError where there is none, or one that no file can hold."""
    value = row.value
    if isinstance(value, dict):
        if PROMPT not in value:
            names = _some(value) or "none"
            raise UigError(
                f'{row.where}: got the fields {names}, expected one that is called "{PROMPT}"; '
                "rename the field that holds the prompt."
            )
        value = value[PROMPT]
    if not isinstance(value, str):
        raise UigError(
            f"{row.where}: got {shown(value)} for a prompt, expected a text, or an object with a "
            f'text in "{PROMPT}"; mend that line.'
        )
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise UigError(
            f"{row.where}: got half a surrogate pair in {shown(value)}, which is no character; "
            "mend that line."
        )
    return value


def unused_note(file: str, rows: Iterable[PromptRow], used: Sequence[str]) -> Iterator[str]:
    """A note that names the fields of a file that nothing is done with, if there are any."""
    names = dict.fromkeys(
        name for row in rows if isinstance(row.value, Mapping) for name in row.value
    )
    if unused := [name for name in names if name not in used]:
        yield f"fields of {file} that are not used: {_some(unused)}."


def shown(value: object) -> str:
    """A value out of a file, in a sentence."""
    return _cut(ascii(value))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _some(names: Iterable[str]) -> str:
    """Names out of a file: harmless, and not without end."""
    every = [_cut(ascii(name)[1:-1]) for name in names]
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more


def _lines(text: str) -> list[str]:
    """Lines end as they do anywhere: in a line feed, a carriage return, or both. Every other
    separator that Unicode knows may stand in a prompt."""
    return _LINE_END.split(text)
