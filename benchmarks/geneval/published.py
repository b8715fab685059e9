"""What is published about GenEval: scores over its official prompts, and over rewritten ones."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from uig_cli.benchmarks.built_in import BUILT_IN_SETS
from uig_cli.benchmarks.geneval.cases import REWRITTEN
from uig_cli.benchmarks.geneval.prompts import PUBLISHED_SHA256, generate
from uig_cli.benchmarks.published import (
    ABOUT_SHAPES,
    Counterpart,
    Published,
    Score,
    listed,
    same_judge,
)


class GenEvalPublished(Published):
    def scores(self) -> Sequence[Score]:
        return listed("geneval", times=100)

    def counterpart(self, set_name: str, prompts: str, split: str) -> Counterpart:
        rewritten = split == REWRITTEN
        name = "rewritten prompts" if rewritten else "official prompts"
        reasons = ["every paper rewrites the prompts in its own words"] if rewritten else []
        if set_name in BUILT_IN_SETS:
            reasons.append(ABOUT_SHAPES)
        elif not rewritten and prompts != PUBLISHED_SHA256:
            reasons.append("other prompts than the official ones")
        return Counterpart("geneval", name, len(generate()), tuple(reasons))

    def same_scorer(
        self, names: Collection[str], identity: Mapping[str, Any], judges: Sequence[str]
    ) -> tuple[str | None, str]:
        """Ours is the official detector's network on other weights: beside it, and not the same."""
        if identity.get("detector") != "mask2former":
            return same_judge(names, judges), ""
        official = next((name for name in judges if name.startswith("Mask2Former")), None)
        return official, "another checkpoint of Mask2Former than the official one"
