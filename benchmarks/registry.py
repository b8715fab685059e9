"""All benchmarks by name: ours, then those that installed packages offer as `uig.benchmarks`.

Nothing is loaded before it is asked for, and cards of ours load nothing else.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from uig_cli.benchmarks.card import Card
from uig_cli.errors import UigError, unknown

if TYPE_CHECKING:
    from uig_cli.benchmarks.protocol import Benchmark

_OURS: Mapping[str, str] = {
    "tiif": "uig_cli.benchmarks.tiif",
    "geneval": "uig_cli.benchmarks.geneval",
}
"""Folders, each with `card` and `benchmark`."""

_OWN = "prompts"
"""What a user's own prompts are recorded as; nobody asks for them by name."""


def names() -> list[str]:
    """Those that `uig eval` takes."""
    return sorted({*_OURS, *_offered()} - {_OWN})


def cards() -> tuple[Card, ...]:
    """The cards of ours."""
    found = (import_module(f"{folder}.card").CARD for folder in _OURS.values())
    return tuple(found)


def card(name: str) -> Card:
    """The card of the benchmark of that name; UigError with the nearest name if there is none."""
    if name in _OURS:
        found: Card = import_module(f"{_OURS[name]}.card").CARD
        return found
    return benchmark(name).card


def benchmark(name: str) -> "Benchmark":
    """The benchmark of that name; UigError with the nearest name if there is none."""
    if name in _OURS:
        found: Benchmark = import_module(f"{_OURS[name]}.benchmark").benchmark
        return found
    if name == _OWN:
        from uig_cli.benchmarks.own import benchmark as own

        return own
    offered = _offered()
    if name not in offered:
        raise unknown("benchmark", name, names())
    return checked(offered[name].load(), f'entry point uig.benchmarks "{name}"')


def checked(found: Any, origin: str) -> "Benchmark":
    """What comes from outside, if it is a benchmark. origin: where from, for the error."""
    from uig_cli.benchmarks.protocol import Benchmark

    # By descent, since what it leaves out has its default from there.
    if Benchmark not in type(found).__mro__ or not isinstance(getattr(found, "card", None), Card):
        raise UigError(
            f"{origin} gives {type(found).__name__}, expected an instance of a class that inherits "
            "from uig_cli.benchmarks.protocol.Benchmark and has a card."
        )
    whole: Benchmark = found
    return whole


def _offered() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="uig.benchmarks")}
