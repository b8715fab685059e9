"""What was made elsewhere becomes runs: an official layout is read, each model gets a run folder,
and whoever is to look at its pictures does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks import select
from uig_cli.benchmarks.elsewhere import Asked, Brought, Place, reader
from uig_cli.benchmarks.protocol import Benchmark, Data, Source
from uig_cli.cases import Case
from uig_cli.console import Display
from uig_cli.engine import import_scores as bring
from uig_cli.engine.case_set import foreign_options, source_of
from uig_cli.engine.destination import check_writable, remove
from uig_cli.engine.evaluation import recorded
from uig_cli.engine.import_run import SHARD, make_run
from uig_cli.engine.import_run import Source as Made
from uig_cli.engine.lookers import Lookers, choose, open_lookers
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.models.registry import load_model
from uig_cli.models.where import Where
from uig_cli.options import (
    CaseOptions,
    ExternalOptions,
    RescoringOptions,
    RuleOptions,
    RunOptions,
    ScoringOptions,
)
from uig_cli.results.tables import Selection
from uig_cli.runs.folder import RunFolder, safe_name
from uig_cli.runs.identity import digest


@dataclass(frozen=True, slots=True)
class External:
    """What an official layout holds. judged: the file or folder of evidence, where there is one;
    models: each one's pictures of the chosen cases, and what is known of them."""

    benchmark: Benchmark
    data: Data
    cases: tuple[Case, ...]
    models: tuple[Brought, ...]
    judged: Path | None


@dataclass(frozen=True, slots=True)
class ScoredModel:
    """One model's run. scored: where it has a picture, or a judgement of one."""

    name: str
    root: Path
    selection: Selection
    scored: frozenset[Place]


def read_external(
    benchmark: Benchmark,
    source: Source,
    pictures: Path | None,
    cases: CaseOptions,
    external: ExternalOptions,
    scoring: ScoringOptions,
) -> External:
    """Raises UigError for what does not go together or cannot be read."""
    judged = _judged(benchmark, pictures, external, scoring)
    data, models = reader(benchmark.name)(
        Asked(
            source,
            pictures=pictures,
            judged=judged,
            name=external.pictures_of,
            lines=external.lines,
            samples=cases.samples,
        )
    )
    chosen = select.spread(select.only_dimensions(data.cases, cases.dimension), cases.limit)
    parts = tuple(_part(one, chosen) for one in models)
    return External(benchmark, data, tuple(chosen), parts, judged)


def _judged(
    benchmark: Benchmark, pictures: Path | None, external: ExternalOptions, scoring: ScoringOptions
) -> Path | None:
    """The file or folder of evidence from elsewhere; UigError for what does not go together."""
    paths = {"judgements": external.judgements, "detections": external.detections}
    mine, other = ("judgements", "detections")
    if benchmark.evidence == "detections":
        mine, other = other, mine
    judged = paths[mine]
    if paths[other] is not None:
        raise UigError(f"{benchmark.name} takes no --{other}; give --{mine} PATH.")
    if pictures is None and judged is None:
        raise UigError(
            f"nothing to score; give a folder of pictures in {benchmark.name}'s official layout, "
            f"or --{mine} PATH."
        )
    if pictures is not None and not pictures.is_dir():
        raise UigError(f"{pictures} is no folder; give the one that holds the pictures.")
    if judged is not None and not judged.exists():
        raise UigError(f"--{mine} {judged} does not exist; give the file or folder.")
    looking = [name for name in scoring.judge if name != "none"]
    if pictures is None and looking:
        raise UigError(f"--judge {looking[0]} needs the pictures; give their folder too.")
    if judged is not None and scoring.detector not in (None, "none"):
        raise UigError("got both --detections and --detector; leave one out.")
    return judged


def _part(one: Brought, cases: Sequence[Case]) -> Brought:
    """A model's pictures of these cases only, with a note on what is missing."""
    ids = {case.id: case for case in cases}
    pictures = one.pictures
    files = {place: file for place, file in pictures.files.items() if place[0] in ids}
    lost: dict[str, int] = {}
    for (case, _), file in files.items():
        if isinstance(file, Failure):
            dimension = ids[case].dimension
            lost[dimension] = lost.get(dimension, 0) + 1
    more = [note for part in (one.answers, one.found) if part for note in part.notes]
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


def score_external(
    found: External,
    lookers: Lookers,
    judged_by: str | None,
    run: RunOptions,
    options: Mapping[str, Any],
    display: Display,
) -> list[ScoredModel]:
    """A run of each model, looked at by whoever is to; several go into folders below --out."""
    for warning in found.data.warnings:
        display.say(f"note: {warning}")
    base = run.out or _default_folder(found, options)
    several = len(found.models) > 1
    scored = []
    for one in found.models:
        root = base / safe_name(one.pictures.name) if several else base
        check_writable(root)
        if run.fresh:
            remove(RunFolder(root))
        scored.append(_score(root, found, one, lookers, judged_by, options, display))
    return scored


def _default_folder(found: External, options: Mapping[str, Any]) -> Path:
    """results/<benchmark>-<set>-<folder's name>-<8 hex>: the same for the same place."""
    given = (options.get(name) for name in ("path", "judgements", "detections"))
    place = Path(next(path for path in given if path)).resolve()
    benchmark, data = found.benchmark, found.data
    fields = [benchmark.name, benchmark.version, data.set, data.prompts_hash, str(place)]
    named = f"{benchmark.name}-{data.set}-{options.get('pictures_of') or place.stem}"
    cleaned = "".join(c if c.isalnum() or c in "._-" else "-" for c in named)
    return Path("results") / f"{cleaned[:60]}-{digest({'elsewhere': fields})[:8]}"


def _score(
    root: Path,
    found: External,
    one: Brought,
    lookers: Lookers,
    judged_by: str | None,
    options: Mapping[str, Any],
    display: Display,
) -> ScoredModel:
    """Makes one model's run and gathers the evidence about it."""
    folder = RunFolder(root)
    kept = make_run(root, Made(found.benchmark, found.data, found.cases, one.pictures, options))
    names: list[str] = []
    if one.answers is not None and found.judged is not None:
        who = bring.whose(found.judged, "judge", judged_by)
        names.append(bring.keep_answers(folder, who, one.answers, kept))
    if one.found is not None and found.judged is not None:
        who = bring.whose(found.judged, "detector", judged_by)
        names.append(bring.keep_found(folder, who, found.cases, one.found, kept))
    ids = {case.id for case in found.cases}
    looked = lookers.look(folder, SHARD, ids, names, display=display)
    selection = Selection(ids, ["elsewhere"], one.pictures.samples, looked.judges, looked.readers)
    scored = {place for place, there in kept.items() if isinstance(there, Picture)}
    return ScoredModel(one.pictures.name, root, selection, frozenset(scored))


def score_layout(
    benchmark: Benchmark,
    pictures: Path | None,
    cases: CaseOptions,
    external: ExternalOptions,
    scoring: RescoringOptions,
    rules: RuleOptions,
    run: RunOptions,
    display: Display,
) -> list[ScoredModel]:
    """What an official layout holds, as runs that somebody has looked at."""
    own = cases.unless_exported(foreign_options(benchmark))
    found = read_external(benchmark, source_of(benchmark, own), pictures, own, external, scoring)
    choice = choose(
        benchmark,
        found.data.set,
        scoring,
        scoring.template,
        scoring.device,
        rules=rules,
        wanted=found.judged is None,
    )
    if choice.roles and scoring.model is None:
        raise UigError(
            "nobody is named to judge these pictures, whose model is not at hand; give --judge "
            "JUDGE, --judge self with --model MODEL, or --judge none to judge later."
        )
    examiner = None
    if choice.roles and scoring.model is not None:
        examiner = load_model(scoring.model, Where(scoring.device, scoring.dtype))
    lookers = open_lookers(choice, found.cases, examiner, scoring.batch_size)
    more = {"name": benchmark.name, "path": None if pictures is None else str(pictures)}
    options = recorded(more, external, cases, scoring, rules, run)
    return score_external(found, lookers, external.judged_by, run, options, display)
