"""The same boxes under other rules: what a detector saw is kept once, whatever it is judged by.

A folder of RUN/detections whose identity names settings of rules holds no boxes of its own: they
are those of the folder with the same identity but for the settings.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.plain_json import read_json
from uig_cli.runs.records import MOST_BYTES, scorer_folder

RULE = "rule "
"""Before a setting's name in an identity."""


def identity_of(folder: Path) -> dict[str, str]:
    """Whose findings a folder holds; UigError if that cannot be read."""
    path = folder / "identity.json"
    try:
        found = read_json(read_plain(path, MOST_BYTES))
    except (OSError, ValueError) as error:
        raise UigError(f"{path} cannot be read ({error}); restore the file.") from error
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise UigError(f"{path} is not as uig writes it, an object of texts; restore the file.")
    return found


def under_thresholds(boxes: Path, settings: Mapping[str, float]) -> Path:
    """The folder that stands for the boxes of `boxes` under these settings, made if needed."""
    if not settings:
        return boxes
    rules = {f"{RULE}{name}": str(value) for name, value in sorted(settings.items())}
    name = "-".join([boxes.name, *(f"{n}-{value}" for n, value in sorted(settings.items()))])
    return scorer_folder(boxes.parent, name, identity_of(boxes) | rules)


def by_thresholds(
    parent: Path, names: Sequence[str], settings: Mapping[str, float]
) -> tuple[str, ...]:
    """The folders of these detectors under these settings, or of all that have looked if none is
    named. UigError where none has."""
    if not settings:
        return tuple(names)
    kept = [parent / name for name in names] or [
        path.parent
        for path in sorted(parent.glob("*/identity.json"))
        if not any(name.startswith(RULE) for name in identity_of(path.parent))
    ]
    if not kept:
        raise UigError(f"{parent.parent} has no detections to apply the rules to; give --detector.")
    return tuple(under_thresholds(folder, settings).name for folder in kept)


def thresholds_of(folder: Path) -> tuple[Path, dict[str, float]]:
    """The folder whose boxes are meant, and the settings that they are judged by."""
    identity = identity_of(folder)
    rules = {name: text for name, text in identity.items() if name.startswith(RULE)}
    if not rules:
        return folder, {}
    seen = {name: text for name, text in identity.items() if name not in rules}
    for kept in sorted(folder.parent.glob("*/identity.json")):
        if identity_of(kept.parent) == seen:
            return kept.parent, {n.removeprefix(RULE): _number(t) for n, t in rules.items()}
    raise UigError(
        f"{folder} stands for boxes that are kept beside it, and they are gone; restore the folder "
        "or remove this one."
    )


def _number(text: str) -> float:
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError as error:
        raise UigError(f'a rule\'s setting is "{text}", expected a number.') from error
