"""Which line of TIIF a file's number means.

Files are numbered by the line of the prompt file that the sampler was given. The mini set has its
own lines, yet the released results number its pictures by the full set's. 37 dimensions count alike
either way; `style` and `real_world` do not, so that a tree must be read one way or the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from uig_cli.benchmarks.tiif.card import FULL, MINI
from uig_cli.cases import Case
from uig_cli.errors import unknown

NUMBERINGS = (MINI, FULL)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The cases of one numbering: (split, dimension, number) -> case. note: which it is, where
    that matters."""

    by: str
    cases: Mapping[tuple[str, str, int], Case]
    note: str = ""


def line_of(case: Case) -> int:
    """The line in the full set, from 0."""
    return int(case.facts["line"])


def numbers(
    cases: Sequence[Case], seen: Iterable[tuple[str, int]], given: str | None = None
) -> Numbers:
    """The numbering of a tree. seen: (dimension, number) of its files; given: what the user says.

    A number that the mini set does not have shows that the full set's lines are meant.
    """
    if given is not None and given not in NUMBERINGS:
        raise unknown("numbering", given, NUMBERINGS)
    by_full = {(case.split, case.dimension, line_of(case)): case for case in cases}
    minis = [case for case in cases if "mini_line" in case.facts]
    scattered = {case.dimension for case in minis if case.facts["mini_line"] != line_of(case)}
    if not scattered:
        return Numbers(FULL, by_full)
    found = {number for dimension, number in seen if dimension in scattered}
    by = given or _numbering(scattered, minis, set(seen))
    note = ""
    if found or given:
        how = "as given" if given else "as their numbers show"
        note = f"{' and '.join(sorted(scattered))} are numbered by the lines of {by}, {how}."
    if by == FULL:
        return Numbers(by, by_full, note)
    by_mini = {(case.split, case.dimension, case.facts["mini_line"]): case for case in minis}
    return Numbers(by, by_mini, note)


def _numbering(scattered: set[str], minis: Sequence[Case], seen: set[tuple[str, int]]) -> str:
    lines: dict[str, int] = defaultdict(int)
    for case in minis:
        lines[case.dimension] = max(lines[case.dimension], case.facts["mini_line"] + 1)
    beyond = any(number >= lines[dimension] for dimension, number in seen if dimension in scattered)
    return FULL if beyond else MINI
