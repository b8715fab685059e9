"""The gate: one test of one difference, with one of five outcomes.

It fails only when a loss of more than the margin is beyond doubt, that is, when the whole 95 %
interval lies below it: where nothing truly changed, at most one gate in forty fails. It passes only
when it could have seen such a loss: too few cases give no verdict rather than a pass. Too few
cases that show a loss all the same, one whose size alone is in doubt, never pass.
"""

from dataclasses import dataclass
from typing import Literal

from uig_cli.errors import UigError
from uig_cli.stats.paired import Difference

Outcome = Literal["passed", "failed", "worse", "incomplete", "underpowered"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Rule:
    """margin: the loss that is put up with, in 0..1; allow_missing: the share of pictures that may
    lack answers; allow_underpowered: pass, too, where a loss of the margin could not be seen and
    none is."""

    margin: float
    allow_missing: float = 0.0
    allow_underpowered: bool = False


def decide(rule: Rule, difference: Difference, missing: int, pictures: int) -> Outcome:
    """missing: pictures, of all `pictures` that both sides should have, that lack an answer on
    either; they come first. Raises UigError where the difference has no interval."""
    if missing > rule.allow_missing * pictures:
        return "incomplete"
    if difference.high is None or difference.detectable is None:
        raise UigError(
            f"the gate needs an interval, got {difference.cases} prompt that both sides have "
            "an answer for; compare runs with more cases."
        )
    if difference.high < -rule.margin:
        return "failed"
    if difference.detectable <= rule.margin:
        return "passed"
    if difference.high < 0:
        return "worse"
    return "passed" if rule.allow_underpowered else "underpowered"


def exceeded(rule: Rule, difference: Difference) -> bool:
    """Whether the loss itself, be it in doubt or not, is more than the margin."""
    return -difference.difference > rule.margin + _ROUNDING


def unseen(rule: Rule, difference: Difference) -> float:
    """A true loss below this, in 0..1, fails the gate in fewer than eight of ten runs: the margin
    and the smallest detectable loss together."""
    return rule.margin + (difference.detectable or 0.0)
