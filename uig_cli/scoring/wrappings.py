"""Answers that stand inside something: an answer tag, a box, a model's own markers."""

import re

_BOXED = re.compile(r"\${0,2}\\(?:boxed|fbox)[ \t]{0,3}\{([^{}]*)\}\${0,2}")
_TYPESET = re.compile(
    r"\\(?:text(?:bf|rm|it|sf)?|math(?:rm|bf|it)|textnormal)[ \t]{0,3}\{([^{}]*)\}"
)
_NAMES = r"(?:final[_ ]?answer|answers?|ans|response|output|verdict|conclusion|result)"
_OPEN = re.compile(rf"<{_NAMES}>|<\|begin_of_box\|>", re.IGNORECASE)
_CLOSE = re.compile(rf"</{_NAMES}>|<\|end_of_box\|>", re.IGNORECASE)
_MARKER = re.compile(r"<\|[\w -]{1,40}\|>|</?s>")


def unwrap(text: str, questions: int) -> tuple[str, str]:
    """What is marked as the answer, and what stands around it; the whole where nothing is.

    Several marks are taken as a line each, in their place among the others, since their numbers may
    stand outside. Those that answer a single question differently leave nothing.
    """
    text = _BOXED.sub(r"<answer>\1</answer>", _TYPESET.sub(r"\1", text))
    opened = list(_OPEN.finditer(text))
    if len(opened) == 1:
        before, behind = text[: opened[0].start()], text[opened[0].end() :]
        close = _CLOSE.search(behind)
        inside = behind[: close.start()] if close else behind
        after = behind[close.end() :] if close else ""
        return _plain(inside), _plain(f"{before}\n{after}")
    if questions == 1 and len(opened) > 1 and len(set(_insides(text, opened))) > 1:
        return "", _plain(text)
    return _plain(text), ""


def _insides(text: str, opened: list[re.Match[str]]) -> list[str]:
    ends = [*(mark.start() for mark in opened[1:]), len(text)]
    pieces = [text[mark.end() : end] for mark, end in zip(opened, ends, strict=True)]
    return [_CLOSE.split(piece, maxsplit=1)[0].strip(" .*\n").casefold() for piece in pieces]


def _plain(text: str) -> str:
    return _MARKER.sub("", _CLOSE.sub("\n", _OPEN.sub("", text)))
