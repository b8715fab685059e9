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
    from uig_cli.engine import defaults, models, session
    from uig_cli.engine.scorers import choose_scorers
    from uig_cli.engine.scoring import Asking, ask_scorers
    from uig_cli.errors import unknown
    from uig_cli.models.protocol import Role
    from uig_cli.results.run import open_run
    from uig_cli.results.tables import Selection

    if name not in registry.names():
        raise unknown("benchmark", name, registry.names())
    benchmark = registry.benchmark(name)
    given = asked.for_benchmark(context, name, given)
    drawing, keeping = asked.drawing(given), asked.keeping(given)
    asked.refuse_verdict_parser(context, given)
    named_data = asked.typed(context, "data", data)
    if named_data is None:
        set = set or defaults.usual_set(benchmark, model)
    data = named_data if set == BUILT_IN else given["data"]
    found = benchmark.open(Source(given["split"], set, data, given["prompts_file"]))
    if not quiet:
        for warning in found.warnings:
            say(f"note: {warning}")
    meant = select.only_dimensions(found.cases, dimension or ())
    cases = select.shard(select.spread(meant, limit), keeping.shard)
    options = asked.scoring(context, given)
    terms = asked.terms(given, options)
    chosen = choose_scorers(benchmark, found.set, cases, options)
    also: list[Role] = ["look"] if chosen.asks_examiner else []
    session.check(drawing, keeping, also)
    chosen.check(terms)
    loaded = models.load(drawing, also)
    scorers = chosen.open(terms, loaded.models.by_role.get("look"))
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
        how = Asking(ready.shard, ready.batch_size, quiet, ids)
        run = open_run(ready.folder.root)
        scored = ask_scorers(run, scorers, how)
        session.finish(ready, work + scored.work, quiet=quiet)
    judges = scored.judges(run)
    for note in () if quiet else chosen.notes:
        say(f"note: {note}")
    if not judges and not quiet:
        say(f"drawn, not scored: score it with `uig rejudge {ready.folder.root} ...`")
    conclude(
        ready.folder.root,
        Selection(ids, drawing.methods, samples, judges, scored.readers),
        quiet=quiet,
        as_json=json,
        allow_missing=allow_missing,
    )
