"""Which cases of a benchmark are drawn: always the same ones for the same request.

A smaller limit's cases are among a larger one's, so a run can be widened step by step.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import zip_longest

from uig_cli.cases import Case
from uig_cli.errors import unknown


def only_dimensions(cases: Sequence[Case], dimensions: Sequence[str]) -> list[Case]:
    """The cases of these dimensions, all if none are named."""
    known = {case.dimension for case in cases}
    for name in dimensions:
        if name not in known:
            raise unknown("dimension", name, known)
    return [case for case in cases if not dimensions or case.dimension in dimensions]


def with_partners(cases: Sequence[Case], whole: Sequence[Case]) -> list[Case]:
    """The cases with their partners: the next case of the same dimension and split in the whole
    set, the first one after the last, so that a limit changes nothing. A case that is alone, or
    cannot be drawn, has none and is none."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in whole:
        if not case.problem:
            groups[case.dimension, case.split].append(case)
    partners = {
        case.id: (after.id, after.prompt)
        for group in groups.values()
        for case, after in zip(group, [*group[1:], group[0]], strict=True)
        if after is not case
    }
    return [replace(case, partner=partners.get(case.id)) for case in cases]


def spread(cases: Sequence[Case], limit: int | None) -> list[Case]:
    """`limit` cases taken in turn from every dimension, returned in their own order.

    The n-th case of a dimension is taken in every split before another dimension has its turn, so
    that splits, short and long prompts say, are drawn alike. Dimensions take turns in the order of
    their names' hashes: benchmarks list related ones side by side, and a few cases should not all
    be of one kind.
    """
    if limit is None or limit >= len(cases):
        return list(cases)
    by_dimension: dict[str, dict[str, list[Case]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        by_dimension[case.dimension][case.split].append(case)
    in_order = sorted(by_dimension, key=lambda name: sha256(name.encode()).digest())
    alike = [list(zip_longest(*by_dimension[name].values())) for name in in_order]
    turns = [
        case
        for column in zip_longest(*alike, fillvalue=())
        for row in column
        for case in row
        if case
    ]
    chosen = {case.id for case in turns[:limit]}
    return [case for case in cases if case.id in chosen]


def shard(cases: Sequence[Case], part: tuple[int, int]) -> list[Case]:
    """Every n-th case, beginning with the i-th: part = (i, n)."""
    index, parts = part
    return list(cases[index::parts])
