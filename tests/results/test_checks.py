"""Lines of a score: right, wrong or in part, and what they come to."""

import pytest

from tests.scoring_for_tests import Beauty, Moods
from uig_cli.benchmarks.protocol import Check
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.cases import Case
from uig_cli.loop.trace import Step, Trace
from uig_cli.models.protocol import Failure
from uig_cli.results.outcomes import PictureScore
from uig_cli.results.rows import CaseTrace, Scored, _always_yes
from uig_cli.scoring.protocol import Answer, Detections, Rating

CASE = Case("x/0", "a dog", "", "d")
STEP = Step(0, None)
DRAWN = CaseTrace(CASE, "direct", 0, Trace((STEP,)), (STEP,))


def tally(*checks: Check) -> tuple[float, int, int]:
    found = Scored(DRAWN, STEP, "eye", checks).tally
    return found.correct, found.answered, found.missing


def graded(value: float | None, weight: float = 1) -> Check:
    rating = Rating(None, "refused") if value is None else Rating(value)
    return Check.of("beauty", "", rating, weight)


def test_a_line_of_each_finding() -> None:
    right = Check.of("Red?", "yes", Answer("yes", raw="Yes."))
    assert (right.value, right.correct, right.answer, right.raw) == (1, True, "yes", "Yes.")
    assert (Check.of("Red?", "no", Answer("yes")).value) == 0
    lost = Check.of("Red?", "no", Answer(None, "refused"))
    assert (lost.value, lost.correct, lost.status) == (None, None, "refused")
    failed = Check.of("Red?", "no", Failure("memory", "none left"))
    assert (failed.value, failed.status) == (None, "memory: none left")
    part = graded(0.75)
    assert (part.value, part.answer, part.correct) == (0.75, "0.75", False)
    assert graded(1).correct is True
    with pytest.raises(TypeError, match="expected an answer or a rating"):
        Check.of("Red?", "no", Detections({}, {}, (8, 8)))


def test_a_verdict_of_rules_tells_its_value_by_its_answer() -> None:
    assert Check("dog>=1", "right", "wrong", "answered").value == 0
    assert Check("dog>=1", "right", "right", "answered").value == 1
    assert Check("dog>=1", "right", None, "color: nobody looked").value is None


@pytest.mark.parametrize(("value", "weight"), [(1.5, 1), (-0.1, 1), (0.5, 0), (0.5, float("inf"))])
def test_values_and_weights_that_cannot_be(value: float, weight: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        Check("q", "", "x", "answered", value=value, weight=weight)


def test_sums_of_right_and_wrong_are_whole_numbers() -> None:
    found = tally(*(Check.of("q", "yes", Answer(said)) for said in ("yes", "no", "yes")))
    assert found == (2, 3, 0) and all(isinstance(number, int) for number in found)


def test_weights_count_within_a_picture() -> None:
    assert tally(graded(1), graded(0.5)) == (1.5, 2, 0)
    assert tally(graded(1, 3), graded(0, 1)) == (1.5, 2, 0)
    assert tally(graded(1, 2), graded(0, 2)) == (1, 2, 0)
    # What is missing lowers nothing.
    assert tally(graded(0.5, 3), graded(None, 7)) == (0.5, 1, 1)


def test_right_in_all_is_right_in_full() -> None:
    def right(*checks: Check) -> bool:
        correct, answered, missing = tally(*checks)
        return PictureScore("x", 0, "m", 0, "j", correct, answered, missing, True, 0, 0, 0).right

    assert right(graded(1.0, 0.1), graded(1.0, 0.2), graded(1.0, 0.7))
    assert not right(graded(1.0, 0.1), graded(0.999, 0.2), graded(1.0, 0.7))
    assert not right(graded(1.0), graded(None))


def test_always_yes_is_told_where_the_score_is_answers_alone() -> None:
    (case, *_) = Moods().open(None).cases  # type: ignore[arg-type]
    assert not _always_yes([case], Moods()) and not _always_yes([case], Beauty())
    (*_, blind) = _always_yes([Case("t", "", "", "text", case.questions)], tiif).values()
    assert blind == 50
