"""What is published about TIIF-Bench: scores over testmini, by judge; and gains."""

from collections.abc import Iterator, Sequence

from uig_cli.benchmarks.built_in import BUILT_IN_SETS
from uig_cli.benchmarks.published import ABOUT_SHAPES, Counterpart, Published, Score, listed
from uig_cli.benchmarks.tiif.card import MINI
from uig_cli.benchmarks.tiif.cases import OFFICIAL

PROMPTS = 277
"""Prompts of testmini, short as well as long."""

UNKNOWN = "TIIF's data were not at hand, so the questions are those of the result files"

RANDOM_WORDINGS = (
    "TIIF's published judgements were made at temperature 1 in wordings drawn at random, so "
    "differences of a point or two say little."
)


class TiifPublished(Published):
    def scores(self) -> Sequence[Score]:
        return listed("tiif-testmini", "tiif")

    def counterpart(self, set_name: str, prompts: str, split: str) -> Counterpart:
        unknown = set_name == MINI and not prompts
        reasons = (UNKNOWN,) if unknown else tuple(_reasons(set_name, prompts))
        return Counterpart(
            "tiif-testmini", split, PROMPTS, reasons, RANDOM_WORDINGS, same_set=unknown or None
        )


def _reasons(set_name: str, prompts: str) -> Iterator[str]:
    if set_name in BUILT_IN_SETS:
        yield ABOUT_SHAPES
    elif set_name != MINI:
        yield f"set {set_name}, published scores are of {MINI}"
    elif prompts != OFFICIAL[MINI]:
        yield f"own prompts, not the official {MINI}"
