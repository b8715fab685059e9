"""What is missing is told where it is worst: of a method, before a judge, at a step."""

import pytest

from uig_cli.commands.finish import check_complete
from uig_cli.errors import Incomplete
from uig_cli.results.columns import (
    AgreementRow,
    CandidateRow,
    QuestionRow,
    StepRow,
    SummaryRow,
    TextRow,
    frame,
)
from uig_cli.results.completeness import other_shards, worst_missing, worst_unread
from uig_cli.results.tables import Selection, Tables
from uig_cli.results.text_rendering import READ, text_summary


def step(
    case: int, method: str, number: int, *, judge: str = "j", drawn: bool = True, missing: int = 0
) -> StepRow:
    return StepRow(
        case=f"c/{case}", split="short", dimension="d", sample=0, method=method, step=number,
        judge=judge, score=None, asked=2, correct=None, missing=missing, verdict=None,
        instruction=None, still_running=True, failure=None if drawn else "lost: gone",
        seconds=0.0, decoder_passes=0, work=None, tokens=0, size=None, seed=0,
        sha256="a" if drawn else None, made_sha256=None, made_score=None,
        kept_by=None, made_kept_by=None,
        made_verdict=None, made_instruction=None, returns_to=None,
        comes_back_to=None,
        picture=None,
    )  # fmt: skip


def text(case: int, number: int, status: str, gned: float | None) -> TextRow:
    return TextRow(
        f"c/{case}", "short", 0, "uig", number, "eye", 1, None, gned, gned, status, "a", None
    )


def tables(steps: list[StepRow], texts: list[TextRow] | None = None) -> Tables:
    return Tables(
        frame(StepRow, steps), frame(CandidateRow, []), frame(QuestionRow, []),
        frame(SummaryRow, []), frame(TextRow, texts or []), frame(AgreementRow, []),
    )  # fmt: skip


def whole(cases: int, *, readers: tuple[str, ...] = (), shard: str = "") -> Selection:
    ids = [f"c/{case}" for case in range(cases)]
    return Selection(ids, ["direct", "uig"], 1, ["j", "k"], readers, shard)


LOOP = [step(case, "direct", 0) for case in range(100)] + [
    step(case, "uig", number, drawn=number < 4 or case >= 20)
    for case in range(100)
    for number in range(5)
]
"""20 of 100 last pictures of a loop are lost: 20 of 600 rows."""


def test_the_share_is_that_of_the_step_that_lost_most(capsys: pytest.CaptureFixture[str]) -> None:
    found = worst_missing(tables(LOOP), whole(100))
    assert found is not None and found.share == 0.2
    assert str(found) == "20 of 100 (short, uig, judged by j, step 4, the last)"
    check_complete(tables(LOOP), whole(100), 0.2)
    with pytest.raises(Incomplete, match=r"20\.0 % .* 20 of 100 \(short, uig,"):
        check_complete(tables(LOOP), whole(100), 0.19)
    assert "20 pictures missing: lost: gone" in capsys.readouterr().err


def test_one_judge_of_two_and_an_earlier_step_count_by_themselves() -> None:
    steps = [
        step(case, "uig", number, judge=judge, missing=int(judge == "k" and number == 0))
        for case in range(4)
        for number in range(2)
        for judge in ("j", "k")
    ]
    found = worst_missing(tables(steps), whole(4))
    assert found is not None and (found.judge, found.step, found.share) == ("k", 0, 1.0)
    assert not found.final
    nobody = Selection(["c/0"], ["uig"], 1)
    only_drawn = worst_missing(tables(steps), nobody)
    assert only_drawn is not None and only_drawn.share == 0


def test_nothing_was_asked_for() -> None:
    assert worst_missing(tables([]), whole(1)) is None
    check_complete(tables([]), whole(1), 0.0)


def test_words_that_could_not_be_read_count_by_step() -> None:
    texts = [text(case, number, READ, 0.0) for case in range(4) for number in range(4)]
    texts[-1] = text(3, 3, "refused: blurred", None)
    held = whole(4, readers=("eye",))
    found = worst_unread(tables(LOOP, texts), held)
    assert found is not None and (found.lost, found.pictures, found.step) == (1, 4, 3)
    with pytest.raises(Incomplete, match=r"25\.0 % of the pictures could not be read"):
        check_complete(tables(LOOP[4:100], texts), held, 0.2)


def test_what_other_shards_still_have_to_do() -> None:
    steps = [step(case, "direct", 0, drawn=case % 2 == 0 or case == 1) for case in range(6)]
    mine = Selection(["c/0", "c/2", "c/4"], ["direct"], 1, ["j"], (), "0 of 2")
    assert other_shards(tables(steps), mine) == (2, 3)


def test_steps_of_texts_are_over_the_same_samples() -> None:
    """A sample that was not read at one step is missing at each; the last step by itself is not."""
    texts = [text(0, 0, READ, 0.0), text(1, 0, "lost: gone", None)]
    texts += [text(0, 1, READ, 0.5), text(1, 1, READ, 1.0)]
    means = text_summary(frame(TextRow, texts)).set_index("step")
    assert means["gned"].to_dict() == {"0": 0.0, "1": 0.5, "final": 0.75}
    assert means["cases"].to_dict() == {"0": 1, "1": 1, "final": 2}
    assert means["missing"].to_dict() == {"0": 1, "1": 1, "final": 0}
