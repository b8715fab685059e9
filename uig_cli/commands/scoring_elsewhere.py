"""What `uig score` does: reads an official layout, makes a run of each model, has it judged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks import select
from uig_cli.benchmarks.elsewhere import Asked, Brought, reader
from uig_cli.benchmarks.protocol import Benchmark, Data, Source
from uig_cli.cases import Case
from uig_cli.commands import asked
from uig_cli.commands.score_show import Model, show
from uig_cli.console import say
from uig_cli.engine import import_scores as bring
from uig_cli.engine.destination import check_writable, remove
from uig_cli.engine.import_run import SHARD, make_run
from uig_cli.engine.import_run import Source as Made
from uig_cli.engine.lookers import Lookers, open_lookers
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.tables import Selection
from uig_cli.runs.folder import RunFolder, safe_name
from uig_cli.runs.identity import digest


def score_elsewhere(benchmark: Benchmark, values: Mapping[str, Any]) -> None:
    """The whole command. values: its parameters by name."""
    judged = _judged(benchmark, values)
    rules = asked.rules(benchmark, values)
    found, models = reader(benchmark.name)(
        Asked(
            Source(values["split"], values["set"], values["data"], values["prompts_file"]),
            pictures=values["path"],
            judged=judged,
            name=values["pictures_of"],
            lines=values["lines"],
            samples=values["samples"],
        )
    )
    cases = select.spread(
        select.only_dimensions(found.cases, values["dimension"] or ()), values["limit"]
    )
    models = [_part(one, cases) for one in models]
    terms = asked.terms(values)
    lookers = open_lookers(benchmark, found.set, cases, values, terms, rules, wanted=judged is None)
    for warning in () if values["quiet"] else found.warnings:
        say(f"note: {warning}")
    base = values["out"] or _default_folder(benchmark, found, values)
    shown = []
    for one in models:
        name = one.pictures.name
        root = base if len(models) == 1 else base / safe_name(name)
        made = Made(benchmark, found, tuple(cases), one.pictures, asked.recorded(values))
        shown.append(_score(root, made, one, lookers, values, judged))
    show(
        shown,
        benchmark,
        quiet=values["quiet"],
        as_json=values["json"],
        allow_missing=values["allow_missing"],
    )


def _judged(benchmark: Benchmark, values: Mapping[str, Any]) -> Path | None:
    """The file or folder of evidence from elsewhere; UigError for what does not go together."""
    mine, other = ("judgements", "detections")
    if benchmark.evidence == "detections":
        mine, other = other, mine
    if values[other] is not None:
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
    if values["path"] is None and looking:
        raise UigError(f"--judge {looking[0]} needs the pictures; give their folder too.")
    if judged is not None and values["detector"] not in (None, "none"):
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


def _default_folder(benchmark: Benchmark, found: Data, values: Mapping[str, Any]) -> Path:
    """results/<benchmark>-<set>-<folder's name>-<8 hex>: the same for the same place."""
    place = (values["path"] or values["judgements"] or values["detections"]).resolve()
    fields = [benchmark.name, benchmark.version, found.set, found.prompts_hash, str(place)]
    named = f"{benchmark.name}-{found.set}-{values['pictures_of'] or place.stem}"
    cleaned = "".join(c if c.isalnum() or c in "._-" else "-" for c in named)
    return Path("results") / f"{cleaned[:60]}-{digest({'elsewhere': fields})[:8]}"


def _score(
    root: Path,
    made: Made,
    one: Brought,
    lookers: Lookers,
    values: Mapping[str, Any],
    judged: Path | None,
) -> Model:
    """Makes one model's run and gathers the evidence about it."""
    folder = RunFolder(root)
    check_writable(root)
    if values["fresh"]:
        remove(folder)
    kept = make_run(root, made)
    names: list[str] = []
    if one.answers is not None and judged is not None:
        who = bring.whose(judged, "judge", values["judged_by"])
        names.append(bring.keep_answers(folder, who, one.answers, kept))
    if one.found is not None and judged is not None:
        who = bring.whose(judged, "detector", values["judged_by"])
        names.append(bring.keep_found(folder, who, made.cases, one.found, kept))
    ids = {case.id for case in made.cases}
    looked = lookers.look(folder, SHARD, ids, names, quiet=values["quiet"])
    selection = Selection(ids, ["elsewhere"], one.pictures.samples, *looked)
    scored = {place for place, there in kept.items() if isinstance(there, Picture)}
    return Model(one.pictures.name, root, selection, frozenset(scored))
