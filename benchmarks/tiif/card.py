"""TIIF-Bench's card."""

from dataclasses import dataclass

from uig_cli.benchmarks.built_in import BUILT_IN_SETS
from uig_cli.benchmarks.card import Card, OwnOptions, RemoteData
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS, HARD_DIMENSIONS
from uig_cli.option_groups import Group, option

BOTH, SHORT, LONG = "both", "short", "long"
MINI, FULL = "testmini", "test"


@dataclass(frozen=True, kw_only=True)
class NumberingOptions(Group):
    """How files that were made elsewhere are numbered."""

    lines: str | None = option(
        "--lines",
        "What to draw",
        "tiif: whether style and real_world are numbered by the lines of testmini or test.",
        show_default="what their numbers show",
    )


CARD = Card(
    name="tiif",
    summary="TIIF-Bench: instructions in 39 dimensions, short and long, by yes/no questions",
    splits=(BOTH, SHORT, LONG),
    sets=(MINI, FULL, *BUILT_IN_SETS),
    dimensions=(*DIMENSIONS, *HARD_DIMENSIONS),
    short_names={
        "Basic/Attribute": "Attribute",
        "Basic/Relation": "Relation",
        "Basic/Reasoning": "Reasoning",
        "Advanced/Attribute+Relation": "Attr.+Rel.",
        "Advanced/Attribute+Reasoning": "Attr.+Reas.",
        "Advanced/Relation+Reasoning": "Rel.+Reas.",
        "Advanced/Text Generation": "Text",
        "Advanced/Style Control": "Style",
        "Real World/Complex": "Real world",
    },
    needs=("answers",),
    takes={
        "split": "short, long or both prompts",
        "set": "testmini (277 prompt pairs), test (2,538), built-in or built-in-hard",
        "data": "the folder data/ of TIIF-Bench",
        "judgements": "judge results made elsewhere: the official tree of one model or many, or "
        "JSON lines",
        "pictures_of": "only this model of the folder",
        "ocr": "who reads the words in the pictures of the dimension text, for GNED and recall: "
        "rapidocr (extra ocr) or none",
    },
    usual={"split": BOTH, "set": MINI, "data": "$UIG_TIIF_DATA or the cache", "pictures_of": "all"},
    options=(OwnOptions(NumberingOptions, ("score",)),),
    remote=RemoteData(
        home="https://github.com/A113N-W3I/TIIF-Bench",
        repository="A113N-W3I/TIIF-Bench",
        revision="3aae7504d2546516eaec2fea82fde9ae445dfea3",
        folder="data/",
        licence="none is named: for your own use, never to be passed on",
    ),
)
