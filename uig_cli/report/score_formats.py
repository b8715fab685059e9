"""Score tables as Markdown, TeX, CSV and Parquet.

Markdown and TeX are for reading: a table for each block, its notes below. CSV and Parquet are for
computing: all rows in one table, the block and the notes in columns of their own. Names come from
users and their files, so the texts for reading escape them.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from uig_cli.console import harmless
from uig_cli.report import escape
from uig_cli.report.scores import Cell, ScoreBlock, ScoreRow, group_names
from uig_cli.results.figures import CAPTION, of_groups, with_interval
from uig_cli.results.tables import csv_text

if TYPE_CHECKING:
    import pandas as pd

SELF_JUDGED = "judged by the examined model itself; compare only with rows of the same judge"

_COUNTS = ("groups", "cases", "missing")

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "^": r"\textasciicircum{}", "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''",
    # At the start of a row these would belong to the line break before it.
    "[": "{[}", "]": "{]}", "*": "{*}",
}  # fmt: skip


def in_tex(text: str) -> str:
    """The text as it stands, on one line, with no character that means something to TeX."""
    return "".join(_TEX.get(c, c) for c in harmless(" ".join(text.split())))


def markdown(blocks: Sequence[ScoreBlock]) -> str:
    return "\n".join(line for block in blocks for line in _markdown(block)) + "\n"


def _markdown(block: ScoreBlock) -> Iterator[str]:
    names = group_names([block])
    yield f"## Table {block.number}: {escape.markdown(block.title)}\n"
    yield _bars(["run", "model", "method", *map(escape.markdown, names), *_COUNTS])
    yield "|---|---|---|" + "---:|" * (len(names) + len(_COUNTS))
    for row in block.rows:
        run, model, method = map(escape.markdown, (row.run, row.model, row.method))
        cells = [_brackets(row.cells.get(name)) for name in names]
        mark = " †" if row.self_judged else ""
        yield _bars([run, model, method + mark, *cells, *_counts(row)])
    yield "\nPercent at the final step, with 95 % intervals; missing counts questions."
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


def _brackets(cell: Cell | None) -> str:
    found = cell or Cell(None, None, None)
    return with_interval(found.score, found.low, found.high, digits=1)


def tex(blocks: Sequence[ScoreBlock]) -> str:
    """One tabular for each block, in the style of booktabs."""
    head = "% Needs \\usepackage{booktabs}.\n"
    return head + "\n".join(line for block in blocks for line in _tex(block)) + "\n"


def _tex(block: ScoreBlock) -> Iterator[str]:
    names = group_names([block])
    width = 3 + len(names) + len(_COUNTS)
    yield f"\\begin{{tabular}}{{lll{'r' * (width - 3)}}}"
    yield "\\toprule"
    yield f"\\multicolumn{{{width}}}{{l}}{{Table {block.number}: {in_tex(block.title)}}} \\\\"
    titles = ["run", "model", "method", *map(in_tex, names), *_COUNTS]
    yield " & ".join(titles) + " \\\\"
    yield "\\midrule"
    for row in block.rows:
        mark = "$^{\\dagger}$" if row.self_judged else ""
        cells = [_tex_cell(row.cells.get(name)) for name in names]
        head = [in_tex(row.run), in_tex(row.model), in_tex(row.method) + mark]
        yield " & ".join([*head, *cells, *_counts(row)]) + " \\\\"
    yield "\\bottomrule"
    yield "\\end{tabular}"
    notes = ["Percent at the final step, 95 \\% intervals in brackets; missing counts questions."]
    if _too_few(block):
        notes.append(f"{in_tex(CAPTION)}.")
    if any(row.self_judged for row in block.rows):
        notes.append(f"$^{{\\dagger}}$ {in_tex(SELF_JUDGED)}.")
    for note in [*notes, *map(in_tex, block.notes)]:
        yield f"\\par\\noindent{{\\footnotesize {note}\\par}}"
    yield ""


def _tex_cell(cell: Cell | None) -> str:
    text = _brackets(cell).replace("–", "--")
    score, space, interval = text.partition(" ")
    return f"{score} {{\\scriptsize {interval}}}" if space else score


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
