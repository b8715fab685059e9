"""Pictures before and after the model: to RGB, to the sizes it takes, and back to 8 bit."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from uig_cli.models.bagel.config import PictureRule
from uig_cli.models.protocol import Size


def to_rgb(image: Image.Image) -> Image.Image:
    """RGB, on white where the picture is RGBA or names a transparent colour.

    Grey or palette with an alpha channel (LA, PA) loses it, as in the published code.
    """
    if image.mode == "RGBA" or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, (255, 255, 255))
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def fit(size: Size, rule: PictureRule) -> Size:
    """The size that a picture of `size` is resized to.

    The least side wins over the greatest at first, so that thin pictures overshoot; pixel cap and
    greatest side are then applied to the sides as rounded so far. Halves round to even.
    """
    scale = min(rule.max_size / max(size), 1.0)
    size = _scaled(size, max(scale, rule.min_size / min(size)), rule.stride)
    if size[0] * size[1] > rule.max_pixels:
        size = _scaled(size, rule.max_pixels / (size[0] * size[1]), rule.stride)
    if max(size) > rule.max_size:
        size = _scaled(size, rule.max_size / max(size), rule.stride)
    return size


def _scaled(size: Size, scale: float, stride: int) -> Size:
    width, height = (max(stride, stride * round(round(s * scale) / stride)) for s in size)
    return width, height


def resize(image: Image.Image, rule: PictureRule) -> Image.Image:
    size = fit(image.size, rule)
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)


def normalise(image: Image.Image, rule: PictureRule) -> NDArray[np.float32]:
    """An RGB picture as [3, height, width], (x/255 - mean) / std."""
    mean, std = (np.array(numbers, dtype=np.float32) for numbers in (rule.mean, rule.std))
    normed = (np.asarray(image, dtype=np.float32) / np.float32(255) - mean) / std
    return np.ascontiguousarray(normed.transpose(2, 0, 1))


def to_device(array: NDArray[np.float32], device: torch.device) -> Tensor:
    """The one way by which numbers made on the host reach the model."""
    return torch.from_numpy(array).to(device)


def to_image(pixels: Tensor) -> Image.Image:
    """[3, height, width] about -1..1 to an RGB picture; values are truncated, not rounded."""
    levels = (pixels.float() * 0.5 + 0.5).clamp(0, 1) * 255
    return Image.fromarray(levels.to(torch.uint8).permute(1, 2, 0).contiguous().cpu().numpy())
