"""Whose pictures a numbered folder of GenEval holds: what its metadata say.

A folder usually is called by the line of its prompt. In a tree that was drawn from the prompts in
another order no number means a line, and the metadata alone tell; a prompt that came several times
has several folders then, whose pictures are its samples.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import MISSING
from uig_cli.benchmarks.geneval.prompts import clauses_key
from uig_cli.cases import Case
from uig_cli.files import read_plain
from uig_cli.models.protocol import Failure
from uig_cli.plain_json import read_json

METADATA = "metadata.jsonl"
OTHER_PROMPT = "other prompt"

About = Mapping[str, Any] | Failure
"""A folder's metadata, or why they cannot be read."""


@dataclass(frozen=True, slots=True)
class Homes:
    """by_case: the numbers of each case's folders, in their order; troubles: why a case has no
    pictures, where it has none; strangers: folders that nothing is told of otherwise; notes: how
    folders were found."""

    by_case: Mapping[str, Sequence[int]]
    troubles: Mapping[str, Failure]
    strangers: Sequence[int]
    notes: tuple[str, ...] = ()


def line_of(case: Case) -> int:
    """The case's line in the set, which is in its id."""
    return int(case.id.rsplit("/", 1)[1])


def homes_of(folders: Mapping[int, Path], cases: Sequence[Case]) -> Homes:
    """folders: by the number that they are called by.

    Where more of them hold another case's metadata than that of their number, no number counts.
    """
    about = {number: _metadata(path) for number, path in sorted(folders.items())}
    by_clauses = {clauses_key(case.facts): case for case in cases}
    meant = {
        number: case
        for number, told in about.items()
        if not isinstance(told, Failure) and (case := by_clauses.get(clauses_key(told)))
    }
    own = {case.id: [number] for number, case in meant.items() if line_of(case) == number}
    in_order = 2 * len(own) >= len(meant)
    homes = defaultdict(list, own if in_order else {})
    moved = [
        number
        for number, case in meant.items()
        if not in_order or (case.id not in own and line_of(case) != number)
    ]
    for number in moved:
        homes[meant[number].id].append(number)
    troubles = {case.id: _trouble(homes.get(case.id, ()), about, case, in_order) for case in cases}
    told_of = {number for each in homes.values() for number in each}
    told_of |= {line_of(case) for case in cases} if in_order else set()
    return Homes(
        homes,
        {name: one for name, one in troubles.items() if one},
        [number for number in about if number not in told_of],
        _notes(moved, homes),
    )


def _metadata(folder: Path) -> About:
    try:
        found = read_json(read_plain(folder / METADATA))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "no JSON object"
        return Failure("metadata", f"{folder.name}/{METADATA} cannot be read ({reason})")
    if not isinstance(found, dict):
        return Failure("metadata", f"{folder.name}/{METADATA} is no JSON object")
    return found


def _trouble(
    homes: Sequence[int], about: Mapping[int, About], case: Case, in_order: bool
) -> Failure | None:
    """Why none of the folders holds pictures of the case."""
    told = [about[number] for number in homes]
    if not told:
        there = about.get(line_of(case)) if in_order else None
        if there is None:
            return Failure(MISSING, "no folder")
        if isinstance(there, Failure):
            return there
        return Failure(OTHER_PROMPT, f"{METADATA} asks for other objects than the set's line")
    if all(isinstance(one, Mapping) and one.get("prompt") == case.prompt for one in told):
        return None
    return Failure(OTHER_PROMPT, f"{METADATA} holds another prompt than the set's line")


def _notes(moved: Sequence[int], homes: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    if not moved:
        return ()
    found = f"{len(moved)} folders are not called by the line of their prompt; their cases were "
    several = sum(len(each) > 1 for each in homes.values())
    repeats = f" {several} cases have several folders, whose pictures are their samples."
    return (f"{found}found by {METADATA}.{repeats if several else ''}",)
