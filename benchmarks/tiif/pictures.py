"""TIIF's folder of pictures, made by any model.

OUT/<dimension>/<model>/short_description/<line>.png   (or jpg, jpeg, webp)
OUT/<dimension>/<model>/long_description/<line>.png
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from uig_cli.benchmarks.external import (
    ENDINGS,
    MISSING,
    ExternalPictures,
    checked,
    copies,
    files_below,
    ignored,
    listed,
    pictures_below,
    repeated,
    some,
)
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS
from uig_cli.benchmarks.tiif.numbering import numbers
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure, Picture

FOLDERS = {"short": "short_description", "long": "long_description"}

_NAME = re.compile(r"([0-9]{1,6})(\.\w+)")

Numbered = dict[tuple[str, str, int], list[Path]]
"""Files by (split, dimension, number)."""


def read_pictures(
    folder: Path, cases: Sequence[Case], name: str | None, lines: str | None
) -> list[ExternalPictures]:
    """The pictures of every model in the folder, or of the one called `name`.

    lines: the numbering, None to find out. Raises UigError where the folder has another layout.
    """
    root = folder.resolve()
    dimensions = [path for path in listed(folder) if path.name in DIMENSIONS and path.is_dir()]
    models = sorted({path.name for place in dimensions for path in listed(place) if path.is_dir()})
    if not models:
        inside = some(path.name for path in listed(folder)) or "nothing"
        raise UigError(
            f"{folder} holds no pictures in TIIF's layout: got {inside}, expected "
            "<dimension>/<model>/short_description/<line>.png with TIIF's names of dimensions; "
            "give the folder that holds the dimensions."
        )
    if name is not None and name not in models:
        raise unknown(f"model in {folder}", name, models)
    beside = [path for path in listed(folder) if path not in dimensions]
    beside += [path for place in dimensions for path in listed(place) if not path.is_dir()]
    notes = ignored("pictures outside of models' folders", pictures_below(beside), folder)
    found = [
        _of_model(model, [place / model for place in dimensions], root, cases, lines)
        for model in ([name] if name else models)
    ]
    return [replace(one, notes=one.notes + notes) for one in found]


def _of_model(
    model: str, places: Sequence[Path], root: Path, cases: Sequence[Case], lines: str | None
) -> ExternalPictures:
    numbered, strangers = _walk(places)
    asked = numbers(cases, {(dimension, n) for _, dimension, n in numbered}, lines)
    splits = {case.split for case in cases}
    dimensions = {case.dimension for case in cases}
    files: dict[Place, Path | Picture | Failure] = {}
    again: list[Path] = []
    for key, case in asked.cases.items():
        found = numbered.pop(key, [])
        files[case.id, 0] = checked(found[0], root) if found else Failure(MISSING, "no picture")
        again += copies(found[0], found[1:]) if found else []
    # What was not asked for, another split say, is nothing strange.
    strangers += [
        path
        for (split, dimension, _), found in numbered.items()
        for path in found
        if split in splits and dimension in dimensions
    ]
    top = places[0].parents[1]
    notes = ignored("files", strangers, top) + repeated(again, top)
    return ExternalPictures(model, 1, files, ((asked.note,) if asked.note else ()) + notes)


def _walk(places: Sequence[Path]) -> tuple[Numbered, list[Path]]:
    """Picture files by what they are named, in the order of `ENDINGS`, and other files."""
    numbered: Numbered = {}
    strangers: list[Path] = []
    for place in places:
        inside = {path.name: path for path in (listed(place) if place.is_dir() else ())}
        strangers += files_below(inside[name] for name in inside if name not in FOLDERS.values())
        for split, inner in FOLDERS.items():
            if inner not in inside or not inside[inner].is_dir():
                continue
            for path in listed(place / inner):
                name = _NAME.fullmatch(path.name)
                if name is None or name[2].lower() not in ENDINGS:
                    strangers += files_below([path])
                    continue
                key = (split, place.parent.name, int(name[1]))
                numbered.setdefault(key, []).append(path)
    for found in numbered.values():
        found.sort(key=lambda path: (ENDINGS.index(path.suffix.lower()), path.name))
    return numbered, strangers
