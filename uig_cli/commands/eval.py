"""uig eval: a benchmark's prompts through one or several methods, every step's picture scored."""

from typing import Annotated

import typer

from uig_cli import options as opt


def evaluate(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="BENCHMARK", help="tiif or geneval.")],
    model: opt.Model = "pocket",
    method: opt.MethodName = ["uig"],  # noqa: B006 (Typer copies it)
    split: opt.Split = None,
    set: opt.Set = None,
    data: opt.DataFolder = None,
    prompts_file: opt.PromptsFile = None,
    limit: opt.Limit = None,
    dimension: opt.Dimension = None,
    samples: opt.Samples = None,
    judge: opt.JudgeName = None,
    judge_concurrency: opt.JudgeConcurrency = 16,
    judge_temperature: opt.JudgeTemperature = 0.0,
    judge_repeats: opt.JudgeRepeats = 1,
    judge_parser: opt.JudgeParser = "robust",
    detector: opt.DetectorSpec = None,
    color_clip: opt.ColorClip = None,
    ocr: opt.Ocr = None,
    rounds: opt.Rounds = 4,
    num_timesteps: opt.NumTimesteps = None,
    size: opt.PictureSize = None,
    sampler: opt.SamplerSetting = None,
    max_text_tokens: opt.MaxTextTokens = None,
    template: opt.TemplateFile = None,
    verdict: opt.Verdict = None,
    seed: opt.Seed = 0,
    examiner: opt.Examiner = None,
    editor: opt.Editor = None,
    device: opt.Device = "auto",
    dtype: opt.Dtype = None,
    batch_size: opt.BatchSize = None,
    shard: opt.Shard = None,
    allow_missing: opt.AllowMissing = 0.0,
    out: opt.Out = None,
    fresh: opt.Fresh = False,
    yes: opt.Yes = False,
    quiet: opt.Quiet = False,
    json: opt.Json = False,
    config: opt.Config = None,
) -> None:
    """Draw a benchmark's prompts, score the picture of every step, write tables.

    Give the same command again to go on with a run that was stopped; widen --limit, --samples,
    --split or --method to continue it.

      uig eval tiif --split long --data TIIF --model bagel:BAGEL-7B-MoT --method direct --method uig

      uig eval geneval --model bagel:BAGEL-7B-MoT --detector mask2former:DIR --color-clip DIR

      uig eval geneval --set built-in --model python:MINE.py:NAME
    """
    given = dict(locals())
    del given["context"]
    from contextlib import closing

    from uig_cli.benchmarks import registry, select
    from uig_cli.benchmarks.built_in import BUILT_IN
    from uig_cli.benchmarks.protocol import Source
    from uig_cli.commands import asked
    from uig_cli.commands.conclude import conclude
    from uig_cli.console import say
    from uig_cli.engine import defaults, gather, models, session, transcribe
    from uig_cli.errors import unknown
    from uig_cli.models.protocol import Role
    from uig_cli.results.tables import Selection
    from uig_cli.scoring.registry import check_judges, need_examiner, open_judges

    if name not in registry.names():
        raise unknown("benchmark", name, registry.names())
    benchmark = registry.benchmark(name)
    given = asked.for_benchmark(context, name, given)
    drawing, keeping = asked.drawing(given), asked.keeping(given)
    asked.refuse_verdict_parser(context, given)
    if benchmark.evidence == "answers":
        detector = asked.typed(context, "detector", detector)
    else:
        judge = asked.typed(context, "judge", judge)
    named_data = asked.typed(context, "data", data)
    if named_data is None:
        set = set or defaults.usual_set(benchmark, model)
    data = named_data if set == BUILT_IN else given["data"]
    judges = judge or defaults.usual_judges(benchmark, set)
    detector = detector or defaults.usual_detector(benchmark, set, judges)
    gather.check_scoring(benchmark, judges, detector)
    defaults.check_exact(benchmark, set, [*judges, detector])
    found = benchmark.open(Source(given["split"], set, data, given["prompts_file"]))
    if not quiet:
        for warning in found.warnings:
            say(f"note: {warning}")
    chosen = select.only_dimensions(found.cases, dimension or ())
    cases = select.shard(select.spread(chosen, limit), keeping.shard)
    also: list[Role] = ["look"] if need_examiner(judges) else []
    session.check(drawing, keeping, also)
    terms = asked.terms(given)
    check_judges(judges, terms)
    looks_for = (
        gather.open_named_detector(detector, color_clip, device)
        if benchmark.evidence == "detections"
        else None
    )
    reader = transcribe.reader_for(ocr, cases)
    loaded = models.load(drawing, also)
    opened = open_judges(judges, terms, loaded.models.by_role.get("look"))
    samples = samples or benchmark.samples
    ready = session.open_run(
        loaded,
        keeping,
        benchmark,
        found,
        cases,
        samples=samples,
        options=asked.recorded(given),
        quiet=quiet,
    )
    ids = {case.id for case in cases}
    with closing(ready.journal):
        work = session.draw(ready)
        gathering = gather.Gathering(ready.folder, ready.shard, ready.batch_size, quiet, ids)
        if benchmark.evidence == "answers":
            gathered = gather.by_questions(gathering, opened)
        elif looks_for is not None:
            gathered = gather.by_detector(gathering, looks_for)
        else:
            gathered = gather.Gathered(0, ())
        read = transcribe.by_reader(gathering, reader) if reader else gather.Gathered(0, ())
        session.finish(ready, work + gathered.work + read.work, quiet=quiet)
    if not quiet:
        transcribe.say_unread(ocr, cases)
    if not gathered.judges and not quiet:
        say(f"drawn, not scored: score it with `uig rejudge {ready.folder.root} ...`")
    conclude(
        ready.folder.root,
        Selection(ids, drawing.methods, samples, gathered.judges, read.judges),
        quiet=quiet,
        as_json=json,
        allow_missing=allow_missing,
    )
