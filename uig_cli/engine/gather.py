"""Gathering evidence about a run's pictures: opens the judges or the detector, asks, keeps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from uig_cli.cases import Case
from uig_cli.console import progress
from uig_cli.engine.judge import find_objects, pictures_to_judge, put_questions
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Picture, UnifiedModel
from uig_cli.runs.evidence import Findings, Judgements, evidence_folder
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.view import open_run
from uig_cli.scoring.detection import Detector, open_detector
from uig_cli.scoring.judging import Judge
from uig_cli.templates import Template

JUDGES = ("self", "none")

NEEDS_DETECTOR = (
    "GenEval needs a detector; got none. Give --detector mask2former:PATH, or --detector none to "
    "draw now and `uig rejudge RUN --detector ...` later."
)


def check_judges(names: Sequence[str]) -> None:
    for name in names:
        if name not in JUDGES:
            raise unknown("judge", name, JUDGES)


def open_judges(
    names: Sequence[str], examiner: UnifiedModel | None, template: Template
) -> list[Judge]:
    """The judges of these names; "none" is nobody."""
    from uig_cli.scoring.self_judge import SelfJudge

    judges: list[Judge] = []
    for name in dict.fromkeys(names):
        if name == "self":
            if examiner is None or "look" not in examiner.capabilities.roles:
                raise UigError(
                    "judge self needs a model that looks at pictures; give --examiner, or "
                    "--judge none."
                )
            judges.append(SelfJudge(examiner, template))
    return judges


def open_named_detector(spec: str | None, color_clip: str | None, device: str) -> Detector | None:
    """The detector, None for "none"; UigError where none is named or it cannot be loaded."""
    if spec is None:
        raise UigError(NEEDS_DETECTOR)
    return None if spec == "none" else open_detector(spec, color_clip, device)


@dataclass(frozen=True, slots=True)
class Gathering:
    """Whose pictures, and how the work is done. cases: ids, or None for all of the run."""

    folder: RunFolder
    shard: str
    batch_size: int
    quiet: bool
    cases: Collection[str] | None = None


def by_questions(gathering: Gathering, judges: Sequence[Judge]) -> int:
    """Puts every open question to every judge; returns how many pictures that were."""
    pairs, asked = _pairs(gathering), 0
    for judge in judges:
        home = evidence_folder(gathering.folder.judgements, judge.name, judge.identity)
        kept = Judgements(home, gathering.shard)
        label = f"judging ({judge.name})"
        try:
            with progress(label, len(pairs), "pictures", quiet=gathering.quiet) as bar:
                asked += put_questions(
                    pairs, judge, kept, bar.advance, batch_size=gathering.batch_size
                )
        finally:
            kept.close()
    return asked


def by_detector(gathering: Gathering, detector: Detector) -> int:
    """Runs the detector over every picture that it has not seen; returns how many those were."""
    pairs = _pairs(gathering)
    home = evidence_folder(gathering.folder.detections, detector.name, detector.identity)
    kept = Findings(home, gathering.shard)
    try:
        with progress("detecting", len(pairs), "pictures", quiet=gathering.quiet) as bar:
            return find_objects(pairs, detector, kept, bar.advance, batch_size=gathering.batch_size)
    finally:
        kept.close()


def _pairs(gathering: Gathering) -> list[tuple[Case, Picture]]:
    run = open_run(gathering.folder.root)
    wanted = gathering.cases
    return [
        (case, picture)
        for case, picture in pictures_to_judge(run)
        if wanted is None or case.id in wanted
    ]
