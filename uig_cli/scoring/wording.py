"""The answer that a text begins with, or that it begins with none although it looks like one."""

import re
from typing import Literal

Word = Literal["yes", "no"]
WordRead = Literal["yes", "no", "", None]
"""An answer; empty, where something stands in the place of an answer and is none ("yes and no", "no
idea"); None, where none begins."""

WORD = re.compile(r"(yes|no)\b", re.IGNORECASE)

_PAIR = r"(?:yes{0}no|no{0}yes)\b"
_ALTERNATIVES = re.compile(
    r"[(\[]?\s{0,3}(?:"
    + _PAIR.format(r"(?:\s{0,3}[/|]\s{0,3}|,?[\s-]{1,3}or[\s-]{1,3})")
    + "|"
    + _PAIR.format(r",?\s{1,3}(?:and|&)\s{1,3}")
    + r"(?=\s{0,3}(?:[.,;:!?)\]\u2013\u2014-]|$)))\s{0,3}[)\]]?",
    re.IGNORECASE,
)
"""Both words at once. "Yes, and no dog is there" is an answer; "yes and no" is none."""
_BARE = re.compile(r"(?:(?:yes|no)\b[\s,;|./-]*)+", re.IGNORECASE)
_THEN = re.compile(r"\s{0,3}(?:[:=?\u2192\u2013\u2014]|->|=>|-)+\s{0,5}")
_QUOTED = re.compile(
    r"[\"'\u201c\u2018\u00ab](yes|no)\b[.!]?[\"'\u201d\u2019\u00bb](?=\s*(?:[.,;:!\u2013\u2014-]|$))",
    re.IGNORECASE,
)
_SHARE = r"(?:yes|no)\s{0,3}[:=(]\s{0,3}\d{1,3}(?:[.,]\d{1,9})?\s{0,2}%?"
_SHARES = re.compile(_SHARE + r"[)\s,;/|]{1,5}(?:and\s)?" + _SHARE, re.IGNORECASE)
"""How likely either is: "Yes: 10 %, No: 90 %" does not begin with its answer."""
_CHANCE = re.compile(
    r"(?:yes|no)\s{0,3}[:=(]\s{0,3}(?=\d{1,3}(?:\.\d{1,9})?\s{0,2}%|0?\.\d)"
    r"(\d{0,3}(?:\.\d{1,9})?)\s{0,2}(%?)",
    re.IGNORECASE,
)
_OPENING, _CLOSING = "\"'\u201c\u2018\u00ab", "\"'\u201d\u2019\u00bb"

_NOUNS = (
    "idea", "clue", "telling", "comment", "opinion", "answer", "doubt", "question", "problem",
    "worries", "matter", "fewer", "less", "way to", "way of", "way I", "way we", "way one",
    "possible way",
)  # fmt: skip
_DETERMINES = re.compile(
    r"[Nn][Oo]\s{1,3}(?:"
    + "|".join(
        form.replace(" ", r"\s{1,3}")
        for noun in _NOUNS
        for form in dict.fromkeys((noun, noun.upper()))
    )
    + r")\b|[Nn][Oo]\.\s{0,3}of\b"
)
"""A no that belongs to its noun. Many judges write "no" and a sentence without a comma between; so
only a noun in lower case, or all in upper case, counts."""

_CHECKS, _CROSSES = (
    "\u2705\u2714\u2713\u2611\U0001f44d",
    "\u274c\u2717\u2718\u2716\U0001f6ab\U0001f44e",
)


def read_word(text: str) -> WordRead:
    """The answer that the text begins with."""
    if both := _ALTERNATIVES.match(text):
        then = _THEN.match(text, both.end())
        rest = text[then.end() :] if then else ""
        if then and not rest.strip():
            return None
        again = None if _ALTERNATIVES.match(rest) else read_word(rest)
        return again or ""
    if (
        _DETERMINES.match(text)
        or _SHARES.match(text)
        or _unlikely(text)
        or (_BARE.fullmatch(text) and len({word.lower() for word in WORD.findall(text)}) > 1)
    ):
        return ""
    return word_of(WORD.match(text) or _QUOTED.match(text) or WORD.match(_unquoted(text)))


def _unlikely(text: str) -> bool:
    """Whether the text gives the answer that it begins with less than even chances."""
    told = _CHANCE.match(text)
    return told is not None and float(told[1]) < (50 if told[2] else 0.5)


def shared_out(text: str) -> bool:
    """Whether a line says how likely one of the answers is."""
    return re.fullmatch(_SHARE + r"\)?[.,;]?", text.strip(), re.IGNORECASE) is not None


def _unquoted(text: str) -> str:
    """What stands in quotation marks, where the whole does."""
    inner = text.rstrip(" .,;")[1:-1]
    if text[:1] not in tuple(_OPENING) or text.rstrip(" .,;")[-1:] not in tuple(_CLOSING):
        return ""
    return "" if text[0] in inner or any(mark in inner for mark in '"\u201c\u201d') else inner


def word_of(match: re.Match[str] | None) -> Word | None:
    if match is None:
        return None
    return "yes" if match[1].lower() == "yes" else "no"


def marked_against(lead: str, word: Word) -> bool:
    """Whether the marks before a word say the other thing."""
    return any(mark in lead for mark in (_CROSSES if word == "yes" else _CHECKS))
