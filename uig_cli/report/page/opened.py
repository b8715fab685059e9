"""Runs opened for a page. What cannot be read leaves a gap with its reason, and the rest is shown:
a method whose code is gone, a benchmark whose code is gone, a run that nobody has judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.report.curves import Plotted
from uig_cli.results.kept_tables import open_kept
from uig_cli.results.outcomes import Results, results_of
from uig_cli.results.run import RunReader, open_run
from uig_cli.results.tables import Tables, make_tables
from uig_cli.runs.plugins import MissingPlugin, method_of


@dataclass(frozen=True)
class PageRun:
    """name: what the page calls it, its folder's name, and a number where several have the same.
    results: None where nobody has judged it. gaps: what is not shown, and why, a sentence each.
    scored: False where its scores are those of its kept tables, whose questions are not at hand."""

    name: str
    run: RunReader
    tables: Tables
    results: Results | None
    gaps: tuple[str, ...] = ()
    scored: bool = True


def open_all(roots: Sequence[Path]) -> tuple[list[PageRun], list[str]]:
    """The runs that can be read, and a sentence for each that cannot. Raises the first one's
    UigError where none can be read."""
    found: list[PageRun] = []
    errors: list[UigError] = []
    for root in dict.fromkeys(roots):
        try:
            found.append(_open(root, {one.name for one in found}))
        except UigError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return found, [str(error) for error in errors]


def plotted(runs: Sequence[PageRun]) -> list[Plotted]:
    """Those with scores, for curves; the runs' names stand in labels where there are several."""
    return [
        Plotted(one.tables, one.results, one.name if len(runs) > 1 else "")
        for one in runs
        if one.results is not None
    ]


def base_first(methods: Sequence[str]) -> list[str]:
    """The method that the others are held against comes first: the one that draws at once."""
    return sorted(methods, key=lambda name: name != "direct")


def _open(root: Path, taken: set[str]) -> PageRun:
    name = _free(root.resolve().name, taken)
    try:
        run = open_run(root)
    except MissingPlugin as error:
        return _without_benchmark(root, name, error)
    run, gaps = _without_lost_methods(run)
    judged = bool(run.scorers())
    tables = make_tables(run)
    return PageRun(name, run, tables, results_of(run) if judged else None, tuple(gaps))


def _without_benchmark(root: Path, name: str, error: MissingPlugin) -> PageRun:
    """Pictures and texts as the journal has them, scores as the tables were last made."""
    run, tables = open_kept(root)
    run, gaps = _without_lost_methods(run)
    told = f"{error} Scores are those of its tables as they were last made, without questions."
    return PageRun(name, run, tables, None, (told, *gaps), scored=False)


def _without_lost_methods(run: RunReader) -> tuple[RunReader, list[str]]:
    """The run with the methods whose code is here, and a sentence for each of the others. Raises
    MissingPlugin where there is none."""
    here: list[str] = []
    lost: list[MissingPlugin] = []
    for label in run.manifest.methods:
        try:
            method_of(run.manifest, label)
            here.append(label)
        except MissingPlugin as error:
            lost.append(error)
    if lost and not here:
        raise lost[0]
    if lost:
        kept = run.manifest.model_copy(update={"methods": tuple(here)})
        run = replace(run, manifest=kept)
    return run, [f"{error} Its pictures are left out." for error in lost]


def _free(name: str, taken: set[str]) -> str:
    """The name, or with the first number behind it that is not taken."""
    numbered = (name if n == 1 else f"{name} ({n})" for n in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)
