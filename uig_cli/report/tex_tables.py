"""Score tables for papers: LaTeX that fits a column.

A table holds the rows that compare. A benchmark with two wordings of its prompts has both in one
cell, short | long, as its authors print them. Where there are more columns than rows, groups are
rows. The best score of each group is bold, and below stands what each method gains over the first,
case by case, with its interval. Names come from users and their files, and mean nothing to TeX.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from uig_cli.compare.comparison import compare
from uig_cli.compare.run_side import Side
from uig_cli.console import harmless
from uig_cli.errors import UigError
from uig_cli.report.scores import APART, Cell, ScoreBlock, ScoreRow, group_names
from uig_cli.results.figures import CAPTION
from uig_cli.results.outcomes import Results
from uig_cli.stats.paired import OVERALL, Difference

Intervals = Literal["no", "half", "full"]
COLUMN = 52
"""Characters of a row, about, up to which a table fits one column of two."""

SELF_JUDGED = "judged by the examined model itself; compare only with rows of the same judge"

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


_PATH = re.compile(r"(?<![\w:])[~.]{0,2}(?:/?[\w.@=:,-]+)?(?:/[\w.@=:,-]+){2,}")

Gains = Mapping[tuple[int, int], Difference]
"""By block number and row, what a row gains over the first of its block."""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Blocks that differ in the split alone, side by side: a row's parts have the same place in
    each."""

    blocks: tuple[ScoreBlock, ...]

    @property
    def rows(self) -> list[tuple[ScoreRow, ...]]:
        return list(zip(*(block.rows for block in self.blocks), strict=True))

    @property
    def splits(self) -> str:
        names = [block.rows[0].split for block in self.blocks]
        return " | ".join(names) if len(names) > 1 else ""


def tex(
    blocks: Sequence[ScoreBlock], results: Mapping[str, Results], intervals: Intervals = "half"
) -> str:
    """results: of each run, by its folder; a run that is not there has no gains."""
    lines = ["% Needs \\usepackage{booktabs}."]
    gains = _gains(blocks, results)
    for number, table in enumerate(_together(blocks), 1):
        lines += ["", *_table(table, number, gains, intervals)]
    return "\n".join(lines) + "\n"


def _together(blocks: Sequence[ScoreBlock]) -> list[PaperTable]:
    """Splits of the same rows in one table."""
    found: dict[tuple[object, ...], list[ScoreBlock]] = {}
    for block in blocks:
        first = block.rows[0]
        rows = tuple((row.folder, row.method) for row in block.rows)
        same: tuple[object, ...] = (first.benchmark, first.set, first.judge, rows)
        if any(one.rows[0].split == first.split for one in found.get(same, ())):
            same = (*same, block.number)
        found.setdefault(same, []).append(block)
    order = {"short": 0, "long": 1}
    return [
        PaperTable(tuple(sorted(each, key=lambda one: order.get(one.rows[0].split, 2))))
        for each in found.values()
    ]


def _gains(blocks: Sequence[ScoreBlock], results: Mapping[str, Results]) -> Gains:
    """Over the cases that both sides have, by the benchmark's own headline."""
    found: dict[tuple[int, int], Difference] = {}
    for block in blocks:
        first, *others = block.rows
        if first.folder not in results:
            continue
        before = Side(results[first.folder], first.method, None, first.judge)
        for number, row in enumerate(others, 1):
            after = Side(results[row.folder], row.method, None, row.judge)
            try:
                overall = compare(before, after, row.split).overall
            except UigError:  # no case that both have in full
                continue
            if overall.name == OVERALL:
                found[block.number, number] = overall
    return found


def _table(table: PaperTable, number: int, gains: Gains, intervals: Intervals) -> Iterator[str]:
    names = group_names(table.blocks)
    labels = _labels(table)
    cells = [_row_cells(row, names, table, intervals) for row in table.rows]
    short = table.blocks[0].short_names
    heads = [in_tex(short.get(name, name)) for name in names]
    numbers = {block.number for block in table.blocks}
    if any(number in numbers for number, _ in gains):
        over = in_tex(f"gain over {_plain_label(table.rows[0][0])}")
        heads.append(over)
        for row, each in enumerate(cells):
            each.append(_gain_cell(table, row, gains, intervals))
    if len(heads) > len(cells):
        body = [[head, *(each[n] for each in cells)] for n, head in enumerate(heads)]
        titles = ["", *labels]
    else:
        body = [[label, *each] for label, each in zip(labels, cells, strict=True)]
        titles = ["", *heads]
    yield from _environment(table, number, titles, body, intervals)


def _environment(
    table: PaperTable,
    number: int,
    titles: Sequence[str],
    body: Sequence[Sequence[str]],
    intervals: Intervals,
) -> Iterator[str]:
    first = table.blocks[0].rows[0]
    wide = max(sum(map(_width, row)) + 2 * len(row) for row in [titles, *body]) > COLUMN
    name = "table*" if wide else "table"
    what = " ".join(part for part in (first.benchmark, first.set) if part)
    yield f"\\begin{{{name}}}[t]"
    yield "\\centering\\small\\setlength{\\tabcolsep}{4pt}"
    yield f"\\begin{{tabular}}{{@{{}}l{'r' * (len(titles) - 1)}@{{}}}}"
    yield "\\toprule"
    yield " & ".join(titles) + " \\\\"
    yield "\\midrule"
    for row in body:
        if row[0].startswith("gain over"):
            yield "\\midrule"
        yield " & ".join(row) + " \\\\"
    yield "\\bottomrule"
    yield "\\end{tabular}"
    title = in_tex(f"{what}, judged by {first.judge}.")
    yield f"\\caption{{{title} {_caption(table, intervals)}}}"
    label = re.sub("[^A-Za-z0-9]+", "-", f"{what}-{first.judge}").strip("-").lower()
    yield f"\\label{{tab:{label}-{number}}}"
    yield f"\\end{{{name}}}"


def _caption(table: PaperTable, intervals: Intervals) -> str:
    """What a reader must know, in sentences; no paths, which mean nothing to others."""
    rows = [row for block in table.blocks for row in block.rows]
    shown = {"no": "Percent", "half": "Percent, $\\pm$ half the 95\\,\\% interval", "full":
             "Percent, 95\\,\\% intervals in brackets"}[intervals]  # fmt: skip
    told = [f"{shown}, at the final step; best in bold."]
    if table.splits:
        told.append(f"Cells: {in_tex(table.splits)}.")
    counts = sorted({f"{row.cases} prompts, {row.missing} answers missing" for row in rows})
    told.append(f"{in_tex('; '.join(counts))}.")
    if any(cell.score is not None and cell.low is None for r in rows for cell in r.cells.values()):
        told.append(f"Without an interval: {in_tex(CAPTION.partition(': ')[2])}.")
    if any(row.self_judged for row in rows):
        told.append(f"$^{{\\dagger}}$\\,{in_tex(SELF_JUDGED)}.")
    notes = dict.fromkeys(note for block in table.blocks for note in block.notes)
    told += [in_tex(_without_paths(note)) for note in notes if not note.startswith(APART)]
    return " ".join(told)


def _labels(table: PaperTable) -> list[str]:
    """What tells the rows apart: the method, and model and run where they differ."""
    rows = [row[0] for row in table.rows]
    several = len({row.model for row in rows}) > 1
    found = []
    for row in rows:
        label = _plain_label(row)
        if several:
            label = f"{row.model} {label}"
        if sum((other.model, other.method) == (row.model, row.method) for other in rows) > 1:
            label = f"{label} ({row.run})"
        found.append(in_tex(label) + ("$^{\\dagger}$" if row.self_judged else ""))
    return found


def _plain_label(row: ScoreRow) -> str:
    """uig:keep=best,score=denials is uig (best, denials)."""
    name, colon, settings = row.method.partition(":")
    values = ", ".join(one.partition("=")[2] or one for one in settings.split(",") if one)
    return f"{name} ({values})" if colon and values else name


def _row_cells(
    row: Sequence[ScoreRow], names: Sequence[str], table: PaperTable, intervals: Intervals
) -> list[str]:
    return [
        " | ".join(
            _score(part.cells.get(name), _is_best(part, name, block), intervals)
            for part, block in zip(row, table.blocks, strict=True)
        ).replace(" | ", "\\,\\textbar\\,")
        for name in names
    ]


def _is_best(row: ScoreRow, name: str, block: ScoreBlock) -> bool:
    """By what is printed, where there is something to be better than."""
    known = [c.score for one in block.rows if (c := one.cells.get(name)) and c.score is not None]
    own = row.cells.get(name)
    if own is None or own.score is None or len(block.rows) < 2:
        return False
    return f"{own.score:.1f}" == f"{max(known):.1f}"


def _score(cell: Cell | None, best: bool, intervals: Intervals) -> str:
    if cell is None or cell.score is None:
        return "--"
    number = f"{cell.score:.1f}"
    told = f"\\textbf{{{number}}}" if best else number
    return told + _bounds(cell.low, cell.high, intervals)


def _bounds(low: float | None, high: float | None, intervals: Intervals, sign: str = "") -> str:
    if low is None or high is None or intervals == "no":
        return ""
    if intervals == "half":
        return f"{{\\scriptsize\\,$\\pm${(high - low) / 2:.1f}}}"
    return f"{{\\scriptsize\\ [{low:{sign}.1f}, {high:{sign}.1f}]}}"


def _gain_cell(table: PaperTable, row: int, gains: Gains, intervals: Intervals) -> str:
    """Always with its interval: a gain without one says nothing."""
    if row == 0:
        return ""
    parts = []
    for block in table.blocks:
        found = gains.get((block.number, row))
        if found is None:
            parts.append("--")
            continue
        low, high = (None if end is None else 100 * end for end in (found.low, found.high))
        style: Intervals = "full" if intervals == "full" else "half"
        number = "--" if found.difference is None else f"${100 * found.difference:+.1f}$"
        parts.append(number + _bounds(low, high, style, "+"))
    return "\\,\\textbar\\,".join(parts)


def _without_paths(note: str) -> str:
    """The last part of whatever looks like a path of several folders."""
    return _PATH.sub(lambda found: found[0].rpartition("/")[2], note)


def _width(cell: str) -> int:
    """How many characters of it are seen, about."""
    seen = re.sub(r"\\(?:textbf|scriptsize|pm|textbar|,|ensuremath|dagger)|[{}$^\\]", "", cell)
    return len(seen)
