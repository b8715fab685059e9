"""From what a judge said to one answer for each question, or none at all.

`strict` is the rule of TIIF-Bench's own script: the lines that begin with yes or no, aligned by
their order. `robust` takes the same texts and what else judges write: numbering, bullets, bold,
tags and boxes, JSON, answers below or behind repeated questions; and it knows refusals, thoughts
without an end and replies that break off. Both give an answer only where the count fits: a text
with an answer too few or too many says nothing that can be trusted, and all its questions are to
be asked again.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from uig_cli.errors import unknown
from uig_cli.scoring.findings import ANSWERED, CUT_OFF, REFUSED, UNPARSED, Answer
from uig_cli.scoring.json_answers import json_answers
from uig_cli.scoring.refusals import refuses
from uig_cli.scoring.thoughts import after_thought
from uig_cli.scoring.versions import FIRST
from uig_cli.scoring.wording import (
    WORD,
    Word,
    WordRead,
    marked_against,
    read_word,
    shared_out,
    word_of,
)
from uig_cli.scoring.wrappings import unwrap


class Parser(Protocol):
    """One answer for each question, in their order. cut: who wrote the text ran into a limit."""

    def __call__(
        self, text: str, questions: Sequence[str], cut: bool = False
    ) -> tuple[Answer, ...]: ...


LONGEST = 200_000
"""Characters; no text longer than that is read, it is no list of answers."""

_ONLY_WORDS = re.compile(r"(?:(?:yes|no)\b[\s,;|.]*)+", re.IGNORECASE)
_MARKS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")
_LEAD = re.compile(
    r"[\s>#|*+\u2022\u2023\u2043\u25aa\u25cf\u00b7\u2013\u2014\u2190-\u21ff\u25a0\u25a2-\u25ca\u25cc-\u25ff"
    r"\u2600-\u260f\u2611-\u27bf\u2b00-\u2bff\ufe0f\U0001f300-\U0001faff-]+"
)
"""Bullets, arrows, check marks and pictures before an answer; not an empty box or circle
that others have a mark in."""
_NUMBER = re.compile(
    r"(?:(?:question|answer|item|number|q|a)\s*)?[(\[]?#?(\d{1,3})"
    r"(?:\ufe0f?\u20e3|[.):\]]+|\s*[-|\u2013\u2014]\s|\s+(?=yes\b|no\b))\s*",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(
    r"(?:n[o\u00ba\u00b0]|nr|\u2116)\.?\s{0,3}#?(\d{1,3})"
    r"(?:[.):\]]+(?=\s|$)|\s{0,3}[:)\u2013\u2014-]?\s{0,3}(?=(?:yes|no)\b))\s*",
    re.IGNORECASE,
)
"""No. for number. "No, 2 dogs" is an answer, and so is "No. 2 dogs"."""
_LETTER = re.compile(r"[(\[]?(?:[a-z]|[ivx]{2,4})[.)\]]+\s{1,5}", re.IGNORECASE)
"""Letters say nothing of the order: "B) No" may be the second answer, or the second choice."""
_LABEL = re.compile(
    r"(?:(?:the|my|final|correct|short)\s+){0,3}(?:answer|a|response|verdict)\s*"
    r"(?:[(\[]\s?(?:yes\s?(?:/|or)\s?no|no\s?(?:/|or)\s?yes)\s?[)\]]\s*)?(?:is\b\s*:?|:)\s*",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"(?:unclear|uncertain|unsure|unknown|not\s(?:sure|clear|certain|applicable)|maybe|perhaps|"
    r"possibly|n/?a|(?:i\s)?(?:cannot|can't|can\snot)|hard\sto|impossible\sto)\b",
    re.IGNORECASE,
)
"""A numbered line that leaves its question open; the next line's answer is none to it."""
_ITEM = re.compile(
    r"(?<![\w.,])(?:(?:question|answer|q|a)\s?|n[o\u00ba\u00b0]\.\s?)?[(\[]?#?"
    r"(?:(\d{1,3})|([a-z]))(?:[.):\]]+|\s{0,2}[=\u2013\u2014-])\s{0,5}(?=(?:yes|no)\b)",
    re.IGNORECASE,
)
"""A numbered answer in the middle of a line."""
_FENCE = re.compile(r"^[ \t]*```[\w-]*[ \t]*$", re.MULTILINE)
_OPEN_END = re.compile(r"\b(?:the|a|an|and|or|but|because|than|its|their|whose)$")
"""Words that no sentence ends with."""
_HALF_WORDS = frozenset({"n", "y", "ye"})


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer in a text, or what stands in its place. number: the one written before it, or
    before its question."""

    word: Word | None
    raw: str
    number: int | None = None
    status: str = UNPARSED


def strict(text: str, questions: Sequence[str], cut: bool = False) -> tuple[Answer, ...]:
    """The official rule: a line counts if, stripped, it begins with the word yes or no. It knows
    nothing of replies that were cut off."""
    lines = [line.strip() for line in text.split("\n")]
    found = [_Found(word_of(m), line) for line in lines if (m := WORD.match(line))]
    return _answers(found) if len(found) == len(questions) else _none(text, UNPARSED, questions)


def robust(text: str, questions: Sequence[str], cut: bool = False) -> tuple[Answer, ...]:
    """What the text answers, in whatever common form. Refused answers have the status "refused".

    The last line of a reply that was cut off is no answer, nor is one that breaks off in the middle
    of a sentence, whether the server says so or not.
    """
    if len(text) > LONGEST:
        return _none(text, CUT_OFF if cut else UNPARSED, questions)
    said = after_thought(text)
    if said is None:
        return _none(text, CUT_OFF, questions)
    if not cut and _OPEN_END.search(said.rstrip()[-12:]):
        said, cut = said.rstrip(), True
    said, last = _without_last_line(said) if cut else (said, "")
    said, around = unwrap(said, len(questions))
    found, beside = _in_json(said, questions)
    if not found:
        said = _FENCE.sub("", said)
        found, beside = _in_lines(said, questions)
        found += _broken_off(last, questions)
        found = _fitting(found, said, len(questions), cut)
    if refuses(f"{around}\n{beside}"):
        return _none(text, REFUSED, questions)
    if len(found) != len(questions):
        none = CUT_OFF if cut else UNPARSED
        return _none(text, REFUSED if refuses(said) else none, questions)
    return _answers(found, look_for_refusals=refuses)


PARSERS: Mapping[str, Parser] = {"robust": robust, "strict": strict}


_VERSIONS: Mapping[str, str] = {"robust": "2", "strict": FIRST}
"""Raised when a parser, or what it knows of refusals, would read the same text differently."""


def parser_version(name: str) -> str:
    return _VERSIONS[name]


def parser(name: str) -> Parser:
    if name not in PARSERS:
        raise unknown("--judge-parser", name, PARSERS)
    return PARSERS[name]


def _without_last_line(said: str) -> tuple[str, str]:
    before, _, last = said.rpartition("\n")
    return before, last


def _in_json(said: str, questions: Sequence[str]) -> tuple[list[_Found], str]:
    """Answers of a JSON text, if one is there and answers some question, and what stands around it;
    none where answers stand there, too."""
    raws, around = json_answers(said, questions)
    words = [read_word(_label_off(_bare(raw))) for raw in raws]
    if not any(words) or _in_lines(around, questions)[0]:
        return [], ""
    return [_Found(word or None, raw) for word, raw in zip(words, raws, strict=True)], around


def _in_lines(said: str, questions: Sequence[str]) -> tuple[list[_Found], str]:
    """The answers line by line, and the text of the lines that hold none."""
    found: list[_Found] = []
    aside, pending = [], None
    for line in said.split("\n"):
        number, rest = _numbered(_bare(line))
        word = _read(line, rest, questions)
        if word is None and number is not None and _UNSURE.match(rest):
            word = ""
        if word is not None:
            of = pending if number is None else number
            found.append(_Found(word or None, line.strip(), of))
            pending = None
        else:
            aside.append(line)
            pending = pending if number is None else number
    return found, "\n".join(aside)


def _read(line: str, rest: str, questions: Sequence[str]) -> WordRead:
    """The answer of a line, as `read_word` tells it. rest: the line behind its number."""
    rest = _after(_LETTER, _after(_LEAD, rest))
    rest = _label_off(_behind_question(_after(_LEAD, rest), questions))
    word = read_word(rest)
    if word and marked_against(line[: len(line) - len(rest)], word):
        return ""
    return word


def _broken_off(last: str, questions: Sequence[str]) -> list[_Found]:
    """The place of the answer that the last line of a cut reply would have become."""
    number, rest = _numbered(_bare(unwrap(last, len(questions))[0].strip()))
    begins = _read(last, rest, questions) is not None or rest.strip().lower() in _HALF_WORDS
    return [_Found(None, last.strip(), number, CUT_OFF)] if begins else []


def _bare(line: str) -> str:
    """The line without bullets, quote marks and emphasis."""
    return _after(_LEAD, _MARKS.sub("", line.strip()))


def _numbered(bare: str) -> tuple[int | None, str]:
    match = _NO_NUMBER.match(bare) or _NUMBER.match(bare)
    return (int(match[1]), bare[match.end() :]) if match else (None, bare)


def _behind_question(rest: str, questions: Sequence[str]) -> str:
    """What stands behind a repeated question; the whole where none is repeated."""
    folded = rest.casefold()
    for question in sorted(questions, key=len, reverse=True):
        start = question.strip().casefold()
        if start and folded.startswith(start):
            return _after(_LEAD, rest[len(start) :].lstrip(" ?:"))
    return rest


def _label_off(rest: str) -> str:
    return _after(_LABEL, rest).lstrip(" :|-")


def _after(lead: re.Pattern[str], text: str) -> str:
    """The text behind `lead`, where it begins so."""
    match = lead.match(text)
    return text[match.end() :] if match else text


def _fitting(found: list[_Found], said: str, count: int, cut: bool) -> list[_Found]:
    """The answers in the order of the questions, where they can be told; else as they are."""
    numbered = {each.number: each for each in found if each.number is not None}
    if set(numbered) == set(range(1, count + 1)):
        if len(found) == count or sum(each.number is not None for each in found) == count:
            return [numbered[number] for number in range(1, count + 1)]
        return found
    if len(found) == count and not any(each.status == CUT_OFF for each in found):
        return found if _in_order([each.number for each in found]) else []
    if cut and [each.number for each in found] == list(range(1, len(found) + 1)):
        left = range(len(found) + 1, count + 1)
        return [*found, *(_Found(None, "", number, CUT_OFF) for number in left)]
    if cut and count > 1:  # without numbers, a list that breaks off cannot be counted
        return []
    if _ONLY_WORDS.fullmatch(said.strip()):
        words = [_Found(word_of(match), match[0]) for match in WORD.finditer(said)]
        return words if len(words) == count else found
    if count == 1 and found and said.strip().startswith(found[0].raw):
        return found if any(_contests(each, found[0]) for each in found[1:]) else found[:1]
    return _in_items(said, count) or found


def _in_order(numbers: Sequence[int | None]) -> bool:
    """Whether answers that are as many as the questions may be taken in their order: numbers that
    are written there say that order, from 1 or from 0, or are all the same. Others belong to other
    questions, and some of these were left out."""
    told = [(number, place) for place, number in enumerate(numbers) if number is not None]
    begins = {number - place for number, place in told}
    return len(numbers) == 1 or len({n for n, _ in told}) <= 1 or begins in ({0}, {1})


def _contests(later: _Found, first: _Found) -> bool:
    """Whether what follows an only answer is no reason for it but another answer, or none."""
    if later.word is None:
        return later.status != CUT_OFF
    bare = _bare(later.raw)
    if later.word != first.word:
        bare = _label_off(_numbered(bare)[1])
    return _ONLY_WORDS.fullmatch(bare) is not None or shared_out(bare)


def _in_items(said: str, count: int) -> list[_Found]:
    """Numbered answers in the middle of lines, where these are all and in order."""
    text = _MARKS.sub("", said)
    items = list(_ITEM.finditer(text))
    ends = [*(item.start() for item in items), len(text)][1:]
    found, before = [], 0
    for place, (item, end) in enumerate(zip(items, ends, strict=True)):
        lead = text[before : item.start()].rstrip()
        told = int(item[1]) if item[1] else ord(item[2].lower()) - ord("a") + 1
        if told != place + 1 or (lead and lead[-1] not in ".,;:|!)"):
            return []
        raw = text[item.end() : end].strip()
        found.append(_Found(read_word(raw) or None, raw, told))
        before = item.end() + 3 if raw[:3].lower() == "yes" else item.end() + 2
    return found if len(found) == count else []


def _answers(
    found: Sequence[_Found], look_for_refusals: Callable[[str], bool] = lambda raw: False
) -> tuple[Answer, ...]:
    return tuple(
        Answer(None, REFUSED, raw=each.raw)
        if look_for_refusals(each.raw)
        else Answer(each.word, ANSWERED if each.word else each.status, raw=each.raw)
        for each in found
    )


def _none(text: str, status: str, questions: Sequence[str]) -> tuple[Answer, ...]:
    return (Answer(None, status, raw=text),) * len(questions)
