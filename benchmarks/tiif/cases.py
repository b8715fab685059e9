"""The cases of TIIF: of the official sets, of own data in their layout, or of the built-in set."""

import json
from collections.abc import Mapping, Sequence, Set
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.built_in import BUILT_IN_SETS, note_of
from uig_cli.benchmarks.protocol import Data, Source
from uig_cli.benchmarks.tiif import built_in, hard
from uig_cli.benchmarks.tiif.card import BOTH, CARD, FULL, LONG, MINI, SHORT
from uig_cli.benchmarks.tiif.data import Entry, default_folder, read, read_built_in
from uig_cli.benchmarks.tiif.dimensions import GROUPS
from uig_cli.benchmarks.tiif.hard import GROUPS as HARD_GROUPS
from uig_cli.benchmarks.tiif.quoted import DIMENSION as TEXT
from uig_cli.benchmarks.tiif.quoted import quoted_words
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown
from uig_cli.shapes.spec_text import text_of
from uig_cli.stats.always_yes import always_yes
from uig_cli.stats.stratified import nested_means

OFFICIAL = {
    MINI: "69bb309fe94a410c181c7f202dab562a44d74112a2ecfada923603a21a3b597b",
    FULL: "d1a8b5c28ca52bc771c197fc6e36a044b632c7a983761968f3b2b911d2e821bf",
}
"""Data.prompts_hash of the complete official sets (A113N-W3I/TIIF-Bench at 3aae7504)."""

OFFICIAL_PROMPTS = {
    MINI: "e95dc622a6c3ba9499a78fb2f4e0c806b70045e4e4b7d15165512f7a32d20779",
    FULL: "5e8201387bb3be0b135d220496f9fa8816292d79524d417e9d4df7659aecd422",
}
"""SHA-256 of their prompts in whatever order."""


def open_data(source: Source) -> Data:
    """Cases `tiif/<split>/<dimension>/<line in the full set>`; facts: "line", and "mini_line"
    for testmini, both from 0, and of the dimension text "words", those its picture shall show.
    Defaults: split both, set testmini, data `default_folder()`."""
    split, set_name = source.split or BOTH, source.set or MINI
    if split not in CARD.splits:
        raise unknown("TIIF split", split, CARD.splits)
    if set_name not in CARD.sets:
        raise unknown("TIIF set", set_name, CARD.sets)
    if source.prompts_file is not None:
        raise UigError(
            f"got the prompts file {source.prompts_file}, but TIIF's prompts come with their "
            "questions in a data folder; leave --prompts-file out and give --data DIR."
        )
    entries, warnings = _entries(set_name, source.data)
    chosen = (SHORT, LONG) if split == BOTH else (split,)
    prompts_hash = _hash(entries)
    if set_name in BUILT_IN_SETS:
        origin = "prompts about drawn shapes in TIIF's format"
    elif prompts_hash == OFFICIAL[set_name]:
        origin = "TIIF-Bench"
    else:
        origin = "own data in TIIF's layout, not the official set"
        if _hash_of_prompts(entries) == OFFICIAL_PROMPTS[set_name]:
            warnings.append(
                f"these are the official prompts of {set_name} in another order: lines tell cases "
                "apart, so this is another set, whose scores compare with no published ones; fetch "
                "the files again."
            )
    return Data(
        cases=tuple(_case(entry, name) for name in chosen for entry in entries),
        set=set_name,
        prompts_hash=prompts_hash,
        warnings=tuple(warnings),
        card=f"{origin} ({set_name}): {_described(entries)}",
        notes=(note_of(set_name),) if set_name in BUILT_IN_SETS else (),
    )


def _entries(set_name: str, folder: Path | None) -> tuple[list[Entry], list[str]]:
    """The entries of a set, and warnings."""
    if set_name not in BUILT_IN_SETS:
        return read(folder or default_folder(), set_name)
    if folder is not None:
        raise UigError(
            f"got the data folder {folder}, but TIIF's set {set_name} is made on the spot; leave "
            "--data out, or give --set testmini or test."
        )
    return read_built_in(set_name), []


def _case(entry: Entry, split: str) -> Case:
    prompt = entry.prompts.short if split == SHORT else entry.prompts.long
    facts: dict[str, Any] = {"line": entry.line}
    if entry.mini_line is not None:
        facts["mini_line"] = entry.mini_line
    if entry.dimension == TEXT:
        facts["words"] = quoted_words(entry.prompts.short)
    return Case(
        id=f"tiif/{split}/{entry.dimension}/{entry.line}",
        prompt=prompt,
        split=split,
        dimension=entry.dimension,
        questions=entry.questions,
        facts=facts,
        problem=None if prompt.strip() else "the prompt is empty",
    )


def groups_of(dimensions: Set[str]) -> Mapping[str, Sequence[str]]:
    """The groups of TIIF, or, for the hard set's families, of that set."""
    return HARD_GROUPS if not dimensions.isdisjoint(hard.FAMILIES) else GROUPS


@cache
def _specs() -> Mapping[str, str]:
    """Of each prompt of the built-in sets what it says, as a text."""
    made = (*built_in.lines(), *hard.lines())
    return {prompt: text_of(line.spec) for line in made for prompt in (line.short, line.long)}


def specification(case: Case) -> str | None:
    """What a prompt of a built-in set says, as a text; None of any other."""
    official = "mini_line" in case.facts or "words" in case.facts
    return None if official else _specs().get(case.prompt)


def _hash(entries: Sequence[Entry]) -> str:
    rows = [[entry.dimension, entry.line, *entry.prompts] for entry in entries]
    return sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _hash_of_prompts(entries: Sequence[Entry]) -> str:
    rows = sorted([entry.dimension, *entry.prompts] for entry in entries)
    return sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _described(entries: Sequence[Entry]) -> str:
    blind = always_yes(_case(entry, SHORT) for entry in entries)
    names = {entry.dimension for entry in entries}
    score = nested_means(blind, groups_of(names), dimension_level="dimension")[-1].score
    dimensions = len(names)
    return (
        f"{len(entries)} prompts, short and long, in {dimensions} dimensions; "
        f"a judge that always says yes scores {100 * (score or 0):.1f} % overall"
    )
