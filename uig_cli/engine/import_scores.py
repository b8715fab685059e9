"""Judgements and detections from elsewhere, kept as any scorer's findings are.

A run keeps one finding for each picture and text. What says something else than what is there, or
than what comes with it, is refused before anything is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from uig_cli.benchmarks.external import ExternalAnswers, ExternalDetections, ExternalVerdicts
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case, Place
from uig_cli.engine.import_run import SHARD
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.records import Recorded, Records, home_of, scorer_folder
from uig_cli.runs.thresholds import identity_of
from uig_cli.scoring.findings import Answer, Detections, settled
from uig_cli.scoring.protocol import Kind

UNNAMED = "unnamed"

Kept = Mapping[Place, Picture | Failure]
"""What stands at every place of a run."""
_Brought = tuple[Place, Picture, str, Answer | Detections]
"""A place and its picture, what was wanted of it, and what was found."""


def whose(path: Path, kind: str, name: str | None) -> tuple[str, dict[str, str]]:
    """Name and identity of who judged what `path` holds: what an `identity.json` beside it says,
    else the name that the user gives. kind: "judge" or "detector". The origin is an identity, so it
    keeps the word of version 0.1.0."""
    place = path if path.is_dir() else path.parent
    if name is None and (place / "identity.json").is_file():
        return place.resolve().name, identity_of(place)
    return name or UNNAMED, {kind: name or UNNAMED, "origin": "elsewhere"}


def keep_answers(
    folder: RunFolder, judge: tuple[str, Mapping[str, str]], answers: ExternalAnswers, kept: Kept
) -> Path:
    """Keeps what is not known yet; returns the judge's folder. Raises UigError for what is known
    otherwise."""
    brought: list[_Brought] = [
        ((case, 0), picture, question, answer)
        for case, known in answers.by_case.items()
        if isinstance(picture := kept.get((case, 0)), Picture) and not isinstance(known, Failure)
        for question, answer in known.items()
    ]
    return _keep(folder, "answers", judge, brought)


def keep_detections(
    folder: RunFolder,
    detector: tuple[str, Mapping[str, str]],
    benchmark: Benchmark,
    cases: Sequence[Case],
    found: ExternalDetections,
    kept: Kept,
) -> Path:
    """Keeps what is not known yet; returns the detector's folder. Raises UigError for what is known
    otherwise, and where none of it is about one of the run's pictures."""
    brought = list(_detected(benchmark, cases, found, kept))
    if not brought and any(isinstance(picture, Picture) for picture in kept.values()):
        raise UigError(
            "none of the detections is about one of these pictures; give those of the same "
            "pictures, or leave --detections out."
        )
    return _keep(folder, "detections", detector, brought)


def keep_verdicts(
    folder: RunFolder,
    who: tuple[str, Mapping[str, str]],
    benchmark: Benchmark,
    cases: Sequence[Case],
    found: ExternalVerdicts,
    kept: Kept,
) -> Path:
    """Keeps what is not known yet; returns the folder of who gave them. Raises UigError for what is
    known otherwise. Their identity says that they are verdicts: by what rules is not known."""
    texts = {case.id: benchmark.verdict_text(case) for case in cases}
    brought: list[_Brought] = [
        (place, picture, text, found.by_place[place])
        for place, picture in kept.items()
        if isinstance(picture, Picture)
        and place in found.by_place
        and (text := texts.get(place[0])) is not None
    ]
    name, identity = who
    return _keep(folder, "answers", (name, {**identity, "verdicts": "as brought"}), brought)


def _detected(
    benchmark: Benchmark, cases: Sequence[Case], found: ExternalDetections, kept: Kept
) -> Iterator[_Brought]:
    wanted = {case.id: benchmark.wanted(case, "detections") for case in cases}
    for place, picture in kept.items():
        if isinstance(picture, Picture):
            for text in wanted.get(place[0], ()):
                by_picture = found.by_picture.get((picture.sha256, text))
                for seen in (by_picture, found.by_place.get(place)):
                    if seen is not None:
                        yield place, picture, text, seen


def _keep(
    folder: RunFolder,
    kind: Kind,
    scorer: tuple[str, Mapping[str, str]],
    brought: Sequence[_Brought],
) -> Path:
    home = scorer_folder(home_of(folder.root, kind), *scorer)
    records = Records(home, kind, SHARD)
    try:
        for picture, text, found in _new(folder.root, home.name, kind, records, brought):
            records.write(picture, text, found)
    finally:
        records.close()
    return home


def _new(
    root: Path, name: str, kind: Kind, records: Records, brought: Sequence[_Brought]
) -> list[tuple[str, str, Recorded]]:
    """What is to be kept, each picture and text once."""
    first: dict[tuple[str, str], tuple[Place, Answer | Detections]] = {}
    changed: list[Place] = []
    new: list[tuple[str, str, Recorded]] = []
    for place, picture, text, found in brought:
        key = picture.sha256, text
        if key in first:
            before, said = first[key]
            if not _same(said, found):
                raise UigError(
                    f"{_named(before)} and {_named(place)} hold the same picture, and their {kind} "
                    "differ, where a run keeps one finding for a picture; mend one of them, or "
                    "leave the folder of pictures out, so that each place stands for itself."
                )
            continue
        first[key] = place, found
        known = records.found(picture.sha256, text)
        if settled(known):
            changed += [] if _same(known, found) else [place]
        elif known != found:
            new.append((picture.sha256, text, found))
    if changed:
        raise UigError(
            f"{root} holds other {kind} by {name} for {len(dict.fromkeys(changed))} places, e.g. "
            f"{_named(changed[0])}; say with --judged-by NAME whose these are, give another --out "
            "folder, or --fresh to start over."
        )
    return new


def _same(one: Recorded, other: Recorded) -> bool:
    """Whether two findings say the same; in what words, and how sure, is no matter."""
    if isinstance(one, Answer) and isinstance(other, Answer):
        return one.answer == other.answer
    if isinstance(one, Detections) and isinstance(other, Detections):
        return one.to_json() == other.to_json()
    return False


def _named(place: Place) -> str:
    return f"{place[0]} sample {place[1]}"
