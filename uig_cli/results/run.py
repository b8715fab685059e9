"""A run read back: its cases, what was drawn of them, and who judged it. Reads, never asks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from uig_cli import faults
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.loop.methods import OURS, Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Spent, Step, Trace, pictures_of
from uig_cli.models.protocol import Failure, Picture, Size
from uig_cli.results.kept_findings import (
    KeptFindings,
    RunScorer,
    kept_findings,
    run_scorers,
    scorer_identities,
)
from uig_cli.results.replay import PENDING, replay
from uig_cli.results.rows import CaseTrace, even_steps
from uig_cli.runs.case_store import kept_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.journal import Journal
from uig_cli.runs.manifest import Manifest, read_manifest
from uig_cli.runs.plugins import benchmark_of, method_of
from uig_cli.scoring.protocol import Kind


@dataclass(frozen=True)
class RunReader:
    """A run folder opened for reading. Every loop is replayed once, however often it is wanted."""

    folder: RunFolder
    manifest: Manifest
    benchmark: Benchmark
    cases: tuple[Case, ...]
    journal: Journal
    _traces: dict[tuple[str, str, int], Trace] = field(default_factory=dict, repr=False)

    @property
    def drawing_identities(self) -> dict[str, dict[str, Any]]:
        """What the pictures of each method depend on, by its label."""
        drawing = self.manifest.drawing
        return {label: drawing.identity(of) for label, (of, _) in self.methods.items()}

    @cached_property
    def methods(self) -> Mapping[str, tuple[Method, MethodSettings]]:
        """The methods of the run by label, and their settings. Raises MissingPlugin for one that is
        not there as it was."""
        known = {label: method_of(self.manifest, label) for label in self.manifest.methods}
        drawing = self.manifest.drawing
        return {name: (of, drawing.method_settings(of)) for name, of in known.items()}

    def drawn(self) -> Iterator[CaseTrace]:
        """Every sample of every case by every method, as far as the journal goes: all of a method
        with as many steps as the longest of them has, or as the method says."""
        for name, (of, settings) in self.methods.items():
            loops = [
                (case, sample, self.trace(case, name, sample))
                for case in self.cases
                for sample in range(self.manifest.samples)
            ]
            longest = max((trace.final.number for _, _, trace in loops), default=0)
            last = max(longest, of.last_step(settings))
            for case, sample, trace in loops:
                yield CaseTrace(case, name, sample, trace, even_steps(trace, last))

    def one(self, case: Case, name: str, sample: int) -> CaseTrace:
        """One loop by itself, with the steps that it has."""
        trace = self.trace(case, name, sample)
        return CaseTrace(case, name, sample, trace, trace.steps)

    def trace(self, case: Case, name: str, sample: int) -> Trace:
        key = (name, case.id, sample)
        if key not in self._traces:
            self._traces[key] = self._replay(case, name, sample)
        return self._traces[key]

    def _replay(self, case: Case, name: str, sample: int) -> Trace:
        if case.problem:
            return blank(case.problem)
        of, settings = self.methods[name]
        drawing = self.manifest.drawing
        mean = self.mean_of_uig if of.waiting else None
        task = task_of(self.folder, case, sample, drawing.seed, mean)
        return replay(of, task, settings, drawing.models, self.journal.known)

    @cached_property
    def mean_of_uig(self) -> Spent | None:
        """What `uig` takes on average over all cases and samples of the run, for methods that are
        given as much; None as long as it is not through all of them. What failed does not count."""
        of, drawing = OURS["uig"], self.manifest.drawing
        settings = drawing.method_settings(of)
        found: list[Spent] = []
        for case in self.cases:
            for sample in range(self.manifest.samples if not case.problem else 0):
                task = task_of(self.folder, case, sample, drawing.seed)
                trace = replay(of, task, settings, drawing.models, self.journal.known)
                if trace.final.failure == PENDING:
                    return None
                found += [trace.spent] if trace.complete else []
        if not found:
            return None
        works = [one.work for one in found if one.work is not None]
        return Spent(
            sum(works) / len(works) if len(works) == len(found) else None,
            sum(one.passes for one in found) / len(found),
            sum(one.pictures for one in found) / len(found),
        )

    def path(self, picture: Picture | None) -> str | None:
        """The file of a picture, relative to the run folder: where the journal says it is."""
        if picture is None or picture.path is None:
            return None
        return self.folder.relative(picture.path)

    def scorers(self) -> list[RunScorer]:
        """All who have scored this run."""
        return run_scorers(self.folder.root, self.benchmark)

    def findings(self, kind: Kind) -> list[KeptFindings]:
        """What each scorer of a kind has found, needed for the score or not."""
        return kept_findings(self.folder.root, kind)

    def identities(self) -> dict[str, dict[str, Any]]:
        """What the findings of those who have scored this run depend on, by their names."""
        return scorer_identities(self.folder.root, self.benchmark)


def open_run(root: Path, journal: Journal | None = None) -> RunReader:
    """journal: that of the session which has just drawn, so that it is not read again."""
    folder = RunFolder(root)
    manifest = read_manifest(folder)
    benchmark, cases = benchmark_of(manifest), tuple(kept_cases(folder))
    for case in cases:
        _check(case, benchmark, folder)
    return RunReader(folder, manifest, benchmark, cases, journal or Journal(folder))


def _check(case: Case, benchmark: Benchmark, folder: RunFolder) -> None:
    """Raises UigError for a case whose line in the folder has been changed to what nobody asks."""
    try:
        benchmark.check_case(case)
        _picture_of(case)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise UigError(
            f"{folder.cases}: case {case.id} is not as {benchmark.name} writes it "
            f"({faults.told(error)}); restore the file, or give the command that drew the run once "
            "more, which writes its cases anew."
        ) from error


def pictures_to_score(
    run: RunReader, *, candidates: bool = False
) -> Iterator[tuple[Case, Picture]]:
    """Each case's different pictures, kept and made, once; with `candidates` all of a round.

    Raises UigError where only judgements are kept.
    """
    seen: set[tuple[str, Picture]] = set()
    for drawn in run.drawn():
        for picture in pictures_of(drawn.trace.steps, candidates=candidates):
            if picture.path is None:
                raise UigError(
                    f"{run.folder.root} holds judgements of {drawn.case.id} without its picture; "
                    "bring the pictures in with `uig score`, then judge them."
                )
            if (drawn.case.id, picture) not in seen:
                seen.add((drawn.case.id, picture))
                yield drawn.case, picture


def blank(problem: str) -> Trace:
    """The trace of a case that cannot be drawn."""
    return Trace((Step(0, None, failure=Failure("prompt", problem)),), complete=False)


def _picture_of(case: Case) -> tuple[str, Size] | None:
    """The hash and the size of the picture that a case begins with. Raises KeyError, TypeError or
    ValueError where they are none: the hash is a file's name."""
    given = case.facts.get("picture")
    if given is None:
        return None
    width, height = case.facts["size"]
    if not re.fullmatch("[0-9a-f]{64}", given) or type(width) is not int or type(height) is not int:
        raise ValueError("its picture is no hash and size")
    return given, (width, height)


def task_of(
    folder: RunFolder, case: Case, sample: int, seed: int, mean: Spent | None = None
) -> DrawTask:
    picture, partner = None, None
    if case.partner is not None:
        partner = DrawTask(*case.partner, sample, seed)
    if (known := _picture_of(case)) is not None:
        sha256, size = known
        picture = Picture.at(folder.root / "inputs" / f"{sha256}.png", sha256, size)
    return DrawTask(case.id, case.prompt, sample, seed, picture, partner, mean)
