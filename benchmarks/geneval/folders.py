"""GenEval's folders of pictures, made by any model.

    IMAGES/<line, five digits>/metadata.jsonl      the prompt's line of the prompt file
    IMAGES/<line, five digits>/samples/0000.png ...

The official script trusts the metadata of a folder. Here they must be those of a prompt of the set:
a picture drawn from another one is missing, with that reason.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from uig_cli.benchmarks.external import (
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
from uig_cli.benchmarks.geneval.homes import METADATA, homes_of
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture

T = TypeVar("T")

SAMPLES, GRID = "samples", "grid.png"

_FOLDER = re.compile(r"[0-9]{1,9}")
_SAMPLE = re.compile(r"([0-9]{1,9})\.png")


def read_folders(
    folder: Path, cases: Sequence[Case], name: str | None, samples: int | None
) -> list[ExternalPictures]:
    """The pictures of one model. name: what it is called, the folder's name if not given; samples:
    pictures per prompt, the most that any prompt has if not given.

    Raises UigError where the folder has another layout, or was drawn from other prompts throughout.
    """
    root = folder.resolve()
    inside = listed(folder)
    places: dict[int, Path] = {}
    again: list[Path] = []
    for path in filter(lambda path: _is_numbered(path, root), inside):
        if (one := places.setdefault(int(path.name), path)) != path:
            again += copies(one, [path])
    if not places:
        got = some(path.name for path in inside) or "nothing"
        raise UigError(
            f"{folder} holds no pictures in GenEval's layout: got {got}, expected "
            f"00000/{METADATA} and 00000/{SAMPLES}/0000.png; give the folder that holds the "
            "numbered folders."
        )
    numbered, strangers = {}, []
    for line, place in places.items():
        numbered[line], others = _samples(place / SAMPLES, again)
        strangers += [*others, *_beside_samples(place)]
    by_number = ranked(numbered)
    homes = homes_of(places, cases)
    by_case = {
        case: joined([by_number[line] for line in lines]) for case, lines in homes.by_case.items()
    }
    wanted = samples or max((len(found) for found in by_case.values()), default=0) or 1
    files: dict[Place, Path | Picture | Failure] = {}
    for case in cases:
        found, trouble = by_case.get(case.id, {}), homes.troubles.get(case.id)
        for sample in range(wanted):
            files[case.id, sample] = trouble or (
                checked(found[sample], root) if sample in found else Failure(MISSING, "no picture")
            )
        strangers += [path for sample, path in found.items() if sample >= wanted]
    strangers += [places[line] for line in homes.strangers]
    others = [path for path in inside if not _is_numbered(path, root)]
    strangers += [path for path in others if _FOLDER.fullmatch(path.name)]
    strangers += pictures_below(path for path in others if not _FOLDER.fullmatch(path.name))
    if len(homes.troubles) == len(cases):
        reasons = some(dict.fromkeys(trouble.reason for trouble in homes.troubles.values()))
        raise UigError(
            f"{folder}: none of its {len(numbered)} folders was drawn from a prompt of this set "
            f"({reasons}); give --set, or with --prompts-file FILE the rewritten prompts that were "
            "used."
        )
    notes = homes.notes + ignored("files or folders", strangers, folder)
    notes += repeated(again, folder)
    return [ExternalPictures(name or root.name, wanted, files, notes)]


def _is_numbered(path: Path, root: Path) -> bool:
    """Whether it is the folder of a line, in `root` (already resolved) itself."""
    named = _FOLDER.fullmatch(path.name) is not None
    return named and path.is_dir() and path.resolve().parent == root


def _samples(folder: Path, again: list[Path]) -> tuple[dict[int, Path], list[Path]]:
    """Pictures by the number they are named with, and other files; copies go to `again`."""
    numbered: dict[int, Path] = {}
    strangers = []
    for path in listed(folder) if folder.is_dir() else ():
        name = _SAMPLE.fullmatch(path.name)
        if name is None:
            strangers.append(path)
        elif (one := numbered.setdefault(int(name[1]), path)) != path:
            again += copies(one, [path])
    return numbered, strangers


def ranked(numbered: Mapping[int, Mapping[int, T]]) -> dict[int, dict[int, T]]:
    """By folder what stands for its pictures, by sample, from 0. Their numbers say which, unless
    they run beyond the most pictures that a prompt has (seeds, say): then their order does."""
    most = max((len(found) for found in numbered.values()), default=0)
    first = min((number for found in numbered.values() for number in found), default=0)
    in_a_row = all(n - first < most for found in numbered.values() for n in found)
    return {
        line: {
            number - first if in_a_row else rank: one
            for rank, (number, one) in enumerate(sorted(found.items()))
        }
        for line, found in numbered.items()
    }


def joined(parts: Sequence[Mapping[int, T]]) -> dict[int, T]:
    """What stands for the pictures of a case, by sample; several folders one after the other."""
    if len(parts) == 1:
        return dict(parts[0])
    return dict(enumerate(part[sample] for part in parts for sample in sorted(part)))


def _beside_samples(place: Path) -> list[Path]:
    """Files of a numbered folder that nobody reads."""
    read = (METADATA, SAMPLES, GRID)
    return files_below(path for path in listed(place) if path.name not in read)
