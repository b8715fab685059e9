"""`uig show --published`: a run's scores among those that others have published."""

from collections.abc import Sequence
from typing import Any

from uig_cli.compare.published import PublishedComparison, PublishedEntry
from uig_cli.report.printed import PlainTable, Printed
from uig_cli.results.figures import number, with_interval
from uig_cli.results.run import RunReader


def verdict(found: PublishedComparison) -> str:
    """One sentence on whether these numbers compare."""
    if found.comparability.reasons:
        return f"NOT COMPARABLE with published scores: {'; '.join(found.comparability.reasons)}."
    counterpart = found.comparability.counterpart
    return f"Same prompts and judge as published. {counterpart.note if counterpart else ''}".strip()


def show_published(run: RunReader, found: Sequence[PublishedComparison]) -> None:
    """A table for each split and judge, headed by what may be compared."""
    out = Printed()
    for one in found:
        out.line(verdict(one), "bold red" if one.comparability.reasons else "bold")
        if any(entry.source for entry in one.entries):
            out.table(_table(run, one))
        for gain in one.gains:
            out.line(f"Also published: {gain}")
        out.line()


def _table(run: RunReader, one: PublishedComparison) -> PlainTable:
    record = run.manifest.drawing.benchmark
    title = f"{record.name} {record.set} {one.split}".strip()
    table = PlainTable(f"{title}, judged by {one.judge} (percent)", "model", *one.metrics)
    table.word_column("judge")
    table.word_column("source")
    for entry in one.entries:
        cells = [_cell(entry, metric) for metric in one.metrics]
        where = [entry.source or _made_of(entry), entry.note]
        told = "; ".join(part for part in where if part)
        table.row(entry.model, *cells, entry.judge, told, style=None if entry.source else "bold")
    return table


def _cell(entry: PublishedEntry, metric: str) -> str:
    score, low, high = entry.scores.get(metric, (None, None, None))
    return number(score) if entry.source else with_interval(score, low, high)


def _made_of(entry: PublishedEntry) -> str:
    """What the run's own overall is made of, and what it lacks."""
    missing = f"{entry.missing} answers missing" if entry.missing else ""
    return ", ".join(part for part in (entry.groups, missing) if part)


def as_list(found: Sequence[PublishedComparison]) -> list[dict[str, Any]]:
    """What `--json` prints."""
    return [
        {
            "split": one.split,
            "judge": one.judge,
            "comparable": not one.comparability.reasons,
            "reasons": list(one.comparability.reasons),
            "rows": [
                {
                    "model": entry.model,
                    "judge": entry.judge,
                    "scores": {name: cell[0] for name, cell in entry.scores.items()},
                    "low": {name: cell[1] for name, cell in entry.scores.items()},
                    "high": {name: cell[2] for name, cell in entry.scores.items()},
                    "source": entry.source,
                    "note": entry.note,
                    "missing": entry.missing,
                    "groups": entry.groups,
                }
                for entry in one.entries
            ],
            "gains": list(one.gains),
        }
        for one in found
    ]
