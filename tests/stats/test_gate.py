"""The gate's outcomes at their boundaries."""

import pytest

from uig_cli.errors import UigError
from uig_cli.stats.gate import Rule, decide, exceeded, unseen
from uig_cli.stats.paired import Difference


def found(
    difference: float, low: float | None, high: float | None, detectable: float | None
) -> Difference:
    return Difference(
        level="overall", name="overall", dimensions=("d",), before=0.9, after=0.9 + difference,
        difference=difference, low=low, high=high, p=0.5, adjusted=None, detectable=detectable,
        cases=66, wins=0, ties=66, losses=0, right_before=0, right_after=0, pictures=66,
        right_p=None,
    )  # fmt: skip


SEEN, UNSEEN = 0.04, 0.13


@pytest.mark.parametrize("allow", [False, True])
@pytest.mark.parametrize(
    ("difference", "high", "detectable", "outcome"),
    [
        (-0.10, -0.0501, SEEN, "failed"),
        (-0.10, -0.05, SEEN, "passed"),  # touches the margin: not beyond doubt
        (-0.04, -0.01, SEEN, "passed"),  # a loss that is put up with
        (-0.04, -0.01, 0.05, "passed"),  # a loss of the margin could be seen
        (-0.142, -0.06, UNSEEN, "failed"),
        (-0.142, -0.05, UNSEEN, "worse"),
        (-0.142, -1e-9, UNSEEN, "worse"),
        (-0.04, -0.01, UNSEEN, "worse"),
    ],
)
def test_what_is_beyond_doubt_no_option_excuses(
    difference: float, high: float, detectable: float, outcome: str, allow: bool
) -> None:
    rule = Rule(0.05, allow_underpowered=allow)
    assert decide(rule, found(difference, -0.5, high, detectable), 0, 66) == outcome


@pytest.mark.parametrize("high", [0.0, 0.07])
def test_the_option_excuses_what_cannot_be_told(high: float) -> None:
    unsure = found(-0.06, -0.2, high, UNSEEN)
    assert decide(Rule(0.05), unsure, 0, 66) == "underpowered"
    assert decide(Rule(0.05, allow_underpowered=True), unsure, 0, 66) == "passed"


def test_missing_answers_come_first_and_only_beyond_what_is_allowed() -> None:
    lost = found(-0.142, -0.2, -0.1, SEEN)
    assert decide(Rule(0.05), lost, 1, 66) == "incomplete"
    assert decide(Rule(0.05, allow_missing=0.25), lost, 17, 66) == "incomplete"
    assert decide(Rule(0.05, allow_missing=0.25), lost, 15, 60) == "failed"


def test_missing_answers_come_before_a_lack_of_prompts() -> None:
    """All but one prompt are lost: that is what is wrong, and what the exit code has to tell."""
    alone = found(0.0, None, None, None)
    assert decide(Rule(0.05), alone, 65, 66) == "incomplete"
    with pytest.raises(UigError, match="needs an interval"):
        decide(Rule(0.05, allow_missing=1.0), alone, 65, 66)


def test_a_loss_of_the_margin_does_not_exceed_it() -> None:
    """Nor where a rounding error says so: 0.9 - 0.85 is more than 0.05 to a computer."""
    assert -(0.85 - 0.9) > 0.05
    assert not exceeded(Rule(0.05), found(0.85 - 0.9, -0.1, -0.01, UNSEEN))
    assert exceeded(Rule(0.05), found(-0.0501, -0.1, -0.01, UNSEEN))


def test_without_an_interval_there_is_no_gate() -> None:
    with pytest.raises(UigError, match="got 66 prompt"):
        decide(Rule(0.05), found(0.0, None, None, None), 0, 66)


def test_a_loss_that_is_seen_is_the_margin_and_what_can_be_detected() -> None:
    assert unseen(Rule(0.05), found(0.0, -0.1, 0.1, UNSEEN)) == pytest.approx(0.18)
    assert unseen(Rule(0.05), found(0.0, None, None, None)) == 0.05
