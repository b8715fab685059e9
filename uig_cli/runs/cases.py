"""The cases of a run, kept with it: a run can be shown, judged and tabled without its benchmark's
data at hand."""

from collections.abc import Sequence
from dataclasses import asdict

from uig_cli.cases import Case, Question
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_lines


def keep_cases(folder: RunFolder, shard: str, cases: Sequence[Case]) -> None:
    """Adds the cases that this shard's file does not hold yet."""
    path = folder.cases / f"{shard}.jsonl"
    known = {line["id"] for line in read_lines(path)}
    with Appender(path) as file:
        for case in cases:
            if case.id not in known:
                file.write(asdict(case))


def kept_cases(folder: RunFolder) -> list[Case]:
    """All cases of all shards, each once, in the order in which they were chosen."""
    found: dict[str, Case] = {}
    for path in sorted(folder.cases.glob("*.jsonl")):
        for line in read_lines(path):
            questions = tuple(Question(**question) for question in line.pop("questions"))
            found.setdefault(line["id"], Case(questions=questions, **line))
    return list(found.values())
