"""Options that one benchmark alone has, among those of all: which are its own, which are not."""

from collections.abc import Mapping, Sequence

from uig_cli.benchmarks.card import Given
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.errors import UigError
from uig_cli.option_groups import Group, declared


def own_of(benchmark: Benchmark, groups: Sequence[Group]) -> Given:
    """The benchmark's own options. Raises UigError for one of another benchmark that was given;
    what only stands in the environment is meant for that one."""
    kinds = tuple(own.group for own in benchmark.card.options)
    for group in groups:
        if not isinstance(group, kinds) and group.given:
            _refuse(benchmark, group)
    return Given(tuple(group for group in groups if isinstance(group, kinds)))


def rules_of(benchmark: Benchmark, groups: Sequence[Group]) -> Mapping[str, float]:
    """The settings of the benchmark's rules that are given and not its own."""
    return benchmark.rules(own_of(benchmark, groups))


def _refuse(benchmark: Benchmark, group: Group) -> None:
    for one in declared(type(group)):
        if one.name in group.given:
            how = one.metadata["option"]
            raise UigError(
                f"{how.flags[0]} is a setting of {how.panel}, and {benchmark.name} has no use for "
                "it; leave it out."
            )
