"""uig rejudge: more judgements of the pictures of a run; draws nothing."""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli import options as opt

Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]


def rejudge(
    context: typer.Context,
    run: Run,
    judge: opt.JudgeName = None,
    judge_concurrency: opt.JudgeConcurrency = 16,
    judge_temperature: opt.JudgeTemperature = 0.0,
    judge_repeats: opt.JudgeRepeats = 1,
    judge_parser: opt.JudgeParser = "robust",
    detector: opt.DetectorSpec = None,
    color_clip: opt.ColorClip = None,
    threshold: opt.Threshold = None,
    counting_threshold: opt.CountingThreshold = None,
    max_objects: opt.MaxObjects = None,
    max_overlap: opt.MaxOverlap = None,
    position_threshold: opt.PositionThreshold = None,
    ocr: opt.Ocr = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="The model behind judge self.",
            show_default="the run's examiner",
        ),
    ] = None,
    template: opt.TemplateFile = None,
    device: opt.Device = "auto",
    dtype: opt.Dtype = None,
    batch_size: opt.BatchSize = None,
    shard: opt.Shard = None,
    allow_missing: opt.AllowMissing = 0.0,
    quiet: opt.Quiet = False,
    json: opt.Json = False,
    config: opt.Config = None,
) -> None:
    """Judge the pictures of a run anew, or for the first time.

    uig rejudge results/geneval-... --detector mask2former:DIR --color-clip DIR

    uig rejudge results/tiif-... --ocr rapidocr
    """
    given = dict(locals())
    del given["context"]
    from uig_cli.benchmarks import select
    from uig_cli.commands import asked
    from uig_cli.commands.conclude import conclude
    from uig_cli.engine.scorers import Usual, choose_scorers, wanted_kinds
    from uig_cli.engine.scoring import USUAL_BATCH, Asking, ask_scorers
    from uig_cli.errors import UigError
    from uig_cli.models.registry import load_model
    from uig_cli.models.where import Where
    from uig_cli.results.run import open_run
    from uig_cli.results.tables import Selection
    from uig_cli.settings import Keeping, parse_shard

    opened = open_run(run)
    benchmark, manifest = opened.benchmark, opened.manifest
    if not wanted_kinds(benchmark, opened.cases):
        raise UigError(
            f"{run} has no questions to judge its pictures by; give a run of `uig eval` or "
            "`uig score`."
        )
    rules, options = asked.rules(context, benchmark, given), asked.scoring(context, given)
    usual: Usual = "never" if rules else "if nobody is named"
    chosen = choose_scorers(benchmark, manifest.drawing.benchmark.set, opened.cases, options, usual)
    keeping = Keeping(shard=parse_shard(shard))
    cases = {case.id for case in select.shard(opened.cases, keeping.shard)}
    terms = asked.terms(given, options)
    chosen.check(terms)
    spec = model or manifest.options.get("examiner") or manifest.options.get("model")
    examiner = load_model(spec, Where(device, dtype)) if chosen.asks_examiner and spec else None
    size = batch_size or (examiner.capabilities.batch if examiner else USUAL_BATCH)
    scorers = chosen.open(terms, examiner)
    how = Asking(keeping.shard_name, size, quiet, cases)
    scored = ask_scorers(opened, scorers, how, rules=rules)
    judges = scored.judges(opened)
    conclude(
        run,
        Selection(cases, manifest.methods, manifest.samples, judges, scored.readers),
        quiet=quiet,
        as_json=json,
        allow_missing=allow_missing,
    )
