"""Yes/no questions: claims as text, and text as claims, from one table of wordings.

Because a question can be read back, an exact judge needs no more than a picture and the question's
text. Questions outside the table have no claim and get no answer.
"""

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal

from uig_cli.shapes.claims import Are, Claim, Exists, More, Number, Stand
from uig_cli.shapes.scene import VOCABULARY, Object
from uig_cli.shapes.spec import ObjectGroup, ObjectKind
from uig_cli.shapes.vocabulary import (
    NUMBERS,
    RELATIONS,
    noun,
    number,
    relation,
    some,
    the,
    understood,
)

WORDINGS: Mapping[type[Claim], tuple[str, ...]] = {
    Exists: (
        "Is there {some} in the picture?",
        "Does the picture show {some}?",
        "Can {some} be seen here?",
        "Are there any {many} in the picture?",
    ),
    Number: (
        "Is the number of {many} {number}?",
        "Does the picture show exactly {number} {many}?",
        "Are there exactly {number} {many} in the picture?",
    ),
    Are: (
        "{Is} {the} {value}?",
        "Is it true that {the} {is} {value}?",
        "{Is} {the} in the picture {value}?",
    ),
    Stand: (
        "{Is} {the} {relation} {other}?",
        "Does the picture show {the} {relation} {other}?",
        "Is it true that {the} {is} {relation} {other}?",
    ),
    More: (
        "Are there more {many} than {less}?",
        "Does the picture show more {many} than {less}?",
    ),
}
"""Fields: some "a red circle", many "red circles", the "the red circle(s)", Is and is agree with
it, other like the, less like many, number "two", value "striped", relation "to the left of"."""

HOW_MANY = (
    "How many {many} are there?",
    "How many {many} are in the picture?",
    "What is the number of {many}?",
)


def ask(claim: Claim, rng: Random, example: Sequence[Object] = ()) -> str:
    """A question whether a claim holds. example: objects that tell one from many ("is the" or
    "are the"); they settle nothing else."""

    def group(kind: ObjectKind) -> ObjectGroup:
        return ObjectGroup(kind, max(sum(map(kind.fits, example)), 1))

    subject = group(claim.a if isinstance(claim, Stand | More) else claim.kind)
    many = subject.count > 1
    fields = {
        "some": some(subject.kind),
        "many": noun(subject.kind, many=True),
        "the": the(subject),
        "Is": "Are" if many else "Is",
        "is": "are" if many else "is",
    }
    wordings = WORDINGS[type(claim)]
    match claim:
        case Number(kind, count):
            fields["number"] = NUMBERS[count]
            if count == 1:
                fields["many"] = noun(kind)
                wordings = wordings[1:2]
        case Are(_, _, value):
            fields["value"] = value
        case Stand(_, word, b):
            fields |= {"relation": rng.choice(RELATIONS[word]), "other": the(group(b))}
        case More(_, b):
            fields["less"] = noun(b, many=True)
    return rng.choice(wordings).format_map(fields)


def how_many(kind: ObjectKind, rng: Random) -> str:
    """A question for the number of things of a kind; the answer is a word of NUMBERS."""
    return rng.choice(HOW_MANY).format(many=noun(kind, many=True))


def understand(question: str) -> Claim | None:
    """The claim a question asks about, or None."""
    text = " ".join(question.lower().split())
    for sort, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            claim = _claim(sort, found.groupdict())
            if claim is not None:
                return claim
    return None


def answer(question: str, objects: Sequence[Object]) -> Literal["yes", "no"] | None:
    """The right answer about a picture with these objects; None if it is not understood."""
    claim = understand(question)
    return None if claim is None else "yes" if claim.holds(objects) else "no"


def _claim(sort: type[Claim], fields: Mapping[str, str]) -> Claim | None:
    kind = understood(next(fields[name] for name in ("some", "many", "the") if name in fields))
    if kind is None:
        return None
    if sort is Exists:
        return Exists(kind)
    if sort is Number:
        count = number(fields["number"])
        return None if count is None else Number(kind, count)
    if sort is Are:
        value = fields["value"]
        quality = next((each for each in VOCABULARY if value in VOCABULARY[each]), None)
        return None if quality is None else Are(kind, quality, value)
    other = understood(fields["less"] if sort is More else fields["other"])
    if other is None:
        return None
    if sort is More:
        return More(kind, other)
    word = relation(fields["relation"])
    return None if word is None else Stand(kind, word, other)


_FIELDS = {
    "some": r"an? (?P<some>[a-z ]+)",
    "many": r"(?P<many>[a-z ]+)",
    "the": r"the (?P<the>[a-z ]+?)",
    "Is": r"(?:is|are)",
    "is": r"(?:is|are)",
    "other": r"the (?P<other>[a-z ]+)",
    "less": r"(?P<less>[a-z ]+)",
    "number": r"(?P<number>[a-z]+|[0-9])",
    "value": r"(?P<value>[a-z]+)",
    "relation": "(?P<relation>" + "|".join(w for each in RELATIONS.values() for w in each) + ")",
}
_PATTERNS: tuple[tuple[type[Claim], re.Pattern[str]], ...] = tuple(
    (
        sort,
        re.compile(
            re.escape(wording).replace(r"\{", "{").replace(r"\}", "}").format_map(_FIELDS), re.I
        ),
    )
    for sort, wordings in WORDINGS.items()
    for wording in wordings
)
