"""Weights, streamed from safetensors straight to where they are used.

Modules are built without memory ("meta") and take one tensor at a time, in its final type and
place, so the host never holds much more than the largest tensor beside what is on it to stay.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn

OPENED_FOR = 32
"""Tensors read before the file is closed and opened again, so that its pages are let go."""


def stream(
    places: Mapping[str, Path], module: nn.Module, device: torch.device, dtype: torch.dtype
) -> list[str]:
    """Gives every parameter of `module` its tensor from its file; other tensors are left alone.

    Returns the keys of matrices that hold nothing but zeros, as those of a file do whose download
    made room for all of it and did not come to its end.
    """
    empty = []
    for file, keys in _by_file([name for name, _ in module.named_parameters()], places):
        with safe_open(file, framework="pt", device=str(device)) as opened:
            for key in keys:
                owner, _, name = key.rpartition(".")
                # A copy, so that nothing keeps pointing into the file.
                tensor = opened.get_tensor(key).to(dtype, copy=True)
                if tensor.ndim > 1 and not tensor.any():
                    empty.append(key)
                parameter = nn.Parameter(tensor, requires_grad=False)
                setattr(module.get_submodule(owner), name, parameter)
    module.eval()
    return empty


def _by_file(keys: list[str], places: Mapping[str, Path]) -> Iterator[tuple[Path, list[str]]]:
    """Files and the tensors to be read from them at one opening."""
    for file in dict.fromkeys(places[key] for key in keys):
        inside = [key for key in keys if places[key] == file]
        for start in range(0, len(inside), OPENED_FOR):
            yield file, inside[start : start + OPENED_FOR]
