"""Every option, declared once; commands list those they take.

Each can also come from the environment (UIG_MODEL=... for --model) and from a YAML file
(--config), the command line winning over the environment and that over the file.
"""

from pathlib import Path
from typing import Annotated

import typer

WHAT = "What to draw"
MODEL = "Model"
LOOP = "Loop"
SCORING = "Scoring"
RUN = "Run"
OUTPUT = "Output"

Prompt = Annotated[
    list[str] | None,
    typer.Option("--prompt", help="A prompt; may be given several times.", rich_help_panel=WHAT),
]
Prompts = Annotated[
    str | None,
    typer.Option(
        "--prompts",
        metavar="FILE|-",
        help="A UTF-8 text file with one prompt a line; - reads standard input.",
        rich_help_panel=WHAT,
    ),
]
InputImage = Annotated[
    Path | None,
    typer.Option(
        "--image", help="Start from this picture instead of drawing one.", rich_help_panel=WHAT
    ),
]
Samples = Annotated[
    int | None,
    typer.Option(
        "--samples",
        min=1,
        help="Pictures per prompt, each with its own noise.",
        rich_help_panel=WHAT,
        show_default="the benchmark's: tiif 1, geneval 4",
    ),
]
Split = Annotated[
    str | None,
    typer.Option(
        "--split",
        help="tiif: short, long or both prompts.",
        envvar="UIG_SPLIT",
        rich_help_panel=WHAT,
        show_default="both",
    ),
]
Set = Annotated[
    str | None,
    typer.Option(
        "--set",
        help="tiif: testmini (277 prompt pairs) or test (2,538).",
        envvar="UIG_SET",
        rich_help_panel=WHAT,
        show_default="testmini",
    ),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder with the benchmark's official files.",
        rich_help_panel=WHAT,
        show_default="$UIG_TIIF_DATA or the cache",
    ),
]
PromptsFile = Annotated[
    Path | None,
    typer.Option(
        "--prompts-file",
        help="geneval: rewritten prompts in the official format.",
        rich_help_panel=WHAT,
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=1,
        rich_help_panel=WHAT,
        help="So many cases in all, spread evenly over dimensions, always the same ones.",
    ),
]
Dimension = Annotated[
    list[str] | None,
    typer.Option(
        "--dimension", help="Only this dimension; may be given several times.", rich_help_panel=WHAT
    ),
]
Shard = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="I/N",
        rich_help_panel=RUN,
        help="Work on every N-th case only, I from 0 to N-1; shards may share a folder.",
    ),
]

Model = Annotated[
    str,
    typer.Option(
        "--model",
        envvar="UIG_MODEL",
        rich_help_panel=MODEL,
        help="The unified model: bagel:PATH or python:FILE.py:NAME.",
    ),
]
Examiner = Annotated[
    str | None,
    typer.Option(
        "--examiner",
        envvar="UIG_EXAMINER",
        rich_help_panel=MODEL,
        help="Another model to look at pictures.",
    ),
]
Editor = Annotated[
    str | None,
    typer.Option(
        "--editor",
        envvar="UIG_EDITOR",
        rich_help_panel=MODEL,
        help="Another model to edit pictures.",
    ),
]
Device = Annotated[
    str,
    typer.Option(
        "--device", envvar="UIG_DEVICE", rich_help_panel=MODEL, help="auto, cpu, cuda or cuda:N."
    ),
]
Dtype = Annotated[
    str | None,
    typer.Option(
        "--dtype",
        envvar="UIG_DTYPE",
        rich_help_panel=MODEL,
        help="float32 or bfloat16.",
        show_default="float32 on cpu, bfloat16 on cuda",
    ),
]
BatchSize = Annotated[
    int | None,
    typer.Option(
        "--batch-size",
        min=1,
        envvar="UIG_BATCH_SIZE",
        rich_help_panel=MODEL,
        help="Requests answered together.",
        show_default="8 on cpu, 1 on cuda",
    ),
]

MethodName = Annotated[
    list[str],
    typer.Option(
        "--method",
        rich_help_panel=LOOP,
        help="direct, think, decompose, uig or uig-reference; may be given several times.",
    ),
]
DrawingMethod = Annotated[
    list[str],
    typer.Option(
        "--method",
        rich_help_panel=LOOP,
        help="direct, think or decompose; may be given several times.",
    ),
]
Rounds = Annotated[
    int,
    typer.Option(
        "--rounds",
        min=0,
        envvar="UIG_ROUNDS",
        rich_help_panel=LOOP,
        help="Most rounds of refinement; more than 10 needs --yes.",
    ),
]
Verdict = Annotated[
    str | None,
    typer.Option(
        "--verdict",
        rich_help_panel=LOOP,
        show_default="the method's own",
        help="How examinations are read: robust, or reference (as published).",
    ),
]
TemplateFile = Annotated[
    list[str] | None,
    typer.Option(
        "--template",
        metavar="NAME=FILE",
        rich_help_panel=LOOP,
        help="Your wording for examine, decompose, judge, think-look or think-draw.",
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        envvar="UIG_SEED",
        rich_help_panel=LOOP,
        help="Same seed, same case, same sample: same noise.",
    ),
]
PictureSize = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="WxH",
        rich_help_panel=LOOP,
        help="Size of the first picture.",
        show_default="the checkpoint's",
    ),
]
SamplerSetting = Annotated[
    list[str] | None,
    typer.Option(
        "--sampler",
        metavar="KEY=VALUE",
        rich_help_panel=LOOP,
        help="A sampler setting, e.g. text_scale=4 or edit.image_scale=2.",
    ),
]
NumTimesteps = Annotated[
    int | None,
    typer.Option(
        "--num-timesteps",
        min=2,
        rich_help_panel=LOOP,
        help="Points of the flow schedule, one more than its steps.",
        show_default="the model's",
    ),
]
MaxTextTokens = Annotated[
    int | None,
    typer.Option(
        "--max-text-tokens",
        min=1,
        rich_help_panel=LOOP,
        help="Most network runs for one text.",
        show_default="the model's",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask back.", rich_help_panel=RUN)]

JudgeName = Annotated[
    list[str] | None,
    typer.Option(
        "--judge",
        rich_help_panel=SCORING,
        show_default="self",
        help="Who answers questions about pictures: self (the examined model) or none.",
    ),
]
DetectorSpec = Annotated[
    str | None,
    typer.Option(
        "--detector",
        envvar="UIG_DETECTOR",
        rich_help_panel=SCORING,
        help="geneval: mask2former:PATH, or none to draw now and judge later.",
    ),
]
ColorClip = Annotated[
    str | None,
    typer.Option(
        "--color-clip",
        envvar="UIG_COLOR_CLIP",
        rich_help_panel=SCORING,
        help="geneval: folder of the CLIP checkpoint that names colors.",
    ),
]
AllowMissing = Annotated[
    float,
    typer.Option(
        "--allow-missing",
        min=0,
        max=1,
        rich_help_panel=SCORING,
        help="Share of pictures that may be missing or unjudged without exit code 3.",
    ),
]

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        rich_help_panel=OUTPUT,
        help="Run folder; an existing run goes on.",
        show_default="results/<name made from the identity>",
    ),
]
Fresh = Annotated[
    bool,
    typer.Option(
        "--fresh",
        rich_help_panel=OUTPUT,
        help="Remove the run in the folder first, instead of going on with it.",
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", help="No progress, no table.", rich_help_panel=OUTPUT)
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        rich_help_panel=OUTPUT,
        help="One JSON object on standard output and nothing else there.",
    ),
]


def _read_config(context: typer.Context, value: Path | None) -> Path | None:
    """Makes the file's values the defaults of the command's options."""
    if value is None or context.resilient_parsing:
        return value
    import yaml

    from uig_cli.errors import UigError, unknown

    try:
        found = yaml.safe_load(value.read_text("utf-8"))
    except OSError as error:
        raise UigError(f"--config {value}: cannot read it ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise UigError(
            f"--config {value}: not YAML ({reason}); write option: value lines."
        ) from error
    if not isinstance(found, dict):
        raise UigError(
            f"--config {value}: got {type(found).__name__}, expected option: value lines."
        )
    by_flag = {
        flag.lstrip("-"): parameter.name
        for parameter in context.command.params
        for flag in parameter.opts
    }
    defaults = {}
    for key, setting in found.items():
        name = str(key).replace("_", "-")
        if name not in by_flag:
            raise unknown("option in --config", str(key), by_flag)
        defaults[by_flag[name]] = setting
    context.default_map = {**(context.default_map or {}), **defaults}
    return value


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        envvar="UIG_CONFIG",
        is_eager=True,
        callback=_read_config,
        rich_help_panel=RUN,
        help="A YAML file with option: value lines.",
    ),
]
