"""A picture that a user brings: read once, with care, and kept with the run as PNG."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from uig_cli.errors import UigError
from uig_cli.files import open_plain, write_whole
from uig_cli.models.protocol import FORMATS, pixel_hash

MOST_PIXELS = 64_000_000
KEPT_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}
"""The modes of pictures that PNG keeps as they are."""
_ORIENTATION = 0x0112
"""EXIF's tag for how a picture is turned."""


@dataclass(frozen=True, slots=True)
class InputPicture:
    """png: the picture as it is kept; sha256: its pixel hash; size: (width, height)."""

    png: bytes
    sha256: str
    size: tuple[int, int]

    @property
    def facts(self) -> dict[str, Any]:
        """What a case says of the picture it starts from."""
        return {"picture": self.sha256, "size": list(self.size)}

    def keep(self, root: Path) -> None:
        """Puts the picture into the run folder, where tasks look for it."""
        write_whole(root / "inputs" / f"{self.sha256}.png", self.png)


def read_picture(path: Path) -> InputPicture:
    """Raises UigError for a file that is no picture or holds more than MOST_PIXELS pixels."""
    try:
        kept = load_upright(path)
    except ValueError as error:
        raise UigError(
            f"--image {path} {error}; give a whole PNG, JPEG or WebP file of at most "
            f"{MOST_PIXELS // 1_000_000} million pixels."
        ) from error
    buffer = BytesIO()
    kept.save(buffer, format="PNG")
    with Image.open(BytesIO(buffer.getvalue())) as image:
        image.load()
        return InputPicture(buffer.getvalue(), pixel_hash(image), image.size)


def load_upright(path: Path) -> Image.Image:
    """The picture in a file, the right way up and in a mode that PNG keeps. Raises ValueError with
    what is wrong with the file, as the rest of a sentence that names it.

    Files come from anywhere, so no other decoder than those of FORMATS is let near them, and
    whatever Pillow raises is the file's fault.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_plain(path) as file, Image.open(file, formats=FORMATS) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise ValueError(f"{width}x{height} pixels are too many")
                return _in_kept_mode(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise ValueError("is no picture that can be read") from error
    except Image.DecompressionBombError as error:
        raise ValueError("is too large to read") from error
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ValueError(f"cannot be read ({reason})") from error


def upright_size(path: Path) -> tuple[int, int] | None:
    """Width and height of `load_upright` by the file's header alone; None where it tells none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_plain(path) as file, Image.open(file, formats=FORMATS) as image:
                width, height = image.size
                on_its_side = image.getexif().get(_ORIENTATION) in (5, 6, 7, 8)
    except Exception:
        return None
    return (height, width) if on_its_side else (width, height)


def _in_kept_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which a conversion would cut off at white
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    return image if image.mode in KEPT_MODES else image.convert("RGB")
