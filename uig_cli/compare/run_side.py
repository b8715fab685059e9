"""One method of a run before one judge: its pictures by step, its cost, what its rounds did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from uig_cli.cases import Place
from uig_cli.errors import UigError
from uig_cli.results.outcomes import PictureScore, Results
from uig_cli.results.self_judging import self_judging

FINAL = "final"


@dataclass(frozen=True)
class Side:
    """step: None for the last one. Raises UigError for a step that the method does not have."""

    results: Results
    method: str
    step: int | None
    judge: str

    def __post_init__(self) -> None:
        last = self.results.last_step(self.method)
        if self.step is not None and self.step > last:
            raise UigError(
                f"{self.results.name}:{self.method} has the steps 0 to {last}, got @{self.step}."
            )

    @property
    def last(self) -> int:
        """The number of the step that is asked for."""
        return self.results.last_step(self.method) if self.step is None else self.step

    @property
    def what(self) -> str:
        return f"{self.method}@{FINAL if self.step is None else self.step}"

    @property
    def label(self) -> str:
        return f"{self.results.name}:{self.what}"

    def self_judging(self) -> Iterator[str]:
        """Whether its model judges itself, a sentence."""
        drawing, judge = self.results.identities[self.method], self.results.judges[self.judge]
        return self_judging({self.method: drawing}, {self.judge: judge})

    def at(self, step: int) -> Mapping[Place, PictureScore]:
        return self.results.at(self.method, self.judge, step)


@dataclass(frozen=True, slots=True)
class MeanCost:
    """Per case and sample, from the first picture up to the step that is compared. work: tokens
    through the decoder, None where some of it is not known."""

    pictures: float
    work: float | None
    decoder_passes: float
    tokens: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Round:
    """From one step to the next, in pictures that are answered in full at both.

    A picture is right when all its questions are. edited: new pictures that this round made;
    repaired, broken, still_...: the picture kept against the one kept before. by_edit: the picture
    made against the one kept before; by_return: the one kept against the one made.
    """

    step: int
    edited: int
    repaired: int
    broken: int
    still_right: int
    still_wrong: int
    repaired_by_edit: int
    broken_by_edit: int
    returned: int
    repaired_by_return: int
    broken_by_return: int


def cost(side: Side, places: Sequence[Place]) -> MeanCost:
    """Over the cases and samples of `places`."""
    return cost_to(side, side.last, places)


def cost_to(side: Side, last: int, places: Sequence[Place]) -> MeanCost:
    """The same up to step `last`."""
    spent = [
        outcome
        for step in range(last + 1)
        for outcome in map(side.at(step).get, places)
        if outcome is not None
    ]
    count = max(1, len(places))
    works = [one.work for one in spent if one.work is not None]
    return MeanCost(
        work=sum(works) / count if len(works) == len(spent) else None,
        pictures=sum(one.pictures for one in spent) / count,
        decoder_passes=sum(one.passes for one in spent) / count,
        tokens=sum(one.tokens for one in spent) / count,
        seconds=sum(one.seconds for one in spent) / count,
    )


def rounds(side: Side, places: Sequence[Place]) -> Iterator[Round]:
    """Every round up to the step asked for, over the cases and samples of `places`."""
    for step in range(1, side.last + 1):
        was, is_now = side.at(step - 1), side.at(step)
        both = [(was[place], is_now[place]) for place in places if place in was and place in is_now]
        known = _known(both)
        edits = _known((before, now.made) for before, now in both if now.drawn)
        returns = _known((now.made, now) for _, now in both if now.returned)
        yield Round(
            step=step,
            edited=sum(now.drawn for _, now in both),
            repaired=known.count((False, True)),
            broken=known.count((True, False)),
            still_right=known.count((True, True)),
            still_wrong=known.count((False, False)),
            repaired_by_edit=edits.count((False, True)),
            broken_by_edit=edits.count((True, False)),
            returned=sum(now.returned for _, now in both),
            repaired_by_return=returns.count((False, True)),
            broken_by_return=returns.count((True, False)),
        )


def _known(pairs: Iterable[tuple[PictureScore, PictureScore]]) -> list[tuple[bool, bool]]:
    """Whether each of two is right, where both are answered in full."""
    return [(a.right, b.right) for a, b in pairs if a.whole and b.whole]
