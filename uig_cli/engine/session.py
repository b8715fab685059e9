"""From what was asked to a finished run: prepare, draw, mark as finished.

Everything that can be known to fail is checked first, the cheap before the dear: options, data,
checkpoint files, output folder; then weights are loaded. The rest is resumable at any point.
"""

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from uig_cli.cases import Case
from uig_cli.console import Bar, Display, how_many, shortened
from uig_cli.engine.case_set import CaseSet
from uig_cli.engine.destination import check_writable, default_folder, remove
from uig_cli.engine.drive import Job, drive
from uig_cli.engine.estimate import Estimate, estimate, tight_disk
from uig_cli.engine.model_worker import model_workers
from uig_cli.engine.models import Loaded, Models, check_files, needed_roles
from uig_cli.engine.plan import DrawingPlan
from uig_cli.loop.converse import converse_alone
from uig_cli.loop.methods import Method
from uig_cli.loop.trace import Trace
from uig_cli.loop.verdict import VERDICT_PARSERS, Verdict
from uig_cli.models.protocol import Drawn, Look, Reply, Request, Role, Said, request_key
from uig_cli.option_values import check_links, parse_batches, parse_shard
from uig_cli.options import RunOptions
from uig_cli.results.run import open_run, task_of
from uig_cli.runs import pictures, plugins
from uig_cli.runs.case_store import keep_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import BenchmarkRecord, Drawing, TemplateText
from uig_cli.runs.journal import Journal
from uig_cli.runs.manifest import Manifest, begin, locked, new_manifest
from uig_cli.runs.manifest import finish as finish_manifest
from uig_cli.templates import OF_0_1_0, Template, load_all

MOST_TOLD = 40
"""Loops on a user's own prompts up to which each verdict is said as it comes."""

NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class Session:
    """A run made ready: all that drawing needs.

    journal: open, and thereby this session's alone, until whoever opened the session closes it.
    """

    folder: RunFolder
    manifest: Manifest
    journal: Journal
    methods: tuple[Method, ...]
    models: Models
    case_set: CaseSet
    batches: Mapping[Role, int]
    shard: str
    display: Display
    links: bool = True


def check(plan: DrawingPlan, run: RunOptions, also: Sequence[Role] = ()) -> None:
    """Raises UigError for whatever can be known to fail without loading anything.

    also: roles that a judge needs beside those of the methods.
    """
    load_all(plan.templates)
    check_files(plan, [*needed_roles(plan.methods), *also])
    if run.out is not None:
        check_writable(run.out)


def open_session(
    loaded: Loaded,
    run: RunOptions,
    case_set: CaseSet,
    options: Mapping[str, Any],
    display: Display,
    *,
    candidates: bool = False,
) -> Session:
    """Makes the run folder, or goes on with the run that is there; says what is to come.

    candidates: all pictures that a method chooses from will be scored.
    """
    drawing = _drawing(loaded, case_set)
    folder = RunFolder(run.out or default_folder(loaded, drawing))
    coming = estimate(
        loaded, drawing, len(case_set.cases) * case_set.samples, candidates=candidates
    )
    notes = [*case_set.data.notes, *loaded.models.notes]
    where = plugins.sources(loaded.methods, loaded.models.asked, case_set.benchmark)
    samples, methods = case_set.samples, loaded.methods
    manifest = new_manifest(drawing, methods, samples, options, notes, where)
    outside = _unknown_words(loaded, case_set)
    manifest = manifest.model_copy(update={"unknown_words": outside})
    check_writable(folder.root)
    if run.fresh:
        remove(folder)
    shard = parse_shard(run.shard).name
    with locked(folder):
        manifest = begin(folder, manifest, methods)
        journal = Journal(folder, shard)
    keep_cases(folder, shard, case_set.chosen)
    _tell(folder, loaded, case_set, coming, display, len(outside))
    return Session(
        folder,
        manifest,
        journal,
        loaded.methods,
        loaded.models,
        case_set,
        loaded.models.batches(parse_batches(loaded.plan.models.batch_size)),
        shard,
        display,
        links=check_links(run.links),
    )


def _unknown_words(loaded: Loaded, case_set: CaseSet) -> dict[str, tuple[str, ...]]:
    """By case, for prompts that nobody scores: a user looks at each of them."""
    if case_set.benchmark.needs:
        return {}
    unknown = loaded.models.unknown_words
    if not unknown([case.prompt for case in case_set.cases]):
        return {}
    found = {case.id: tuple(unknown([case.prompt])) for case in case_set.cases}
    return {case: words for case, words in found.items() if words}


def _outside(loaded: Loaded, case_set: CaseSet, prompts: int) -> list[str]:
    """A sentence where prompts lie outside the model's world, or none."""
    if case_set.benchmark.needs:
        return loaded.models.outside_domain(case.prompt for case in case_set.cases)
    told = f"words that it does not know stand beside {how_many(prompts, 'prompt')}"
    return [f"{loaded.models.domain}; {told}"] if prompts else []


def _drawing(loaded: Loaded, case_set: CaseSet) -> Drawing:
    plan, models, data = loaded.plan, loaded.models, case_set.data
    used = {name for of in loaded.methods for name in of.templates}
    return Drawing(
        benchmark=BenchmarkRecord(
            name=case_set.benchmark.name,
            version=case_set.benchmark.version,
            set=data.set,
            prompts=data.prompts_hash,
            card=data.card,
            formerly=data.former_hashes,
        ),
        models=models.identities,
        samplers={role: dict(models.samplers[role]) for role in models.drawing},
        seed=plan.seed,
        size=plan.size,
        rounds=plan.rounds,
        verdict_parser=plan.verdict_parser,
        templates={
            name: _kept(template)
            for name, template in loaded.templates.items()
            if template.given or name in {*OF_0_1_0, *used}
        },
        plugins=plugins.fields(loaded.methods, models.asked, case_set.benchmark),
    )


def _kept(template: Template) -> TemplateText:
    return TemplateText(text=template.text, sha256=template.sha256, given=template.given)


def _tell(
    folder: RunFolder,
    loaded: Loaded,
    case_set: CaseSet,
    coming: Estimate,
    display: Display,
    outside: int,
) -> None:
    """outside: of a user's own prompts, those with words that the model does not know."""
    names, cases = ", ".join(loaded.plan.labels), case_set.cases
    scored = f"; {coming.scored:,} to score" if case_set.benchmark.needs else ""
    display.say(
        f"{folder.root}: {how_many(len(cases), 'case')} x {how_many(case_set.samples, 'sample')} "
        f"by {names}, at most "
        f"{coming}{scored}"
    )
    for note in _outside(loaded, case_set, outside):
        display.say(f"note: {note}")
    if short := tight_disk(folder, coming):
        display.say(f"note: {short}")


def undrawn(session: Session) -> bool:
    """Whether some request of its methods has no reply yet, or one that is to be tried again."""
    drawable = [case for case in session.case_set.cases if not case.problem]
    identities = session.models.identities
    for job in (*jobs(session, drawable, waiting=False), *jobs(session, drawable, waiting=True)):
        requests = next(job.conversation)
        with suppress(StopIteration):
            while True:
                keys = [request_key(one, identities[one.role]) for one in requests]
                replies = [reply for key in keys if (reply := session.journal.reply(key))]
                if len(replies) < len(keys):
                    return True
                requests = job.conversation.send(replies)
    return False


def draw(session: Session) -> int:
    """Draws what is not drawn yet; returns how many replies that took."""
    drawable = [case for case in session.case_set.cases if not case.problem]
    total = len(drawable) * session.case_set.samples * len(session.methods)
    models = session.models.by_role
    identities = {role: dict(model.identity) for role, model in models.items()}
    with session.display.progress("drawing", total, "loops") as bar:
        watching = _Watching(session.folder if session.links else None, bar, session.display)
        bar.tell(watching.lines)
        if not session.case_set.benchmark.needs and total <= MOST_TOLD:
            drawing = session.manifest.drawing
            watching.parsers = {
                of.label: VERDICT_PARSERS[drawing.method_settings(of).verdict_parser]
                for of in session.methods
            }
        with model_workers(models) as workers:
            for waiting in (False, True):
                drive(
                    jobs(session, drawable, waiting=waiting),
                    workers,
                    identities,
                    session.journal,
                    watching,
                    batches=session.batches,
                )
    if told := _drawn_again(session.journal):
        session.display.say(f"note: {told}")
    return watching.replies


def _drawn_again(journal: Journal) -> str:
    """What became of pictures whose files were gone or damaged; nothing where there were none."""
    if not journal.drawn_again:
        return ""
    told = (
        f"{how_many(journal.drawn_again, 'picture')} drawn again, whose files were damaged or gone"
    )
    if not journal.replaced:
        return f"{told}: with the same pixels."
    return (
        f"{told}; {journal.replaced} came out with other pixels, which count from now on: what was "
        "made from the lost ones is asked anew."
    )


@dataclass(slots=True)
class _Watching:
    """Counts replies, moves the bar, and makes links to the pictures of loops that have ended.

    folder: of the run; None where no links are wanted. parsers: by method, of those whose
    verdicts are said as they come.
    """

    folder: RunFolder | None
    bar: Bar
    display: Display
    parsers: Mapping[str, Callable[[str], Verdict]] = field(default_factory=dict)
    replies: int = 0
    pictures: int = 0
    repaired: str = ""

    def lines(self) -> Iterator[str]:
        """The last prompt that a loop was not content with at first, and then was."""
        if self.repaired:
            yield f"repaired, by the model's own eyes: {self.repaired}"

    def answered(self, job: Job, request: Request, reply: Reply) -> None:
        self.replies += 1
        if isinstance(reply, Drawn):
            self.pictures += 1
            self.bar.advance(0, how_many(self.pictures, "picture"))
        elif job.method in self.parsers and isinstance(request, Look) and request.pictures:
            self._say_verdict(job, reply)

    def _say_verdict(self, job: Job, reply: Reply) -> None:
        """Of a user's own prompts, as it comes."""
        if isinstance(reply, Said):
            verdict = self.parsers[job.method](reply.text)
            if verdict.kind != "unclear":
                told = f"{verdict.kind}: {verdict.instruction}".rstrip(": ")
                self.display.say(f"  {shortened(job.prompt, 60)} ({job.method}): {told}")

    def noted(self, note: str) -> None:
        self.display.say(f"note: {note}")

    def ended(self, job: Job, trace: Trace) -> None:
        if trace.steps[0].verdict == "edit" and trace.final.verdict == "match":
            self.repaired = shortened(job.prompt, 60)
        if self.folder is not None and not self._link(self.folder, job, trace):
            self.folder = None
        self.bar.advance(1)

    def _link(self, folder: RunFolder, job: Job, trace: Trace) -> bool:
        """False where the file system takes no links: nothing but eyes needs them."""
        try:
            place(folder, job, trace)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            self.noted(f"no links to the pictures can be made ({error.strerror}); see drawn/.")
            return False
        return True


def jobs(session: Session, cases: Sequence[Case], *, waiting: bool) -> Iterator[Job]:
    """A job for every case, sample and method; methods of one case stand together.

    waiting: those that begin once `uig` is through all cases; else the others.
    """
    drawing = session.manifest.drawing
    methods = [of for of in session.methods if of.waiting is waiting]
    mean = None
    if waiting and methods:
        mean = open_run(session.folder.root, session.journal).mean_of_uig
        if mean is None:
            names = " and ".join(of.label for of in methods)
            session.display.say(
                f"note: {names} waits until uig is through all cases; give "
                "--method uig too, and once all shards are drawn the same command again."
            )
    for case in cases if methods else ():
        for sample in range(session.case_set.samples):
            task = task_of(session.folder, case, sample, drawing.seed, mean)
            for of in methods:
                loop = converse_alone(of, task, drawing.method_settings(of))
                yield Job(of.label, case.id, sample, case.prompt, loop)


def place(folder: RunFolder, job: Job, trace: Trace) -> None:
    """Makes links from the steps of a trace to the pictures that its method kept."""
    home = folder.links(job.method, job.case, job.sample)
    pictures.link_steps(home, [step.picture for step in trace.steps])


def finish(session: Session, work: int) -> None:
    """Marks the run as finished now; one that had nothing to do keeps its date."""
    told = finish_manifest(session.folder, session.manifest, worked=work > 0)
    if told:
        session.display.say(told)
