"""Released TIIF judgements brought to the cases of a set.

Where TIIF's data are not at hand, the result files themselves say what was asked, and the known
numbers of lines say what is missing; only the prompts stay unknown then. A line's short and long
prompt have the same questions: one's results say what those of the other lack, or that one of the
two is no result of that line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from uig_cli.benchmarks.external import MISSING, ExternalAnswers, some
from uig_cli.benchmarks.protocol import Data
from uig_cli.benchmarks.tiif.card import FULL, MINI
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS
from uig_cli.benchmarks.tiif.mini import LINES, official_lines
from uig_cli.benchmarks.tiif.numbering import line_of, numbers
from uig_cli.benchmarks.tiif.result_files import SPLITS, Key, Released, Result
from uig_cli.cases import Case, Question
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import Answer

NO_PROMPTS = (
    "TIIF's data were not at hand: the questions are those of the result files, the prompts are "
    "unknown."
)


Wanted = Mapping[str, str]
"""Questions -> wanted answers, in order."""


def without_data(
    released: Sequence[Released], set_name: str, split: str, lines: str | None
) -> tuple[Data, list[Released]]:
    """The cases of an official set, their questions taken from results, and the results, of which
    those that cannot be about their line are failures; prompts are empty."""
    if set_name not in (MINI, FULL):
        raise UigError(f"the set {set_name} has no released results; give --set {MINI} or {FULL}.")
    splits = SPLITS if split == "both" else (split,)
    if split not in (*SPLITS, "both"):
        raise unknown("TIIF split", split, (*SPLITS, "both"))
    cases = [
        Case(f"tiif/{name}/{dimension}/{line}", "", name, dimension, (), facts)
        for name in SPLITS
        for dimension in DIMENSIONS
        for line, facts in _lines(dimension, set_name)
    ]
    places = [numbers(cases, _seen(one), lines).cases for one in released]
    asked = _asked(list(zip(released, places, strict=True)))
    both = {
        case.id: _together(asked.get(case.id, {}), asked.get(_other(case), {})) for case in cases
    }
    held = [
        replace(one, results={
            key: _held(result, key, both[where[key].id]) if key in where else result
            for key, result in one.results.items()
        })
        for one, where in zip(released, places, strict=True)
    ]  # fmt: skip
    known = [
        replace(case, questions=_questions(both[case.id] or asked.get(case.id, {})))
        for case in cases
        if case.split in splits
    ]
    card = f"TIIF-Bench ({set_name}) as released result files show it"
    return Data(tuple(known), set_name, "", (), card, (NO_PROMPTS,)), held


def _asked(released: Sequence[tuple[Released, Mapping[Key, Case]]]) -> dict[str, Wanted]:
    """What was asked about each case, as far as any result tells."""
    found: dict[str, Wanted] = {}
    for one, where in released:
        for key, case in where.items():
            result = one.results.get(key)
            if isinstance(result, Result):
                wanted = _together(found.get(case.id, {}), result.wanted)
                if wanted is None:
                    raise UigError(
                        f"{one.model} was asked other questions about {case.id} than the models "
                        "before it; score them apart, or give TIIF's data with --data DIR."
                    )
                found[case.id] = wanted
    return found


def _other(case: Case) -> str:
    """The id of the line's case in the other split."""
    (other,) = set(SPLITS) - {case.split}
    return f"tiif/{other}/{case.dimension}/{line_of(case)}"


def _together(one: Wanted, other: Wanted) -> Wanted | None:
    """The longer of the two; None where the shorter is no part of it."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return longer if shorter.items() <= longer.items() else None


def _held(result: Result | Failure, key: Key, wanted: Wanted | None) -> Result | Failure:
    """A result held against all that results say of its line."""
    if isinstance(result, Failure):
        return result
    if result.line is not None and str(result.line) != str(key[2]):
        return Failure("result", f"the result says it is about line {result.line!r:.60}")
    if wanted is None:
        return Failure("result", "the line's short and long results ask different questions")
    if result.asked > len(wanted):
        told = f"{result.asked} questions, of which {len(wanted)} can be read"
        return Failure("result", f"the result is about {told}")
    return result


def _questions(wanted: Wanted) -> tuple[Question, ...]:
    return tuple(Question(text, want) for text, want in wanted.items())


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
