"""The cases of a run, kept with it: a run can be shown, judged and tabled without its benchmark's
data at hand."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from uig_cli.cases import Case, Question
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_records


def keep_cases(folder: RunFolder, shard: str, cases: Sequence[Case]) -> None:
    """Adds the cases that this shard's file does not hold as they are; a later line counts.

    Prompts are part of the drawing identity, questions are not: corrected ones take their place.
    """
    path = folder.cases / f"{shard}.jsonl"
    known = {case.id: case for case in read_records(path, _decode)}
    with Appender(path) as file:
        for case in cases:
            if known.get(case.id) != case:
                file.write(asdict(case))


def kept_cases(folder: RunFolder) -> list[Case]:
    """All cases of all shards, each once, in the order in which they were chosen."""
    found: dict[str, Case] = {}
    for path in sorted(folder.cases.glob("*.jsonl")):
        for case in read_records(path, _decode):
            found[case.id] = case
    return list(found.values())


def _decode(line: dict[str, Any]) -> Case:
    questions = tuple(Question(**question) for question in line["questions"])
    return Case(**{**line, "questions": questions})
