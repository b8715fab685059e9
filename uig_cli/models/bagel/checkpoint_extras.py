"""What a checkpoint may bring beside its weights: its best sampler settings, the words it knows.

Both stand in `uig_config.json`: "samplers", by role, over the published defaults, and "world"
with "words", for a model that has learned a small vocabulary only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.models.bagel.config import read_json
from uig_cli.models.bagel.settings import complete, default_samplers
from uig_cli.models.protocol import ROLES, Role, Sampler


@dataclass(frozen=True, slots=True)
class CheckpointExtras:
    """samplers: complete settings by role. domain: what the model can do, as a part of a sentence
    ("draws only shapes"); known_words: all of them, in lower case; None: not told."""

    samplers: Mapping[Role, Sampler]
    domain: str = ""
    known_words: frozenset[str] | None = None


def read_extras(folder: Path, shift: float) -> CheckpointExtras:
    """shift: of the published schedule, where the checkpoint says no other."""
    file = folder / "uig_config.json"
    found = read_json(file) if file.exists() else {}
    given, words = found.get("samplers", {}), found.get("words", [])
    if not isinstance(given, dict) or not isinstance(words, list):
        raise UigError(f'{file}: expected an object under "samplers" and a list under "words".')
    defaults = default_samplers(shift)
    samplers = {role: _sampler(role, given.get(role, {}), defaults, file) for role in ROLES}
    known = frozenset(map(str, words)) or None
    return CheckpointExtras(samplers, str(found.get("world", "")), known)


def _sampler(role: Role, given: Any, defaults: Mapping[Role, Sampler], file: Path) -> Sampler:
    if not isinstance(given, dict):
        raise UigError(f'{file}: "samplers" has {given!r} for {role}; expected an object.')
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    try:
        return complete(role, values, defaults)
    except UigError as error:
        raise UigError(f"{file}: {error}") from None
