"""A run read back: its cases, what was drawn of them, and who judged it. Reads, never asks."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from uig_cli.results.rows import Drawn, even_steps
from uig_cli.results.scorers import (
    KeptFindings,
    RunScorer,
    kept_findings,
    run_scorers,
    scorer_identities,
)
from uig_cli.runs.cases import kept_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.journal import Journal
from uig_cli.runs.manifest import Manifest, read_manifest
from uig_cli.scoring.protocol import Kind


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

    def scorers(self) -> list[RunScorer]:
        """All who have scored this run."""
        return run_scorers(self.folder.root, self.benchmark)

    def findings(self, kind: Kind) -> list[KeptFindings]:
        """What each scorer of a kind has found, needed for the score or not."""
        return kept_findings(self.folder.root, kind)

    def identities(self) -> dict[str, dict[str, Any]]:
        """What the findings of those who have scored this run depend on, by their names."""
        return scorer_identities(self.folder.root, self.benchmark)


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
