"""From what a judge said to one answer for each question, or none at all.

`strict` is the rule of TIIF-Bench's own script: the lines that begin with yes or no, aligned by
their order. `robust` takes the same texts and what else judges write: numbering, bullets, bold,
JSON, answers below or behind repeated questions; and it knows refusals. Both give an answer only
where the count fits: a text with an answer too few or too many says nothing that can be trusted,
and all its questions are to be asked again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from uig_cli.errors import unknown
from uig_cli.scoring.findings import REFUSED, UNPARSED, Answer
from uig_cli.scoring.json_answers import json_answers
from uig_cli.scoring.refusals import refuses
from uig_cli.scoring.versions import FIRST

Word = Literal["yes", "no"]
Parser = Callable[[str, Sequence[str]], tuple[Answer, ...]]
"""(text, questions) -> one answer for each question, in their order."""

_WORD = re.compile(r"(yes|no)\b", re.IGNORECASE)
_ONLY_WORDS = re.compile(r"(?:(?:yes|no)\b[\s,;/|.]*)+", re.IGNORECASE)
_MARKS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
_LEAD = re.compile(r"[\s>#|*\u2022\u2023\u25aa\u25cf\u2013\u2014\u2192-]+")
_NUMBER = re.compile(
    r"(?:(?:question|answer|q|a)\s*)?[(\[]?#?(\d{1,3})(?:[.):\]]+|\s*[-|\u2013\u2014]\s|\s+(?=yes\b|no\b))\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:the\s+)?(?:answer|a|response)\s*(?:is\b\s*:?|:)\s*", re.IGNORECASE)
_REASONED = re.compile(r"^.*</think>", re.DOTALL)
_FENCE = re.compile(r"^\s*```[\w-]*\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer in a text. number: the one written before it, or before its question."""

    word: Word
    raw: str
    number: int | None = None


def strict(text: str, questions: Sequence[str]) -> tuple[Answer, ...]:
    """The official rule: a line counts if, stripped, it begins with the word yes or no."""
    lines = [line.strip() for line in text.split("\n")]
    found = [_Found(_word(m), line) for line in lines if (m := _WORD.match(line))]
    return _answers(found) if len(found) == len(questions) else _none(text, UNPARSED, questions)


def robust(text: str, questions: Sequence[str]) -> tuple[Answer, ...]:
    """What the text answers, in whatever common form. Refused answers have the status "refused"."""
    said = _FENCE.sub("", _REASONED.sub("", text))
    if not (found := _in_json(said, questions)):
        lines, aside = _in_lines(said, questions)
        if refuses(aside):
            return _none(text, REFUSED, questions)
        found = _fitting(lines, said, len(questions))
    if len(found) != len(questions):
        return _none(text, REFUSED if refuses(said) else UNPARSED, questions)
    return _answers(found, look_for_refusals=refuses)


PARSERS: Mapping[str, Parser] = {"robust": robust, "strict": strict}


_VERSIONS: Mapping[str, str] = {"robust": FIRST, "strict": FIRST}
"""Raised when a parser, or what it knows of refusals, would read the same text differently."""


def parser_version(name: str) -> str:
    return _VERSIONS[name]


def parser(name: str) -> Parser:
    if name not in PARSERS:
        raise unknown("--judge-parser", name, PARSERS)
    return PARSERS[name]


def _in_json(said: str, questions: Sequence[str]) -> list[_Found]:
    """Answers of a JSON text, if it is one and answers every question."""
    raws = json_answers(said, questions)
    matches = [_WORD.match(raw.strip()) for raw in raws]
    return [_Found(_word(m), raw) for m, raw in zip(matches, raws, strict=True) if m]


def _in_lines(said: str, questions: Sequence[str]) -> tuple[list[_Found], str]:
    """The answers line by line, and the text of the lines that hold none."""
    found, aside, pending = [], [], None
    for line in said.split("\n"):
        bare = _bare(line)
        number, rest = _numbered(bare)
        rest = _after(_LABEL, _behind_question(rest, questions)).lstrip(" :|-")
        if match := _WORD.match(rest):
            found.append(_Found(_word(match), line.strip(), pending if number is None else number))
            pending = None
        else:
            aside.append(line)
            pending = pending if number is None else number
    return found, "\n".join(aside)


def _bare(line: str) -> str:
    """The line without bullets, quote marks and emphasis."""
    return _after(_LEAD, _MARKS.sub("", line.strip()))


def _numbered(bare: str) -> tuple[int | None, str]:
    match = _NUMBER.match(bare)
    return (int(match[1]), bare[match.end() :]) if match else (None, bare)


def _behind_question(rest: str, questions: Sequence[str]) -> str:
    """What stands behind a repeated question; the whole where none is repeated."""
    folded = rest.casefold()
    for question in sorted(questions, key=len, reverse=True):
        start = question.strip().casefold()
        if start and folded.startswith(start):
            return _after(_LEAD, rest[len(start) :].lstrip(" ?:"))
    return rest


def _after(lead: re.Pattern[str], text: str) -> str:
    """The text behind `lead`, where it begins so."""
    match = lead.match(text)
    return text[match.end() :] if match else text


def _fitting(found: list[_Found], said: str, count: int) -> list[_Found]:
    """The answers in the order of the questions, where they can be told; else as they are."""
    numbered = {each.number: each for each in found if each.number is not None}
    if set(numbered) == set(range(1, count + 1)):
        if len(found) == count or sum(each.number is not None for each in found) == count:
            return [numbered[number] for number in range(1, count + 1)]
        return found
    if len(found) == count:
        return found
    if _ONLY_WORDS.fullmatch(said.strip()):
        words = [_Found(_word(match), match[0]) for match in _WORD.finditer(said)]
        return words if len(words) == count else found
    if count == 1 and found and said.strip().startswith(found[0].raw):
        return found[:1]
    return found


def _word(match: re.Match[str]) -> Word:
    return "yes" if match[1].lower() == "yes" else "no"


def _answers(
    found: Sequence[_Found], look_for_refusals: Callable[[str], bool] = lambda raw: False
) -> tuple[Answer, ...]:
    return tuple(
        Answer(None, REFUSED, raw=each.raw)
        if look_for_refusals(each.raw)
        else Answer(each.word, raw=each.raw)
        for each in found
    )


def _none(text: str, status: str, questions: Sequence[str]) -> tuple[Answer, ...]:
    return (Answer(None, status, raw=text),) * len(questions)
