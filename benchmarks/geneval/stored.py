"""Detections stored in a file, read back to be scored again without a detector.

Two kinds of lines. As `uig` keeps them in RUN/detections: `picture` (hash), `about`, `detections`
with boxes, colors and image_size. And by place: `filename` ("00012/samples/0000.png" at its end),
`image_size`, `detections` (class -> [[x1, y1, x2, y2, score]]) and `colors_by_object`. A line
without a filename but with GenEval's `metadata` is the next sample of the prompt that has them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import ExternalDetections, ExternalPictures, some
from uig_cli.benchmarks.geneval.folders import ranked
from uig_cli.benchmarks.geneval.plausible import flaw_of, guess
from uig_cli.benchmarks.geneval.prompts import clauses_key
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.inputs import upright_size
from uig_cli.plain_json import read_json
from uig_cli.scoring.findings import Detections

UNKNOWN = (0, 0)
"""The image_size of a line that tells none."""

_FILENAME = re.compile(r"(?:^|/)([0-9]{1,9})/samples/([0-9]{1,9})\.png$")

_SHOWN = 80

FileKey = tuple[int, int]
"""The numbers of a picture's folder and file."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that says what was seen. picture: by hash, and the classes whose colors were asked
    for, where it is a run's own line."""

    where: str
    seen: Detections
    filename: str | None = None
    metadata: Mapping[str, Any] | None = None
    picture: tuple[str, str] | None = None

    @property
    def file(self) -> FileKey | None:
        return file_key(self.filename or "")


def file_key(filename: str) -> FileKey | None:
    """Its numbers; None where it is no picture in GenEval's layout."""
    found = _FILENAME.search(filename)
    return (int(found[1]), int(found[2])) if found else None


def read_detections(
    file: Path, cases: Sequence[Case], names: Sequence[str], pictures: ExternalPictures | None
) -> ExternalDetections:
    """names: the classes of the set. pictures: those that were looked at, where they are here: then
    it is they who say which case and sample a file is.

    Raises UigError with file and line for what is no detection, for what nobody can have seen, and
    for two different lines about one picture.
    """
    lines = [line for where, row in json_objects(file) if (line := _line(where, row)) is not None]
    places = _places(lines, cases, pictures)
    here = pictures.files if pictures else {}
    by_place: dict[Place, _Line] = {}
    by_picture: dict[tuple[str, str], _Line] = {}
    again, strangers = 0, []
    for line in lines:
        place = places.get(line.where)
        path = here.get(place) if place else None
        line = _sound(line, names, upright_size(path) if isinstance(path, Path) else None, lines)
        if line.picture is not None:
            again += _kept(by_picture, line.picture, line)
        elif place is not None:
            again += _kept(by_place, place, line)
        else:
            strangers.append(_named(line) if line.filename else line.where)
    if not by_place and not by_picture:
        raise UigError(_belongs_nowhere(file, pictures))
    notes = []
    if strangers:
        of = "picture that is here" if pictures else "case"
        notes.append(f"{len(strangers)} stored detections belong to no {of}: {some(strangers)}.")
    if again:
        notes.append(f"{again} stored detections say again what other lines of {file.name} say.")
    if by_place and pictures is None and not any(line.metadata for line in lines):
        notes.append(
            f"no line of {file.name} says of which prompt it is: the numbers of folders are taken "
            "for lines of the set, counted from 0."
        )
    return ExternalDetections(
        {place: line.seen for place, line in by_place.items()},
        {picture: line.seen for picture, line in by_picture.items()},
        tuple(notes),
    )


def _line(where: str, row: Mapping[str, Any]) -> _Line | None:
    """What a line says; None where it says that nothing was seen."""
    if "failure" in row:
        return None
    try:
        if "picture" in row:
            seen = Detections.from_json(row["detections"])
            return _Line(where, seen, picture=(str(row["picture"]), str(row["about"])))
        boxes, colors = row["detections"], row.get("colors_by_object", {})
        width, height = row.get("image_size", UNKNOWN)
        seen = Detections(boxes, colors, (width, height))
        if "image_size" in row and not (width and height):
            raise ValueError("image_size is none; leave it out where it is not known")
        metadata = row.get("metadata")
        if isinstance(metadata, str):
            metadata = read_json(metadata)
        if not row.get("filename") and not isinstance(metadata, Mapping):
            raise ValueError("neither filename nor metadata")
        return _Line(where, seen, row.get("filename"), metadata)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise UigError(
            f"{where}: got no stored detections ({type(error).__name__}: {error!s:.200}), expected "
            "filename, image_size, detections and colors_by_object, or a line of a run's "
            "detections folder."
        ) from error


def _sound(
    line: _Line, names: Sequence[str], size: tuple[int, int] | None, lines: Sequence[_Line]
) -> _Line:
    """The line, with the size of its picture; UigError where nobody can have seen what it says."""
    flaw = flaw_of(line.seen, names, size)
    if flaw is None:
        if size is None or line.seen.image_size != UNKNOWN:
            return line
        return replace(line, seen=replace(line.seen, image_size=size))
    every = [
        (box, other.seen.image_size)
        for other in lines
        for boxes in other.seen.boxes.values()
        for box in boxes
    ]
    raise UigError(
        f"{line.where}: got {flaw.reason}{guess(every)}; expected the set's own classes, each with "
        "boxes [x1, y1, x2, y2, score] in pixels of its picture, scores 0 to 1; mend the file."
    )


def _kept(known: dict[Any, _Line], key: object, line: _Line) -> bool:
    """Keeps a line under a key; whether another has said the same. UigError where that has said
    something else."""
    first = known.setdefault(key, line)
    if first.seen.to_json() != line.seen.to_json():
        raise UigError(
            f"{line.where}: got other detections of {_named(line)} than {first.where}, expected "
            "one line for each picture; remove one of them."
        )
    return first is not line


def _places(
    lines: Sequence[_Line], cases: Sequence[Case], pictures: ExternalPictures | None
) -> dict[str, Place]:
    """Which case and sample each line is about, of those that are about any.

    A file is found among the pictures by its numbers. Without pictures its numbers say the same as
    they would in a folder: a sample, or if they are seeds, a rank.
    """
    by_file = places_by_file(pictures) if pictures else _by_rank(lines, cases)
    by_id = {case.id: case for case in cases}
    by_clauses = {clauses_key(case.facts): case for case in cases}
    told: Counter[str] = Counter()
    places: dict[str, Place] = {}
    for line in lines:
        if line.filename:
            place = by_file.get(line.file) if line.file else None
            if place is None:
                continue
            _same_prompt(line, by_id[place[0]])
            places[line.where] = place
        elif line.metadata is not None:
            case = by_clauses.get(clauses_key(line.metadata))
            if case is not None and _as_worded(line.metadata, case):
                places[line.where] = (case.id, told[case.id])
                told[case.id] += 1
    return places


def places_by_file(pictures: ExternalPictures) -> dict[FileKey, Place]:
    """Which case and sample the pictures that are here stand for, by their files."""
    return {
        (int(path.parent.parent.name), int(path.stem)): place
        for place, path in pictures.files.items()
        if isinstance(path, Path)
    }


def _by_rank(lines: Sequence[_Line], cases: Sequence[Case]) -> dict[FileKey, Place]:
    by_line = {int(case.id.rsplit("/", 1)[1]): case for case in cases}
    numbered: dict[int, dict[int, FileKey]] = {}
    _from_zero([line for line in lines if line.file is not None], len(cases))
    for key in (line.file for line in lines):
        if key is not None and key[0] in by_line:
            numbered.setdefault(key[0], {})[key[1]] = key
    return {
        key: (by_line[line].id, sample)
        for line, samples in ranked(numbered).items()
        for sample, key in samples.items()
    }


def _from_zero(lines: Sequence[_Line], cases: int) -> None:
    """Raises UigError for folders that are counted from 1: none of their numbers would say of which
    prompt they are."""
    by_folder = {line.file[0]: line for line in lines if line.file is not None}
    if by_folder and min(by_folder) == 1 and max(by_folder) == cases:
        raise UigError(
            f"{by_folder[cases].where}: got {_named(by_folder[cases])} and no folder 00000, "
            f"expected the lines of the {cases} prompts, counted from 0; number them anew."
        )


def _as_worded(metadata: Mapping[str, Any], case: Case) -> bool:
    """Whether they are of the case's own prompt, or do not say."""
    return bool(metadata.get("prompt", case.prompt) == case.prompt)


def _same_prompt(line: _Line, case: Case) -> None:
    if line.metadata is not None and not (
        clauses_key(line.metadata) == clauses_key(case.facts) and _as_worded(line.metadata, case)
    ):
        raise UigError(
            f"{line.where}: got metadata of another prompt than that of {case.id}, which "
            f"{_named(line)} stands for; give --set, or with --prompts-file FILE the prompts that "
            "were drawn."
        )


def _named(line: _Line) -> str:
    """The line's file, from a stranger's hand, for a sentence."""
    return ascii(line.filename)[:_SHOWN] if line.filename else "a picture"


def _belongs_nowhere(file: Path, pictures: ExternalPictures | None) -> str:
    if pictures is not None:
        return f"{file}: none of its lines is about a picture that is here; give its own pictures."
    return (
        f"{file}: none of its lines belongs to a prompt of this set; give --set, or the "
        "rewritten prompts with --prompts-file FILE."
    )


def json_objects(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        text = read_plain(file).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UigError(
            f"cannot read {file} ({reason}); give a file of UTF-8 JSON lines."
        ) from error
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        where = f"{file}, line {number}"
        try:
            value = read_json(line, any_numbers=True)
        except ValueError as error:
            raise UigError(
                f"{where}: got broken JSON ({error}), expected one object; mend or remove the line."
            ) from error
        if not isinstance(value, dict):
            raise UigError(f"{where}: got {type(value).__name__}, expected an object.")
        yield where, value
