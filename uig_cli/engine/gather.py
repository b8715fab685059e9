"""Gathering evidence about a run's pictures: opens the judges or the detector, asks, keeps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case
from uig_cli.console import progress
from uig_cli.engine.judge import find_objects, pictures_to_judge, put_questions
from uig_cli.errors import UigError
from uig_cli.models.protocol import Picture
from uig_cli.results.run import open_run
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.records import Findings, Judgements, evidence_folder
from uig_cli.scoring.detection import Detector, open_detector
from uig_cli.scoring.judging import Judge
from uig_cli.scoring.registry import NONE, kind_of

NEEDS_DETECTOR = (
    "GenEval needs a detector; got none. Give --detector mask2former:PATH, or --detector none to "
    "draw now and `uig rejudge RUN --detector ...` later."
)


def check_scoring(benchmark: Benchmark, judges: Sequence[str], detector: str | None) -> None:
    """Raises UigError for a judge that is not known, or evidence the benchmark has no use for."""
    for spec in judges:
        kind_of(spec)
    if benchmark.evidence == "detections" and detector is None:
        raise UigError(NEEDS_DETECTOR)
    if benchmark.evidence == "answers" and detector is not None:
        raise UigError(
            f"{benchmark.name} is scored by questions; leave --detector out, or give --judge."
        )
    if benchmark.evidence == "detections" and set(judges) - {NONE}:
        raise UigError(
            f"{benchmark.name} is scored by a detector; leave --judge out, or give --detector."
        )


def open_named_detector(spec: str | None, color_clip: str | None, device: str) -> Detector | None:
    """The detector, None for "none"; UigError where it cannot be loaded."""
    return None if spec in (None, "none") else open_detector(spec, color_clip, device)


@dataclass(frozen=True, slots=True)
class Gathering:
    """Whose pictures, and how the work is done. cases: ids, or None for all of the run."""

    folder: RunFolder
    shard: str
    batch_size: int
    quiet: bool
    cases: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """work: pictures that somebody had to look at; judges: whose evidence this is, by folder."""

    work: int
    judges: tuple[str, ...]


def by_questions(gathering: Gathering, judges: Sequence[Judge]) -> Gathered:
    """Puts every open question to every judge."""
    pairs, work, names = _pairs(gathering), 0, []
    for judge in judges:
        home = evidence_folder(gathering.folder.judgements, judge.name, judge.identity)
        names.append(home.name)
        kept = Judgements(home, gathering.shard)
        label = f"judging ({judge.name})"
        try:
            with progress(label, len(pairs), "pictures", quiet=gathering.quiet) as bar:
                work += put_questions(
                    pairs, judge, kept, bar.advance, batch_size=judge.batch or gathering.batch_size
                )
        finally:
            kept.close()
    return Gathered(work, tuple(names))


def by_detector(gathering: Gathering, detector: Detector) -> Gathered:
    """Runs the detector over every picture that it has not seen."""
    pairs = _pairs(gathering)
    home = evidence_folder(gathering.folder.detections, detector.name, detector.identity)
    kept = Findings(home, gathering.shard)
    try:
        with progress("detecting", len(pairs), "pictures", quiet=gathering.quiet) as bar:
            work = find_objects(pairs, detector, kept, bar.advance, batch_size=gathering.batch_size)
    finally:
        kept.close()
    return Gathered(work, (home.name,))


def _pairs(gathering: Gathering) -> list[tuple[Case, Picture]]:
    run = open_run(gathering.folder.root)
    wanted = gathering.cases
    return [
        (case, picture)
        for case, picture in pictures_to_judge(run)
        if wanted is None or case.id in wanted
    ]
