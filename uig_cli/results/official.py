"""A run by its benchmark's own scripts: its pictures and findings in their layout, their numbers.

What a layout and those numbers are, the benchmark knows; here a run becomes plain data for it.
Each method's final pictures are a model of their own. What is missing in the run is missing there.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from uig_cli import registry
from uig_cli.benchmarks.plugin_checks import several_of
from uig_cli.benchmarks.protocol import FinalPicture, FinishedRun
from uig_cli.console import how_many, say
from uig_cli.errors import UigError
from uig_cli.files import write_whole
from uig_cli.loop.methods import draws
from uig_cli.results.run import RunReader
from uig_cli.results.tables import Tables
from uig_cli.runs.folder import safe_name
from uig_cli.stats.stratified import Tally

SCORES = "official.json"


def write_official(run: RunReader, folder: Path) -> None:
    """Writes the run's pictures, and what judges or the detector said of them, below `folder`.

    Raises UigError for a benchmark without a layout, and for a folder that holds something.
    """
    layout = run.benchmark.layout
    if layout is None:
        raise UigError(
            f"{run.benchmark.name} has no official layout; give a run of a benchmark that has one, "
            "or --layout reference."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UigError(f"{folder} holds something already; give an empty or new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UigError(
            f"cannot make the folder {folder} ({error.strerror}); give --out one where you may "
            "write."
        ) from error
    finished = finished_run(run)
    for note in several_of(str, layout.write(finished, folder), run.benchmark, "layout.write"):
        say(f"note: {note}")
    if lost := sum(one.picture is None for one in finished.pictures):
        say(f"note: {how_many(lost, 'picture')} missing in {run.folder.root}: not written.")


def finished_run(run: RunReader) -> FinishedRun:
    return FinishedRun(
        models=tuple(model_name(run, method) for method in run.manifest.methods),
        samples=run.manifest.samples,
        scorers=run.identities(),
        pictures=tuple(_pictures(run)),
    )


def _pictures(run: RunReader) -> Iterator[FinalPicture]:
    scorers = run.scorers()
    for drawn in run.drawn():
        picture = drawn.steps[-1].picture
        found = {one.name: one.found(drawn.case, picture, None) for one in scorers if picture}
        yield FinalPicture(
            case=drawn.case,
            sample=drawn.sample,
            model=model_name(run, drawn.method),
            picture=picture,
            findings=found,
            checks={name: run.benchmark.judged(drawn.case, one) for name, one in found.items()},
        )


def model_name(run: RunReader, method: str) -> str:
    """What a method's pictures are called, fit for a folder name."""
    if not draws(method):
        return safe_name(run.manifest.drawing.models["draw"]["name"])
    model = registry.short_name("models", str(run.manifest.options.get("model", "model")))
    return safe_name(f"{model}-{method}")


def official_scores(run: RunReader, tables: Tables) -> dict[str, Mapping[str, Any]]:
    """By method and judge ("external, GPT-4o"), at the final step; empty where the benchmark's own
    scripts give the numbers of tables/summary."""
    steps = tables.steps.dropna(subset=["judge"])
    order = {split: place for place, split in enumerate(run.benchmark.splits)}
    found = {}
    for (method, judge), rows in steps.groupby(["method", "judge"], sort=True):
        tallies: dict[str, list[Tally]] = {}
        for row in rows[rows["step"] == rows["step"].max()].to_dict("records"):
            tallies.setdefault(str(row["split"]), []).append(_tally(row))
        splits = sorted(tallies, key=lambda split: order.get(split, len(order)))
        scores = run.benchmark.official_scores({split: tallies[split] for split in splits})
        if scores is not None:
            found[f"{method}, {judge}"] = scores
    return found


def write_official_scores(run: RunReader, tables: Tables) -> None:
    if scores := official_scores(run, tables):
        write_whole(run.folder.tables / SCORES, json.dumps(scores, indent=1) + "\n")


def _tally(row: Mapping[Any, Any]) -> Tally:
    missing, correct = int(row["missing"]), float(row["correct"])
    return Tally(
        case=row["case"],
        dimension=row["dimension"],
        correct=int(correct) if correct.is_integer() else correct,
        answered=int(row["asked"]) - missing,
        missing=missing,
    )
