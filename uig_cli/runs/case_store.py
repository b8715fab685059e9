"""The cases of a run, kept with it: a run can be shown, judged and tabled without its benchmark's
data at hand."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from uig_cli.cases import Case, Question
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_records
from uig_cli.runs.line_fields import count, inner, several, text_or_none


def keep_cases(folder: RunFolder, shard: str, cases: Sequence[Case]) -> None:
    """Adds the cases that this shard's file does not hold, or the run not as they are.

    cases: all that were chosen, those of other shards too: what a shard that is not here was to
    draw is missing from the run, and not left out of it.
    Prompts are part of the drawing identity, questions are not: corrected ones take their place.
    Their line has a `revision`, since another shard's file may hold the old ones.
    """
    path = folder.cases / f"{shard}.jsonl"
    own = {case.id for _, case in read_records(path, _decode)}
    known = _newest(folder)
    with Appender(path) as file:
        for case in cases:
            revision, newest = known.get(case.id, (0, case))
            if case.partner is None:  # nobody asks for it today
                case = replace(case, partner=newest.partner)
            if newest != case:
                revision += 1
            elif case.id in own:
                continue
            file.write(_encode(case) | ({"revision": revision} if revision else {}))


def kept_cases(folder: RunFolder) -> list[Case]:
    """All cases of all shards, each once, in the order in which they were chosen."""
    return [case for _, case in _newest(folder).values()]


def _newest(folder: RunFolder) -> dict[str, tuple[int, Case]]:
    """Each case by its id as its highest revision has it; of equal ones a later line counts."""
    found: dict[str, tuple[int, Case]] = {}
    for path in sorted(folder.cases.glob("*.jsonl")):
        for revision, case in read_records(path, _decode):
            if case.id not in found or revision >= found[case.id][0]:
                found[case.id] = revision, case
    return found


def _encode(case: Case) -> dict[str, Any]:
    """A line as version 0.1.0 wrote it, but for what was not there then."""
    line = asdict(case)
    return line if case.partner else {k: v for k, v in line.items() if k != "partner"}


def _decode(line: dict[str, Any]) -> tuple[int, Case]:
    revision = count({"revision": line.pop("revision", 0)}, "revision")
    questions = tuple(Question(**question) for question in several(line, "questions"))
    facts, problem = inner(line, "facts"), text_or_none({"problem": None, **line}, "problem")
    given = {"questions": questions, "facts": facts, "problem": problem}
    if line.get("partner") is not None:
        name, prompt = line["partner"]
        given["partner"] = name, prompt
    return revision, Case(**{**line, **given})
