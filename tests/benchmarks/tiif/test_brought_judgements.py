"""Results brought to the cases of a set, with its data and without."""

import pytest

from uig_cli.benchmarks.tiif.judgements import NO_PROMPTS, answers_of, without_data
from uig_cli.benchmarks.tiif.result_files import Key, Released, Result
from uig_cli.cases import Case, Question
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import Answer

YES, NO = Answer("yes"), Answer("no")
ASKED = (Question("A?", "yes"), Question("B?", "no"))


def case(line: int, split: str = "short", dimension: str = "text") -> Case:
    facts = {"line": line}
    return Case(f"tiif/{split}/{dimension}/{line}", "", split, dimension, ASKED, facts)


def key(line: int, split: str = "short", dimension: str = "text") -> Key:
    return split, dimension, line


WHOLE = Result({"A?": "yes", "B?": "no"}, {"A?": YES, "B?": NO})
PART = Result({"B?": "no"}, {"B?": YES}, cut=True)
TORN = Failure("result", "torn")


def released(results: dict[Key, Result | Failure], **more: tuple[str, ...]) -> Released:
    return Released("M", results, **more)


def test_answers_come_to_their_cases() -> None:
    one = released({key(0): WHOLE, key(1): TORN, key(2): PART})
    found = answers_of(one, [case(line) for line in range(4)], None)
    assert found.name == "M"
    assert found.by_case == {
        "tiif/short/text/0": {"A?": YES, "B?": NO},
        "tiif/short/text/1": TORN,
        "tiif/short/text/2": {"B?": YES},
        "tiif/short/text/3": Failure("missing", "no result file"),
    }
    assert found.notes == (
        "1 results hold lists of unequal length and were cut to the shorter: tiif/short/text/2.",
    )
    assert answers_of(released({key(0): WHOLE}), [case(0)], None).notes == ()


@pytest.mark.parametrize("wanted", [{"C?": "yes"}, {"A?": "no"}, {"A?": "yes", "C?": "no"}])
def test_other_questions_are_left_out_and_told(wanted: dict[str, str]) -> None:
    other = Result(wanted, dict.fromkeys(wanted, YES))
    found = answers_of(released({key(0): other}), [case(0)], None)
    assert found.by_case == {
        "tiif/short/text/0": Failure("result", "its questions are not those of the set")
    }
    assert found.notes == (
        "1 results ask other questions than the set and were left out: tiif/short/text/0.",
    )


def test_what_stands_for_no_case_is_told() -> None:
    results: dict[Key, Result | Failure] = {
        key(0): WHOLE, key(9): WHOLE, key(0, "long"): WHOLE, key(0, "short", "style"): WHOLE,
    }  # fmt: skip
    found = answers_of(released(results, strangers=("x.json",)), [case(0)], None)
    assert found.notes == (
        "2 results or files stand for no case of this set and were left out: text/short/9.json, "
        "x.json.",
    )


def test_copies_are_told() -> None:
    found = answers_of(released({key(0): WHOLE}, copies=("text/short/00.json",)), [case(0)], None)
    assert found.notes == ("1 results say again what others say: text/short/00.json.",)


def test_the_numbering_is_told() -> None:
    mini = Case("tiif/short/style/5", "", "short", "style", ASKED, {"line": 5, "mini_line": 0})
    for number, lines, there in ((0, None, True), (5, None, True), (5, "testmini", False)):
        found = answers_of(released({key(number, "short", "style"): WHOLE}), [mini], lines)
        assert isinstance(found.by_case["tiif/short/style/5"], dict) is there
        assert found.notes[0].startswith("style are numbered by the lines of ")


def test_cases_without_data() -> None:
    one = released({key(1): WHOLE, key(2): TORN})
    data, held = without_data([one], "test", "both", None)
    assert held == [one]
    assert (data.set, data.prompts_hash, data.notes) == ("test", "", (NO_PROMPTS,))
    assert len(data.cases) == 2 * 2538
    by_id = {one.id: one for one in data.cases}
    assert by_id["tiif/short/text/1"].questions == by_id["tiif/long/text/1"].questions == ASKED
    assert by_id["tiif/long/text/2"].questions == by_id["tiif/short/text/2"].questions == ()
    assert by_id["tiif/short/text/1"].facts == {"line": 1}
    assert by_id["tiif/long/text/299"].split == "long"
    assert "tiif/long/text/300" not in by_id
    mini, _ = without_data([], "testmini", "long", None)
    assert len(mini.cases) == 277 and {one.split for one in mini.cases} == {"long"}
    (first, *_) = [one for one in mini.cases if one.dimension == "style"]
    assert first.facts == {"line": 228, "mini_line": 0} and first.id == "tiif/long/style/228"


def test_models_that_were_asked_other_questions() -> None:
    one, same = released({key(1): WHOLE}), Released("N", {key(1): WHOLE})
    part = Released("O", {key(1): PART})
    data, _ = without_data([part, one, same], "test", "short", None)
    assert [case.questions for case in data.cases if case.questions] == [ASKED]
    other = Released("N", {key(1): Result({"B?": "yes"}, {})})
    with pytest.raises(UigError, match="N was asked other questions about tiif/short/text/1"):
        without_data([one, other], "test", "short", None)


OTHER = Result({"A?": "no", "B?": "no"}, {"A?": YES})
ASKS_OTHERS = Failure("result", "the line's short and long results ask different questions")


@pytest.mark.parametrize(
    ("short", "long", "kept", "questions"),
    [
        (PART, WHOLE, PART, ASKED),  # one question has no answer: it is missing, not left out
        (PART, TORN, PART, ASKED[1:]),
        (TORN, WHOLE, TORN, ASKED),
        (OTHER, WHOLE, ASKS_OTHERS, (Question("A?", "no"), Question("B?", "no"))),
        (Result({"B?": "no"}, {}, True, asked=2), WHOLE, Result({"B?": "no"}, {}, True, 2), ASKED),
        (
            Result({"B?": "no"}, {}, True, asked=2), TORN,
            Failure("result", "the result is about 2 questions, of which 1 can be read"), ASKED[1:],
        ),
        (
            Result(WHOLE.wanted, {}, line=7), WHOLE,
            Failure("result", "the result says it is about line 7"), ASKED,
        ),
        (Result(WHOLE.wanted, {}, line=1), WHOLE, Result(WHOLE.wanted, {}, line=1), ASKED),
    ],
)  # fmt: skip
def test_the_results_of_a_lines_two_prompts_are_held_against_each_other(
    short: Result | Failure, long: Result | Failure, kept: Result | Failure,
    questions: tuple[Question, ...],
) -> None:  # fmt: skip
    one = released({key(1): short, key(1, "long"): long})
    data, (held,) = without_data([one], "test", "short", None)
    assert held.results[key(1)] == kept
    (asked,) = [case.questions for case in data.cases if case.id == "tiif/short/text/1"]
    assert asked == questions


def test_sets_and_splits_without_data() -> None:
    with pytest.raises(UigError, match="the set built-in has no released results"):
        without_data([], "built-in", "both", None)
    with pytest.raises(UigError, match='unknown TIIF split "middle"'):
        without_data([], "test", "middle", None)
