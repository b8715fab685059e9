"""What a judge said, kept so that each text stands once and can be read anew.

A request about several questions has one text, and those that bring no answer are put again one by
one. Everything is kept with the first question it is about: a later parser has what it needs.
"""

from collections.abc import Sequence
from dataclasses import replace

from uig_cli.scoring.findings import ANSWERED, Answer, Spoken
from uig_cli.scoring.parsing import Parser

KEPT = 20_000
"""Characters of one text that are kept: half from its beginning, half from its end."""


LONG = 200
"""Characters above which a text that a judge repeats is kept with one question alone."""


def heard(
    parse: Parser, text: str, questions: Sequence[str], cut: bool = False
) -> tuple[Answer, ...]:
    """The answers in a reply, each with the reply."""
    spoken = Spoken(text, tuple(questions), cut)
    return tuple(replace(one, replies=(spoken,)) for one in parse(text, questions, cut))


def together(questions: Sequence[str], tries: Sequence[Sequence[Answer]]) -> tuple[Answer, ...]:
    """One answer for each question, out of all that was answered to it in turn: the last one, with
    each text kept once and bounded. Where there is none, its raw text is everything that was
    said."""
    kept: dict[Spoken, None] = {}
    shown: dict[str, str] = {}
    found = []
    for question, given in zip(questions, tries, strict=True):
        last, used = given[-1], [one.usage for one in given if one.usage]
        spoken = [one for each in given for one in each.replies if _is_new(one, kept)]
        raw = last.raw
        if last.status != ANSWERED:
            texts = dict.fromkeys(one.raw for one in given if one.raw)
            raw = "\n\n".join(_shown(text, question, shown) for text in texts)
        found.append(
            replace(
                last,
                raw=bounded(raw)[0],
                by=next((one.by for one in reversed(given) if one.by), ""),
                usage=(sum(u[0] for u in used), sum(u[1] for u in used)) if used else None,
                replies=_worth_keeping(question, raw, spoken),
            )
        )
    return tuple(found)


def _is_new(spoken: Spoken, kept: dict[Spoken, None]) -> bool:
    """Whether a reply is to be kept: not again, and a long one not for every time that a judge
    repeats itself."""
    long = len(spoken.text) > LONG
    if spoken in kept or (long and any(one.text == spoken.text for one in kept)):
        return False
    kept[spoken] = None
    return True


def _shown(text: str, question: str, shown: dict[str, str]) -> str:
    """The text, or the question that it already stands with."""
    told = f'[as to "{shown.setdefault(text, question)}"]'
    return text if shown[text] == question or len(text) <= len(told) else told


def _worth_keeping(question: str, raw: str, spoken: Sequence[Spoken]) -> tuple[Spoken, ...]:
    """The replies with their texts bounded; none where there is but one, and `raw` is all of it."""
    own = tuple(replace(one, about=()) if one.about == (question,) else one for one in spoken)
    if [replace(one, text=one.text.strip()) for one in own] == [Spoken(raw.strip())]:
        return ()
    parts = [(one, *bounded(one.text)) for one in own]
    return tuple(replace(one, text=text, left_out=lost) for one, text, lost in parts)


def bounded(text: str, most: int = KEPT) -> tuple[str, int]:
    """The text, or its two ends and how many characters are missing between them."""
    if len(text) <= most:
        return text, 0
    lost = len(text) - most
    half = most // 2
    return f"{text[:half]}\n[... {lost} characters left out ...]\n{text[-half:]}", lost


def read_again(parse: Parser, kept: Sequence[tuple[str, Answer]]) -> list[Answer | None]:
    """What kept answers about one picture say to this parser; None where that cannot be told.

    Before replies were kept whole, an answer was kept with its own line: it is read alone. A text
    that brought no answer stood with each question that it was about.
    """
    found: dict[str, list[Answer]] = {}
    for question, answer in kept:
        for spoken in answer.replies:
            about = spoken.about or (question,)
            if spoken.left_out:
                continue
            for one, said in zip(about, parse(spoken.text, about, spoken.cut), strict=True):
                found.setdefault(one, []).append(said)
    alike = _one_text(kept) if len(kept) > 1 else False
    joint = parse(kept[0][1].raw, [question for question, _ in kept]) if alike else None
    return [
        _renewed(answer, _best(found[question]))
        if question in found
        else _renewed(answer, joint[place] if joint else _alone(parse, question, answer, kept))
        for place, (question, answer) in enumerate(kept)
    ]


def _best(given: Sequence[Answer]) -> Answer:
    """The last one that answers; else the last."""
    return next((one for one in reversed(given) if one.status == ANSWERED), given[-1])


def _one_text(kept: Sequence[tuple[str, Answer]]) -> bool:
    """Whether one text that brought no answer stands with all the questions."""
    texts = {answer.raw for _, answer in kept}
    return len(texts) == 1 and all(answer.status != ANSWERED for _, answer in kept)


def _alone(
    parse: Parser, question: str, answer: Answer, kept: Sequence[tuple[str, Answer]]
) -> Answer | None:
    if not answer.raw:
        return None
    shared = sum(other.raw == answer.raw for _, other in kept) > 1
    if answer.status != ANSWERED and len(kept) > 1 and (shared or "\n" in answer.raw):
        return None
    (found,) = parse(answer.raw, (question,))
    return found


def _renewed(was: Answer, found: Answer | None) -> Answer | None:
    if found is None:
        return None
    return replace(
        was,
        answer=found.answer,
        status=found.status,
        yes=was.yes if found.answer else None,
        raw=found.raw,
    )
