"""Rounds tell what edits did from what returning to an earlier picture did."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from uig_cli.compare.run_side import Side, cost, rounds
from uig_cli.report.phrasing import rounds_table
from uig_cli.results.outcomes import PictureScore, Prompt, Results

PROMPTS = [Prompt(name, name * 16, "", "", 2, 2) for name in "abcd"]
PLACES = [(prompt.id, 0) for prompt in PROMPTS]


def outcome(
    case: str, step: int, kept: int, made: int | None = None, candidates: int = 0
) -> PictureScore:
    """kept, made: how many of two answers are right."""
    one = PictureScore(
        case, 0, "keep", step, "judge", kept, 2, 0, True, 1.0, 10, 5, candidates=candidates
    )
    if made is None:
        return one
    return replace(one, made_correct=made, made_answered=2, made_missing=0, returns_to=0)


def side(outcomes: Sequence[PictureScore]) -> Side:
    results = Results("r", "0", "tiif", "", {"keep": {}}, {"judge": {}}, PROMPTS, outcomes)
    return Side(results, "keep", None, "judge")


KEPT = side(
    [
        outcome("a", 0, 2), outcome("a", 1, 2, made=1),  # the edit broke it, the return mended it
        outcome("b", 0, 1), outcome("b", 1, 1, made=2),  # the edit repaired it, the return broke it
        outcome("c", 0, 1), outcome("c", 1, 2),  # repaired by the edit, and kept
        outcome("d", 0, 2), outcome("d", 1, 1),  # broken by the edit, and kept
    ]
)  # fmt: skip


def test_edits_and_returns_are_told_apart() -> None:
    (found,) = rounds(KEPT, PLACES)
    assert (found.edited, found.repaired, found.broken) == (4, 1, 1)
    assert (found.still_right, found.still_wrong) == (1, 1)
    assert (found.repaired_by_edit, found.broken_by_edit) == (2, 2)
    assert (found.returned, found.repaired_by_return, found.broken_by_return) == (2, 1, 1)


def test_the_table_is_as_wide_as_there_is_to_tell() -> None:
    head, rows = rounds_table(list(rounds(KEPT, PLACES)))
    assert head[-1] == "broken by return" and rows == [list("14111122211")]
    plain = side([outcome("a", 0, 1), outcome("a", 1, 2)])
    head, rows = rounds_table(list(rounds(plain, PLACES[:1])))
    assert head[-1] == "still wrong" and rows == [list("111000")]


def test_all_candidates_are_paid_for() -> None:
    several = side([outcome("a", 0, 2, candidates=3), outcome("a", 1, 2, made=1, candidates=4)])
    assert cost(several, PLACES[:1]).pictures == 7
    assert cost(KEPT, PLACES).pictures == 2


def test_a_reference_file_keeps_what_was_made(tmp_path: Path) -> None:
    from uig_cli.results.reference import _lines, read_reference

    path = tmp_path / "reference.json"
    path.write_text("\n".join(_lines(KEPT.results)) + "\n")
    assert read_reference(path).outcomes == tuple(KEPT.results.outcomes)
    plain = side([outcome("a", 0, 1)])
    path.write_text("\n".join(_lines(plain.results)) + "\n")
    assert "made_correct" not in path.read_text() and "candidates" not in path.read_text()
    assert read_reference(path).outcomes == tuple(plain.results.outcomes)
