"""The first page: what was run, how far to trust it, and what came out, as tables, lines and
curves."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from uig_cli.compare.pairing import Written, compared, matched
from uig_cli.compare.run_side import Side, rounds
from uig_cli.console import how_many
from uig_cli.errors import UigError
from uig_cli.report.curves import (
    score_by_cost,
    score_by_group,
    score_by_round,
    what_is_scored,
)
from uig_cli.report.page import svg
from uig_cli.report.page.opened import PageRun, base_first, plotted
from uig_cli.report.page.page_tables import ComparedLine, PageTable, claim_of, rounds_of
from uig_cli.report.scores import ScoreBlock, ScoreRow, blocks, group_names
from uig_cli.results.completeness import undrawn, unjudged
from uig_cli.results.figures import CAPTION, of_groups, with_interval
from uig_cli.results.judge_agreement import rounded


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing that can be saved. name: of its file; about: what it shows, for those who cannot
    see it."""

    name: str
    title: str
    about: str
    drawing: str


@dataclass(frozen=True, slots=True)
class PageScores:
    """Everything about one split before one judge."""

    title: str
    tables: tuple[PageTable, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """summary: a sentence a run; trust: what limits what follows, a sentence each."""

    title: str
    summary: tuple[str, ...]
    trust: tuple[str, ...]
    gaps: tuple[str, ...]
    claims: tuple[ComparedLine, ...]
    scores: tuple[PageScores, ...]
    agreement: PageTable | None


def overview_of(runs: Sequence[PageRun], gaps: Sequence[str]) -> Overview:
    gaps = [*gaps, *(f"{one.name}: {gap}" for one in runs for gap in one.gaps)]
    trust = list(dict.fromkeys(note for one in runs for note in _trust(one)))
    tables: list[tuple[ScoreBlock, PageTable]] = []
    scored = [one for one in runs if one.scored and one.results is not None]
    try:
        if scored:
            found = blocks([one.run for one in scored], [one.tables for one in scored])
            tables = [(block, _groups(block, several=len(runs) > 1)) for block in found]
            trust += [told for block in found for told in _not_published(block)]
    except UigError as error:
        gaps.append(str(error))
    claims, remarks, refused = _claims(scored)
    return Overview(
        title=" and ".join(one.name for one in runs),
        summary=tuple(_sentence(one) for one in runs),
        trust=tuple(dict.fromkeys([*trust, *remarks])),
        gaps=(*gaps, *refused),
        claims=tuple(claims),
        scores=tuple(_scores(runs, tables)),
        agreement=_agreement(runs),
    )


def _sentence(one: PageRun) -> str:
    """What was run."""
    run, manifest = one.run, one.run.manifest
    record = manifest.drawing.benchmark
    drawer = manifest.drawing.models.get("draw", {})
    model = drawer.get("name") or manifest.options.get("model") or "a model"
    splits = ", ".join(dict.fromkeys(case.split for case in run.cases if case.split))
    what = " ".join(part for part in (record.name, record.set) if part)
    if not run.benchmark.needs and one.scored:
        what = "a user's own"
    samples = f", {manifest.samples} samples each" if manifest.samples > 1 else ""
    when = manifest.last_finished or manifest.first_written
    state = "finished" if manifest.last_finished else "not finished, begun"
    return (
        f"{one.name}: {how_many(len(run.cases), 'prompt')} of {what}"
        f"{f' ({splits})' if splits else ''}, drawn by {model} with "
        f"{_listed(base_first(manifest.methods))}{samples}, seed {manifest.drawing.seed}; "
        f"{state} {when[:16].replace('T', ' ')} by uig {manifest.finished_by or manifest.uig}."
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _trust(one: PageRun) -> Iterator[str]:
    """What a reader must know of a run before its figures."""
    judges = list(dict.fromkeys(name for name in one.tables.steps["judge"].dropna()))
    if judges:
        yield f"{one.name} is judged by {_listed(judges)}."
    else:
        yield f"{one.name} has no scores: nobody has judged its pictures."
    steps = one.tables.steps
    once = ["method", "case", "sample", "step"]
    for lost, what in ((undrawn(steps), "missing"), (unjudged(steps), "not judged in full")):
        if count := len(steps[lost].drop_duplicates(once)):
            whole = len(steps.drop_duplicates(once))
            yield f"{one.name}: {count:,} of {how_many(whole, 'picture')} are {what}."
    if one.run.manifest.last_finished is None:
        yield f"{one.name} is not finished: this page shows what there was when it was made."
    yield from one.run.manifest.notes


def _not_published(block: ScoreBlock) -> Iterator[str]:
    """Why a block's scores do not stand beside published ones."""
    row = block.rows[0]
    for reasons in dict.fromkeys(row.not_published for row in block.rows if row.not_published):
        where = " ".join(part for part in (row.split, "judged by", row.judge) if part)
        yield f"Not comparable with published scores ({where}): {'; '.join(reasons)}."


def _claims(runs: Sequence[PageRun]) -> tuple[list[ComparedLine], list[str], list[str]]:
    """Every method of the first run against its first one, and the other runs against the first;
    what a reader must know of them, and why others are not there."""
    found: list[ComparedLine] = []
    remarks: dict[str, None] = {}
    refused: list[str] = []
    for sides in _sides(runs):
        (before, was), (after, is_now) = sides
        if was.results is None or is_now.results is None:
            continue
        asked = [
            Written(one.run.folder.root, method, None)
            for one, method in ((was, before), (is_now, after))
        ]
        try:
            pairs, said = matched(asked, [was.results, is_now.results], None)
            found += [claim_of(one) for one in compared(pairs, None)]
            remarks |= dict.fromkeys(said)
        except UigError as error:
            refused.append(str(error))
    return found, list(remarks), refused


Which = tuple[str | None, PageRun]
"""A method, None for all that both sides have, and its run."""


def _sides(runs: Sequence[PageRun]) -> Iterator[tuple[Which, Which]]:
    if not runs:
        return
    base, *others = base_first(runs[0].run.manifest.methods)
    for method in others:
        yield (base, runs[0]), (method, runs[0])
    for other in runs[1:]:
        yield (None, runs[0]), (None, other)


def _groups(block: ScoreBlock, *, several: bool) -> PageTable:
    """Groups as rows, a column for each method; the overall stands out."""
    rows = sorted(block.rows, key=lambda row: (row.run, row.method != "direct"))
    head = [f"{row.run} {row.method}" if several else row.method for row in rows]
    cells = [(name, *(_cell(row, name) for row in rows)) for name in group_names([block])]
    made_of = {of_groups(row.groups, row.all_groups) for row in rows} - {""}
    counts = [f"{row.cases} cases, {row.missing} missing" for row in rows]
    notes = ["Percent with 95 % intervals at the final step."]
    if any(cell.endswith("[too few]") for row in cells for cell in row):
        notes.append(f"{CAPTION}.")
    if made_of:
        notes.append(f"Overall over {', '.join(sorted(made_of))}.")
    last = len(cells) - 1
    return PageTable(
        "Final scores by group",
        ("group", *head),
        (*cells, ("", *counts)),
        strong=frozenset({last}),
        notes=tuple(notes),
    )


def _cell(row: ScoreRow, name: str) -> str:
    cell = row.cells.get(name)
    if cell is None:
        return "–"
    return with_interval(cell.score, cell.low, cell.high, digits=1)


def _scores(
    runs: Sequence[PageRun], tables: Sequence[tuple[ScoreBlock, PageTable]]
) -> Iterator[PageScores]:
    drawn = plotted(runs)
    for split, judge in what_is_scored(drawn):
        own = [
            table
            for block, table in tables
            if (block.rows[0].split, block.rows[0].judge) == (split, judge)
        ]
        yield PageScores(
            title=f"{split or 'All prompts'}, judged by {judge}",
            tables=(*own, *_rounds(runs, split, judge)),
            figures=tuple(_figures(runs, split, judge)),
        )


def _figures(runs: Sequence[PageRun], split: str, judge: str) -> Iterator[Figure]:
    drawn = plotted(runs)
    where = f"{split or 'all'}, judged by {judge}"
    for name, chart in (
        ("rounds", score_by_round(drawn, split, judge)),
        ("cost", score_by_cost(drawn, split, judge)),
    ):
        if any(len(curve.points) > 1 for curve in chart.curves):
            told = "; ".join(
                f"{curve.label}: {', '.join(f'{point.score:.1f}' for point in curve.points)}"
                for curve in chart.curves
            )
            about = f"{chart.title}, {where}. {told}."
            yield Figure(_file_name(name, split, judge), chart.title, about, svg.curves(chart))
    bars = score_by_group(drawn, split, judge)
    if len(bars.groups) > 1:
        about = f"{bars.title}, {where}; the figures stand in the table."
        yield Figure(_file_name("groups", split, judge), bars.title, about, svg.bars(bars))


def _file_name(kind: str, split: str, judge: str) -> str:
    """A name that no judge's name can break out of."""
    words = "-".join(part for part in (kind, split, judge) if part)
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else "_" for c in words)[:80]


def _rounds(runs: Sequence[PageRun], split: str, judge: str) -> Iterator[PageTable]:
    for one in runs:
        results = one.results
        if results is None or judge not in results.judges:
            continue
        for method in base_first(results.methods):
            side = Side(results, method, None, judge)
            places = [p for p in side.at(0) if results.by_id[p[0]].split == split]
            if places and (found := list(rounds(side, places))):
                yield rounds_of(f"{one.name} {method}" if len(runs) > 1 else method, found)


def _agreement(runs: Sequence[PageRun]) -> PageTable | None:
    rows = [
        (one.name, str(row["judge"]), str(row["other"]), str(row["questions"]), *rounded(row))
        for one in runs
        for row in _overall(one)
    ]
    if not rows:
        return None
    head = ("run", "judge", "other", "questions", "agree, percent", "kappa")
    return PageTable("Judges side by side", head, tuple(rows), words=3)


def _overall(one: PageRun) -> list[dict[Hashable, Any]]:
    table = one.tables.agreement
    return table[table["level"] == "overall"].to_dict("records") if len(table) else []
