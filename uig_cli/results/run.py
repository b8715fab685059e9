"""A run read back: its cases, what was drawn of them, and who judged it. Reads, never asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks import registry
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case
from uig_cli.loop.methods import method
from uig_cli.loop.task import DrawTask
from uig_cli.loop.trace import Step, Trace
from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.replay import replay
from uig_cli.results.rows import Drawn, Evidence, even_steps
from uig_cli.runs.cases import kept_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.journal import Journal
from uig_cli.runs.manifest import Manifest, read_manifest
from uig_cli.runs.records import Findings, Judgements
from uig_cli.runs.thresholds import thresholds_of
from uig_cli.scoring.detection import Detections, colored_classes


@dataclass(frozen=True, slots=True)
class Run:
    """A run folder opened for reading."""

    folder: RunFolder
    manifest: Manifest
    benchmark: Benchmark
    cases: tuple[Case, ...]
    journal: Journal

    def drawn(self) -> Iterator[Drawn]:
        """Every sample of every case by every method, as far as the journal goes."""
        for name in self.manifest.methods:
            for case in self.cases:
                for sample in range(self.manifest.samples):
                    yield self.one(case, name, sample)

    def one(self, case: Case, name: str, sample: int) -> Drawn:
        of = method(name)
        settings = self.manifest.drawing.method_settings(of)
        trace = (
            blank(case.problem)
            if case.problem
            else replay(
                of,
                task_of(self.folder, case, sample, self.manifest.drawing.seed),
                settings,
                self.manifest.drawing.models,
                self.journal.known,
            )
        )
        return Drawn(case, name, sample, trace, even_steps(trace, settings.rounds))

    def picture_path(self, drawn: Drawn, step: int) -> str | None:
        """The file of that step's picture, relative to the run folder.

        A stopped case shows its last one; one whose loop has not ended yet, or that nobody asked
        for by this method, the file of whoever drew it.
        """
        picture = drawn.steps[step].picture
        if picture is None:
            return None
        number = min(step, len(drawn.trace.steps) - 1)
        path = self.folder.picture(drawn.method, drawn.case.id, drawn.sample, number)
        if picture.path is None:
            return None
        return self.folder.relative(path if path.is_file() else picture.path)

    def evidence(self) -> list[Evidence]:
        """All judges or detectors that have looked at this run."""
        parent = evidence_parent(self.folder, self.benchmark)
        folders = sorted(path.parent for path in parent.glob("*/identity.json"))
        return [evidence_in(folder, self.benchmark) for folder in folders]


def open_run(root: Path) -> Run:
    folder = RunFolder(root)
    manifest = read_manifest(folder)
    return Run(
        folder,
        manifest,
        registry.benchmark(manifest.drawing.benchmark.name),
        tuple(kept_cases(folder)),
        Journal(folder),
    )


def blank(problem: str) -> Trace:
    """The trace of a case that cannot be drawn."""
    return Trace((Step(0, None, failure=Failure("prompt", problem)),), complete=False)


def task_of(folder: RunFolder, case: Case, sample: int, seed: int) -> DrawTask:
    picture = None
    if given := case.facts.get("picture"):
        path = folder.root / "inputs" / f"{given}.png"
        width, height = case.facts["size"]
        picture = Picture.at(path, given, (width, height))
    return DrawTask(case.id, case.prompt, sample, seed, picture)


def evidence_parent(folder: RunFolder, benchmark: Benchmark) -> Path:
    return folder.judgements if benchmark.evidence == "answers" else folder.detections


def evidence_in(folder: Path, benchmark: Benchmark) -> Evidence:
    if benchmark.evidence == "answers":
        return Answers(Judgements(folder))
    boxes, rules = thresholds_of(folder)
    return Detected(folder.name, Findings(boxes), rules)


class Answers:
    """A judge's answers as evidence."""

    def __init__(self, kept: Judgements) -> None:
        self.name, self._kept = kept.name, kept

    def about(self, case: Case, picture: Picture) -> Any:
        return [self._kept.answer(picture.sha256, q.text) for q in case.questions]


class Detected:
    """A detector's findings as evidence. rules: settings that they are to be judged by."""

    def __init__(self, name: str, kept: Findings, rules: Mapping[str, float]) -> None:
        self.name, self._kept, self._rules = name, kept, rules

    def about(self, case: Case, picture: Picture) -> Detections | Failure:
        found = self._kept.found(picture.sha256, colored_classes(case.facts))
        return found if isinstance(found, Failure) else replace(found, rules=self._rules)
