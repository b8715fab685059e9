"""From options to drawn and scored pictures: what `eval`, `generate`, `refine` and `rejudge` do.

Each returns the part of the run that it was about; tables are made by whoever asked.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks import registry, select
from uig_cli.console import Display
from uig_cli.engine import models as loading
from uig_cli.engine import session
from uig_cli.engine.case_set import foreign_options, open_case_set, own_case_set
from uig_cli.engine.destination import may_be_there
from uig_cli.engine.oracle_examiner import oracle_of
from uig_cli.engine.own_options import rules_of
from uig_cli.engine.plan import drawing_plan, refuse_idle
from uig_cli.engine.scorers import Usual, choose_scorers, terms_of, wanted_kinds
from uig_cli.engine.scoring import USUAL_BATCH, Asking, ask_scorers, prepare
from uig_cli.errors import UigError
from uig_cli.inputs import InputPicture, read_picture
from uig_cli.loop.methods import method
from uig_cli.models.protocol import Role, UnifiedModel
from uig_cli.models.where import Where
from uig_cli.option_groups import Group
from uig_cli.option_values import load_templates, parse_shard
from uig_cli.options import (
    CaseOptions,
    LoopOptions,
    ModelOptions,
    PromptOptions,
    RescoringOptions,
    RunOptions,
    ScoringOptions,
)
from uig_cli.results.run import RunReader, open_run
from uig_cli.results.tables import Selection
from uig_cli.scoring.protocol import Prepared
from uig_cli.scoring.registry import EXACT


@dataclass(frozen=True, slots=True)
class Worked:
    """A run, the part of it that was worked on, and whether there was anything to do. name: of the
    model, where several were scored."""

    run: RunReader
    selection: Selection
    worked: bool
    name: str = ""


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
    meant = registry.benchmark(benchmark)
    cases = cases.unless_exported(foreign_options(meant))
    plan = drawing_plan(models, loop)
    partners = any(of.partner for of in plan.methods)
    case_set = open_case_set(
        meant, cases, models.model, parse_shard(run.shard), display, partners=partners
    )
    terms = terms_of(scoring, load_templates(loop.template), models.device)
    chosen = choose_scorers(meant, case_set.data.set, case_set.cases, scoring)
    also: list[Role] = ["look"] if chosen.asks_examiner else []
    session.check(plan, run, also)
    chosen.check(terms)
    scorers = () if chosen.asks_examiner else chosen.open(terms, None)
    if not may_be_there(run, meant.name):
        prepare(scorers)
    loaded = loading.load(plan, also, oracle_of(case_set) if plan.asks_oracle else None)
    scorers = scorers or chosen.open(terms, loaded.models.by_role.get("look"))
    options = recorded({"name": benchmark}, models, loop, cases, scoring, run)
    candidates = scoring.score_candidates or any(one.name == EXACT for one in scorers)
    ready = session.open_session(loaded, run, case_set, options, display, candidates=candidates)
    with closing(ready.journal):
        if any(isinstance(one, Prepared) for one in scorers) and session.undrawn(ready):
            prepare(scorers)
        work = session.draw(ready)
        opened = open_run(ready.folder.root, ready.journal)
        looks = ready.batches.get("look", USUAL_BATCH)
        how = Asking(ready.shard, looks, display, case_set.ids, scoring.score_candidates)
        scored = ask_scorers(opened, scorers, how)
        session.finish(ready, work + scored.work)
    judges = scored.judges(opened)
    for note in chosen.notes:
        display.say(f"note: {note}")
    if not judges:
        display.say(f"drawn, not scored: score it with `uig rejudge {opened.folder.root} ...`")
    part = Selection(
        case_set.ids, plan.labels, case_set.samples, judges, scored.readers,
        parse_shard(run.shard).told,
    )  # fmt: skip
    return Worked(opened, part, work + scored.work > 0)


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
    case_set = own_case_set(prompts, picture, display)
    session.check(plan, run)
    options = recorded({}, models, prompts, loop, run)
    ready = session.open_session(loading.load(plan), run, case_set, options, display)
    with closing(ready.journal):
        if picture is not None:
            picture.keep(ready.folder.root)
        work = session.draw(ready)
        session.finish(ready, work)
    opened = open_run(ready.folder.root, ready.journal)
    return Worked(opened, Selection(case_set.ids, plan.labels, case_set.samples), work > 0)


def rejudge_run(
    root: Path,
    scoring: RescoringOptions,
    own: Sequence[Group],
    shard_text: str | None,
    display: Display,
) -> Worked:
    """Has the pictures of a run looked at anew, or for the first time; draws nothing."""
    run, shard = open_run(root), parse_shard(shard_text)
    benchmark, manifest = run.benchmark, run.manifest
    _ = run.methods  # raises for one that is not here, before anybody is asked
    if not wanted_kinds(benchmark, run.cases):
        raise UigError(
            f"{root} has no questions to judge its pictures by; give a run of `uig eval` or "
            "`uig score`."
        )
    rules = rules_of(benchmark, own)
    usual: Usual = "never" if rules else "if nobody is named"
    set_name = manifest.drawing.benchmark.set
    chosen = choose_scorers(benchmark, set_name, run.cases, scoring, usual)
    terms = terms_of(scoring, load_templates(scoring.template), scoring.device)
    chosen.check(terms)
    spec = scoring.model or manifest.options.get("examiner") or manifest.options.get("model")
    examiner = load_examiner(spec, scoring) if chosen.asks_examiner and spec else None
    cases = {case.id for case in select.shard(run.cases, (shard.index, shard.of))}
    how = Asking(
        shard.name, batch_size(scoring, examiner), display, cases, scoring.score_candidates
    )
    scored = ask_scorers(run, chosen.open(terms, examiner), how, rules=rules)
    part = Selection(
        cases, manifest.methods, manifest.samples, scored.judges(run), scored.readers, shard.told
    )
    return Worked(run, part, worked=True)


def load_examiner(spec: str, scoring: RescoringOptions) -> UnifiedModel:
    """The model behind judge self, where nothing is drawn."""
    return loading.load_each([spec], Where(scoring.device, scoring.dtype))[spec]


def batch_size(scoring: RescoringOptions, examiner: UnifiedModel | None) -> int:
    return scoring.batch_size or (
        examiner.capabilities.batch_of("look") if examiner else USUAL_BATCH
    )
