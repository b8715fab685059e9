"""What was made elsewhere becomes runs: an official layout is read, each model gets a run folder,
and whoever is to score its pictures does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks import select
from uig_cli.benchmarks.external import ExternalModel, ImportRequest
from uig_cli.benchmarks.layout_checks import checked_layout
from uig_cli.benchmarks.protocol import Benchmark, Data
from uig_cli.cases import Case, Place
from uig_cli.console import Display
from uig_cli.engine import import_scores as bring
from uig_cli.engine.case_set import foreign_options, source_of
from uig_cli.engine.destination import check_writable, first_there, remove
from uig_cli.engine.evaluation import Worked, batch_size, load_examiner, recorded
from uig_cli.engine.import_run import SHARD, ImportPlan, import_run
from uig_cli.engine.own_options import own_of
from uig_cli.engine.scorers import Usual, choose_scorers, terms_of
from uig_cli.engine.scoring import Asking, ask_scorers
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.option_groups import Group
from uig_cli.option_values import load_templates
from uig_cli.options import (
    CaseOptions,
    ExternalOptions,
    RescoringOptions,
    RunOptions,
    ScoringOptions,
)
from uig_cli.results.run import open_run
from uig_cli.results.tables import Selection
from uig_cli.runs.folder import RunFolder, safe_name
from uig_cli.runs.identity import digest
from uig_cli.scoring.protocol import Kind, Scorer


@dataclass(frozen=True, slots=True)
class External:
    """What an official layout holds. judged: the file or folder of findings, where there is one;
    models: each one's pictures of the chosen cases, and what is known of them."""

    benchmark: Benchmark
    data: Data
    cases: tuple[Case, ...]
    models: tuple[ExternalModel, ...]
    judged: Path | None


@dataclass(frozen=True, slots=True)
class ScoredModel:
    """One model's run. scored: where it has a picture, or a judgement of one."""

    work: Worked
    scored: frozenset[Place]


@dataclass(frozen=True, slots=True)
class _Scoring:
    """Who scores the models' pictures, and how they are asked."""

    scorers: Sequence[Scorer]
    how: Asking
    rules: Mapping[str, float]
    judged_by: str | None


def score_layout(
    benchmark: Benchmark,
    pictures: Path | None,
    cases: CaseOptions,
    external: ExternalOptions,
    scoring: RescoringOptions,
    own: Sequence[Group],
    run: RunOptions,
    display: Display,
) -> list[ScoredModel]:
    """What an official layout holds, as runs that somebody has looked at; several models go into
    folders below --out."""
    cases = cases.unless_exported(foreign_options(benchmark))
    found = _read(benchmark, pictures, cases, external, scoring, own)
    asking = _open_scoring(found, external, scoring, own, display)
    for warning in found.data.warnings:
        display.say(f"note: {warning}")
    more = {"name": benchmark.name, "path": None if pictures is None else str(pictures)}
    options = recorded(more, external, cases, scoring, *own, run)
    base = run.out or _default_folder(found, options)
    scored = []
    for one in found.models:
        root = base / safe_name(one.pictures.name) if len(found.models) > 1 else base
        check_writable(root)
        if run.fresh:
            remove(RunFolder(root))
        scored.append(_score(root, found, one, asking, options))
    return scored


def _read(
    benchmark: Benchmark,
    pictures: Path | None,
    cases: CaseOptions,
    external: ExternalOptions,
    scoring: ScoringOptions,
    own: Sequence[Group],
) -> External:
    """Raises UigError for what does not go together or cannot be read."""
    if benchmark.layout is None:
        raise UigError(f"{benchmark.name} has no official layout; draw with `uig eval`.")
    judged = _judged(benchmark, pictures, external, scoring)
    request = ImportRequest(
        pictures=pictures,
        judged=judged,
        name=external.pictures_of,
        samples=cases.samples,
        own=own_of(benchmark, own),
    )
    read = benchmark.layout.read(source_of(benchmark, cases), request)
    models = checked_layout(read, benchmark)
    data = read[0]
    chosen = select.spread(select.only_dimensions(data.cases, cases.dimension), cases.limit)
    parts = tuple(_part(one, chosen) for one in models)
    return External(benchmark, data, tuple(chosen), parts, judged)


_FILES: Mapping[Kind, str] = {"answers": "judgements", "detections": "detections"}
"""Options that name findings from elsewhere."""


def _judged(
    benchmark: Benchmark, pictures: Path | None, external: ExternalOptions, scoring: ScoringOptions
) -> Path | None:
    """The file or folder of findings from elsewhere; UigError for what does not go together."""
    mine = next(_FILES[kind] for kind in benchmark.needs if kind in _FILES)
    taken = {mine, *benchmark.card.takes}
    given = [option for option in _FILES.values() if getattr(external, option) is not None]
    for other in given:
        if other not in taken:
            raise UigError(f"{benchmark.name} takes no --{other}; give --{mine} PATH.")
    if len(given) > 1:
        raise UigError(f"got both --{' and --'.join(given)}; leave one out.")
    judged: Path | None = getattr(external, given[0]) if given else None
    if pictures is None and judged is None:
        raise UigError(
            f"nothing to score; give a folder of pictures in {benchmark.name}'s official layout, "
            f"or --{mine} PATH."
        )
    if pictures is not None and not pictures.is_dir():
        raise UigError(f"{pictures} is no folder; give the one that holds the pictures.")
    if judged is not None and not judged.exists():
        raise UigError(f"--{given[0]} {judged} does not exist; give the file or folder.")
    looking = [name for name in scoring.judge if name != "none"]
    if mine == "judgements" and pictures is None and looking:
        raise UigError(f"--judge {looking[0]} needs the pictures; give their folder too.")
    if mine == "detections" and judged is not None and scoring.detector not in (None, "none"):
        raise UigError(f"got both --{given[0]} and --detector; leave one out.")
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
    more = [
        note for part in (one.answers, one.detections, one.verdicts) if part for note in part.notes
    ]
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


def _open_scoring(
    found: External,
    external: ExternalOptions,
    scoring: RescoringOptions,
    own: Sequence[Group],
    display: Display,
) -> _Scoring:
    """Whoever is to score; nobody where findings are brought along and nobody else is named."""
    usual: Usual = "for each kind" if found.judged is None else "never"
    chosen = choose_scorers(found.benchmark, found.data.set, found.cases, scoring, usual)
    terms = terms_of(scoring, load_templates(scoring.template), scoring.device)
    chosen.check(terms)
    if chosen.asks_examiner and scoring.model is None:
        raise UigError(
            "nobody is named to judge these pictures, whose model is not at hand; give --judge "
            "JUDGE, --judge self with --model MODEL, or --judge none to judge later."
        )
    needed = scoring.model if chosen.asks_examiner else None
    examiner = load_examiner(needed, scoring) if needed is not None else None
    ids = {case.id for case in found.cases}
    how = Asking(SHARD, batch_size(scoring, examiner), display, ids)
    rules = found.benchmark.rules(own_of(found.benchmark, own))
    return _Scoring(chosen.open(terms, examiner), how, rules, external.judged_by)


def _default_folder(found: External, options: Mapping[str, Any]) -> Path:
    """results/<benchmark>-<set>-<folder's name>-<8 hex>: the same for the same place."""
    given = (options.get(name) for name in ("path", "judgements", "detections"))
    place = Path(next(path for path in given if path)).resolve()
    benchmark, data = found.benchmark, found.data
    named = f"{benchmark.name}-{data.set}-{options.get('pictures_of') or place.stem}"
    cleaned = "".join(c if c.isalnum() or c in "._-" else "-" for c in named)
    usual = []
    for known in (data.prompts_hash, *data.former_hashes):
        fields = [benchmark.name, benchmark.version, data.set, known, str(place)]
        short = digest({"elsewhere": fields})[:8]
        usual.append(Path("results") / f"{cleaned[:60]}-{short}")
    return first_there(usual)


def _score(
    root: Path,
    found: External,
    one: ExternalModel,
    asking: _Scoring,
    options: Mapping[str, Any],
) -> ScoredModel:
    """Makes one model's run and has it scored."""
    folder, benchmark = RunFolder(root), found.benchmark
    plan = ImportPlan(benchmark, found.data, found.cases, one.pictures, options)
    imported = import_run(root, plan)
    kept = imported.kept
    known: dict[Kind, list[Path]] = {}
    if one.answers is not None and found.judged is not None:
        who = bring.whose(found.judged, "judge", asking.judged_by)
        known["answers"] = [bring.keep_answers(folder, who, one.answers, kept)]
    if one.detections is not None and found.judged is not None:
        who = bring.whose(found.judged, "detector", asking.judged_by)
        home = bring.keep_detections(folder, who, benchmark, found.cases, one.detections, kept)
        known["detections"] = [home]
    if one.verdicts is not None and found.judged is not None:
        who = bring.whose(found.judged, "detector", asking.judged_by)
        home = bring.keep_verdicts(folder, who, benchmark, found.cases, one.verdicts, kept)
        known["answers"] = [home]
    run = open_run(root)
    looked = ask_scorers(run, asking.scorers, asking.how, rules=asking.rules, known=known)
    ids, judges = {case.id for case in found.cases}, looked.judges(run)
    selection = Selection(ids, [imported.method], one.pictures.samples, judges, looked.readers)
    scored = {place for place, there in kept.items() if isinstance(there, Picture)}
    return ScoredModel(
        Worked(run, selection, worked=True, name=one.pictures.name), frozenset(scored)
    )
