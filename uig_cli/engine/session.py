"""From what was asked to a finished run: prepare, draw, judge, table.

Everything that can be known to fail is checked first, the cheap before the dear: options, data,
checkpoint files, output folder; then weights are loaded. The rest is resumable at any point.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uig_cli import __version__
from uig_cli.benchmarks.protocol import Benchmark, Data
from uig_cli.cases import Case
from uig_cli.console import Bar, progress, say
from uig_cli.engine.drive import Job, drive
from uig_cli.engine.models import Models, check_files, load_models, needed_roles
from uig_cli.errors import UigError
from uig_cli.loop.methods import Method, method
from uig_cli.loop.rehearse import rehearse
from uig_cli.loop.trace import Trace
from uig_cli.models.protocol import Drawn, Failure, Look, Reply, Request, Role, Size
from uig_cli.runs import pictures
from uig_cli.runs.cases import keep_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.journal import Journal
from uig_cli.runs.manifest import (
    BenchmarkRecord,
    Drawing,
    Manifest,
    TemplateText,
    continued,
    digest,
    new_manifest,
    now,
    read_manifest,
    write_manifest,
)
from uig_cli.runs.view import task_of
from uig_cli.settings import Drawing as Asked
from uig_cli.settings import Keeping
from uig_cli.templates import Template, load_all


@dataclass(frozen=True, slots=True)
class Session:
    """A run made ready: all that drawing needs."""

    folder: RunFolder
    manifest: Manifest
    methods: tuple[Method, ...]
    models: Models
    cases: tuple[Case, ...]
    samples: int
    batch_size: int
    shard: str
    quiet: bool


def prepare(
    asked: Asked,
    keeping: Keeping,
    benchmark: Benchmark,
    data: Data,
    cases: Sequence[Case],
    *,
    samples: int,
    options: Mapping[str, Any],
    quiet: bool,
    also: Sequence[Role] = (),
) -> Session:
    """Checks all that can be checked, loads the models, opens or continues the run folder.

    also: roles to load beside those of the methods, for a judge.
    """
    methods = tuple(method(name) for name in dict.fromkeys(asked.methods))
    templates = load_all(asked.templates)
    check_files(asked, [*needed_roles(methods), *also])
    if keeping.out is not None:
        check_writable(keeping.out)
    models = load_models(asked, methods, also)
    drawing = Drawing(
        benchmark=BenchmarkRecord(
            name=benchmark.name,
            version=benchmark.version,
            set=data.set,
            prompts=data.prompts_hash,
            card=data.card,
        ),
        models=models.identities,
        samplers={role: dict(settings) for role, settings in models.samplers.items()},
        seed=asked.seed,
        size=asked.size,
        rounds=asked.rounds,
        reading=asked.reading,
        templates={name: _kept(template) for name, template in templates.items()},
    )
    root = keeping.out or default_folder(asked, drawing)
    check_writable(root)
    folder = RunFolder(root)
    notes = dict.fromkeys(
        f"{models.specs[role]}: {model.capabilities.note}"
        for role, model in models.by_role.items()
        if model.capabilities.note
    )
    manifest = new_manifest(drawing, asked.methods, samples, options, tuple(notes))
    if keeping.fresh:
        remove(folder)
    if folder.manifest.exists():
        manifest = continued(read_manifest(folder), manifest, root)
    elif root.exists() and any(root.iterdir()):
        raise UigError(
            f"{root} holds other files and is no run folder; give an empty or new --out folder."
        )
    write_manifest(folder, manifest)
    keep_cases(folder, keeping.shard_name, cases)
    return Session(
        folder,
        manifest,
        methods,
        models,
        tuple(cases),
        samples,
        asked.batch_size or models.batch,
        keeping.shard_name,
        quiet,
    )


def _kept(template: Template) -> TemplateText:
    return TemplateText(text=template.text, sha256=template.sha256, given=template.given)


def default_folder(asked: Asked, drawing: Drawing) -> Path:
    """results/<benchmark>-<set>-<model>-<8 hex>: the same for the same way of drawing.

    Methods and selections have no part in it, so that adding some continues the run.
    """
    fields = {
        "benchmark": drawing.benchmark.model_dump(exclude={"card"}),
        "model": drawing.models["draw"],
        "others": [asked.examiner, asked.editor],
        "samplers": dict(asked.samplers),
        "loop": [drawing.seed, drawing.size, drawing.rounds, drawing.reading],
        "templates": {name: kept.sha256 for name, kept in drawing.templates.items()},
        "behaviour": drawing.behaviour,
    }
    model = Path(asked.model).name.split(":")[-1]
    parts = (drawing.benchmark.name, drawing.benchmark.set, model)
    named = "-".join(part for part in parts if part)
    cleaned = "".join(c if c.isalnum() or c in "._-" else "-" for c in named)
    return Path("results") / f"{cleaned[:60]}-{digest(fields)[:8]}"


def check_writable(root: Path) -> None:
    """Raises UigError if no run can be written at `root`."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe = root / ".uig-can-write"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise UigError(
            f"cannot write to the output folder {root} ({error.strerror}); give another --out."
        ) from error


def remove(folder: RunFolder) -> None:
    """Removes a run, and nothing that is not one."""
    if not folder.root.exists() or not any(folder.root.iterdir()):
        return
    if not folder.manifest.exists():
        raise UigError(
            f"--fresh would remove {folder.root}, which is no run folder; remove it yourself or "
            "give another --out."
        )
    for path in folder.root.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@dataclass(slots=True)
class Outcome:
    """What a session did: replies it got, failures among them."""

    replies: int = 0
    failures: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def count(self, reply: Reply) -> None:
        self.replies += 1
        if isinstance(reply, Failure):
            self.failures += 1
            reason = f"{reply.kind}: {reply.reason}"
            self.reasons[reason] = self.reasons.get(reason, 0) + 1


def draw(session: Session) -> Outcome:
    """Draws what is not drawn yet."""
    journal = Journal(session.folder, session.shard)
    outcome = Outcome()
    drawable = [case for case in session.cases if not case.problem]
    total = len(drawable) * session.samples * len(session.methods)
    try:
        with progress("drawing", total, "loops", quiet=session.quiet) as bar:
            drive(
                jobs(session, drawable),
                session.models.by_role,
                journal,
                _Watching(session.folder, outcome, bar),
                batch_size=session.batch_size,
            )
    finally:
        journal.close()
    return outcome


@dataclass(slots=True)
class _Watching:
    """Counts replies, moves the bar, and puts the pictures of ended loops in their places."""

    folder: RunFolder
    outcome: Outcome
    bar: Bar
    pictures: int = 0

    def answered(self, request: Request, reply: Reply) -> None:
        self.outcome.count(reply)
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
                yield Job(of.name, case.id, sample, case.prompt, of.run(task, drawing.kit(of)))


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
    manifest = session.manifest
    if work == 0 and manifest.last_finished:
        if not quiet:
            say(f"nothing to do: finished {manifest.last_finished} by uig {manifest.finished_by}")
        return
    update = {"last_finished": now(), "finished_by": __version__}
    write_manifest(session.folder, manifest.model_copy(update=update))


def announce(session: Session) -> None:
    """One line on how much work is to come at most, and a word if the disk may not hold it."""
    loops = len(session.cases) * session.samples
    courses = [rehearse(of, session.manifest.drawing.kit(of)) for of in session.methods]
    asked = [request for course in courses for request in course]
    pictures = loops * sum(not isinstance(request, Look) for request in asked)
    passes = [_passes(session.models, request) for request in asked]
    known = [count for count in passes if count is not None]
    decoder = f" and {loops * sum(known):,} decoder passes" if len(known) == len(passes) else ""
    if not session.quiet:
        names = ", ".join(of.name for of in session.methods)
        say(
            f"{session.folder.root}: {len(session.cases)} cases x {session.samples} samples by "
            f"{names}, at most {pictures:,} pictures{decoder}"
        )
    width, height = session.manifest.drawing.size or _size(session.models)
    needed, free = pictures * width * height * 3, shutil.disk_usage(session.folder.root).free
    if needed > free:
        say(
            f"note: the pictures may take up to {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are "
            "free; a run that fills the disk stops and can go on later."
        )


def _passes(models: Models, request: Request) -> int | None:
    most = models.by_role[request.role].capabilities.passes
    return None if most is None else most(request)


def _size(models: Models) -> Size:
    drawing = models.by_role.get("draw")
    return (drawing.capabilities.size if drawing else None) or (0, 0)
