"""Every option, declared once; commands list those they take.

Each can also come from the environment (UIG_MODEL=... for --model) and from a YAML file
(--config), the command line winning over the environment and that over the file.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from uig_cli.config_file import read_config


def _option(flag: str, panel: str, text: str, **more: Any) -> Any:
    """An option that can also come from the environment, under its own name."""
    name = "UIG_" + flag.removeprefix("--").replace("-", "_").upper()
    return typer.Option(
        flag, help=text, rich_help_panel=panel, envvar=name, show_envvar=False, **more
    )


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
        WHAT,
        "A UTF-8 text file with one prompt a line; - reads standard input.",
        metavar="FILE|-",
    ),
]
InputImage = Annotated[
    Path | None, _option("--image", WHAT, "Start from this picture instead of drawing one.")
]
Samples = Annotated[
    int | None,
    _option(
        "--samples",
        WHAT,
        "Pictures per prompt, each with its own noise.",
        min=1,
        show_default="the benchmark's: tiif 1, geneval 4",
    ),
]
Split = Annotated[
    str | None,
    _option("--split", WHAT, "tiif: short, long or both prompts.", show_default="both"),
]
Set = Annotated[
    str | None,
    _option(
        "--set",
        WHAT,
        "tiif: testmini (277 prompt pairs), test (2,538) or built-in; geneval: full or "
        "built-in. Built-in sets are about drawn shapes and are scored exactly.",
        show_default="built-in for pocket, else testmini or full",
    ),
]
DataFolder = Annotated[
    Path | None,
    _option(
        "--data",
        WHAT,
        "Folder with the benchmark's official files.",
        show_default="$UIG_TIIF_DATA or the cache",
    ),
]
PromptsFile = Annotated[
    Path | None,
    _option("--prompts-file", WHAT, "geneval: rewritten prompts in the official format."),
]
Limit = Annotated[
    int | None,
    _option(
        "--limit",
        WHAT,
        "So many cases in all, spread evenly over dimensions, always the same ones.",
        min=1,
    ),
]
Dimension = Annotated[
    list[str] | None,
    _option("--dimension", WHAT, "Only this dimension; may be given several times."),
]
Shard = Annotated[
    str | None,
    _option(
        "--shard",
        RUN,
        "Work on every N-th case only, I from 0 to N-1; shards may share a folder.",
        metavar="I/N",
    ),
]

Model = Annotated[
    str,
    _option(
        "--model",
        MODEL,
        "The unified model: pocket (built in, knows shapes only), bagel:PATH or "
        "python:FILE.py:NAME.",
    ),
]
Examiner = Annotated[str | None, _option("--examiner", MODEL, "Another model to look at pictures.")]
Editor = Annotated[str | None, _option("--editor", MODEL, "Another model to edit pictures.")]
Device = Annotated[str, _option("--device", MODEL, "auto, cpu, cuda or cuda:N.")]
Dtype = Annotated[
    str | None,
    _option(
        "--dtype", MODEL, "float32 or bfloat16.", show_default="float32 on cpu, bfloat16 on cuda"
    ),
]
BatchSize = Annotated[
    int | None,
    _option(
        "--batch-size",
        MODEL,
        "Requests answered together, fewer where a GPU's memory is short; questions about one "
        "picture count as one.",
        min=1,
        show_default="8 on cpu, 1 on cuda",
    ),
]

MethodName = Annotated[
    list[str],
    _option(
        "--method",
        LOOP,
        "direct, think, decompose, uig or uig-reference; may be given several times.",
    ),
]
DrawingMethod = Annotated[
    list[str],
    _option("--method", LOOP, "direct, think or decompose; may be given several times."),
]
Rounds = Annotated[
    int,
    _option("--rounds", LOOP, "Most rounds of refinement; more than 10 needs --yes.", min=0),
]
Verdict = Annotated[
    str | None,
    _option(
        "--verdict",
        LOOP,
        "How examinations are read: robust, or reference (as published).",
        show_default="the method's own",
    ),
]
TemplateFile = Annotated[
    list[str] | None,
    _option(
        "--template",
        LOOP,
        "Your wording for examine, decompose, judge, judge-many, think-look or think-draw.",
        metavar="NAME=FILE",
    ),
]
Seed = Annotated[
    int,
    _option(
        "--seed",
        LOOP,
        "Same seed, same case, same sample: same noise.",
        min=0,
        max=2**63 - 1,  # what a column of tables/steps holds
    ),
]
PictureSize = Annotated[
    str | None,
    _option(
        "--size", LOOP, "Size of the first picture.", metavar="WxH", show_default="the checkpoint's"
    ),
]
SamplerSetting = Annotated[
    list[str] | None,
    _option(
        "--sampler",
        LOOP,
        "A sampler setting, e.g. text_scale=4 or edit.image_scale=2.",
        metavar="KEY=VALUE",
    ),
]
NumTimesteps = Annotated[
    int | None,
    _option(
        "--num-timesteps",
        LOOP,
        "Points of the flow schedule, one more than its steps.",
        min=2,
        show_default="the model's",
    ),
]
MaxTextTokens = Annotated[
    int | None,
    _option(
        "--max-text-tokens",
        LOOP,
        "Most network runs for one text.",
        min=1,
        show_default="the model's",
    ),
]
Yes = Annotated[bool, _option("--yes", RUN, "Do not ask back.")]

JudgeName = Annotated[
    list[str] | None,
    _option(
        "--judge",
        SCORING,
        "Who answers questions about pictures; may be given several times: self (the "
        "examined model), exact (a reader of drawn shapes, for built-in sets), "
        "openai:MODEL[@BASE_URL], hf:PATH_OR_NAME or none.",
        show_default="exact for built-in sets, else self",
    ),
]
JudgeConcurrency = Annotated[
    int,
    _option(
        "--judge-concurrency", SCORING, "openai: judges: most requests under way at a time.", min=1
    ),
]
JudgeTemperature = Annotated[
    float,
    _option(
        "--judge-temperature",
        SCORING,
        "openai: and hf: judges: 0 says what is likeliest, the same each time.",
        min=0,
        max=2,
    ),
]
JudgeRepeats = Annotated[
    int,
    _option(
        "--judge-repeats",
        SCORING,
        "openai: and hf: judges: put every question so often; the majority answers.",
        min=1,
    ),
]
JudgeParser = Annotated[
    str,
    _option(
        "--judge-parser",
        SCORING,
        "How answers in words are read: robust, or strict (TIIF's own rule).",
    ),
]
DetectorSpec = Annotated[
    str | None,
    _option(
        "--detector",
        SCORING,
        "geneval: mask2former:PATH, exact (for the built-in set), or none to draw now and "
        "judge later.",
        show_default="exact for the built-in set",
    ),
]
ColorClip = Annotated[
    str | None,
    _option("--color-clip", SCORING, "geneval: folder of the CLIP checkpoint that names colors."),
]
Ocr = Annotated[
    str | None,
    _option(
        "--ocr",
        SCORING,
        "tiif: who reads the words in the pictures of the dimension text, for GNED and "
        "recall: rapidocr (extra ocr) or none.",
        show_default="none",
    ),
]
Threshold = Annotated[
    float | None,
    _option(
        "--threshold", RULES, "Boxes count that score above this.", min=0, max=1, show_default="0.3"
    ),
]
CountingThreshold = Annotated[
    float | None,
    _option(
        "--counting-threshold",
        RULES,
        "The same for the tag counting.",
        min=0,
        max=1,
        show_default="0.9",
    ),
]
MaxObjects = Annotated[
    int | None,
    _option("--max-objects", RULES, "Most boxes of a class that count.", min=1, show_default="16"),
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
        RULES,
        "Share of the sizes within which two centres stand in no relation.",
        min=0,
        show_default="0.1",
    ),
]
JudgementFiles = Annotated[
    Path | None,
    _option(
        "--judgements",
        SCORING,
        "tiif: judge results made elsewhere: the official tree of one model or many, or "
        "JSON lines.",
    ),
]
DetectionFile = Annotated[
    Path | None,
    _option(
        "--detections",
        SCORING,
        "geneval: stored detections to apply the rules to, instead of a detector.",
        metavar="FILE",
    ),
]
JudgedBy = Annotated[
    str | None,
    _option(
        "--judged-by",
        SCORING,
        "Who made the judgements or detections from elsewhere, e.g. GPT-4o.",
        metavar="NAME",
        show_default="what identity.json beside them says",
    ),
]
PicturesOf = Annotated[
    str | None,
    _option(
        "--name",
        WHAT,
        "tiif: only this model of the folder; geneval: what the pictures' model is called.",
        metavar="MODEL",
        show_default="tiif: all; geneval: the folder's name",
    ),
]
Lines = Annotated[
    str | None,
    _option(
        "--lines",
        WHAT,
        "tiif: whether style and real_world are numbered by the lines of testmini or test.",
        show_default="what their numbers show",
    ),
]
AllowMissing = Annotated[
    float,
    _option(
        "--allow-missing",
        SCORING,
        "Share of pictures that may be missing or unjudged without exit code 3.",
        min=0,
        max=1,
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
        SCORING,
        "Fail (exit code 100) when the score fell by more than so many points beyond doubt.",
        metavar="MARGIN",
        min=0,
        max=100,
    ),
]
Metric = Annotated[
    str,
    _option(
        "--metric",
        SCORING,
        "What the gate looks at: overall, a group or a dimension.",
        metavar="NAME",
    ),
]
AllowUnderpowered = Annotated[
    bool,
    _option(
        "--allow-underpowered",
        SCORING,
        "Pass, too, where the cases are too few to see a loss of the margin.",
    ),
]
Junit = Annotated[
    Path | None,
    _option("--junit", OUTPUT, "Write the gate as JUnit XML, for a CI server.", metavar="FILE"),
]
MarkdownFile = Annotated[
    Path | None,
    _option(
        "--markdown",
        OUTPUT,
        "Write the comparison as Markdown, for a job's summary.",
        metavar="FILE",
    ),
]

Out = Annotated[
    Path | None,
    _option(
        "--out",
        OUTPUT,
        "Run folder; an existing run goes on.",
        show_default="results/<name made from the identity>",
    ),
]
Fresh = Annotated[
    bool,
    _option("--fresh", OUTPUT, "Remove the run in the folder first, instead of going on with it."),
]
Quiet = Annotated[bool, _option("--quiet", OUTPUT, "No progress, no table.")]
Json = Annotated[
    bool,
    _option("--json", OUTPUT, "One JSON object on standard output and nothing else there."),
]
Config = Annotated[
    Path | None,
    _option(
        "--config",
        RUN,
        "A YAML file with option: value lines.",
        is_eager=True,
        callback=read_config,
    ),
]
