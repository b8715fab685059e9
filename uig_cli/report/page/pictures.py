"""Where a page finds its pictures: in the runs' folders, or, in a page that stands alone, copied
beside it. Large ones have thumbnails, made once and kept: a gallery of thousands loads those."""

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image

from uig_cli.models.protocol import Picture

SHOWN = 256
"""The longest side of a picture in a strip, in pixels; up to LARGE a picture is its own."""
LARGE = 320

Shown = dict[str, Any]
"""What a page is told of a picture: its source, its thumbnail's, and its size."""


@dataclass
class PictureFiles:
    """The pictures of one page. folder: of the page; standing_alone: pictures are copied there.
    gone: how many there were without a file that could be shown."""

    folder: Path
    standing_alone: bool
    gone: int = 0
    _known: dict[str, Shown | None] = field(default_factory=dict, repr=False)
    _small: dict[Path, Path] = field(default_factory=dict, repr=False)

    def of(self, picture: Picture | None) -> Shown | None:
        """None where it has no file: it is missing, or only judgements of it are known."""
        if picture is None:
            return None
        if picture.sha256 not in self._known:
            self._known[picture.sha256] = self._found(picture)
        return self._known[picture.sha256]

    def _found(self, picture: Picture) -> Shown | None:
        path = picture.path
        if path is None or not path.is_file():
            self.gone += 1
            return None
        width, height = picture.size
        name = picture.sha256[:32]
        source = self._copied(path, name) if self.standing_alone else self._linked(path)
        found: Shown = {"src": source, "w": width, "h": height}
        if max(width, height) > LARGE:
            thumbnail = self.folder / "thumbnails" / f"{name}.webp"
            if not thumbnail.is_file():
                self._small[path] = thumbnail
            found["small"] = f"thumbnails/{name}.webp"
        return found

    def _copied(self, path: Path, name: str) -> str:
        target = self.folder / "pictures" / f"{name}.png"
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        return f"pictures/{name}.png"

    def _linked(self, path: Path) -> str:
        return quote(os.path.relpath(path.resolve(), self.folder.resolve()))

    @property
    def shown(self) -> int:
        """How many different pictures it shows."""
        return sum(one is not None for one in self._known.values())

    @property
    def waiting(self) -> Sequence[tuple[Path, Path]]:
        """Pictures whose thumbnails are still to be made, and where."""
        return list(self._small.items())


def make_thumbnails(waiting: Sequence[tuple[Path, Path]]) -> None:
    """On all cores, by threads, since Pillow lets others run while it decodes: reading a large PNG
    takes longer than all else on a page together. One that cannot be read has none, and the page
    says so in its place."""
    if not waiting:
        return
    waiting[0][1].parent.mkdir(parents=True, exist_ok=True)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(_make, waiting))


def _make(pair: tuple[Path, Path]) -> None:
    source, target = pair
    half = target.with_suffix(".half")
    try:
        with Image.open(source) as image:
            small = image.convert("RGB")
        small.thumbnail((SHOWN, SHOWN), reducing_gap=2.0)
        small.save(half, format="WEBP", quality=82)
        half.replace(target)
    except (OSError, ValueError):
        half.unlink(missing_ok=True)
