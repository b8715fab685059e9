"""uig list: what there is to choose from, and what each can be told."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, cast

import typer

from uig_cli.option_groups import Part, command
from uig_cli.options import ReportOptions
from uig_cli.registry import RegistryGroup

WHAT = ("models", "methods", "benchmarks", "judges", "detectors", "readers")

ListLine = tuple[str, str, Sequence[object]]
"""How a thing is written, what it is, and its settings."""


@command
def list_(
    what: Annotated[str, typer.Argument(metavar="|".join(WHAT), help="What to list.")],
    report: Annotated[ReportOptions, Part(only=("json",))],
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only this one; also FILE.py:NAME.")
    ] = None,
) -> None:
    """List models, methods, benchmarks, judges, detectors or text readers, each with its settings.

    uig list methods

    uig list methods my_method.py:BEST_OF_N
    """
    from uig_cli.commands.finish import print_json
    from uig_cli.console import harmless
    from uig_cli.errors import unknown
    from uig_cli.streams import write_line

    if what not in WHAT:
        raise unknown("list", what, WHAT)
    group = cast(RegistryGroup, what)
    found = [_line(group, name)] if name else list(_all(group))
    if report.json:
        print_json({usage: "; ".join([about, *map(str, own)]) for usage, about, own in found})
        return
    width = max(len(usage) for usage, _, _ in found)
    for usage, about, own in found:
        write_line(harmless(f"{usage:<{width}}  {about}"))
        for setting in own:
            write_line(harmless(f"{'':<{width}}    {setting}"))


def _all(group: RegistryGroup) -> Iterator[ListLine]:
    """All that have a name; one that cannot be loaded says why and is in no other's way."""
    from uig_cli import registry
    from uig_cli.errors import UigError
    from uig_cli.scoring.registry import NONE, nobody

    if group in ("judges", "detectors", "readers"):
        yield NONE, nobody(group), ()
    for name in registry.names(group):
        try:
            yield _line(group, name)
        except UigError as error:
            yield name, str(error), ()


def _line(group: RegistryGroup, name: str) -> ListLine:
    described = {"models": _model, "methods": _method, "benchmarks": _benchmark}
    describe: Callable[[str], ListLine] | None = described.get(group)
    return describe(name) if describe else _scorer(group, name)


def _model(name: str) -> ListLine:
    from uig_cli.models import foreign
    from uig_cli.models.registry import Kind, find

    found = find(name)
    if isinstance(found.thing, Kind):
        return found.thing.usage, found.thing.summary, ()
    return f"python:{found.where}", _first(found.thing), foreign.declared(found)


def _method(name: str) -> ListLine:
    from uig_cli.loop.methods import look_up
    from uig_cli.own_settings import of_dataclass

    found = look_up(name)
    own = of_dataclass(found.settings) if found.settings else ()
    asks = f"asks to {', '.join(sorted(found.needs))}"
    unmeasured = "" if found.measured else "; not measured here: no model of ours has learned it"
    return found.name, f"{found.summary} ({asks}{unmeasured})", own


def _benchmark(name: str) -> ListLine:
    from uig_cli.benchmarks.registry import look_up

    card, own = look_up(name)
    splits = f"; splits {', '.join(card.splits)}" if card.splits else ""
    sets = f"; sets {', '.join(card.sets)}" if card.sets else ""
    return name, f"{card.summary}{splits}{sets}; scored by {' and '.join(card.needs)}", own


def _scorer(group: RegistryGroup, name: str) -> ListLine:
    from uig_cli.scoring.registry import ScorerGroup, type_named

    found = type_named(cast(ScorerGroup, group), name)
    return found.usage, found.summary, found.settings


def _first(thing: object) -> str:
    return (thing.__doc__ or "").strip().split("\n")[0]
