"""A picture that a user brings: read once, with care, and kept with the run as PNG."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from uig_cli.errors import UigError
from uig_cli.models.protocol import pixel_hash

MOST_PIXELS = 64_000_000
KEPT_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}


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
        path = root / "inputs" / f"{self.sha256}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.png)


def read_picture(path: Path) -> InputPicture:
    """Raises UigError for a file that is no picture or holds more than MOST_PIXELS pixels."""
    try:
        image = load_image(path)
    except ValueError as error:
        raise UigError(
            f"--image {path} {error}; give a whole PNG or JPEG file of at most "
            f"{MOST_PIXELS // 1_000_000} million pixels."
        ) from error
    kept = image if image.mode in KEPT_MODES else image.convert("RGB")
    buffer = BytesIO()
    kept.save(buffer, format="PNG")
    with Image.open(BytesIO(buffer.getvalue())) as image:
        image.load()
        return InputPicture(buffer.getvalue(), pixel_hash(image), image.size)


def load_image(path: Path) -> Image.Image:
    """The picture in a file, loaded. Raises ValueError with what is wrong with the file, as the
    rest of a sentence that names it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise ValueError(f"has {width}x{height} pixels, which are too many")
                image.load()
                return image
    except UnidentifiedImageError as error:
        raise ValueError("is no picture that can be read") from error
    except Image.DecompressionBombError as error:
        raise ValueError("is too large to read") from error
    except (OSError, SyntaxError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"cannot be read ({reason})") from error
