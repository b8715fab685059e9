"""GenEval's card."""

from dataclasses import dataclass

from uig_cli.benchmarks.built_in import BUILT_IN_SETS
from uig_cli.benchmarks.card import Card, OwnOptions
from uig_cli.option_groups import Group, option

FULL = "full"
TAGS = ("single_object", "two_object", "counting", "colors", "position", "color_attr")
HARD_TAGS = ("counts_position", "colored_counts_position", "groups_position")
"""Of the set built-in-hard (geneval/hard.py)."""

RULES = "GenEval's rules"


@dataclass(frozen=True, kw_only=True)
class RuleOptions(Group):
    """The rules over a detector's boxes, where they are not to be the official ones; fields are
    those of `rules.Options`."""

    threshold: float | None = option(
        "--threshold", RULES, "Boxes count that score above this.", min=0, max=1, show_default="0.3"
    )
    counting_threshold: float | None = option(
        "--counting-threshold",
        RULES,
        "The same for the tag counting.",
        min=0,
        max=1,
        show_default="0.9",
    )
    max_objects: int | None = option(
        "--max-objects", RULES, "Most boxes of a class that count.", min=1, show_default="16"
    )
    max_overlap: float | None = option(
        ("--max-overlap", "--nms-threshold"),
        RULES,
        "Boxes with this IoU with a better one of their class do not count; 1 lets all count.",
        min=0,
        max=1,
        show_default="1",
    )
    position_threshold: float | None = option(
        "--position-threshold",
        RULES,
        "Share of the sizes within which two centres stand in no relation.",
        min=0,
        show_default="0.1",
    )


CARD = Card(
    name="geneval",
    summary="GenEval: objects, counts, colors and places in short prompts, by a detector and rules",
    sets=(FULL, *BUILT_IN_SETS),
    dimensions=(*TAGS, *HARD_TAGS),
    short_names={
        "single_object": "Single",
        "two_object": "Two",
        "counting": "Counting",
        "colors": "Colors",
        "position": "Position",
        "color_attr": "Attributes",
    },
    samples=4,
    needs=("detections",),
    takes={
        "set": "full, built-in or built-in-hard",
        "prompts_file": "rewritten prompts in the official format",
        "judgements": "the official results file: verdicts, taken as they are",
        "detections": "stored detections to apply the rules to, instead of a detector",
        "pictures_of": "what the pictures' model is called",
        "detector": "mask2former:PATH, exact (for the built-in set), or none to draw now and "
        "judge later",
        "color_clip": "folder of the CLIP checkpoint that names colors",
    },
    usual={"set": FULL, "pictures_of": "the folder's name"},
    options=(OwnOptions(RuleOptions, ("score", "rejudge")),),
)
