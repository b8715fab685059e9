"""Judgements and detections from elsewhere, kept as any scorer's findings are."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from uig_cli.benchmarks.external import ExternalAnswers, ExternalDetections
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case, Place
from uig_cli.engine.import_run import SHARD
from uig_cli.models.protocol import Failure, Picture
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.records import Records, home_of, scorer_folder
from uig_cli.runs.thresholds import identity_of
from uig_cli.scoring.findings import settled

UNNAMED = "unnamed"


def whose(path: Path, kind: str, name: str | None) -> tuple[str, dict[str, str]]:
    """Name and identity of who judged what `path` holds: what an `identity.json` beside it says,
    else the name that the user gives. kind: "judge" or "detector". The origin is an identity, so it
    keeps the word of version 0.1.0."""
    place = path if path.is_dir() else path.parent
    if name is None and (place / "identity.json").is_file():
        return place.resolve().name, identity_of(place)
    return name or UNNAMED, {kind: name or UNNAMED, "origin": "elsewhere"}


def keep_answers(
    folder: RunFolder,
    judge: tuple[str, Mapping[str, str]],
    answers: ExternalAnswers,
    kept: Mapping[Place, Picture | Failure],
) -> Path:
    """Keeps what is not known yet; returns the judge's folder."""
    home = scorer_folder(home_of(folder.root, "answers"), *judge)
    records = Records(home, "answers", SHARD)
    try:
        for case, known in answers.by_case.items():
            picture = kept.get((case, 0))
            if isinstance(picture, Picture) and not isinstance(known, Failure):
                for question, answer in known.items():
                    if records.found(picture.sha256, question) != answer:
                        records.write(picture.sha256, question, answer)
    finally:
        records.close()
    return home


def keep_detections(
    folder: RunFolder,
    detector: tuple[str, Mapping[str, str]],
    benchmark: Benchmark,
    cases: Sequence[Case],
    found: ExternalDetections,
    kept: Mapping[Place, Picture | Failure],
) -> Path:
    """Keeps what is not known yet; returns the detector's folder."""
    home = scorer_folder(home_of(folder.root, "detections"), *detector)
    records = Records(home, "detections", SHARD)
    wanted = {case.id: benchmark.wanted(case, "detections") for case in cases}
    try:
        for (case, sample), picture in kept.items():
            if not isinstance(picture, Picture):
                continue
            for text in wanted.get(case, ()):
                seen = found.by_picture.get((picture.sha256, text))
                seen = seen or found.by_place.get((case, sample))
                if seen is not None and not settled(records.found(picture.sha256, text)):
                    records.write(picture.sha256, text, seen)
    finally:
        records.close()
    return home
