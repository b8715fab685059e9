"""From run folders to the study's figures: scores by round, what edits and choices did, paired
differences, and what the examiner took for right.

Seeds of a prompt count as its samples: prompts, not pictures, are what differs by chance. The score
is `strict`, nothing wrong by the prompt's own specification; the questions stand beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from uig_cli.cases import Place
from uig_cli.compare.run_side import Round, Side, rounds
from uig_cli.results.outcomes import PictureScore, Results
from uig_cli.results.reference import open_results
from uig_cli.stats.holm import holm
from uig_cli.stats.paired import Counts, Difference, Pair, differences
from uig_cli.stats.stratified import Line, Tally, nested_means

STRICT, QUESTIONS = "strict", "exact"


@dataclass(frozen=True)
class Runs:
    """The runs of one setting, a seed each."""

    results: Sequence[Results]
    folders: Sequence[Path]

    @classmethod
    def of(cls, folders: Sequence[Path]) -> "Runs":
        return cls([open_results(folder) for folder in folders], folders)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {
            case: prompt.dimension for one in self.results for case, prompt in one.by_id.items()
        }

    def kept(self, method: str, judge: str, step: int | None = None) -> "Kept":
        """The pictures held at a step, by seed; None: the last."""
        return [
            one.at(
                method,
                judge,
                one.last_step(method) if step is None else min(step, one.last_step(method)),
            )
            for one in self.results
        ]

    def ceiling(self, method: str, judge: str) -> "Kept":
        """The best-scored picture of each trace, by seed: what the best choice among the pictures
        that the method made would come to."""
        found: list[Mapping[Place, PictureScore]] = []
        for one in self.results:
            best: dict[Place, PictureScore] = {}
            for step in range(one.last_step(method) + 1):
                for place, kept in one.at(method, judge, step).items():
                    for each in (kept, kept.made):
                        if place not in best or _share(each) > _share(best[place]):
                            best[place] = each
            found.append(best)
        return found

    def spent(self, method: str) -> Mapping[str, float]:
        """Mean work, pictures and seconds of a case, to the last step."""
        return self.spent_by(method)[-1]

    def spent_by(self, method: str) -> list[Mapping[str, float]]:
        """The same up to each step."""
        found: list[Mapping[str, float]] = []
        total = {"work": 0.0, "pictures": 0.0, "seconds": 0.0}
        places = sum(len(one.at(method, STRICT, 0)) for one in self.results)
        last = max(one.last_step(method) for one in self.results)
        for step in range(last + 1):
            for one in self.results:
                for kept in one.at(method, STRICT, step).values():
                    total["work"] += kept.work or 0
                    total["pictures"] += kept.pictures
                    total["seconds"] += kept.seconds
            found.append({name: value / places for name, value in total.items()})
        return found


def _share(one: PictureScore) -> float:
    return one.correct / one.answered if one.answered else -1.0


Kept = Sequence[Mapping[Place, PictureScore]]


def line_of(kept: Kept, dimensions: Mapping[str, str]) -> Line:
    """The score of all, with its interval: dimensions weigh the same."""
    return nested_means(list(_tallies(kept, dimensions)), _groups(dimensions), dimension_level="d")[
        -1
    ]


def _groups(dimensions: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    return {"all": sorted(set(dimensions.values()))}


def _tallies(kept: Kept, dimensions: Mapping[str, str]) -> Iterator[Tally]:
    for case, counts in _counts(kept).items():
        yield Tally(case, dimensions[case], counts.correct, counts.answered, 0)


def _counts(kept: Kept) -> dict[str, Counts]:
    found: dict[str, list[PictureScore]] = defaultdict(list)
    for seed in kept:
        for (case, _), one in seed.items():
            if one.whole:
                found[case].append(one)
    return {
        case: Counts(
            sum(one.correct for one in each),
            sum(one.answered for one in each),
            sum(one.right for one in each),
        )
        for case, each in found.items()
    }


def paired(before: Kept, after: Kept, dimensions: Mapping[str, str]) -> Difference:
    """Over the cases and seeds that both have, case by case."""
    both = [
        {place: None for place in was if place in now and was[place].whole and now[place].whole}
        for was, now in zip(before, after, strict=True)
    ]
    sides = [
        _counts(
            [{place: seed[place] for place in kept} for seed, kept in zip(side, both, strict=True)]
        )
        for side in (before, after)
    ]
    pairs = [
        Pair(case, dimensions[case], sides[0][case], sides[1][case], len(both)) for case in sides[0]
    ]
    tallies = [Tally(p.case, p.dimension, p.before.correct, p.before.answered, 0) for p in pairs]
    lines = nested_means(tallies, _groups(dimensions), dimension_level="d")
    return differences(pairs, lines)[-1]


def summed_rounds(runs: Runs, method: str, judge: str = STRICT) -> list[Mapping[str, int]]:
    """What each round did, over all seeds."""
    total: dict[int, dict[str, int]] = {}
    for one in runs.results:
        places = list(one.at(method, judge, 0))
        for found in rounds(Side(one, method, None, judge), places):
            kept = total.setdefault(found.step, dict.fromkeys(asdict(found), 0))
            for name, value in asdict(found).items():
                kept[name] = value if name == "step" else kept[name] + value
    return [total[step] for step in sorted(total)]


def confusion(folders: Iterable[Path], method: str = "uig") -> Mapping[str, Mapping[str, int]]:
    """What the examiner said of right and of wrong pictures: of first ones, and of all in the
    traces of a method."""
    found: dict[str, dict[str, int]] = {"first": defaultdict(int), "all": defaultdict(int)}
    for folder in folders:
        steps = pd.read_parquet(folder / "tables" / "steps.parquet")
        rows = steps[
            (steps["method"] == method) & (steps["judge"] == STRICT) & steps["still_running"]
        ]
        for row in rows[rows["verdict"].notna()].itertuples():
            told = f"{'right' if row.score == 100 else 'wrong'} called {row.verdict}"
            found["all"][told] += 1
            if row.step == 0:
                found["first"][told] += 1
    return {name: dict(counts) for name, counts in found.items()}


def shown(line: Line) -> dict[str, Any]:
    """A score in percent."""
    return {name: _percent(getattr(line, name)) for name in ("score", "low", "high")}


def told(one: Difference) -> dict[str, Any]:
    """A difference in points."""
    return {
        "difference": _percent(one.difference),
        "low": _percent(one.low),
        "high": _percent(one.high),
        "p": one.p,
        "wins": one.wins,
        "losses": one.losses,
    }


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 2)


def with_holm(found: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same with p adjusted over all that are in it."""
    adjusted = holm([one["p"] for one in found.values()])
    return {
        name: {**one, "holm": value}
        for (name, one), value in zip(found.items(), adjusted, strict=True)
    }


__all__ = [
    "QUESTIONS", "STRICT", "Kept", "Round", "Runs", "confusion", "line_of", "paired", "shown",
    "summed_rounds", "told", "with_holm",
]  # fmt: skip
