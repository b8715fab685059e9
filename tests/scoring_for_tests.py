"""A benchmark that needs two kinds of findings, one that needs ratings, and scorers for them, as
installed packages would offer them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.protocol import Benchmark, Check, Data, Found, Source
from uig_cli.cases import Case, Question
from uig_cli.models.protocol import Failure
from uig_cli.scoring.protocol import Answer, Asked, Finding, Kind, Rating, Reply
from uig_cli.stats.stratified import Line, Tally, nested_means

QUESTIONS = (Question("Is it red?", "yes"), Question("Is it blue?", "no"))
CRITERIA = ("beauty", "calm")


class Moods(Benchmark):
    """Two questions and two ratings a picture, the second of which counts three times as much."""

    card = Card("moods", "how it feels", sets=("all",), needs=("answers", "ratings"))

    def open(self, source: Source) -> Data:
        cases = tuple(Case(f"moods/{n}", f"mood {n}", "", f"m{n % 2}", QUESTIONS) for n in range(4))
        return Data(cases, "all", "00", (), "moods")

    def wanted(self, case: Case, kind: Kind) -> tuple[str, ...]:
        if kind not in self.needs:
            return ()
        texts = {"answers": tuple(q.text for q in case.questions), "ratings": CRITERIA}
        return texts.get(kind, ())

    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        answers = zip(case.questions, found.get("answers", ()), strict=False)
        ratings = zip(CRITERIA, (1, 3), found.get("ratings", ()), strict=False)
        return (
            *(Check.of(q.text, q.wanted, answer) for q, answer in answers),
            *(Check.of(name, "", rating, weight) for name, weight, rating in ratings),
        )

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        return nested_means(tallies, {"m0": ["m0"], "m1": ["m1"]}, dimension_level="dimension")


class Beauty(Moods):
    """Ratings alone."""

    card = Card("beauty", "how it looks", sets=("all",), needs=("ratings",))


class Toy:
    """A scorer that says what a rule says to each text; counts what it is asked."""

    batch = 2

    def __init__(self, name: str, kind: Kind, rule: Any) -> None:
        self.name, self.kind, self.rule = name, kind, rule
        self.identity: Mapping[str, str] = {"judge": name}
        self.asked: list[tuple[str, str]] = []

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        for index, item in enumerate(items):
            self.asked += [(item.picture.sha256, text) for text in item.wanted]
            found: list[Finding | Failure] = [self.rule(item.picture, t) for t in item.wanted]
            failed = next((one for one in found if isinstance(one, Failure)), None)
            yield index, failed or tuple(found)  # type: ignore[arg-type]


def asker() -> Toy:
    return Toy("asker", "answers", lambda picture, text: Answer("yes"))


def rater(calm: float = 0.25) -> Toy:
    ratings = {"beauty": Rating(1.0), "calm": Rating(calm)}
    return Toy("rater", "ratings", lambda picture, text: ratings[text])


@dataclass(frozen=True)
class Entry:
    """An entry point."""

    name: str
    thing: Any
    dist: Any = None
    value: str = "toy:thing"
    load: Any = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "load", lambda: self.thing)


def offer(
    monkeypatch: pytest.MonkeyPatch, *, benchmarks: Sequence[Any] = (), **groups: Any
) -> None:
    """As if packages offered these. groups: judges, detectors, readers."""
    offered = {"uig.benchmarks": [Entry(one.name, one) for one in benchmarks]}
    offered |= {
        f"uig.{group}": [Entry(one.name, one) for one in gs] for group, gs in groups.items()
    }

    from uig_cli import registry

    monkeypatch.setattr(
        registry,
        "offered",
        lambda group: {one.name: one for one in offered.get(f"uig.{group}", [])},
    )
