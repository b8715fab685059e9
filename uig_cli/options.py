"""Every option, declared once; commands list those they take.

Each can also come from the environment (UIG_MODEL=... for --model) and from a YAML file
(--config), the command line winning over the environment and that over the file.
"""

from pathlib import Path
from typing import Annotated, Any

import typer


def _option(flag: str, **more: Any) -> Any:
    """An option that can also come from the environment, under its own name."""
    name = "UIG_" + flag.removeprefix("--").replace("-", "_").upper()
    return typer.Option(flag, envvar=name, show_envvar=False, **more)


WHAT = "What to draw"
MODEL = "Model"
LOOP = "Loop"
SCORING = "Scoring"
RULES = "GenEval's rules"
RUN = "Run"
OUTPUT = "Output"

Prompt = Annotated[
    list[str] | None,
    # Not from the environment, which would take a prompt apart at its blanks.
    typer.Option("--prompt", help="A prompt; may be given several times.", rich_help_panel=WHAT),
]
Prompts = Annotated[
    str | None,
    _option(
        "--prompts",
        metavar="FILE|-",
        help="A UTF-8 text file with one prompt a line; - reads standard input.",
        rich_help_panel=WHAT,
    ),
]
InputImage = Annotated[
    Path | None,
    _option(
        "--image", help="Start from this picture instead of drawing one.", rich_help_panel=WHAT
    ),
]
Samples = Annotated[
    int | None,
    _option(
        "--samples",
        min=1,
        help="Pictures per prompt, each with its own noise.",
        rich_help_panel=WHAT,
        show_default="the benchmark's: tiif 1, geneval 4",
    ),
]
Split = Annotated[
    str | None,
    _option(
        "--split",
        help="tiif: short, long or both prompts.",
        rich_help_panel=WHAT,
        show_default="both",
    ),
]
Set = Annotated[
    str | None,
    _option(
        "--set",
        help="tiif: testmini (277 prompt pairs), test (2,538) or built-in; geneval: full or "
        "built-in. Built-in sets are about drawn shapes and are scored exactly.",
        rich_help_panel=WHAT,
        show_default="built-in for pocket, else testmini or full",
    ),
]
DataFolder = Annotated[
    Path | None,
    _option(
        "--data",
        help="Folder with the benchmark's official files.",
        rich_help_panel=WHAT,
        show_default="$UIG_TIIF_DATA or the cache",
    ),
]
PromptsFile = Annotated[
    Path | None,
    _option(
        "--prompts-file",
        help="geneval: rewritten prompts in the official format.",
        rich_help_panel=WHAT,
    ),
]
Limit = Annotated[
    int | None,
    _option(
        "--limit",
        min=1,
        rich_help_panel=WHAT,
        help="So many cases in all, spread evenly over dimensions, always the same ones.",
    ),
]
Dimension = Annotated[
    list[str] | None,
    _option(
        "--dimension", help="Only this dimension; may be given several times.", rich_help_panel=WHAT
    ),
]
Shard = Annotated[
    str | None,
    _option(
        "--shard",
        metavar="I/N",
        rich_help_panel=RUN,
        help="Work on every N-th case only, I from 0 to N-1; shards may share a folder.",
    ),
]

Model = Annotated[
    str,
    _option(
        "--model",
        rich_help_panel=MODEL,
        help="The unified model: pocket (built in, knows shapes only), bagel:PATH or "
        "python:FILE.py:NAME.",
    ),
]
Examiner = Annotated[
    str | None,
    _option(
        "--examiner",
        rich_help_panel=MODEL,
        help="Another model to look at pictures.",
    ),
]
Editor = Annotated[
    str | None,
    _option(
        "--editor",
        rich_help_panel=MODEL,
        help="Another model to edit pictures.",
    ),
]
Device = Annotated[
    str,
    _option("--device", rich_help_panel=MODEL, help="auto, cpu, cuda or cuda:N."),
]
Dtype = Annotated[
    str | None,
    _option(
        "--dtype",
        rich_help_panel=MODEL,
        help="float32 or bfloat16.",
        show_default="float32 on cpu, bfloat16 on cuda",
    ),
]
BatchSize = Annotated[
    int | None,
    _option(
        "--batch-size",
        min=1,
        rich_help_panel=MODEL,
        help="Requests answered together; questions about one picture count as one.",
        show_default="8 on cpu, 1 on cuda",
    ),
]

MethodName = Annotated[
    list[str],
    _option(
        "--method",
        rich_help_panel=LOOP,
        help="direct, think, decompose, uig or uig-reference; may be given several times.",
    ),
]
DrawingMethod = Annotated[
    list[str],
    _option(
        "--method",
        rich_help_panel=LOOP,
        help="direct, think or decompose; may be given several times.",
    ),
]
Rounds = Annotated[
    int,
    _option(
        "--rounds",
        min=0,
        rich_help_panel=LOOP,
        help="Most rounds of refinement; more than 10 needs --yes.",
    ),
]
Verdict = Annotated[
    str | None,
    _option(
        "--verdict",
        rich_help_panel=LOOP,
        show_default="the method's own",
        help="How examinations are read: robust, or reference (as published).",
    ),
]
TemplateFile = Annotated[
    list[str] | None,
    _option(
        "--template",
        metavar="NAME=FILE",
        rich_help_panel=LOOP,
        help="Your wording for examine, decompose, judge, judge-many, think-look or think-draw.",
    ),
]
Seed = Annotated[
    int,
    _option(
        "--seed",
        rich_help_panel=LOOP,
        help="Same seed, same case, same sample: same noise.",
    ),
]
PictureSize = Annotated[
    str | None,
    _option(
        "--size",
        metavar="WxH",
        rich_help_panel=LOOP,
        help="Size of the first picture.",
        show_default="the checkpoint's",
    ),
]
SamplerSetting = Annotated[
    list[str] | None,
    _option(
        "--sampler",
        metavar="KEY=VALUE",
        rich_help_panel=LOOP,
        help="A sampler setting, e.g. text_scale=4 or edit.image_scale=2.",
    ),
]
NumTimesteps = Annotated[
    int | None,
    _option(
        "--num-timesteps",
        min=2,
        rich_help_panel=LOOP,
        help="Points of the flow schedule, one more than its steps.",
        show_default="the model's",
    ),
]
MaxTextTokens = Annotated[
    int | None,
    _option(
        "--max-text-tokens",
        min=1,
        rich_help_panel=LOOP,
        help="Most network runs for one text.",
        show_default="the model's",
    ),
]
Yes = Annotated[bool, _option("--yes", help="Do not ask back.", rich_help_panel=RUN)]

JudgeName = Annotated[
    list[str] | None,
    _option(
        "--judge",
        rich_help_panel=SCORING,
        show_default="exact for built-in sets, else self",
        help="Who answers questions about pictures; may be given several times: self (the "
        "examined model), exact (a reader of drawn shapes, for built-in sets), "
        "openai:MODEL[@BASE_URL], hf:PATH_OR_NAME or none.",
    ),
]
JudgeConcurrency = Annotated[
    int,
    _option(
        "--judge-concurrency",
        min=1,
        rich_help_panel=SCORING,
        help="openai: judges: most requests under way at a time.",
    ),
]
JudgeTemperature = Annotated[
    float,
    _option(
        "--judge-temperature",
        min=0,
        max=2,
        rich_help_panel=SCORING,
        help="openai: and hf: judges: 0 says what is likeliest, the same each time.",
    ),
]
JudgeRepeats = Annotated[
    int,
    _option(
        "--judge-repeats",
        min=1,
        rich_help_panel=SCORING,
        help="openai: and hf: judges: put every question so often; the majority answers.",
    ),
]
JudgeParser = Annotated[
    str,
    _option(
        "--judge-parser",
        rich_help_panel=SCORING,
        help="How answers in words are read: robust, or strict (TIIF's own rule).",
    ),
]
DetectorSpec = Annotated[
    str | None,
    _option(
        "--detector",
        rich_help_panel=SCORING,
        show_default="exact for the built-in set",
        help="geneval: mask2former:PATH, exact (for the built-in set), or none to draw now and "
        "judge later.",
    ),
]
ColorClip = Annotated[
    str | None,
    _option(
        "--color-clip",
        rich_help_panel=SCORING,
        help="geneval: folder of the CLIP checkpoint that names colors.",
    ),
]
Ocr = Annotated[
    str | None,
    _option(
        "--ocr",
        rich_help_panel=SCORING,
        show_default="none",
        help="tiif: who reads the words in the pictures of the dimension text, for GNED and "
        "recall: rapidocr (extra ocr) or none.",
    ),
]
Threshold = Annotated[
    float | None,
    _option(
        "--threshold",
        min=0,
        max=1,
        rich_help_panel=RULES,
        help="Boxes count that score above this.",
        show_default="0.3",
    ),
]
CountingThreshold = Annotated[
    float | None,
    _option(
        "--counting-threshold",
        min=0,
        max=1,
        rich_help_panel=RULES,
        help="The same for the tag counting.",
        show_default="0.9",
    ),
]
MaxObjects = Annotated[
    int | None,
    _option(
        "--max-objects",
        min=1,
        rich_help_panel=RULES,
        help="Most boxes of a class that count.",
        show_default="16",
    ),
]
MaxOverlap = Annotated[
    float | None,
    typer.Option(
        "--max-overlap",
        "--nms-threshold",
        envvar="UIG_MAX_OVERLAP",
        show_envvar=False,
        min=0,
        max=1,
        rich_help_panel=RULES,
        help="Boxes with this IoU with a better one of their class do not count; 1 lets all count.",
        show_default="1",
    ),
]
PositionThreshold = Annotated[
    float | None,
    _option(
        "--position-threshold",
        min=0,
        rich_help_panel=RULES,
        help="Share of the sizes within which two centres stand in no relation.",
        show_default="0.1",
    ),
]
JudgementFiles = Annotated[
    Path | None,
    _option(
        "--judgements",
        rich_help_panel=SCORING,
        help="tiif: judge results made elsewhere: the official tree of one model or many, or "
        "JSON lines.",
    ),
]
DetectionFile = Annotated[
    Path | None,
    _option(
        "--detections",
        metavar="FILE",
        rich_help_panel=SCORING,
        help="geneval: stored detections to apply the rules to, instead of a detector.",
    ),
]
JudgedBy = Annotated[
    str | None,
    _option(
        "--judged-by",
        metavar="NAME",
        rich_help_panel=SCORING,
        help="Who made the judgements or detections from elsewhere, e.g. GPT-4o.",
        show_default="what identity.json beside them says",
    ),
]
PicturesOf = Annotated[
    str | None,
    _option(
        "--name",
        metavar="MODEL",
        rich_help_panel=WHAT,
        help="tiif: only this model of the folder; geneval: what the pictures' model is called.",
        show_default="tiif: all; geneval: the folder's name",
    ),
]
Lines = Annotated[
    str | None,
    _option(
        "--lines",
        rich_help_panel=WHAT,
        help="tiif: whether style and real_world are numbered by the lines of testmini or test.",
        show_default="what their numbers show",
    ),
]
AllowMissing = Annotated[
    float,
    _option(
        "--allow-missing",
        min=0,
        max=1,
        rich_help_panel=SCORING,
        help="Share of pictures that may be missing or unjudged without exit code 3.",
    ),
]

SharedJudge = Annotated[
    str | None,
    typer.Option(  # not from the environment: UIG_JUDGE is about those who judge
        "--judge",
        metavar="NAME",
        rich_help_panel=SCORING,
        help="Compare what this judge or detector said; its name is that of its folder.",
        show_default="the one that all sides share",
    ),
]
GateMargin = Annotated[
    float | None,
    _option(
        "--gate",
        metavar="MARGIN",
        min=0,
        max=100,
        rich_help_panel=SCORING,
        help="Fail (exit code 100) when the score fell by more than so many points beyond doubt.",
    ),
]
Metric = Annotated[
    str,
    _option(
        "--metric",
        metavar="NAME",
        rich_help_panel=SCORING,
        help="What the gate looks at: overall, a group or a dimension.",
    ),
]
AllowUnderpowered = Annotated[
    bool,
    _option(
        "--allow-underpowered",
        rich_help_panel=SCORING,
        help="Pass, too, where the cases are too few to see a loss of the margin.",
    ),
]
Junit = Annotated[
    Path | None,
    _option(
        "--junit",
        metavar="FILE",
        rich_help_panel=OUTPUT,
        help="Write the gate as JUnit XML, for a CI server.",
    ),
]
MarkdownFile = Annotated[
    Path | None,
    _option(
        "--markdown",
        metavar="FILE",
        rich_help_panel=OUTPUT,
        help="Write the comparison as Markdown, for a job's summary.",
    ),
]

Out = Annotated[
    Path | None,
    _option(
        "--out",
        rich_help_panel=OUTPUT,
        help="Run folder; an existing run goes on.",
        show_default="results/<name made from the identity>",
    ),
]
Fresh = Annotated[
    bool,
    _option(
        "--fresh",
        rich_help_panel=OUTPUT,
        help="Remove the run in the folder first, instead of going on with it.",
    ),
]
Quiet = Annotated[bool, _option("--quiet", help="No progress, no table.", rich_help_panel=OUTPUT)]
Json = Annotated[
    bool,
    _option(
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
        # Plain text all over: options know their own types, and `yes` stays a word.
        found = yaml.load(value.read_text("utf-8"), Loader=yaml.BaseLoader)
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
        flag.lstrip("-"): parameter
        for parameter in context.command.params
        for flag in parameter.opts
    }
    defaults = {}
    for key, setting in found.items():
        name = str(key).replace("_", "-")
        if name not in by_flag:
            raise unknown("option in --config", str(key), by_flag)
        several = getattr(by_flag[name], "multiple", False) and not isinstance(setting, list)
        defaults[by_flag[name].name] = [setting] if several else setting
    context.default_map = {**(context.default_map or {}), **defaults}
    return value


Config = Annotated[
    Path | None,
    _option(
        "--config",
        is_eager=True,
        callback=_read_config,
        rich_help_panel=RUN,
        help="A YAML file with option: value lines.",
    ),
]
