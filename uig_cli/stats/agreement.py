"""How far answers agree: between two judges, and of one judge with itself.

A judge that says yes to nearly everything agrees with any other such judge by chance; kappa counts
what is beyond that. Two judges: Cohen (1960). One judge asked several times: Fleiss (1971), here
with as many votes per question as there were.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """questions: those with two answers or more; share: in 0..1, None without any; kappa: 1 at
    best, 0 at chance, None where chance alone would agree always."""

    questions: int
    share: float | None
    kappa: float | None


def between(answers: Iterable[tuple[str, str]]) -> Agreement:
    """Of two judges: the pair of answers to every question that both answered."""
    counted = Counter(answers)
    total = counted.total()
    if not total:
        return Agreement(0, None, None)
    same = sum(count for (one, other), count in counted.items() if one == other)
    first, second = Counter[str](), Counter[str]()
    for (one, other), count in counted.items():
        first[one] += count
        second[other] += count
    chance = sum(first[word] * second[word] for word in first) / total**2
    return _beyond(total, same / total, chance)


def within(votes: Iterable[tuple[int, int]]) -> Agreement:
    """Of one judge: how often each question got yes and no. The share is the chance that two of
    a question's votes are equal, averaged over questions with two votes or more."""
    repeated = [(yes, no) for yes, no in votes if yes + no > 1]
    if not repeated:
        return Agreement(0, None, None)
    alike = sum(
        (yes * (yes - 1) + no * (no - 1)) / ((yes + no) * (yes + no - 1)) for yes, no in repeated
    )
    all_yes = sum(yes for yes, _ in repeated) / sum(yes + no for yes, no in repeated)
    return _beyond(len(repeated), alike / len(repeated), all_yes**2 + (1 - all_yes) ** 2)


def _beyond(questions: int, share: float, chance: float) -> Agreement:
    return Agreement(questions, share, None if chance == 1 else (share - chance) / (1 - chance))
