"""Every option, declared once, in groups that commands and the Python API take.

On the command line each can also come from the environment (UIG_MODEL=... for --model) and from a
YAML file (--config), the line winning over the environment and that over the file. The Python API
reads neither. What a group's values mean together is `option_values`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from uig_cli import completions
from uig_cli.config_file import read_config
from uig_cli.option_groups import Group, command, option
from uig_cli.registry import completing

WHAT = "What to draw"
MODEL = "Model"
LOOP = "Loop"
SCORING = "Scoring"
RUN = "Run"
OUTPUT = "Output"

# Those that stand in several groups.
_device = option("--device", MODEL, "auto, cpu, cuda or cuda:N.", default="auto")
_dtype = option(
    "--dtype", MODEL, "float32 or bfloat16.", show_default="float32 on cpu, bfloat16 on cuda"
)
_batch_size = option(
    "--batch-size",
    MODEL,
    "Requests answered together, fewer where a GPU's memory is short; questions about one "
    "picture count as one.",
    min=1,
    show_default="8 on cpu, 1 on cuda",
)
_template = option(
    "--template",
    LOOP,
    "Your wording for examine, decompose, judge, judge-many, think-look or think-draw; published "
    "is the wording of BAGEL's and UiG's authors (uig data pull templates).",
    default=(),
    metavar="NAME=FILE|published",
)
_samples = option(
    "--samples",
    WHAT,
    "Pictures per prompt, each with its own noise.",
    min=1,
    show_default="the benchmark's",
)

_allow_missing = option(
    "--allow-missing",
    SCORING,
    "Share of pictures that may be missing or unjudged without exit code 3.",
    default=0.0,
    min=0,
    max=1,
)


@dataclass(frozen=True, kw_only=True)
class PromptOptions(Group):
    """A user's own prompts."""

    prompt: tuple[str, ...] = option(
        "--prompt",
        WHAT,
        "A prompt; may be given several times.",
        default=(),
        env=False,  # which would take a prompt apart at its blanks
    )
    prompts: str | None = option(
        "--prompts",
        WHAT,
        "A UTF-8 file with one prompt a line, or JSON, CSV or TSV with a field prompt; - reads "
        "standard input.",
        metavar="FILE|-",
    )
    image: Path | None = option("--image", WHAT, "Start from this picture instead of drawing one.")
    samples: int | None = _samples


@dataclass(frozen=True, kw_only=True)
class CaseOptions(Group):
    """Which cases of a benchmark."""

    split: str | None = option(
        "--split", WHAT, "Which prompts, of a benchmark that has them in several wordings."
    )
    set: str | None = option(
        "--set",
        WHAT,
        "Which set of the benchmark. Built-in sets are about drawn shapes and are scored exactly.",
        show_default="built-in for pocket",
    )
    data: Path | None = option(
        "--data",
        WHAT,
        "Folder with the benchmark's official files.",
    )
    prompts_file: Path | None = option(
        "--prompts-file", WHAT, "Rewritten prompts in the official format."
    )
    limit: int | None = option(
        "--limit",
        WHAT,
        "So many cases in all, spread evenly over dimensions, always the same ones.",
        min=1,
    )
    dimension: tuple[str, ...] = option(
        "--dimension",
        WHAT,
        "Only this dimension; may be given several times.",
        default=(),
        autocompletion=completions.dimensions,
    )
    samples: int | None = _samples


@dataclass(frozen=True, kw_only=True)
class ModelOptions(Group):
    """Which models work, and where."""

    model: str = option(
        "--model",
        MODEL,
        "The unified model: pocket (built in, knows shapes only), bagel:PATH or "
        "python:FILE.py:NAME.",
        default="pocket",
        autocompletion=completing("models"),
    )
    examiner: str | None = option(
        "--examiner",
        MODEL,
        "Another model to look at pictures.",
        autocompletion=completing("models"),
    )
    editor: str | None = option(
        "--editor",
        MODEL,
        "Another model to edit pictures.",
        autocompletion=completing("models"),
    )
    device: str = _device
    dtype: str | None = _dtype
    batch_size: str | None = option(
        "--batch-size",
        MODEL,
        "Requests answered together, fewer where a GPU's memory is short; questions about one "
        "picture count as one. A number for all roles, or e.g. draw=1,look=16.",
        metavar="N|ROLE=N,...",
        show_default="the model's own: 8 on cpu; on cuda 1 to draw and edit, 16 to look",
    )


@dataclass(frozen=True, kw_only=True)
class LoopOptions(Group):
    """How pictures are made and refined."""

    method: tuple[str, ...] = option(
        "--method",
        LOOP,
        "One of `uig list methods`, NAME:KEY=VALUE,... or FILE.py:NAME; may be given several "
        "times.",
        default=("uig",),
        autocompletion=completing("methods"),
    )
    rounds: int = option(
        "--rounds",
        LOOP,
        "Most rounds of refinement; more than 10 needs --yes.",
        default=4,
        min=0,
    )
    verdict: str | None = option(
        "--verdict",
        LOOP,
        "How examinations are read: robust, or reference (as published).",
        show_default="the method's own",
    )
    num_timesteps: int | None = option(
        "--num-timesteps",
        LOOP,
        "Points of the flow schedule, one more than its steps.",
        min=2,
        show_default="the model's",
    )
    size: str | None = option(
        "--size", LOOP, "Size of the first picture.", metavar="WxH", show_default="the checkpoint's"
    )
    sampler: tuple[str, ...] = option(
        "--sampler",
        LOOP,
        "A sampler setting, e.g. text_scale=4 or edit.image_scale=2.",
        default=(),
        metavar="KEY=VALUE",
    )
    preset: str | None = option(
        "--preset",
        LOOP,
        "Sampler settings under a name, for studies with the built-in model: weak-drawing (drawn "
        "in 4 timesteps, edited in 10) or weak-both (4 and 4); both let it think up to 256 tokens "
        "and end repetitions. What is given beside them outranks them.",
    )
    max_text_tokens: int | None = option(
        "--max-text-tokens",
        LOOP,
        "Most network runs for one text.",
        min=1,
        show_default="the model's",
    )
    template: tuple[str, ...] = _template
    seed: int = option(
        "--seed",
        LOOP,
        "Same seed, same case, same sample: same noise.",
        default=0,
        min=0,
        max=2**63 - 1,  # what a column of tables/steps holds
    )
    yes: bool = option("--yes", RUN, "Do not ask back.", default=False)


@dataclass(frozen=True, kw_only=True)
class ScoringOptions(Group):
    """Who scores pictures, and on what terms."""

    judge: tuple[str, ...] = option(
        "--judge",
        SCORING,
        "Who answers questions about pictures; may be given several times: self (the "
        "examined model), exact (a reader of drawn shapes, for built-in sets), "
        "openai:MODEL[@BASE_URL], hf:PATH_OR_NAME, python:FILE.py:NAME or none.",
        default=(),
        show_default="exact for built-in sets, else self",
        autocompletion=completing("judges"),
    )
    judge_concurrency: int = option(
        "--judge-concurrency",
        SCORING,
        "openai: judges: most requests under way at a time.",
        default=16,
        min=1,
    )
    judge_temperature: float = option(
        "--judge-temperature",
        SCORING,
        "openai: and hf: judges: 0 says what is likeliest, the same each time.",
        default=0.0,
        min=0,
        max=2,
    )
    judge_repeats: int = option(
        "--judge-repeats",
        SCORING,
        "openai: and hf: judges: put every question so often; the majority answers.",
        default=1,
        min=1,
    )
    judge_parser: str = option(
        "--judge-parser",
        SCORING,
        "How answers in words are read: robust, or strict (the rule of official scripts).",
        default="robust",
    )
    detector: str | None = option(
        "--detector",
        SCORING,
        "Who finds objects in pictures: mask2former:PATH, exact (for the built-in set), or none to "
        "draw now and judge later.",
        show_default="exact for the built-in set",
        autocompletion=completing("detectors"),
    )
    score_candidates: bool = option(
        "--score-candidates",
        SCORING,
        "Score every picture that a method chose from, not only those made and kept; exact does so "
        "anyway.",
        default=False,
    )
    color_clip: str | None = option(
        "--color-clip", SCORING, "Folder of the CLIP checkpoint that names colors."
    )
    ocr: str | None = option(
        "--ocr",
        SCORING,
        "Who reads the words in pictures, for GNED and recall: rapidocr (extra ocr) or none.",
        show_default="none",
        autocompletion=completing("readers"),
    )


@dataclass(frozen=True, kw_only=True)
class RescoringOptions(ScoringOptions):
    """Who scores pictures that are there already. Nothing is drawn, so a model is one that judges,
    and UIG_MODEL, which is about who draws, does not name it."""

    model: str | None = option(
        "--model",
        SCORING,
        "The model behind judge self.",
        env=False,
        show_default="of a run: its examiner",
    )
    template: tuple[str, ...] = _template
    device: str = _device
    dtype: str | None = _dtype
    batch_size: int | None = _batch_size


@dataclass(frozen=True, kw_only=True)
class ExternalOptions(Group):
    """What was made elsewhere, and how it is numbered and called."""

    pictures_of: str | None = option(
        "--name",
        WHAT,
        "Which model of the folder, or what the pictures' model is called.",
        metavar="MODEL",
    )
    judgements: Path | None = option(
        "--judgements",
        SCORING,
        "Judge results made elsewhere, in the benchmark's official layout.",
    )
    detections: Path | None = option(
        "--detections",
        SCORING,
        "Stored detections to apply the rules to, instead of a detector.",
        metavar="FILE",
    )
    judged_by: str | None = option(
        "--judged-by",
        SCORING,
        "Who made the judgements or detections from elsewhere, e.g. GPT-4o.",
        metavar="NAME",
        show_default="what identity.json beside them says",
    )


@dataclass(frozen=True, kw_only=True)
class RunOptions(Group):
    """Where a run goes, and which part of it is worked on here."""

    shard: str | None = option(
        "--shard",
        RUN,
        "Work on every N-th case only, I from 0 to N-1; shards may share a folder.",
        metavar="I/N",
    )
    out: Path | None = option(
        "--out",
        OUTPUT,
        "Run folder; an existing run goes on.",
        show_default="results/<name made from the identity>",
    )
    links: str = option(
        "--links",
        OUTPUT,
        "relative: pictures/ shows the kept picture of every step by links; none: no such links.",
        default="relative",
        metavar="relative|none",
    )
    fresh: bool = option(
        "--fresh",
        OUTPUT,
        "Remove the run in the folder first, instead of going on with it.",
        default=False,
    )


@dataclass(frozen=True, kw_only=True)
class ReportOptions(Group):
    """What a command tells at its end."""

    allow_missing: float = _allow_missing
    quiet: bool = option("--quiet", OUTPUT, "No progress, no table.", default=False)
    json: bool = option(
        "--json",
        OUTPUT,
        "One JSON object on standard output and nothing else there.",
        default=False,
    )


@dataclass(frozen=True, kw_only=True)
class CompareOptions(Group):
    """What is compared, and what a gate asks for."""

    judge: str | None = option(
        "--judge",
        SCORING,
        "Compare what this judge or detector said; its name is that of its folder.",
        env=False,  # UIG_JUDGE is about those who judge
        metavar="NAME",
        show_default="the one that all sides share",
    )
    split: str | None = option(
        "--split", WHAT, "Which prompts, of a benchmark that has them in several wordings."
    )
    at_equal: str | None = option(
        "--at-equal",
        SCORING,
        "Also read the baseline's curve (its steps, best-of-n's pictures) where it has cost as "
        "much as the other side: work (tokens through the decoder), pictures or seconds.",
        metavar="work|pictures|seconds",
    )
    gate: float | None = option(
        "--gate",
        SCORING,
        "Fail (exit code 100) when the score fell by more than so many points beyond doubt.",
        metavar="MARGIN",
        min=0,
        max=100,
    )
    metric: str = option(
        "--metric",
        SCORING,
        "What the gate looks at: overall, a group or a dimension.",
        default="overall",
        metavar="NAME",
    )
    allow_missing: float = _allow_missing
    allow_underpowered: bool = option(
        "--allow-underpowered",
        SCORING,
        "Pass, too, where the cases are too few to see a loss of the margin, and none is seen.",
        default=False,
    )
    junit: Path | None = option(
        "--junit", OUTPUT, "Write the gate as JUnit XML, for a CI server.", metavar="FILE"
    )
    markdown: Path | None = option(
        "--markdown",
        OUTPUT,
        "Write the comparison as Markdown, for a job's summary.",
        metavar="FILE",
    )
    html: Path | None = option(
        "--html",
        OUTPUT,
        "Write the comparison as one HTML file, with the pictures of the twenty worst changes.",
        metavar="FILE",
    )


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="A YAML file with option: value lines.",
        rich_help_panel=RUN,
        envvar="UIG_CONFIG",
        show_envvar=False,
        is_eager=True,
        callback=read_config,
    ),
]


def configurable(function: Callable[..., None]) -> Callable[..., None]:
    """A command whose options can also come from the file of --config."""
    return command(function, {"config": Config})
