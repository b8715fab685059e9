"""Pictures on disk: plain PNG that says what it is, put in place whole or not at all."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, PngImagePlugin


def save(path: Path, image: Image.Image, about: Mapping[str, str]) -> None:
    """Writes a PNG with `about` as text entries; a killed process leaves no half picture."""
    info = PngImagePlugin.PngInfo()
    for key, value in about.items():
        info.add_itxt(f"uig:{key}", value.encode("utf-8", "replace").decode())
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        image.save(half, format="PNG", pnginfo=info)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def share(source: Path, target: Path) -> None:
    """Makes `target` the same picture as `source`: a hard link where possible, else a copy."""
    if source == target or target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        half = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(source, half)
        half.replace(target)
