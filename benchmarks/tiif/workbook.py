"""TIIF's scores as the official scripts print them, beside the same without rounding.

The official scripts pass a workbook on: a dimension's accuracy is written with four decimals, and
groups, levels and overall are means of those texts. That moves an overall by at most 0.000013. The
mean over all columns alone is taken before they are written, and rounded itself. All numbers are
shares, 0..1; None stands for no data.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from uig_cli.benchmarks.tiif.dimensions import GROUPS
from uig_cli.stats.stratified import Tally

LEVELS = {"Basic Following": "Basic/", "Advanced Following": "Advanced/"}

Scores = dict[str, dict[str, Any]]


def workbook(tallies: Mapping[str, Sequence[Tally]]) -> dict[str, Any]:
    """tallies: by split, one per picture asked for, those without an answer included.

    files: pictures with an answer; dimensions, groups, levels and overall by split.
    """
    pictures = [(split, tally) for split, found in tallies.items() for tally in found]
    missing: dict[str, int] = {}
    for split, tally in pictures:
        if not tally.answered:
            name = f"{tally.dimension}/{split}"
            missing[name] = missing.get(name, 0) + 1
    dimensions: Scores = {
        name: {split: _pooled(name, found) for split, found in tallies.items()}
        for names in GROUPS.values()
        for name in names
    }

    def means(names: Iterable[str]) -> dict[str, Any]:
        chosen = [dimensions[name] for name in names]
        return {split: _mean_of([one[split] for one in chosen]) for split in tallies}

    groups = {group: means(names) for group, names in GROUPS.items()}
    columns = [one["accuracy"] for by in dimensions.values() for one in by.values() if one]
    return {
        "files": len(pictures) - sum(missing.values()),
        "files_expected": len(pictures),
        "files_missing": sum(missing.values()),
        "missing_by_dimension": dict(sorted(missing.items())),
        "dimensions": dimensions,
        "groups": groups,
        "level_averages": {
            level: means(n for group in GROUPS if group.startswith(start) for n in GROUPS[group])
            for level, start in LEVELS.items()
        },
        "overall": {
            split: {
                kind: _mean([group[split][kind] for group in groups.values()])
                for kind in ("official", "unrounded")
            }
            for split in tallies
        },
        "mean_accuracy_all_columns_official": _rounded(_mean(columns)),
    }


def _pooled(dimension: str, tallies: Sequence[Tally]) -> dict[str, Any] | None:
    found = [tally for tally in tallies if tally.dimension == dimension and tally.answered]
    questions = sum(tally.answered for tally in found)
    if not questions:
        return None
    correct = sum(tally.correct for tally in found)
    return {
        "files": len(found),
        "questions": questions,
        "correct": correct,
        "accuracy": correct / questions,
        "accuracy_4dp": float(f"{correct / questions:.4f}"),
    }


def _mean_of(scores: Sequence[dict[str, Any] | None]) -> dict[str, float | None]:
    known = [score for score in scores if score is not None]
    return {
        "official": _mean([score["accuracy_4dp"] for score in known]),
        "unrounded": _mean([score["accuracy"] for score in known]),
    }


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
