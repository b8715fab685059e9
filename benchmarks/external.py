"""What was made elsewhere, as the readers of official layouts hand it over.

A file name is never trusted: whatever stands in such a folder is taken for a place in the
benchmark (a case and a sample), or left out and told about. A place that nothing was found for has
a `Failure` with the reason: it is missing, never scored as wrong.
"""

import json
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uig_cli.benchmarks.card import Given
from uig_cli.cases import Place
from uig_cli.errors import UigError
from uig_cli.inputs import load_upright
from uig_cli.models.protocol import Failure, Picture, pixel_hash
from uig_cli.scoring.findings import Answer, Detections

MISSING = "missing"
"""The kind of failure of a place that nothing was found for."""

ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
"""Picture files."""

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ExternalPictures:
    """One model's pictures. files: for every case and sample asked for, its file or why there is
    none; an unseen picture where only somebody's judgement of it is here. samples: pictures per
    case. notes: what a reader of the tables must know."""

    name: str
    samples: int
    files: Mapping[Place, Path | Picture | Failure]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalAnswers:
    """One model's judgements. by_case: case id -> question -> answer, or why there are none."""

    name: str
    by_case: Mapping[str, Mapping[str, Answer] | Failure]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalDetections:
    """What a detector saw in one model's pictures, before thresholds.

    by_place: by case and sample. by_picture: by picture hash and the classes whose colors were
    asked for, as a run keeps them.
    """

    by_place: Mapping[Place, Detections]
    by_picture: Mapping[tuple[str, str], Detections]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalVerdicts:
    """What somebody said of whole pictures: right ("yes") or wrong, with the reason as raw text."""

    by_place: Mapping[Place, Answer]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalModel:
    """One model's pictures, and what is known of them already."""

    pictures: ExternalPictures
    answers: ExternalAnswers | None = None
    detections: ExternalDetections | None = None
    verdicts: ExternalVerdicts | None = None


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to read. pictures: a folder in the official layout; judged: judgements or detections
    of it, or of pictures that are not here. name, samples: the model's name and its pictures per
    prompt, where the user says them. own: the benchmark's own options."""

    pictures: Path | None = None
    judged: Path | None = None
    name: str | None = None
    samples: int | None = None
    own: Given = Given()


def unseen(name: str, place: Place, told: object) -> Picture:
    """The picture of which only `told` is here; told otherwise it is another picture."""
    return Picture.unseen(json.dumps([name, *place, repr(told)]))


def listed(folder: Path) -> list[Path]:
    """What stands in a folder, by name, without hidden files; UigError if it cannot be read."""
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise UigError(
            f"cannot read the folder {folder} ({error.strerror}); give a folder that can be read."
        ) from error
    return [path for path in found if not path.name.startswith(".")]


def files_below(paths: Iterable[Path]) -> list[Path]:
    """The files among these and in the folders among them, at any depth, without hidden ones.
    Links are files."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            found += files_below(listed(path))
        else:
            found.append(path)
    return found


def pictures_below(paths: Iterable[Path]) -> list[Path]:
    """Of these files those that are called as pictures are."""
    return [path for path in files_below(paths) if path.suffix.lower() in ENDINGS]


def checked(file: Path, root: Path) -> Path | Failure:
    """The file, if it is a plain one inside `root` (already resolved)."""
    try:
        inside = file.resolve(strict=True)
        if not inside.is_relative_to(root):
            return Failure("picture", f"{file.name} is a link out of the folder")
        if not stat.S_ISREG(inside.stat().st_mode):
            return Failure("picture", f"{file.name} is no plain file")
    except (OSError, RuntimeError) as error:
        return Failure("picture", f"{file.name}: {getattr(error, 'strerror', None) or error}")
    return file


def copies(first: Path, others: Iterable[Path]) -> list[Path]:
    """The others, all of which stand for the same place as the first and hold the same. UigError
    for one that holds something else: nobody knows which of the two is meant."""
    found = list(others)
    for other in found:
        if not same_content(first, other):
            raise UigError(
                f"{first} and {other} stand for the same place and hold different things; remove "
                "one of them."
            )
    return found


def same_content(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes or the same pixels, or two folders the same files. A
    link out of a folder, or what is no plain file, is the same as nothing."""
    if one.is_dir() and other.is_dir():
        mine, others = listed(one), listed(other)
        return [path.name for path in mine] == [path.name for path in others] and all(
            same_content(*pair) for pair in zip(mine, others, strict=True)
        )
    if not all(_plain(path) for path in (one, other)):
        return False
    if one.read_bytes() == other.read_bytes():
        return True
    try:
        return pixel_hash(load_upright(one)) == pixel_hash(load_upright(other))
    except ValueError:
        return False


def _plain(file: Path) -> bool:
    return isinstance(checked(file, file.parent.resolve()), Path)


def some(items: Iterable[object]) -> str:
    """The first few of many, for a sentence."""
    texts = [str(item) for item in items]
    return ", ".join(texts[:_SHOWN]) + (", ..." if len(texts) > _SHOWN else "")


def repeated(paths: Sequence[Path], root: Path) -> tuple[str, ...]:
    """A note about copies of what was read, if there are any."""
    if not paths:
        return ()
    names = some(os.fspath(path.relative_to(root)) for path in paths)
    return (f"{len(paths)} are copies of others for the same place: {names}.",)


def ignored(kind: str, paths: Sequence[Path], root: Path) -> tuple[str, ...]:
    """A note about files that stand for nothing, if there are any."""
    if not paths:
        return ()
    names = some(os.fspath(path.relative_to(root)) for path in paths)
    return (f"{len(paths)} {kind} stand for no case of this set and were left out: {names}.",)
