"""Released TIIF judgements brought to the cases of a set.

Where TIIF's data are not at hand, the result files themselves say what was asked, and the known
numbers of lines say what is missing; only the prompts stay unknown then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from uig_cli.benchmarks.external import MISSING, ExternalAnswers, some
from uig_cli.benchmarks.protocol import Data
from uig_cli.benchmarks.tiif.card import FULL, MINI
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS
from uig_cli.benchmarks.tiif.mini import LINES, official_lines
from uig_cli.benchmarks.tiif.numbering import numbers
from uig_cli.benchmarks.tiif.result_files import SPLITS, Released, Result
from uig_cli.cases import Case, Question
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import Answer

NO_PROMPTS = (
    "TIIF's data were not at hand: the questions are those of the result files, the prompts are "
    "unknown."
)


def without_data(
    released: Sequence[Released], set_name: str, split: str, lines: str | None
) -> Data:
    """The cases of an official set, their questions taken from results; prompts are empty."""
    if set_name not in (MINI, FULL):
        raise UigError(f"the set {set_name} has no released results; give --set {MINI} or {FULL}.")
    splits = SPLITS if split == "both" else (split,)
    if split not in (*SPLITS, "both"):
        raise unknown("TIIF split", split, (*SPLITS, "both"))
    cases = [
        Case(f"tiif/{name}/{dimension}/{line}", "", name, dimension, (), facts)
        for name in splits
        for dimension in DIMENSIONS
        for line, facts in _lines(dimension, set_name)
    ]
    asked: dict[str, tuple[Question, ...]] = {}
    for one in released:
        for key, case in numbers(cases, _seen(one), lines).cases.items():
            result = one.results.get(key)
            if isinstance(result, Result):
                questions = tuple(Question(text, want) for text, want in result.wanted.items())
                if asked.setdefault(case.id, questions) != questions:
                    raise UigError(
                        f"{one.model} was asked other questions about {case.id} than the models "
                        "before it; score them apart, or give TIIF's data with --data DIR."
                    )
    known = [replace(case, questions=asked.get(case.id, ())) for case in cases]
    card = f"TIIF-Bench ({set_name}) as released result files show it"
    return Data(tuple(known), set_name, "", (), card, (NO_PROMPTS,))


def _lines(dimension: str, set_name: str) -> list[tuple[int, dict[str, int]]]:
    if set_name == FULL:
        return [(line, {"line": line}) for line in range(LINES[dimension][0])]
    return [
        (line, {"line": line, "mini_line": number})
        for number, line in enumerate(official_lines(dimension))
    ]


def answers_of(one: Released, cases: Sequence[Case], lines: str | None) -> ExternalAnswers:
    """A model's answers by case. Questions that the results do not hold stay unanswered."""
    asked = numbers(cases, _seen(one), lines)
    left = dict(one.results)
    others: list[str] = []
    cut: list[str] = []
    found: dict[str, Mapping[str, Answer] | Failure] = {}
    for key, case in asked.cases.items():
        result = left.pop(key, None)
        if result is None:
            found[case.id] = Failure(MISSING, "no result file")
        elif isinstance(result, Failure):
            found[case.id] = result
        else:
            wanted = {question.text: question.wanted for question in case.questions}
            if not result.wanted.items() <= wanted.items():
                others.append(case.id)
                found[case.id] = Failure("result", "its questions are not those of the set")
            else:
                found[case.id] = result.answers
                cut += [case.id] if result.cut else []
    splits, dimensions = {case.split for case in cases}, {case.dimension for case in cases}
    strange = [
        f"{dimension}/{split}/{number}.json"
        for split, dimension, number in left
        if split in splits and dimension in dimensions
    ]
    strange += one.strangers
    notes = [asked.note] if asked.note else []
    if others:
        notes.append(
            f"{len(others)} results ask other questions than the set and were left out: "
            f"{some(others)}."
        )
    if strange:
        notes.append(
            f"{len(strange)} results or files stand for no case of this set and were left out: "
            f"{some(strange)}."
        )
    if one.copies:
        notes.append(f"{len(one.copies)} results say again what others say: {some(one.copies)}.")
    if cut:
        notes.append(
            f"{len(cut)} results hold lists of unequal length and were cut to the shorter: "
            f"{some(cut)}."
        )
    return ExternalAnswers(one.model, found, tuple(notes))


def _seen(one: Released) -> set[tuple[str, int]]:
    return {(dimension, number) for _, dimension, number in one.results}
