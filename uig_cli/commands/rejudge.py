"""uig rejudge: more judgements of the pictures of a run; draws nothing."""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli import options as opt

Run = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]


def rejudge(
    run: Run,
    judge: opt.JudgeName = None,
    detector: opt.DetectorSpec = None,
    color_clip: opt.ColorClip = None,
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
    """
    from uig_cli.benchmarks import select
    from uig_cli.commands.conclude import conclude
    from uig_cli.engine import gather
    from uig_cli.models.registry import load_model
    from uig_cli.models.where import Where
    from uig_cli.runs.tables import Selection
    from uig_cli.runs.view import open_run
    from uig_cli.settings import Keeping, parse_pairs, parse_shard
    from uig_cli.templates import load_all

    opened = open_run(run)
    gather.check_scoring(opened.benchmark, judge or (), detector)
    keeping = Keeping(shard=parse_shard(shard))
    cases = {case.id for case in select.shard(opened.cases, keeping.shard)}

    def gathering(usual: int) -> gather.Gathering:
        size = batch_size or usual
        return gather.Gathering(opened.folder, keeping.shard_name, size, quiet, cases)

    if opened.benchmark.evidence == "detections":
        found = gather.open_named_detector(detector, color_clip, device)
        judges = gather.by_detector(gathering(8), found).judges if found else ()
    else:
        names = judge or ["self"]
        wording = load_all(parse_pairs("--template", template or ()))["judge"]
        options = opened.manifest.options
        spec = model or options.get("examiner") or options.get("model")
        examiner = load_model(spec, Where(device, dtype)) if "self" in names and spec else None
        usual = examiner.capabilities.batch if examiner else 8
        asked = gather.open_judges(names, examiner, wording)
        judges = gather.by_questions(gathering(usual), asked).judges
    manifest = opened.manifest
    conclude(
        run,
        Selection(cases, manifest.methods, manifest.samples, judges),
        quiet=quiet,
        as_json=json,
        allow_missing=allow_missing,
    )
