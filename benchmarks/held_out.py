"""Prompts that a model which is measured on the built-in sets must not be trained on."""

from functools import cache

from uig_cli.benchmarks import registry
from uig_cli.benchmarks.built_in import BUILT_IN
from uig_cli.benchmarks.protocol import Source


@cache
def held_out_prompts() -> frozenset[str]:
    """Every prompt of every built-in set."""
    found = [registry.benchmark(name) for name in registry.names()]
    sets = [one.open(Source(set=BUILT_IN)) for one in found if BUILT_IN in one.card.sets]
    return frozenset(case.prompt for data in sets for case in data.cases)
