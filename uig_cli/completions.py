"""What a shell completes beside names of models, methods and scorers: runs, cases and dimensions.

A shell waits for it at every key, so it reads no more than it must, and whatever goes wrong it
offers nothing.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from itertools import islice
from pathlib import Path

import typer

from uig_cli.registry import ours

MOST = 200
"""Values that are offered: nobody reads more."""


def runs(incomplete: str) -> list[str]:
    """Run folders, those of results/ first, and folders on the way to others."""
    found = dict.fromkeys(_runs(incomplete))
    return list(islice(found, MOST))


def sides(incomplete: str) -> list[str]:
    """The same, and behind a run its methods, as `uig compare` takes them."""
    path, colon, _ = incomplete.partition(":")
    if not colon:
        return runs(incomplete)
    whole = (f"{path}:{name}" for name in _methods(Path(path)))
    return [one for one in whole if one.startswith(incomplete)]


def cases(context: typer.Context, incomplete: str) -> list[str]:
    """Ids of the run that stands on the line before."""
    root = context.params.get("run")
    found = _ids(Path(root)) if root else iter(())
    return list(islice((name for name in found if name.startswith(incomplete)), MOST))


def dimensions(context: typer.Context, incomplete: str) -> list[str]:
    """Of the benchmark that stands on the line before."""
    where = ours("benchmarks").get(str(context.params.get("name")))
    if where is None:
        return []
    card = import_module(f"{where.rpartition('.')[0]}.card").CARD
    return [name for name in card.dimensions if name.startswith(incomplete)]


def _runs(incomplete: str) -> Iterator[str]:
    with suppress(OSError):
        for path in sorted(Path("results").glob("*/run.json")):
            name = str(path.parent)
            if name.startswith(incomplete) or path.parent.name.startswith(incomplete):
                yield name
        typed = Path(incomplete)
        folder = typed if incomplete.endswith("/") or not incomplete else typed.parent
        begins = "" if incomplete.endswith("/") or not incomplete else typed.name
        for path in sorted(folder.iterdir()):
            if path.is_dir() and path.name.startswith(begins) and not path.name.startswith("."):
                yield str(path) if (path / "run.json").is_file() else f"{path}/"


def _methods(root: Path) -> list[str]:
    with suppress(OSError, ValueError, AttributeError):
        found = json.loads((root / "run.json").read_text("utf-8")).get("methods")
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
    return []


def _ids(root: Path) -> Iterator[str]:
    with suppress(OSError, ValueError, AttributeError):
        for path in sorted((root / "cases").glob("*.jsonl")):
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    name = json.loads(line).get("id")
                    if isinstance(name, str):
                        yield name
