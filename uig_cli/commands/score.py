"""uig score: pictures or judgements made elsewhere, in the official layouts, as normal runs."""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli import options as opt


def score(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="BENCHMARK", help="tiif or geneval.")],
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Pictures in the benchmark's official layout."),
    ] = None,
    pictures_of: opt.PicturesOf = None,
    split: opt.Split = None,
    set: opt.Set = None,
    data: opt.DataFolder = None,
    prompts_file: opt.PromptsFile = None,
    lines: opt.Lines = None,
    limit: opt.Limit = None,
    dimension: opt.Dimension = None,
    samples: opt.Samples = None,
    judgements: opt.JudgementFiles = None,
    detections: opt.DetectionFile = None,
    judged_by: opt.JudgedBy = None,
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
        typer.Option("--model", help="The model behind judge self.", rich_help_panel=opt.SCORING),
    ] = None,
    template: opt.TemplateFile = None,
    device: opt.Device = "auto",
    dtype: opt.Dtype = None,
    batch_size: opt.BatchSize = None,
    allow_missing: opt.AllowMissing = 0.0,
    out: opt.Out = None,
    fresh: opt.Fresh = False,
    quiet: opt.Quiet = False,
    json: opt.Json = False,
    config: opt.Config = None,
) -> None:
    """Score pictures or judgements that were made elsewhere; each model becomes a normal run.

    Several models go into folders of their own below --out. What the official layouts are, and
    what becomes of files that do not fit: docs/scoring-elsewhere.md.

      uig score tiif OUT --judge openai:gpt-4o --data TIIF

      uig score tiif --judgements eval_results --judged-by GPT-4o

      uig score geneval IMAGES --detector mask2former:DIR --color-clip DIR

      uig score geneval IMAGES --detections FILE --threshold 0.5
    """
    given = dict(locals())
    del given["context"]
    from uig_cli.benchmarks import registry
    from uig_cli.benchmarks.built_in import BUILT_IN
    from uig_cli.commands import asked
    from uig_cli.commands.scoring_elsewhere import score_elsewhere
    from uig_cli.errors import unknown

    if name not in registry.names():
        raise unknown("benchmark", name, registry.names())
    benchmark = registry.benchmark(name)
    unwanted = ["data"] if set == BUILT_IN else []
    score_elsewhere(context, benchmark, asked.for_benchmark(context, name, given, unwanted))
