"""The places of either side are the denominators: what one side lacks is missing, or is told."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from uig_cli.compare.comparison import Comparison, compare
from uig_cli.compare.run_side import Side
from uig_cli.errors import UigError
from uig_cli.report.gate_report import gate
from uig_cli.report.phrasing import counted
from uig_cli.results.outcomes import PictureScore, Prompt, Results
from uig_cli.stats.gate import Rule

DIMENSION = "negation"


def side(
    cases: Iterable[int], right: Iterable[int], *, samples: int = 1, lost: Iterable[int] = ()
) -> Side:
    """One question a picture. lost: cases whose outcomes are not there."""
    chosen, good, gone = list(cases), set(right), set(lost)
    prompts = [Prompt(f"c/{case}", "h" * 16, "short", DIMENSION, 1, 1) for case in chosen]
    outcomes = [
        PictureScore(
            f"c/{case}", sample, "direct", 0, "j", int(case in good), 1, 0, True, 0.0, 0, 0
        )
        for case in chosen
        if case not in gone
        for sample in range(samples)
    ]
    results = Results("r", "0", "tiif", "", {"direct": {}}, {"j": {}}, prompts, outcomes)
    return Side(results, "direct", None, "j")


def told(found: Comparison) -> str:
    return counted(found, found.overall)


def test_outcomes_that_are_lost_are_missing() -> None:
    """A reference whose right answers are gone would turn a loss of half into a pass."""
    good, bad = range(40), range(20)
    whole = compare(side(range(40), good), side(range(40), bad), "short")
    assert whole.overall.difference == -0.5
    assert gate(Rule(0.05), whole, "overall").outcome == "failed"
    torn = compare(side(range(40), good, lost=range(20, 40)), side(range(40), bad), "short")
    assert (torn.pictures, torn.missing, torn.overall.cases) == (40, 20, 20)
    found = gate(Rule(0.05, allow_missing=0.4), torn, "overall")
    assert found.outcome == "incomplete" and found.exit_code == 3
    assert "20 cases, 20 missing" in found.line
    other = compare(side(range(40), good), side(range(40), bad, lost=[0]), "short")
    assert (other.pictures, other.missing) == (40, 1)


def test_cases_that_a_side_did_not_choose_stand_in_the_line() -> None:
    found = compare(side(range(264), range(264)), side(range(132), range(132)), "short")
    assert (found.cases, found.missing, found.left_out) == (132, 0, 132)
    assert told(found) == (
        "132 cases, 0 missing, 1 of 9 groups, 132 of 264 cases compared, 132 only in the baseline"
    )
    assert gate(Rule(0.5), found, "overall").line.endswith("132 only in the baseline")
    both = compare(side(range(20), [1]), side(range(10, 25), [1]), "short")
    assert told(both).endswith("10 of 25 cases compared, 10 only in the baseline, 5 only in the "
                               "candidate")  # fmt: skip


def test_a_case_under_another_name_is_another_case() -> None:
    """Short prompts that one side calls long are not compared as if they were both."""
    old, new = side(range(9), [1]), side(range(9), [1])
    first, second, third, *rest = new.results.prompts
    moved = [
        replace(first, split="long"), replace(second, dimension="color"), replace(third, sha256="x")
    ]  # fmt: skip
    new = Side(replace(new.results, prompts=[*moved, *rest]), "direct", None, "j")
    found = compare(old, new, "short")
    assert (found.cases, found.left_out) == (6, 3)
    assert "6 of 9 cases compared, 1 only in the baseline, 2 with another prompt" in told(found)


def test_dimensions_that_the_benchmark_does_not_have_are_one_sentence() -> None:
    strange = side(range(9), [1])
    prompts = [replace(one, dimension="nonsense") for one in strange.results.prompts]
    both = Side(replace(strange.results, prompts=prompts), "direct", None, "j")
    with pytest.raises(UigError, match=r"hold what tiif does not .*nonsense"):
        compare(both, both, "short")


def test_samples_that_one_side_lacks_are_told() -> None:
    found = compare(side(range(9), [1], samples=1), side(range(9), [1], samples=2), "short")
    assert (found.pictures, found.missing) == (9, 0)
    assert told(found).endswith("1 of 2 samples compared")
    same = compare(side(range(9), [1], samples=2), side(range(9), [1], samples=2), "short")
    assert "samples" not in told(same) and same.pictures == 18
