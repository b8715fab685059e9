"""What a benchmark needs that makes its cases itself: the data around them, plain questions."""

import json
from collections.abc import Sequence
from hashlib import sha256

from uig_cli.benchmarks.built_in import BUILT_IN_SETS, note_of
from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.protocol import Check, Data, Found, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown


def data_of(card: Card, source: Source, cases: Sequence[Case]) -> Data:
    """Data of these cases, which are those of all splits of the set.

    Raises UigError where the source names a split, a set or a file that the card does not.
    """
    _check(card, source)
    set_name = source.set or next(iter(card.sets), "")
    rows = [[case.id, case.prompt] for case in cases]
    return Data(
        cases=tuple(case for case in cases if source.split in (None, case.split)),
        set=set_name,
        prompts_hash=sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest(),
        warnings=(),
        card=card.summary,
        notes=(note_of(set_name),) if set_name in BUILT_IN_SETS else (),
    )


def _check(card: Card, source: Source) -> None:
    for what, named, known in (
        ("split", source.split, card.splits),
        ("set", source.set, card.sets),
    ):
        if named is not None and named not in known:
            raise unknown(f"{card.name} {what}", named, known)
    for option, path in (("data", source.data), ("prompts_file", source.prompts_file)):
        if path is not None and option not in card.takes:
            flag = f"--{option.replace('_', '-')}"
            raise UigError(f"got {flag} {path}, but {card.name} reads no such file; leave it out.")


def judged_questions(case: Case, found: Found) -> tuple[Check, ...]:
    """A line for each question, right if the answer is the wanted one."""
    return tuple(
        Check.of(question.text, question.wanted, answer)
        for question, answer in zip(case.questions, found["answers"], strict=True)
    )
