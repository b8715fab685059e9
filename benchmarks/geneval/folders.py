"""GenEval's folders of pictures, made by any model.

    IMAGES/<line, five digits>/metadata.jsonl      the prompt's line of the prompt file
    IMAGES/<line, five digits>/samples/0000.png ...

The official script trusts the metadata of a folder. Here they must be those of the benchmark's
line: a picture drawn from another prompt is missing, with that reason.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from uig_cli.benchmarks.external import (
    MISSING,
    ExternalPictures,
    checked,
    copies,
    ignored,
    listed,
    repeated,
    some,
)
from uig_cli.benchmarks.geneval.prompts import CLAUSES
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture

T = TypeVar("T")

METADATA, SAMPLES = "metadata.jsonl", "samples"
OTHER_PROMPT = "other prompt"

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
    for path in inside:
        if (
            _FOLDER.fullmatch(path.name)
            and (one := places.setdefault(int(path.name), path)) != path
        ):
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
        strangers += others
    by_number = ranked(numbered)
    wanted = samples or max((len(found) for found in by_number.values()), default=0) or 1
    files: dict[Place, Path | Picture | Failure] = {}
    troubles: dict[str, Failure | None] = {}
    for case in cases:
        line = int(case.id.rsplit("/", 1)[1])
        home = places.pop(line) if line in places else None
        found = by_number.get(line, {})
        trouble = _trouble(home, case) if home else Failure(MISSING, "no folder")
        troubles[case.id] = trouble
        for sample in range(wanted):
            files[case.id, sample] = trouble or (
                checked(found[sample], root) if sample in found else Failure(MISSING, "no picture")
            )
        strangers += [path for sample, path in found.items() if sample >= wanted]
    strangers += places.values()
    if all(troubles.values()):
        raise UigError(
            f"{folder}: none of its {len(numbered)} folders was drawn from a prompt of this set "
            f"({some({t.reason: t for t in troubles.values() if t})}); give --set, or with "
            "--prompts-file FILE the rewritten prompts that were used."
        )
    notes = ignored("files or folders", strangers, folder) + repeated(again, folder)
    return [ExternalPictures(name or root.name, wanted, files, notes)]


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


def _trouble(place: Path, case: Case) -> Failure | None:
    """Why a folder's pictures are not of this case."""
    try:
        metadata: dict[str, Any] = json.loads((place / METADATA).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "no JSON object"
        return Failure("metadata", f"{place.name}/{METADATA} cannot be read ({reason})")
    if not isinstance(metadata, dict):
        return Failure("metadata", f"{place.name}/{METADATA} is no JSON object")
    if any(metadata.get(field) != case.facts.get(field) for field in CLAUSES):
        return Failure(OTHER_PROMPT, f"{METADATA} asks for other objects than the set's line")
    if metadata.get("prompt") != case.prompt:
        return Failure(OTHER_PROMPT, f"{METADATA} holds another prompt than the set's line")
    return None
