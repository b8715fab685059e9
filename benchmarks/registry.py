"""All benchmarks by name: ours, then those that installed packages offer as `uig.benchmarks`."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.errors import unknown

_OURS: Mapping[str, str] = {
    "tiif": "uig_cli.benchmarks.tiif",
    "geneval": "uig_cli.benchmarks.geneval",
    "prompts": "uig_cli.benchmarks.own",
}


def names() -> list[str]:
    """Those that `uig eval` takes."""
    offered = {entry.name for entry in entry_points(group="uig.benchmarks")}
    return sorted({*_OURS, *offered} - {"prompts"})


def benchmark(name: str) -> Benchmark:
    """The benchmark of that name; UigError with the nearest name if there is none."""
    if name in _OURS:
        found: Benchmark = import_module(_OURS[name]).benchmark
        return found
    for entry in entry_points(group="uig.benchmarks"):
        if entry.name == name:
            loaded: Benchmark = entry.load()
            return loaded
    raise unknown("benchmark", name, names())
