"""A file of GenEval's prompts, perhaps in other words, brought into the order of the set.

What a line checks says which case it is, so order is no matter and no two prompts of a set check
the same. A line that comes several times is a wish for several pictures, not for more cases.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uig_cli.benchmarks.geneval.prompts import CLAUSES, Metadata, clauses_key
from uig_cli.benchmarks.prompt_files import (
    PROMPT,
    PromptRow,
    json_rows,
    prompt_of,
    read_text,
    shown,
    unused_note,
)
from uig_cli.errors import UigError


@dataclass(frozen=True, slots=True)
class Rewriting:
    """prompts: in the order of the set, with its clauses and without further fields; differing: how
    many are not worded as there; notes: what a user should know of the file; as_given: the first
    row of each prompt with all that stands in it, in the order of the set."""

    prompts: Sequence[Metadata]
    differing: int
    notes: tuple[str, ...] = ()
    as_given: Sequence[Metadata] = ()


def read_rewriting(path: Path, generated: Sequence[Metadata]) -> Rewriting:
    """The prompts of a file in the official format: JSON objects with tag, include, exclude and
    prompt, one a line or in an array. generated: those they rewrite.

    Raises UigError with file and line for a line of another set, for two wordings of one prompt,
    and where some have none.
    """
    text = read_text(str(path))
    rows = json_rows(text, str(path)) if text.strip() else []
    if not rows:
        raise UigError(
            f"the prompts file {path} holds no JSON lines, expected the format of GenEval's "
            "evaluation_metadata.jsonl: objects with tag, include, exclude and prompt."
        )
    found = _by_line(rows, generated)
    if lacking := [n for n in range(len(generated)) if n not in found]:
        first = generated[lacking[0]]
        raise UigError(
            f"the prompts file {path} has {len(found)} of the {len(generated)} prompts and lacks "
            f"{len(lacking)}, e.g. the one that is officially {shown(first[PROMPT])}; complete the "
            "file."
        )
    firsts = [found[number][0] for number in range(len(generated))]
    prompts = [{**one, PROMPT: prompt_of(row)} for one, row in zip(generated, firsts, strict=True)]
    differing = sum(
        mine[PROMPT] != one[PROMPT] for mine, one in zip(prompts, generated, strict=True)
    )
    notes = tuple(_notes(path, rows, found, differing))
    return Rewriting(prompts, differing, notes, [row.value for row in firsts])


_ByNumber = Mapping[int, Sequence[PromptRow]]
"""The rows of each prompt of the set, by its number there."""


def _by_line(rows: Sequence[PromptRow], generated: Sequence[Metadata]) -> _ByNumber:
    numbers = {clauses_key(one): number for number, one in enumerate(generated)}
    found: dict[int, list[PromptRow]] = {}
    for row in rows:
        prompt = prompt_of(_object(row))
        number = numbers.get(clauses_key(row.value))
        if number is None:
            asked = {field: row.value[field] for field in CLAUSES if field in row.value}
            raise UigError(
                f"{row.where}: got {shown(asked)}, which no prompt of the set asks for; give tag, "
                "include and exclude as GenEval's own file has them, and other words in prompt "
                "alone."
            )
        before = found.setdefault(number, [])
        if before and prompt_of(before[0]) != prompt:
            raise UigError(
                f"{row.where}: got another prompt than {before[0].where} for the same tag, include "
                f"and exclude ({shown(prompt)} against {shown(prompt_of(before[0]))}); leave one."
            )
        before.append(row)
    return found


def _object(row: PromptRow) -> PromptRow:
    if not isinstance(row.value, dict):
        raise UigError(
            f'{row.where}: got no prompt, expected an object with "tag", "include" and "prompt", '
            "the last a text; mend that line."
        )
    return row


def _notes(
    path: Path, rows: Sequence[PromptRow], found: _ByNumber, differing: int
) -> Iterator[str]:
    if not differing:
        yield f"{path} holds the set's own prompts: this is the set itself, not a rewriting."
    yield from unused_note(str(path), rows, (*CLAUSES, PROMPT))
    counts = Counter(len(each) for each in found.values())
    if set(counts) != {1}:
        least, most = min(counts), max(counts)
        often = f"{most}" if least == most else f"{least} to {most}"
        yield (
            f"{path} holds each prompt {often} times; repeats are taken as samples, so that a case "
            f"counts once: give --samples {most} for as many pictures of it."
        )
    if list(found) != sorted(found):
        yield (
            f"the prompts of {path} stand in another order than the set's; each case is found by "
            "its tag, include and exclude."
        )
