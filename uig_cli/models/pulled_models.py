"""Models that `uig data pull` has fetched: where they are, so that a name alone finds them."""

from collections.abc import Mapping
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.files import cache_folder

RECORD = "pulled.json"
"""Beside the files of whatever was pulled, written last."""

ON_THE_HUB: Mapping[str, str] = {"bagel": "ByteDance-Seed/BAGEL-7B-MoT"}
"""Short names, and what they are called on the hub."""


def model_folder(full: str) -> Path:
    """Where a model of the hub, OWNER/NAME, goes."""
    return cache_folder() / "models" / full.replace("/", "--")


def pulled_model(name: str) -> Path:
    """The folder of a model by its short name. Raises UigError where it was not pulled."""
    folder = model_folder(ON_THE_HUB[name])
    if not (folder / RECORD).is_file():
        raise UigError(
            f"the model {name} is not here; fetch it once with `uig data pull model {name}`, or "
            f"say where it is: {name}:PATH."
        )
    return folder
