"""Pictures on disk: plain PNG that says what it is, put in place whole and never replaced.

A file comes back only with its own pixels: drawn again the same they mend it, others get a file
beside it. Links show what a method kept; nothing is found through them.
"""

import os
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from PIL import Image, PngImagePlugin

from uig_cli.files import half_file, open_plain, put_in_place
from uig_cli.inputs import KEPT_MODES
from uig_cli.models.protocol import Picture, Size, pixel_hash

PNG_END = b"\0\0\0\0IEND\xaeB`\x82"

Write = Callable[[Path], None]
"""Writes a picture's PNG to a path."""


def as_kept(picture: Picture) -> Picture:
    """The picture as a file can hold it, known by its pixels whatever it said of itself: in RGB
    where PNG does not know its mode."""
    image = picture.image
    if image.mode in KEPT_MODES and pixel_hash(image) == picture.sha256:
        return picture
    return Picture.of(image if image.mode in KEPT_MODES else image.convert("RGB"))


def save(path: Path, picture: Picture, about: Mapping[str, str]) -> None:
    """Writes a picture in a mode of PNG, with `about` as text entries."""
    info = PngImagePlugin.PngInfo()
    for key, value in about.items():
        info.add_itxt(f"uig:{key}", value.encode("utf-8", "replace").decode())
    picture.image.save(path, format="PNG", pnginfo=info)


def keep(
    path: Path,
    picture: Picture,
    write: Write,
    before: Picture | None = None,
    named: Container[Path] = (),
) -> Picture:
    """The picture in a file: at `path`, or beside it where other pixels stand there, or stood: the
    files of `named` belong to journal lines.

    before: what was kept in its place so far. With the same pixels its file is what is wanted, and
    it is written again if it is gone or damaged. A killed process leaves no half picture.
    """
    if before is not None and before == picture and before.path is not None:
        with suppress(IsADirectoryError):
            if not holds(before.path, picture):
                with put_in_place(before.path) as half:
                    write(half)
            return before
    with half_file(path) as half:
        write(half)
        for beside in map(path.with_suffix, _suffixes(path.suffix)):
            if beside in named:
                continue
            if _name(half, beside) or holds(beside, picture):
                return Picture.at(beside, picture.sha256, picture.size)
    raise AssertionError("there is always another name")


def _suffixes(usual: str) -> Iterator[str]:
    yield usual
    yield from (f".{number}{usual}" for number in count(2))


def _name(half: Path, path: Path) -> bool:
    """Gives a finished file its name, unless something has that name already."""
    try:
        os.link(half, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            return False
        half.rename(path)
    return True


def holds(path: Path, picture: Picture) -> bool:
    """Whether a file holds exactly these pixels."""
    try:
        return bool(Picture.at(path, picture.sha256, picture.size).image)
    except OSError:
        return False


def whole(path: Path, size: Size) -> bool:
    """Whether a picture's file is there and not cut off. Only where it does not end as uig's own
    files do is more than its head and its end read."""
    try:
        with open_plain(path) as file:
            file.seek(-len(PNG_END), os.SEEK_END)
            ended = file.read() == PNG_END
            file.seek(0)
            with Image.open(file, formats=("PNG",)) as image:
                if not ended:
                    image.load()
                return image.size == size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False


def link_steps(place: Path, kept: Sequence[Picture | None]) -> None:
    """Makes `place/step-N.png` lead to the file of `kept[N]`, and removes links that lead no more
    to a step's picture. A real file, as version 0.1.0 put there, stays."""
    wanted = {
        place / f"step-{number}.png": os.path.relpath(picture.path, place)
        for number, picture in enumerate(kept)
        if picture is not None and picture.path is not None
    }
    for path in place.glob("step-*.png"):
        if path.is_symlink() and wanted.get(path) != str(path.readlink()):
            path.unlink()
    for path, target in wanted.items():
        if not os.path.lexists(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                path.symlink_to(target)
