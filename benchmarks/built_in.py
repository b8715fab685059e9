"""The built-in sets: prompts in the benchmarks' own formats about the small world of `shapes`.

Their pictures can be scored exactly, by a reader that learns nothing. What they measure is this
world, so no number from them stands beside a published one.
"""

from functools import cache

BUILT_IN = "built-in"
"""The name of the set in every benchmark that has one."""

NOTE = (
    "Set built-in: prompts about a small world of drawn shapes, in this benchmark's format. These "
    "numbers are not comparable with published ones."
)
"""For the head of every table."""


@cache
def prompts() -> frozenset[str]:
    """Every prompt of every built-in set: what a model that is measured on them must not be
    trained on."""
    # Here, as both import NOTE from this file.
    from uig_cli.benchmarks.geneval import built_in as geneval
    from uig_cli.benchmarks.tiif import built_in as tiif

    short_and_long = {text for line in tiif.lines() for text in (line.short, line.long)}
    return frozenset({metadata["prompt"] for metadata in geneval.generate()} | short_and_long)
