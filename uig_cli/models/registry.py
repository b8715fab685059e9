"""The kinds of models: a name and, where it needs a place, a colon and that.

`check` looks at files and settings without loading a weight; `load` gives the model. Installed
packages offer further kinds as entry points `uig.models`; FILE.py:NAME is a class of one's own.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import cast

from uig_cli import registry
from uig_cli.errors import UigError, unknown
from uig_cli.models import foreign
from uig_cli.models.protocol import UnifiedModel
from uig_cli.models.pulled_models import pulled_model
from uig_cli.models.where import Where
from uig_cli.registry import Located, Origin


@dataclass(frozen=True, slots=True)
class Kind:
    """usage: how it is written; check and load take what stands behind the colon, if it has one.
    pulled: without a place it is what `uig data pull model` fetched."""

    usage: str
    summary: str
    check: Callable[[str], None]
    load: Callable[[str, Where], UnifiedModel]
    pulled: bool = False


def _check_bagel(rest: str) -> None:
    from uig_cli.models.bagel.checkpoint import check_folder

    check_folder(_bagel_folder(rest))


def _load_bagel(rest: str, where: Where) -> UnifiedModel:
    from uig_cli.models.bagel.pipeline import Bagel

    return cast(UnifiedModel, Bagel.load(_bagel_folder(rest), where.device, where.dtype))


def _bagel_folder(rest: str) -> Path:
    return Path(rest).expanduser() if rest else pulled_model("bagel")


def _check_pocket(rest: str) -> None:
    with _pocket() as folder:
        _check_bagel(str(folder))


def _load_pocket(rest: str, where: Where) -> UnifiedModel:
    with _pocket() as folder:
        return _load_bagel(str(folder), where)


def _pocket() -> AbstractContextManager[Path]:
    """The folder of the built-in checkpoint, wherever the package is installed."""
    return as_file(files("uig_cli").joinpath("pocket"))


def _no_oracle() -> UnifiedModel:
    """It is made of the cases of a set, by whoever opens them."""
    raise UigError(
        "the oracle only examines, and only prompts of built-in sets, whose specifications it "
        "knows; give it as --examiner of `uig eval ... --set built-in`, or another model."
    )


OURS: Mapping[str, Kind] = {
    "pocket": Kind(
        "pocket",
        "the built-in model: a small BAGEL that draws, examines and edits shapes (docs/pocket.md)",
        _check_pocket,
        _load_pocket,
    ),
    "bagel": Kind(
        "bagel:PATH",
        "a BAGEL checkpoint folder (ema.safetensors, ae.safetensors, llm_config.json, ...); bagel "
        "alone is the one of `uig data pull model bagel`",
        _check_bagel,
        _load_bagel,
        pulled=True,
    ),
    "oracle": Kind(
        "oracle",
        "only as --examiner, for built-in sets: knows what was asked for; a ceiling, no result",
        lambda rest: None,
        lambda rest, where: _no_oracle(),
    ),
    "python": Kind(
        "python:FILE.py:NAME",
        "your own class in a Python file (docs/adding-a-model.md)",
        lambda rest: check_model_files(f"python:{rest}"),
        lambda rest, where: load_model(f"python:{rest}", where),
    ),
}


def kinds() -> dict[str, Kind]:
    """All model kinds by name."""
    return {name: _kind(registry.find("models", name)) for name in registry.names("models")}


def _kind(found: Located) -> Kind:
    if not isinstance(found.thing, Kind):
        raise UigError(
            f"{found.where} gives {type(found.thing).__name__}, expected a "
            "uig_cli.models.registry.Kind."
        )
    return found.thing


def find(spec: str) -> Located:
    """The kind without its place, or the class, of a model."""
    return registry.find("models", spec)


def _named(spec: str) -> Located:
    """The kind, or the class, of a model. Raises UigError for one that is written otherwise."""
    if not registry.is_file("models", spec):
        name = spec.partition(":")[0]
        if name not in registry.names("models"):
            usages = [kind.usage for kind in kinds().values()]
            raise unknown("model", spec, usages, _meant(spec))
    found = registry.find("models", spec)
    if registry.is_file("models", spec):
        return found
    kind = _kind(found)
    if bool(found.rest) != (":" in kind.usage) and not (kind.pulled and not found.rest):
        said = f'says "{found.rest}" behind its name' if found.rest else "says no place"
        raise UigError(f'model "{spec}" {said}; expected {kind.usage}.')
    return found


def _meant(spec: str) -> str:
    """A folder of a checkpoint is given behind its kind."""
    like_a_folder = re.search(r"[/.A-Z0-9]", spec) is not None and ":" not in spec
    return f'Did you mean "bagel:{spec}"?' if like_a_folder else ""


def check_model_files(spec: str) -> None:
    """Raises UigError if the model cannot be loaded, as far as can be told cheaply."""
    found = _named(spec)
    if isinstance(found.thing, Kind):
        found.thing.check(found.rest)
    else:
        foreign.settings_of(found)


def load_model(spec: str, where: Where) -> UnifiedModel:
    found = _named(spec)
    if isinstance(found.thing, Kind):
        return found.thing.load(found.rest, where)
    return foreign.load(found, where)


def origin(spec: str) -> tuple[Origin | None, dict[str, str]]:
    """Where a model's code is, if it is none of ours, and the settings it is given that are not as
    by default and no places."""
    found = _named(spec)
    settings = {} if isinstance(found.thing, Kind) else foreign.written(found)
    return found.origin, settings
