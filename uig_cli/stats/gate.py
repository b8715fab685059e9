"""The gate: one test of one difference, with one of four outcomes.

It fails only when a loss of more than the margin is beyond doubt, that is, when the whole 95 %
interval lies below it: where nothing truly changed, at most one gate in forty fails. It passes only
when it could have seen such a loss: too few cases give no verdict rather than a pass.
"""

from dataclasses import dataclass
from typing import Literal

from uig_cli.errors import UigError
from uig_cli.stats.paired import Difference

Outcome = Literal["passed", "failed", "incomplete", "underpowered"]


@dataclass(frozen=True, slots=True)
class Rule:
    """margin: the loss that is put up with, in 0..1; allow_missing: the share of pictures that may
    lack answers; allow_underpowered: pass, too, where a loss of the margin could not be seen."""

    margin: float
    allow_missing: float = 0.0
    allow_underpowered: bool = False


def decide(rule: Rule, difference: Difference, missing: int, pictures: int) -> Outcome:
    """missing: pictures, of all `pictures` that both sides should have, that lack an answer on
    either. Raises UigError where the difference has no interval."""
    if difference.high is None or difference.detectable is None:
        raise UigError(
            f"the gate needs an interval, got {difference.cases} prompts without two of one "
            "dimension; compare runs with more cases."
        )
    if missing > rule.allow_missing * pictures:
        return "incomplete"
    if difference.high < -rule.margin:
        return "failed"
    if difference.detectable > rule.margin and not rule.allow_underpowered:
        return "underpowered"
    return "passed"


def unseen(rule: Rule, difference: Difference) -> float:
    """A true loss below this, in 0..1, fails the gate in fewer than eight of ten runs: the margin
    and the smallest detectable loss together."""
    return rule.margin + (difference.detectable or 0.0)
