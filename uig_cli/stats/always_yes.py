"""The judge that always says yes: what a score comes to when nobody looks at the pictures."""

from collections.abc import Iterable

from uig_cli.cases import Case
from uig_cli.stats.stratified import Tally


def always_yes(cases: Iterable[Case]) -> list[Tally]:
    """Its tallies, one picture a case, for a benchmark's `summary`; cases without questions (those
    that a detector judges) have none."""
    return [
        Tally(
            case=case.id,
            dimension=case.dimension,
            correct=sum(question.wanted == "yes" for question in case.questions),
            answered=len(case.questions),
            missing=0,
        )
        for case in cases
        if case.questions
    ]
