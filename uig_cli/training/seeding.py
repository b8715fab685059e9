"""Random numbers by name: the same name gives the same numbers, whatever came before."""

from random import Random

import torch
from torch import Tensor


def rng(*names: object) -> Random:
    return Random("/".join(map(str, names)))


def normal(shape: tuple[int, ...], *names: object) -> Tensor:
    """Standard normal numbers, float32."""
    generator = torch.Generator().manual_seed(rng(*names).getrandbits(63))
    return torch.randn(shape, generator=generator)
