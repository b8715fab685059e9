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
    # Here, since cards name the set and are to load nothing.
    from uig_cli.benchmarks import registry
    from uig_cli.benchmarks.protocol import Source

    found = [registry.benchmark(name) for name in registry.names()]
    sets = [one.open(Source(set=BUILT_IN)) for one in found if BUILT_IN in one.card.sets]
    return frozenset(case.prompt for data in sets for case in data.cases)
