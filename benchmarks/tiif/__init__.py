"""TIIF-Bench: prompts in 39 dimensions, each short and long, scored by yes/no questions.

Paper: arXiv 2506.02161. The score of a dimension pools the answers of all its questions, a group
is the plain mean of its dimensions, the overall the plain mean of the nine groups; short and long
are scored apart. What has no data is left out of the means.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from uig_cli.benchmarks.protocol import Data, Evidence, Judged, Source
from uig_cli.benchmarks.tiif.data import FULL, MINI, Entry, default_folder, read
from uig_cli.benchmarks.tiif.dimensions import GROUPS
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure
from uig_cli.stats.stratified import Line, Tally, nested_means

SHORT, LONG, BOTH = "short", "long", "both"

OFFICIAL = {
    MINI: "69bb309fe94a410c181c7f202dab562a44d74112a2ecfada923603a21a3b597b",
    FULL: "d1a8b5c28ca52bc771c197fc6e36a044b632c7a983761968f3b2b911d2e821bf",
}
"""Data.prompts_hash of the complete official sets (A113N-W3I/TIIF-Bench at 3aae7504)."""


class Tiif:
    """The benchmark behind `uig eval tiif`. Cases of split "both" are those of short, then long."""

    name = "tiif"
    version = "1"
    evidence: Evidence = "answers"
    splits: tuple[str, ...] = (BOTH, SHORT, LONG)
    sets: tuple[str, ...] = (MINI, FULL)
    samples = 1

    def open(self, source: Source) -> Data:
        """Cases `tiif/<split>/<dimension>/<line in the full set>`; facts: "line", and "mini_line"
        for testmini, both from 0. Defaults: split both, set testmini, data `default_folder()`."""
        split, set_name = source.split or BOTH, source.set or MINI
        if split not in self.splits:
            raise unknown("TIIF split", split, self.splits)
        if set_name not in self.sets:
            raise unknown("TIIF set", set_name, self.sets)
        if source.prompts_file is not None:
            raise UigError(
                f"got the prompts file {source.prompts_file}, but TIIF's prompts come with their "
                "questions in a data folder; leave --prompts-file out and give --data DIR."
            )
        entries, warnings = read(source.data or default_folder(), set_name)
        chosen = (SHORT, LONG) if split == BOTH else (split,)
        prompts_hash = _hash(entries)
        official = prompts_hash == OFFICIAL[set_name]
        origin = "TIIF-Bench" if official else "own data in TIIF's layout, not the official set"
        return Data(
            cases=tuple(_case(entry, name) for name in chosen for entry in entries),
            set=set_name,
            prompts_hash=prompts_hash,
            warnings=tuple(warnings),
            card=f"{origin} ({set_name}): {_described(entries)}",
        )

    def judged(self, case: Case, evidence: Any) -> tuple[Judged, ...]:
        """One line per question. evidence: Sequence[Answer] in the order of the questions, or a
        `Failure`, which is the status of every line then."""
        if isinstance(evidence, Failure):
            status = f"{evidence.kind}: {evidence.reason}"
            return tuple(
                Judged(question.text, question.wanted, None, status) for question in case.questions
            )
        return tuple(
            Judged(question.text, question.wanted, answer.answer, answer.status, answer.raw)
            for question, answer in zip(case.questions, evidence, strict=True)
        )

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Levels "dimension", "group", "overall", for the tallies of one split."""
        return nested_means(tallies, GROUPS, dimension_level="dimension")


def _case(entry: Entry, split: str) -> Case:
    prompt = entry.prompts.short if split == SHORT else entry.prompts.long
    facts = {"line": entry.line}
    if entry.mini_line is not None:
        facts["mini_line"] = entry.mini_line
    return Case(
        id=f"tiif/{split}/{entry.dimension}/{entry.line}",
        prompt=prompt,
        split=split,
        dimension=entry.dimension,
        questions=entry.questions,
        facts=facts,
        problem=None if prompt.strip() else "the prompt is empty",
    )


def _hash(entries: Sequence[Entry]) -> str:
    rows = [[entry.dimension, entry.line, *entry.prompts] for entry in entries]
    return sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def _described(entries: Sequence[Entry]) -> str:
    always_yes = nested_means(
        [
            Tally(
                case=f"{entry.dimension}/{entry.line}",
                dimension=entry.dimension,
                correct=sum(question.wanted == "yes" for question in entry.questions),
                answered=len(entry.questions),
                missing=0,
            )
            for entry in entries
        ],
        GROUPS,
        dimension_level="dimension",
    )[-1].score
    dimensions = len({entry.dimension for entry in entries})
    return (
        f"{len(entries)} prompts, short and long, in {dimensions} dimensions; "
        f"a judge that always says yes scores {100 * (always_yes or 0):.1f} % overall"
    )


benchmark = Tiif()
