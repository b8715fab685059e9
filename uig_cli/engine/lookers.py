"""Who looks at the pictures of a run: judges, or a detector and rules, and a reader of words.

They are checked and opened once, and may then look at the pictures of several runs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case
from uig_cli.engine import defaults, gather, transcribe
from uig_cli.errors import UigError
from uig_cli.models.registry import load_model
from uig_cli.models.where import Where
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.thresholds import under_thresholds
from uig_cli.scoring.detection import Detector
from uig_cli.scoring.judging import Judge
from uig_cli.scoring.registry import Terms, check_judges, need_examiner, open_judges
from uig_cli.scoring.text_reading import TextReader


@dataclass(frozen=True, slots=True)
class Lookers:
    """rules: settings that the detector's boxes are judged by, where not the benchmark's own."""

    judges: Sequence[Judge]
    detector: Detector | None
    reader: TextReader | None
    rules: Mapping[str, float]
    batch_size: int

    def look(
        self,
        folder: RunFolder,
        shard: str,
        cases: Collection[str],
        known: Sequence[str],
        *,
        quiet: bool,
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Gathers what is not known yet; returns the folders of judges or detectors, and of
        readers. known: folders whose evidence is there already."""
        gathering = gather.Gathering(folder, shard, self.batch_size, quiet, cases)
        names = [*known]
        if self.judges:
            names += gather.by_questions(gathering, self.judges).judges
        if self.detector is not None:
            names += gather.by_detector(gathering, self.detector).judges
        if self.rules:
            names = [under_thresholds(folder.detections / name, self.rules).name for name in names]
        readers = transcribe.by_reader(gathering, self.reader).judges if self.reader else ()
        return tuple(names), readers


def open_lookers(
    benchmark: Benchmark,
    set_name: str,
    cases: Sequence[Case],
    values: Mapping[str, Any],
    terms: Terms,
    rules: Mapping[str, float],
    *,
    wanted: bool,
) -> Lookers:
    """values: a command's parameters by name. wanted: somebody must look, since nothing is known
    yet. Raises UigError for whom cannot be had, and where nobody is named and nobody is usual."""
    spec, ocr = values["model"], values["ocr"]
    judges = values["judge"] or (defaults.usual_judges(benchmark, set_name) if wanted else [])
    detector = values["detector"] or (
        defaults.usual_detector(benchmark, set_name, judges) if wanted else "none"
    )
    if benchmark.evidence == "answers":
        detector = values["detector"]
    gather.check_scoring(benchmark, judges, detector)
    defaults.check_exact(benchmark, set_name, [*judges, detector])
    check_judges(judges, terms)
    if need_examiner(judges) and spec is None:
        raise UigError(
            "nobody is named to judge these pictures, whose model is not at hand; give --judge "
            "JUDGE, --judge self with --model MODEL, or --judge none to judge later."
        )
    reader = transcribe.reader_for(ocr, cases)
    found = gather.open_named_detector(detector, values["color_clip"], values["device"])
    examiner = (
        load_model(spec, Where(values["device"], values["dtype"]))
        if need_examiner(judges)
        else None
    )
    usual_size = examiner.capabilities.batch if examiner else 8
    return Lookers(
        open_judges(judges, terms, examiner),
        found,
        reader,
        rules,
        values["batch_size"] or usual_size,
    )
