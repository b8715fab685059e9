"""What `uig score` does: reads an official layout, makes a run of each model, has it judged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from uig_cli.benchmarks import select
from uig_cli.benchmarks.external import ExternalModel, ImportRequest
from uig_cli.benchmarks.protocol import Benchmark, Data, Source
from uig_cli.cases import Case
from uig_cli.commands import asked
from uig_cli.commands.score_show import Model, show
from uig_cli.console import say
from uig_cli.engine import import_scores as bring
from uig_cli.engine.destination import check_writable, remove
from uig_cli.engine.import_run import SHARD, ImportPlan, import_run
from uig_cli.engine.scorers import Chosen, Usual, choose_scorers
from uig_cli.engine.scoring import USUAL_BATCH, Asking, ask_scorers
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture, UnifiedModel
from uig_cli.models.registry import load_model
from uig_cli.models.where import Where
from uig_cli.results.run import open_run
from uig_cli.results.tables import Selection
from uig_cli.runs.folder import RunFolder, safe_name
from uig_cli.runs.identity import digest
from uig_cli.scoring.protocol import Kind, Scorer


def score_elsewhere(
    context: typer.Context, benchmark: Benchmark, values: Mapping[str, Any]
) -> None:
    """The whole command. values: its parameters by name."""
    judged = _judged(benchmark, values)
    if benchmark.layout is None:
        raise UigError(f"{benchmark.name} has no official layout; draw with `uig eval`.")
    rules, options = asked.rules(context, benchmark, values), asked.scoring(context, values)
    found, external = benchmark.layout.read(
        Source(values["split"], values["set"], values["data"], values["prompts_file"]),
        ImportRequest(
            pictures=values["path"],
            judged=judged,
            name=values["pictures_of"],
            samples=values["samples"],
            own=asked.own_options(benchmark, values, "score"),
        ),
    )
    cases = select.spread(
        select.only_dimensions(found.cases, values["dimension"] or ()), values["limit"]
    )
    models = [_part(one, cases) for one in external]
    usual: Usual = "for each kind" if judged is None else "never"
    chosen, terms = (
        choose_scorers(benchmark, found.set, cases, options, usual),
        asked.terms(values, options),
    )
    chosen.check(terms)
    examiner = _examiner(chosen, values)
    scorers = chosen.open(terms, examiner)
    size = values["batch_size"] or (examiner.capabilities.batch if examiner else USUAL_BATCH)
    how = Asking(SHARD, size, values["quiet"], {case.id for case in cases})
    for warning in () if values["quiet"] else found.warnings:
        say(f"note: {warning}")
    base = values["out"] or _default_folder(benchmark, found, values)
    shown = []
    for one in models:
        name = one.pictures.name
        root = base if len(models) == 1 else base / safe_name(name)
        made = ImportPlan(benchmark, found, tuple(cases), one.pictures, asked.recorded(values))
        shown.append(_score(root, made, one, judged, values, (scorers, how, rules)))
    show(
        shown,
        benchmark,
        quiet=values["quiet"],
        as_json=values["json"],
        allow_missing=values["allow_missing"],
    )


_FILES: Mapping[Kind, str] = {"answers": "judgements", "detections": "detections"}
"""Options that name findings from elsewhere."""


def _examiner(chosen: Chosen, values: Mapping[str, Any]) -> UnifiedModel | None:
    if not chosen.asks_examiner:
        return None
    if values["model"] is None:
        raise UigError(
            "nobody is named to judge these pictures, whose model is not at hand; give --judge "
            "JUDGE, --judge self with --model MODEL, or --judge none to judge later."
        )
    return load_model(values["model"], Where(values["device"], values["dtype"]))


def _judged(benchmark: Benchmark, values: Mapping[str, Any]) -> Path | None:
    """The file or folder of findings from elsewhere; UigError for what does not go together."""
    (mine,) = (_FILES[kind] for kind in benchmark.needs)
    for other in _FILES.values():
        if other != mine and values[other] is not None:
            raise UigError(f"{benchmark.name} takes no --{other}; give --{mine} PATH.")
    judged: Path | None = values[mine]
    if values["path"] is None and judged is None:
        raise UigError(
            f"nothing to score; give a folder of pictures in {benchmark.name}'s official layout, "
            f"or --{mine} PATH."
        )
    if values["path"] is not None and not values["path"].is_dir():
        raise UigError(f"{values['path']} is no folder; give the one that holds the pictures.")
    if judged is not None and not judged.exists():
        raise UigError(f"--{mine} {judged} does not exist; give the file or folder.")
    looking = [name for name in values["judge"] or () if name != "none"]
    if mine == "judgements" and values["path"] is None and looking:
        raise UigError(f"--judge {looking[0]} needs the pictures; give their folder too.")
    if mine == "detections" and judged is not None and values["detector"] not in (None, "none"):
        raise UigError("got both --detections and --detector; leave one out.")
    return judged


def _part(one: ExternalModel, cases: Sequence[Case]) -> ExternalModel:
    """A model's pictures of these cases only, with a note on what is missing."""
    ids = {case.id: case for case in cases}
    pictures = one.pictures
    files = {place: file for place, file in pictures.files.items() if place[0] in ids}
    lost: dict[str, int] = {}
    for (case, _), file in files.items():
        if isinstance(file, Failure):
            dimension = ids[case].dimension
            lost[dimension] = lost.get(dimension, 0) + 1
    more = [note for part in (one.answers, one.detections) if part for note in part.notes]
    if lost:
        worst = sorted(lost, key=lambda dimension: -lost[dimension])
        named = ", ".join(f"{name} {lost[name]}" for name in worst[:4])
        more.append(
            f"{sum(lost.values())} of {len(files)} pictures are missing ({named}"
            f"{', ...' if len(worst) > 4 else ''}): the scores are those of the others, and do "
            "not compare with scores on all prompts."
        )
    notes = tuple(dict.fromkeys([*pictures.notes, *more]))
    return replace(one, pictures=replace(pictures, files=files, notes=notes))


def _default_folder(benchmark: Benchmark, found: Data, values: Mapping[str, Any]) -> Path:
    """results/<benchmark>-<set>-<folder's name>-<8 hex>: the same for the same place."""
    place = (values["path"] or values["judgements"] or values["detections"]).resolve()
    fields = [benchmark.name, benchmark.version, found.set, found.prompts_hash, str(place)]
    named = f"{benchmark.name}-{found.set}-{values['pictures_of'] or place.stem}"
    cleaned = "".join(c if c.isalnum() or c in "._-" else "-" for c in named)
    return Path("results") / f"{cleaned[:60]}-{digest({'elsewhere': fields})[:8]}"


def _score(
    root: Path,
    made: ImportPlan,
    one: ExternalModel,
    judged: Path | None,
    values: Mapping[str, Any],
    asking: tuple[Sequence[Scorer], Asking, Mapping[str, float]],
) -> Model:
    """Makes one model's run and has it scored."""
    folder = RunFolder(root)
    check_writable(root)
    if values["fresh"]:
        remove(folder)
    imported = import_run(root, made)
    kept = imported.kept
    known: dict[Kind, list[Path]] = {}
    if one.answers is not None and judged is not None:
        who = bring.whose(judged, "judge", values["judged_by"])
        known["answers"] = [bring.keep_answers(folder, who, one.answers, kept)]
    if one.detections is not None and judged is not None:
        who = bring.whose(judged, "detector", values["judged_by"])
        home = bring.keep_detections(folder, who, made.benchmark, made.cases, one.detections, kept)
        known["detections"] = [home]
    scorers, how, rules = asking
    run = open_run(root)
    looked = ask_scorers(run, scorers, how, rules=rules, known=known)
    judges = looked.judges(run)
    ids = {case.id for case in made.cases}
    selection = Selection(ids, [imported.method], one.pictures.samples, judges, looked.readers)
    scored = {place for place, there in kept.items() if isinstance(there, Picture)}
    return Model(one.pictures.name, root, selection, frozenset(scored))
