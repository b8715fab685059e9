"""What an examination said: the picture fits, an edit is needed, or neither can be told.

Two readings. `robust` is ours: thoughts are set aside first, the last verdict counts, case and
markup are tolerated, and a text without a verdict is `unclear`, never an instruction.
`reference` is the published one, to the letter (spec BAGEL + UiG, section 11): substrings
anywhere, thoughts included, and a text without a verdict is itself the instruction.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

VerdictKind = Literal["match", "edit", "unclear"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """instruction: what to change; empty unless kind is "edit"."""

    kind: VerdictKind
    instruction: str = ""


_TAG = re.compile("</?think>", re.IGNORECASE)
_MARKUP = r"(?:[^\S\n]|[>*_#`~\"'“”‘’\-•\d.)(\[\]])*"
"""Within a line: a pattern that may begin anywhere and cross lines takes quadratic time."""
_WORD = r"(?P<word>match|edit[\s_\-]*needed)[*_`~\"'”\])]*\s*[:：]"
_LINE_START = re.compile(
    rf"^{_MARKUP}(?:(?:final\s+)?(?:verdict|answer)\s*:{_MARKUP})?{_WORD}",
    re.IGNORECASE | re.MULTILINE,
)
_IN_LINE = re.compile(r"(?<![A-Za-z_])(?<!NOT )(?<!NO )(?P<word>MATCH|EDIT_NEEDED)[*_`~]*\s*[:：]")


def strip_thoughts(text: str) -> str:
    """The text without what stands in think tags; an unclosed thought runs to the end, and one that
    was opened before the text began ends with its tag."""
    kept: list[str] = []
    begin, thinking = 0, False
    for tag in _TAG.finditer(text):
        if tag[0][1] == "/":
            kept = kept if thinking else []
            begin, thinking = tag.end(), False
        elif not thinking:
            kept.append(text[begin : tag.start()])
            thinking = True
    return "".join(kept if thinking else [*kept, text[begin:]])


def robust(examination: str) -> Verdict:
    """The last verdict after the thoughts; those at the start of a line outrank others."""
    answer = strip_thoughts(examination)
    found = list(_LINE_START.finditer(answer)) or list(_IN_LINE.finditer(answer))
    if not found:
        return Verdict("unclear")
    last = found[-1]
    if last["word"].lower() == "match":
        return Verdict("match")
    instruction = answer[last.end() :].strip().strip("*_`~").strip()
    return Verdict("edit", instruction) if instruction else Verdict("unclear")


def before_verdict(examination: str) -> str | None:
    """What was said before the verdict that `robust` reads, thoughts included; None without one.
    It is what the model goes on from when it is asked how likely either verdict is."""
    for pattern in (_LINE_START, _IN_LINE):
        if found := list(pattern.finditer(strip_thoughts(examination))):
            end = examination.rfind(found[-1].group())
            return examination[: end + found[-1].start("word") - found[-1].start()]
    return None


_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+|;\s+|(?<=[.!])\s+(?=[A-Z])", re.MULTILINE)
"""Where one instruction ends and another begins: items of a list, sentences, semicolons."""


def separate(instruction: str) -> tuple[str, ...]:
    """The instructions that a text is made of, at least one where there is text."""
    return tuple(part.strip() for part in _ITEM.split(instruction) if part.strip())


def reference(examination: str) -> Verdict:
    """The published rule: first test `MATCH:`, then `EDIT_NEEDED:`, else the whole text."""
    if "MATCH:" in examination:
        return Verdict("match")
    if "EDIT_NEEDED:" in examination:
        return Verdict("edit", examination.split("EDIT_NEEDED:")[1].strip())
    return Verdict("edit", examination)


VERDICT_PARSERS: dict[str, Callable[[str], Verdict]] = {"robust": robust, "reference": reference}
