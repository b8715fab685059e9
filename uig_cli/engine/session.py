"""From what was asked to a finished run: prepare, draw, judge, table.

Everything that can be known to fail is checked first, the cheap before the dear: options, data,
checkpoint files, output folder; then weights are loaded. The rest is resumable at any point.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from uig_cli import __version__
from uig_cli.benchmarks.protocol import Benchmark, Data
from uig_cli.cases import Case
from uig_cli.console import Bar, progress, say
from uig_cli.engine.destination import check_writable, default_folder, remove
from uig_cli.engine.drive import Job, drive
from uig_cli.engine.estimate import estimate, warn_of_disk
from uig_cli.engine.models import Loaded, Models, check_files, needed_roles
from uig_cli.errors import UigError
from uig_cli.loop.methods import Method, method
from uig_cli.loop.trace import Trace
from uig_cli.models.protocol import Drawn, Reply, Request, Role
from uig_cli.results.run import task_of
from uig_cli.runs import pictures
from uig_cli.runs.cases import keep_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import BenchmarkRecord, Drawing, TemplateText
from uig_cli.runs.journal import Journal
from uig_cli.runs.manifest import (
    Manifest,
    continued,
    locked,
    new_manifest,
    now,
    read_manifest,
    write_manifest,
)
from uig_cli.settings import Drawing as Asked
from uig_cli.settings import Keeping
from uig_cli.templates import Template, load_all


@dataclass(frozen=True, slots=True)
class Session:
    """A run made ready: all that drawing needs.

    journal: open, and thereby this session's alone, until whoever opened the run closes it.
    """

    folder: RunFolder
    manifest: Manifest
    journal: Journal
    methods: tuple[Method, ...]
    models: Models
    cases: tuple[Case, ...]
    samples: int
    batch_size: int
    shard: str
    quiet: bool


def check(asked: Asked, keeping: Keeping, also: Sequence[Role] = ()) -> None:
    """Raises UigError for whatever can be known to fail without loading anything.

    also: roles that a judge needs beside those of the methods.
    """
    load_all(asked.templates)
    methods = [method(name) for name in asked.methods]
    check_files(asked, [*needed_roles(methods), *also])
    if keeping.out is not None:
        check_writable(keeping.out)


def open_run(
    loaded: Loaded,
    keeping: Keeping,
    benchmark: Benchmark,
    data: Data,
    cases: Sequence[Case],
    *,
    samples: int,
    options: Mapping[str, Any],
    quiet: bool,
) -> Session:
    """Makes the run folder, or goes on with the run that is there; says what is to come."""
    asked, models = loaded.asked, loaded.models
    drawing = Drawing(
        benchmark=BenchmarkRecord(
            name=benchmark.name,
            version=benchmark.version,
            set=data.set,
            prompts=data.prompts_hash,
            card=data.card,
        ),
        models=models.identities,
        samplers={role: dict(models.samplers[role]) for role in models.drawing},
        seed=asked.seed,
        size=asked.size,
        rounds=asked.rounds,
        verdict_parser=asked.verdict_parser,
        templates={name: _kept(template) for name, template in loaded.templates.items()},
    )
    folder = RunFolder(keeping.out or default_folder(loaded, drawing))
    coming = estimate(loaded, drawing, len(cases) * samples)
    notes = [*data.notes, *models.notes]
    manifest = new_manifest(drawing, asked.methods, samples, options, notes)
    check_writable(folder.root)
    if keeping.fresh:
        remove(folder)
    with locked(folder):
        if folder.manifest.exists():
            manifest = continued(read_manifest(folder), manifest, folder.root)
        elif any(not path.name.startswith(".") for path in folder.root.iterdir()):
            raise UigError(
                f"{folder.root} holds other files and is no run folder; give an empty or new "
                "--out folder."
            )
        journal = Journal(folder, keeping.shard_name)
        write_manifest(folder, manifest)
    keep_cases(folder, keeping.shard_name, cases)
    if not quiet:
        names = ", ".join(asked.methods)
        say(f"{folder.root}: {len(cases)} cases x {samples} samples by {names}, at most {coming}")
        for note in models.strange(case.prompt for case in cases):
            say(f"note: {note}")
        warn_of_disk(folder, coming)
    return Session(
        folder,
        manifest,
        journal,
        loaded.methods,
        models,
        tuple(cases),
        samples,
        asked.batch_size or models.batch,
        keeping.shard_name,
        quiet,
    )


def _kept(template: Template) -> TemplateText:
    return TemplateText(text=template.text, sha256=template.sha256, given=template.given)


def draw(session: Session) -> int:
    """Draws what is not drawn yet; returns how many replies that took."""
    drawable = [case for case in session.cases if not case.problem]
    total = len(drawable) * session.samples * len(session.methods)
    with progress("drawing", total, "loops", quiet=session.quiet) as bar:
        watching = _Watching(session.folder, bar)
        drive(
            jobs(session, drawable),
            session.models.by_role,
            session.journal,
            watching,
            batch_size=session.batch_size,
        )
    return watching.replies


@dataclass(slots=True)
class _Watching:
    """Counts replies, moves the bar, and puts the pictures of ended loops in their places."""

    folder: RunFolder
    bar: Bar
    replies: int = 0
    pictures: int = 0

    def answered(self, request: Request, reply: Reply) -> None:
        self.replies += 1
        if isinstance(reply, Drawn):
            self.pictures += 1
            self.bar.advance(0, f"{self.pictures} pictures")

    def ended(self, job: Job, trace: Trace) -> None:
        place(self.folder, job, trace)
        self.bar.advance(1)


def jobs(session: Session, cases: Sequence[Case]) -> Iterator[Job]:
    """A job for every case, sample and method; methods of one case stand together."""
    drawing = session.manifest.drawing
    for case in cases:
        for sample in range(session.samples):
            task = task_of(session.folder, case, sample, drawing.seed)
            for of in session.methods:
                yield Job(
                    of.name, case.id, sample, case.prompt, of.run(task, drawing.method_settings(of))
                )


def place(folder: RunFolder, job: Job, trace: Trace) -> None:
    """Gives every step of a trace its picture file, sharing what another method drew."""
    for step in trace.steps:
        if step.picture is None:
            continue
        assert step.picture.path is not None, "replies come from the journal"
        target = folder.picture(job.method, job.case, job.sample, step.number)
        pictures.share(step.picture.path, target)


def finish(session: Session, work: int, *, quiet: bool) -> None:
    """Marks the run as finished now; one that had nothing to do keeps its date."""
    with locked(session.folder):
        manifest = read_manifest(session.folder)
        if work or not manifest.last_finished:
            update = {"last_finished": now(), "finished_by": __version__}
            write_manifest(session.folder, manifest.model_copy(update=update))
        elif not quiet:
            say(f"nothing to do: finished {manifest.last_finished} by uig {manifest.finished_by}")
