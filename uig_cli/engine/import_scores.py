"""Judgements and detections from elsewhere, kept as any judge's or detector's are."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from uig_cli.benchmarks.elsewhere import Answers, Found, Place
from uig_cli.cases import Case
from uig_cli.engine.import_run import SHARD
from uig_cli.models.protocol import Failure, Picture
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.records import Findings, Judgements, evidence_folder
from uig_cli.runs.thresholds import identity_of
from uig_cli.scoring.detection import Detections, colored_classes

UNNAMED = "unnamed"


def whose(path: Path, kind: str, name: str | None) -> tuple[str, dict[str, str]]:
    """Name and identity of who judged what `path` holds: what an `identity.json` beside it says,
    else the name that the user gives. kind: "judge" or "detector"."""
    place = path if path.is_dir() else path.parent
    if name is None and (place / "identity.json").is_file():
        return place.resolve().name, identity_of(place)
    return name or UNNAMED, {kind: name or UNNAMED, "origin": "elsewhere"}


def keep_answers(
    folder: RunFolder,
    judge: tuple[str, Mapping[str, str]],
    answers: Answers,
    kept: Mapping[Place, Picture | Failure],
) -> str:
    """Keeps what is not known yet; returns the name of the judge's folder."""
    home = evidence_folder(folder.judgements, *judge)
    book = Judgements(home, SHARD)
    try:
        for case, known in answers.by_case.items():
            picture = kept.get((case, 0))
            if isinstance(picture, Picture) and not isinstance(known, Failure):
                for question, answer in known.items():
                    if book.answer(picture.sha256, question) != answer:
                        book.write(picture.sha256, question, answer)
    finally:
        book.close()
    return home.name


def keep_found(
    folder: RunFolder,
    detector: tuple[str, Mapping[str, str]],
    cases: Sequence[Case],
    found: Found,
    kept: Mapping[Place, Picture | Failure],
) -> str:
    """Keeps what is not known yet; returns the name of the detector's folder."""
    home = evidence_folder(folder.detections, *detector)
    book = Findings(home, SHARD)
    facts = {case.id: case.facts for case in cases}
    try:
        for (case, sample), picture in kept.items():
            if not isinstance(picture, Picture) or case not in facts:
                continue
            colored = colored_classes(facts[case])
            seen = found.by_picture.get((picture.sha256, ",".join(colored)))
            seen = seen or found.by_place.get((case, sample))
            if seen is not None and not isinstance(book.found(picture.sha256, colored), Detections):
                book.write(picture.sha256, colored, seen)
    finally:
        book.close()
    return home.name
