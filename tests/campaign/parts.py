"""One part of the campaign, and what came of it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Trials = Callable[[int, int], Iterator[str]]
"""(how many, seed) -> what went wrong in each, an empty text where nothing did."""

SHOWN = 20
"""Wrong trials that are kept in words."""


@dataclass(frozen=True, slots=True)
class CampaignPart:
    """what: a sentence for the table; full, quick: how many trials."""

    name: str
    what: str
    trials: Trials
    full: int
    quick: int


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """What a part came to. wrong: trials in which something went wrong; told: the first of them."""

    name: str
    what: str
    trials: int
    wrong: int
    told: tuple[str, ...]
    seconds: float
    seed: int


def run(part: CampaignPart, count: int, seed: int, say: Callable[[str], None]) -> CampaignResult:
    """All trials of a part; what goes wrong is said at once."""
    start, wrong, number = time.monotonic(), 0, 0
    told: list[str] = []
    for number, trouble in enumerate(part.trials(count, seed), 1):
        if trouble:
            wrong += 1
            say(f"{part.name} seed {seed} trial {number - 1}: {trouble}")
            told += [trouble] if len(told) < SHOWN else []
    seconds = round(time.monotonic() - start, 1)
    return CampaignResult(part.name, part.what, number, wrong, tuple(told), seconds, seed)
