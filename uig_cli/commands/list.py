"""uig list: what there is to choose from."""

from typing import Annotated, cast

import typer

from uig_cli.option_groups import Part, command
from uig_cli.options import ReportOptions

WHAT = ("models", "methods", "benchmarks", "judges", "detectors", "readers")


@command
def list_(
    what: Annotated[str, typer.Argument(metavar="|".join(WHAT), help="What to list.")],
    report: Annotated[ReportOptions, Part(only=("json",))],
) -> None:
    """List models, methods, benchmarks, judges, detectors or text readers, each with one line."""
    from uig_cli.commands.finish import print_json
    from uig_cli.errors import unknown

    if what not in WHAT:
        raise unknown("list", what, WHAT)
    made = {"models": _models, "methods": _methods, "benchmarks": _benchmarks}
    found = made[what]() if what in made else _scorers(what)
    if report.json:
        print_json(found)
        return
    width = max(len(name) for name in found)
    for name, about in found.items():
        print(f"{name:<{width}}  {about}")


def _models() -> dict[str, str]:
    from uig_cli.models.registry import kinds

    return {kind.usage: kind.summary for kind in kinds().values()}


def _methods() -> dict[str, str]:
    from uig_cli.loop.methods import methods

    return {
        found.name: f"{found.summary} (asks to {', '.join(sorted(found.needs))})"
        for found in methods().values()
    }


def _benchmarks() -> dict[str, str]:
    from uig_cli.benchmarks import registry

    found = {}
    for name in registry.names():
        benchmark = registry.benchmark(name)
        splits = f"splits {', '.join(benchmark.splits)}; " if benchmark.splits else ""
        sets = f"sets {', '.join(benchmark.sets)}; " if benchmark.sets else ""
        found[name] = f"{splits}{sets}scored by {' and '.join(benchmark.needs)}"
    return found


def _scorers(group: str) -> dict[str, str]:
    from uig_cli.scoring.registry import Group, usages

    return usages(cast(Group, group))
