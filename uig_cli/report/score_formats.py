"""Score tables as Markdown, CSV and Parquet; `tex_tables` has those for papers.

Markdown is for reading: a table for each block, its notes below. CSV and Parquet are for computing:
all rows in one table, the block and the notes in columns of their own. Names come from users and
their files, so the texts for reading escape them.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from uig_cli.report import escape
from uig_cli.report.scores import Cell, ScoreBlock, ScoreRow, group_names
from uig_cli.report.tex_tables import SELF_JUDGED, Intervals
from uig_cli.results.figures import CAPTION, of_groups, with_interval
from uig_cli.results.tables import csv_text

if TYPE_CHECKING:
    import pandas as pd

_COUNTS = ("groups", "cases", "missing")


def markdown(blocks: Sequence[ScoreBlock], intervals: Intervals = "full") -> str:
    return "\n".join(line for block in blocks for line in _markdown(block, intervals)) + "\n"


def _markdown(block: ScoreBlock, intervals: Intervals) -> Iterator[str]:
    names = group_names([block])
    yield f"## Table {block.number}: {escape.markdown(block.title)}\n"
    yield _bars(["run", "model", "method", *map(escape.markdown, names), *_COUNTS])
    yield "|---|---|---|" + "---:|" * (len(names) + len(_COUNTS))
    for row in block.rows:
        run, model, method = map(escape.markdown, (row.run, row.model, row.method))
        cells = [_shown(row.cells.get(name), intervals) for name in names]
        mark = " †" if row.self_judged else ""
        yield _bars([run, model, method + mark, *cells, *_counts(row)])
    yield f"\nPercent at the final step{_WITH[intervals]}; missing counts questions."
    if _too_few(block):
        yield f"\n{CAPTION}."
    if any(row.self_judged for row in block.rows):
        yield f"\n† {SELF_JUDGED}."
    for note in block.notes:
        yield f"\n**{escape.markdown(note)}**"
    yield ""


def _counts(row: ScoreRow) -> tuple[str, ...]:
    return of_groups(row.groups, row.all_groups) or "–", str(row.cases), str(row.missing)


def _too_few(block: ScoreBlock) -> bool:
    """Whether some score has no interval."""
    cells = [cell for row in block.rows for cell in row.cells.values()]
    return any(cell.score is not None and cell.low is None for cell in cells)


def _bars(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


_WITH = {"no": "", "half": ", ± half the 95 % interval", "full": ", with 95 % intervals"}


def _shown(cell: Cell | None, intervals: Intervals) -> str:
    found = cell or Cell(None, None, None)
    if intervals == "full" or found.score is None:
        return with_interval(found.score, found.low, found.high, digits=1)
    if intervals == "no" or found.low is None or found.high is None:
        return f"{found.score:.1f}"
    return f"{found.score:.1f} ± {(found.high - found.low) / 2:.1f}"


def frame(blocks: Sequence[ScoreBlock]) -> "pd.DataFrame":
    """All rows; a score column and its two bounds for each group or tag."""
    import pandas as pd

    names = group_names(blocks)
    return pd.DataFrame([_record(block, row, names) for block in blocks for row in block.rows])


def _record(block: ScoreBlock, row: ScoreRow, names: Sequence[str]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "block": block.number, "run": row.run, "model": row.model, "benchmark": row.benchmark,
        "set": row.set, "split": row.split, "method": row.method, "judge": row.judge,
        "self_judged": row.self_judged, "identity": row.identity, "prompts": row.same["prompts"],
    }  # fmt: skip
    for name in names:
        cell = row.cells.get(name, Cell(None, None, None))
        record |= {name: cell.score, f"{name} low": cell.low, f"{name} high": cell.high}
    return record | {
        "cases": row.cases,
        "answered": row.answered,
        "missing": row.missing,
        "groups": row.groups,
        "all_groups": row.all_groups,
        "comparable_with_published": not row.not_published,
        "notes": " ".join(block.notes),
    }


def csv(blocks: Sequence[ScoreBlock]) -> str:
    return csv_text(frame(blocks))


def parquet(blocks: Sequence[ScoreBlock]) -> bytes:
    made = frame(blocks).to_parquet(index=False)
    assert isinstance(made, bytes)
    return made
