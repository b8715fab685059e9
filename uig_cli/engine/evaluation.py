"""From options to drawn and scored pictures: what `eval`, `generate`, `refine` and `rejudge` do.

Each returns the part of the run that it was about; tables are made by whoever asked.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks import registry, select
from uig_cli.console import Display
from uig_cli.engine import models as loading
from uig_cli.engine import session
from uig_cli.engine.case_set import foreign_options, open_case_set, own_case_set
from uig_cli.engine.lookers import choose, open_lookers
from uig_cli.engine.plan import drawing_plan, refuse_idle
from uig_cli.engine.transcribe import say_unread
from uig_cli.errors import UigError
from uig_cli.inputs import InputPicture, read_picture
from uig_cli.loop.methods import method
from uig_cli.models.protocol import UnifiedModel
from uig_cli.models.registry import load_model
from uig_cli.models.where import Where
from uig_cli.option_groups import Group
from uig_cli.option_values import parse_shard
from uig_cli.options import (
    CaseOptions,
    LoopOptions,
    ModelOptions,
    PromptOptions,
    RescoringOptions,
    RuleOptions,
    RunOptions,
    ScoringOptions,
)
from uig_cli.results.run import Run, open_run
from uig_cli.results.tables import Selection


@dataclass(frozen=True, slots=True)
class Worked:
    """A run folder, and the part of it that was worked on."""

    root: Path
    selection: Selection


def recorded(more: Mapping[str, Any], *groups: Group) -> dict[str, Any]:
    """What was asked for, as run.json holds it."""
    found = {name: value for name, value in more.items() if value is not None}
    for group in groups:
        found |= group.recorded()
    return found


def evaluate_cases(
    benchmark: str,
    cases: CaseOptions,
    models: ModelOptions,
    loop: LoopOptions,
    scoring: ScoringOptions,
    run: RunOptions,
    display: Display,
) -> Worked:
    """Draws a benchmark's cases and has the pictures of every step scored."""
    chosen = registry.benchmark(benchmark)
    own = cases.unless_exported(foreign_options(chosen))
    plan = drawing_plan(models, loop)
    case_set = open_case_set(chosen, own, models.model, parse_shard(run.shard), display)
    choice = choose(chosen, case_set.data.set, scoring, loop.template, models.device)
    session.check(plan, run, choice.roles)
    loaded = loading.load(plan, choice.roles)
    batch = models.batch_size or loaded.models.batch
    lookers = open_lookers(choice, case_set.cases, loaded.models.by_role.get("look"), batch)
    options = recorded({"name": benchmark}, models, loop, cases, scoring, run)
    ready = session.open_session(loaded, run, case_set, options, display)
    with closing(ready.journal):
        work = session.draw(ready)
        looked = lookers.look(ready.folder, ready.shard, case_set.ids, display=display)
        session.finish(ready, work + looked.work)
    root = ready.folder.root
    say_unread(choice.reader, case_set.cases, display)
    if not looked.judges:
        display.say(f"drawn, not scored: score it with `uig rejudge {root} ...`")
    return Worked(
        root,
        Selection(case_set.ids, plan.methods, case_set.samples, looked.judges, looked.readers),
    )


def refine_prompts(
    prompts: PromptOptions,
    models: ModelOptions,
    loop: LoopOptions,
    run: RunOptions,
    display: Display,
) -> Worked:
    """Draws a user's own prompts, or starts from his picture, and refines."""
    for name in loop.method:
        if prompts.image is not None and not method(name).loops:
            raise UigError(f"method {name} draws its own picture; leave --image or it out.")
    if prompts.image is not None and "size" in loop.on_line:
        raise UigError("--size is for a picture that is drawn first; leave --image or it out.")
    refuse_idle(models, loop)
    picture = read_picture(prompts.image) if prompts.image is not None else None
    return _draw_own(prompts, picture, models, loop, run, display)


def generate_prompts(
    prompts: PromptOptions,
    models: ModelOptions,
    loop: LoopOptions,
    run: RunOptions,
    display: Display,
) -> Worked:
    """Draws a user's own prompts once."""
    for name in loop.method:
        if method(name).loops:
            raise UigError(f"method {name} refines; give it to `uig refine` or `uig eval`.")
    return _draw_own(prompts, None, models, replace(loop, rounds=0), run, display)


def _draw_own(
    prompts: PromptOptions,
    picture: InputPicture | None,
    models: ModelOptions,
    loop: LoopOptions,
    run: RunOptions,
    display: Display,
) -> Worked:
    plan = drawing_plan(models, loop)
    case_set = own_case_set(prompts, picture)
    session.check(plan, run)
    options = recorded({}, models, prompts, loop, run)
    ready = session.open_session(loading.load(plan), run, case_set, options, display)
    with closing(ready.journal):
        if picture is not None:
            picture.keep(ready.folder.root)
        session.finish(ready, session.draw(ready))
    return Worked(ready.folder.root, Selection(case_set.ids, plan.methods, case_set.samples))


def rejudge_run(
    root: Path,
    scoring: RescoringOptions,
    rules: RuleOptions,
    shard_text: str | None,
    display: Display,
) -> Worked:
    """Has the pictures of a run looked at anew, or for the first time; draws nothing."""
    run = open_run(root)
    benchmark, shard = run.benchmark, parse_shard(shard_text)
    if benchmark.evidence == "answers" and not any(case.questions for case in run.cases):
        raise UigError(
            f"{root} has no questions to judge its pictures by; give a run of `uig eval` or "
            "`uig score`."
        )
    choice = choose(
        benchmark,
        run.manifest.drawing.benchmark.set,
        scoring,
        scoring.template,
        scoring.device,
        rules=rules,
        wanted=scoring.ocr is None,
    )
    cases = {case.id for case in select.shard(run.cases, (shard.index, shard.of))}
    examiner = _examiner(run, scoring) if choice.roles else None
    lookers = open_lookers(choice, run.cases, examiner, scoring.batch_size)
    looked = lookers.look(run.folder, shard.name, cases, display=display)
    manifest = run.manifest
    return Worked(
        root,
        Selection(cases, manifest.methods, manifest.samples, looked.judges, looked.readers),
    )


def _examiner(run: Run, scoring: RescoringOptions) -> UnifiedModel | None:
    """The model behind judge self: the one that is named, or the run's own examiner."""
    options = run.manifest.options
    spec = scoring.model or options.get("examiner") or options.get("model")
    return load_model(spec, Where(scoring.device, scoring.dtype)) if spec else None
