"""Weights, streamed from safetensors straight to where they are used.

Modules are built without memory ("meta") and take one tensor at a time, in its final type and
place, so the host never holds much more than the largest tensor beside what is on it to stay.
"""

from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn

OPENED_FOR = 32
"""Tensors read before the file is closed and opened again, so that its pages are let go."""


def stream(file: Path, module: nn.Module, device: torch.device, dtype: torch.dtype) -> list[str]:
    """Gives every parameter of `module` its tensor from `file`; other tensors are left alone.

    Returns the keys of matrices that hold nothing but zeros, as those of a file do whose download
    made room for all of it and did not come to its end.
    """
    empty = []
    keys = [name for name, _ in module.named_parameters()]
    for start in range(0, len(keys), OPENED_FOR):
        with safe_open(file, framework="pt", device=str(device)) as opened:
            for key in keys[start : start + OPENED_FOR]:
                owner, _, name = key.rpartition(".")
                # A copy, so that nothing keeps pointing into the file.
                tensor = opened.get_tensor(key).to(dtype, copy=True)
                if tensor.ndim > 1 and not tensor.any():
                    empty.append(key)
                parameter = nn.Parameter(tensor, requires_grad=False)
                setattr(module.get_submodule(owner), name, parameter)
    module.eval()
    return empty
