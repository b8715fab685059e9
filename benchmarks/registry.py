"""All benchmarks: ours, those that installed packages offer as `uig.benchmarks`, and FILE.py:NAME.

Nothing is loaded before it is asked for, and cards of ours load nothing else.
"""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from uig_cli import faults, own_settings, registry
from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.plugin_checks import wrong_card
from uig_cli.errors import UigError
from uig_cli.own_settings import DeclaredSetting
from uig_cli.registry import Located

if TYPE_CHECKING:
    from uig_cli.benchmarks.protocol import Benchmark

OURS: Mapping[str, str] = {
    "tiif": "uig_cli.benchmarks.tiif.benchmark:benchmark",
    "geneval": "uig_cli.benchmarks.geneval.benchmark:benchmark",
}
"""Name -> where it is; beside the module `benchmark` stands the light one, `card`."""

_OWN = "prompts"
"""What a user's own prompts are recorded as; nobody asks for them by name."""


def names() -> list[str]:
    """Those that `uig eval` takes by name."""
    return sorted({*registry.names("benchmarks")} - {_OWN})


def cards() -> tuple[Card, ...]:
    """The cards of ours."""
    return tuple(map(_card, OURS))


def _card(name: str) -> Card:
    folder = OURS[name].rpartition(".")[0]
    found: Card = import_module(f"{folder}.card").CARD
    return found


def card(name: str) -> Card:
    """The card of the benchmark of that name; UigError with the nearest name if there is none."""
    return _card(name) if name in OURS else benchmark(name).card


def benchmark(spec: str) -> "Benchmark":
    """The benchmark of NAME, or FILE.py:NAME[:KEY=VALUE,...]; UigError with the nearest name if
    there is none."""
    if spec == _OWN:
        from uig_cli.benchmarks.own import benchmark as own

        return own
    found = registry.find("benchmarks", spec)
    made = checked(_made(found), found.where)
    if found.origin is None:
        return made
    registry.refuse_ours("benchmarks", made.name, found.origin)
    if made.name == _OWN:
        raise UigError(
            f"{found.where} is a benchmark called {_OWN}, as a user's own prompts are; rename it."
        )
    source = f"{found.origin.source}:{found.rest}" if found.rest else found.origin.source
    made.origin = replace(found.origin, source=source)
    return made


def look_up(spec: str) -> tuple[Card, tuple[DeclaredSetting, ...]]:
    """A benchmark's card and settings, before any setting is given."""
    found = registry.find("benchmarks", spec)
    shown: Card | None = getattr(found.thing, "card", None)
    if not isinstance(shown, Card):
        shown = checked(found.thing, found.where).card
    return shown, declared(found)


def declared(found: Located) -> tuple[DeclaredSetting, ...]:
    """The settings of a benchmark that comes as a class."""
    return own_settings.of_constructor(found.thing) if isinstance(found.thing, type) else ()


def _made(found: Located) -> Any:
    given = own_settings.parse(found.rest, declared(found), found.where)
    if not isinstance(found.thing, type):
        return found.thing
    with faults.blaming(f"benchmark {found.where}"):
        return found.thing(**given)


def checked(found: Any, origin: str) -> "Benchmark":
    """What comes from outside, if it is a benchmark. origin: where from, for the error."""
    from uig_cli.benchmarks.protocol import Benchmark

    # By descent, since what it leaves out has its default from there.
    if Benchmark not in type(found).__mro__ or not isinstance(getattr(found, "card", None), Card):
        raise UigError(
            f"{origin} gives {type(found).__name__}, expected an instance of a class that inherits "
            "from uig_cli.benchmarks.protocol.Benchmark and has a card."
        )
    if wrong := wrong_card(found.card):
        raise UigError(f"{origin} has {wrong}; mend it (docs/adding-a-benchmark.md).")
    whole: Benchmark = found
    return whole
