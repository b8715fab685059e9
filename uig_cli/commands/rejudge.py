"""uig rejudge: more judgements of the pictures of a run; draws nothing."""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli import options as opt

Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]


def rejudge(
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
    from uig_cli.benchmarks import select
    from uig_cli.commands import asked
    from uig_cli.commands.conclude import conclude
    from uig_cli.engine import defaults, gather, transcribe
    from uig_cli.errors import UigError
    from uig_cli.models.registry import load_model
    from uig_cli.models.where import Where
    from uig_cli.results.run import open_run
    from uig_cli.results.tables import Selection
    from uig_cli.runs.thresholds import by_thresholds
    from uig_cli.scoring.registry import check_judges, need_examiner, open_judges
    from uig_cli.settings import Keeping, parse_shard

    opened = open_run(run)
    benchmark, set_name = opened.benchmark, opened.manifest.drawing.benchmark.set
    if benchmark.evidence == "answers" and not any(case.questions for case in opened.cases):
        raise UigError(
            f"{run} has no questions to judge its pictures by; give a run of `uig eval` or "
            "`uig score`."
        )
    rules = asked.rules(benchmark, given)
    if rules and detector is None:
        detector = "none"
    detector = detector or defaults.usual_detector(benchmark, set_name, judge or ())
    gather.check_scoring(benchmark, judge or (), detector)
    defaults.check_exact(benchmark, set_name, [*(judge or ()), detector])
    keeping = Keeping(shard=parse_shard(shard))
    cases = {case.id for case in select.shard(opened.cases, keeping.shard)}

    def gathering(size: int) -> gather.Gathering:
        shard_name = keeping.shard_name
        return gather.Gathering(opened.folder, shard_name, batch_size or size, quiet, cases)

    if opened.benchmark.evidence == "detections":
        found = gather.open_named_detector(detector, color_clip, device)
        judges = gather.by_detector(gathering(8), found).judges if found else ()
        judges = by_thresholds(opened.folder.detections, judges, rules)
    else:
        names = judge or ([] if ocr else defaults.usual_judges(benchmark, set_name))
        terms = asked.terms(given)
        check_judges(names, terms)
        options = opened.manifest.options
        spec = model or options.get("examiner") or options.get("model")
        examiner = load_model(spec, Where(device, dtype)) if need_examiner(names) and spec else None
        size = examiner.capabilities.batch if examiner else 8
        opened_judges = open_judges(names, terms, examiner)
        judges = gather.by_questions(gathering(size), opened_judges).judges
    reader = transcribe.reader_for(ocr, opened.cases)
    readers = transcribe.by_reader(gathering(8), reader).judges if reader else ()
    manifest = opened.manifest
    conclude(
        run,
        Selection(cases, manifest.methods, manifest.samples, judges, readers),
        quiet=quiet,
        as_json=json,
        allow_missing=allow_missing,
    )
