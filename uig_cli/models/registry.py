"""Where models are found: a kind and, where it needs a place, a colon and that.

`check` looks at files and settings without loading a weight; `load` gives the model. Installed
packages offer further kinds as entry points `uig.models`.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.resources import as_file, files
from pathlib import Path
from typing import cast

from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import UnifiedModel
from uig_cli.models.where import Where


@dataclass(frozen=True, slots=True)
class Kind:
    """usage: how it is written; check and load take what stands behind the colon, if it has one."""

    usage: str
    summary: str
    check: Callable[[str], None]
    load: Callable[[str, Where], UnifiedModel]


def _check_bagel(rest: str) -> None:
    from uig_cli.models.bagel.files import check_folder

    check_folder(Path(rest).expanduser())


def _load_bagel(rest: str, where: Where) -> UnifiedModel:
    from uig_cli.models.bagel.pipeline import Bagel

    return cast(UnifiedModel, Bagel.load(Path(rest).expanduser(), where.device, where.dtype))


def _check_python(rest: str) -> None:
    from uig_cli.models.foreign import find_class

    find_class(rest)


def _load_python(rest: str, where: Where) -> UnifiedModel:
    from uig_cli.models.foreign import load

    return load(rest, where)


def _check_pocket(rest: str) -> None:
    with _pocket() as folder:
        _check_bagel(str(folder))


def _load_pocket(rest: str, where: Where) -> UnifiedModel:
    with _pocket() as folder:
        return _load_bagel(str(folder), where)


def _pocket() -> AbstractContextManager[Path]:
    """The folder of the built-in checkpoint, wherever the package is installed."""
    return as_file(files("uig_cli").joinpath("pocket"))


_OURS: Mapping[str, Kind] = {
    "pocket": Kind(
        "pocket",
        "the built-in model: a small BAGEL that draws, examines and edits shapes (docs/pocket.md)",
        _check_pocket,
        _load_pocket,
    ),
    "bagel": Kind(
        "bagel:PATH",
        "a BAGEL checkpoint folder (ema.safetensors, ae.safetensors, llm_config.json, ...)",
        _check_bagel,
        _load_bagel,
    ),
    "python": Kind(
        "python:FILE.py:NAME",
        "your own class in a Python file (docs/adding-a-model.md)",
        _check_python,
        _load_python,
    ),
}


def kinds() -> dict[str, Kind]:
    """All model kinds by name."""
    found = dict(_OURS)
    for entry in entry_points(group="uig.models"):
        found.setdefault(entry.name, cast(Kind, entry.load()))
    return found


def _split(spec: str) -> tuple[Kind, str]:
    name, _, rest = spec.partition(":")
    known = kinds()
    if name not in known:
        raise unknown("model", spec, [kind.usage for kind in known.values()])
    if bool(rest) != (":" in known[name].usage):
        said = f'says "{rest}" behind its name' if rest else "says no place"
        raise UigError(f'model "{spec}" {said}; expected {known[name].usage}.')
    return known[name], rest


def check_model_files(spec: str) -> None:
    """Raises UigError if the model cannot be loaded, as far as can be told cheaply."""
    kind, rest = _split(spec)
    kind.check(rest)


def load_model(spec: str, where: Where) -> UnifiedModel:
    kind, rest = _split(spec)
    return kind.load(rest, where)
