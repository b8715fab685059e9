"""Pictures on disk: plain PNG that says what it is, put in place whole or not at all."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from PIL import PngImagePlugin

from uig_cli.files import put_in_place
from uig_cli.inputs import KEPT_MODES
from uig_cli.models.protocol import Picture


def save(path: Path, picture: Picture, about: Mapping[str, str]) -> Picture:
    """Writes a PNG with `about` as text entries; a killed process leaves no half picture.

    Returns the picture as it is on disk: in RGB where PNG does not know its mode.
    """
    image = picture.image
    if image.mode not in KEPT_MODES:
        image = image.convert("RGB")
        picture = Picture.of(image)
    info = PngImagePlugin.PngInfo()
    for key, value in about.items():
        info.add_itxt(f"uig:{key}", value.encode("utf-8", "replace").decode())
    with put_in_place(path) as half:
        image.save(half, format="PNG", pnginfo=info)
    return picture


def share(source: Path, target: Path) -> None:
    """Makes `target` the same file as `source`: a hard link where possible, else a copy."""
    if source == target or (target.exists() and target.samefile(source)):
        return
    with put_in_place(target) as half:
        half.unlink(missing_ok=True)
        try:
            os.link(source, half)
        except OSError:
            shutil.copyfile(source, half)
