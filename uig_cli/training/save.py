"""A checkpoint folder that `bagel:PATH` loads: weights in half precision, sizes, tokenizer."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from uig_cli.files import put_in_place
from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.layout import layout


def save(folder: Path, file: str, config: BagelConfig, weights: Mapping[str, Tensor]) -> None:
    """Writes one of the two weight files, with the keys that the layout names and no others."""
    halves = {key: weights[key].detach().half().contiguous() for key in layout(config)[file]}
    with put_in_place(folder / file) as half:
        save_file(halves, half)
