"""Pictures as judges get them: the pixels and nothing else."""

from base64 import b64encode
from io import BytesIO

from PIL import Image


def rgb(image: Image.Image) -> Image.Image:
    """The picture as RGB, on white where it is transparent."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def data_url(image: Image.Image) -> str:
    """A PNG data URL. The file on disk is not sent: its metadata hold the prompt."""
    file = BytesIO()
    plain = rgb(image)
    plain.info = {}
    plain.save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"
