"""Weights, streamed from safetensors straight to where they are used.

Modules are built without memory ("meta") and take one tensor at a time, in its final type and
place, so the host never holds much more than the largest tensor beside what is on it to stay.
"""

from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.layout import AE, EMA
from uig_cli.models.bagel.network import Network


def load_weights(
    folder: Path,
    config: BagelConfig,
    marker_ids: tuple[int, int],
    device: torch.device,
    dtype: torch.dtype,
) -> tuple[Network, Autoencoder]:
    """The network in `dtype` and the autoencoder in float32; `check_folder` comes first."""
    with torch.device("meta"):
        network, autoencoder = Network(config, marker_ids), Autoencoder(config.autoencoder)
    stream(folder / EMA, network, device, dtype)
    stream(folder / AE, autoencoder, device, torch.float32)
    return network.eval(), autoencoder.eval()


def stream(file: Path, module: nn.Module, device: torch.device, dtype: torch.dtype) -> None:
    """Gives every parameter of `module` its tensor from `file`; other tensors are left alone."""
    with safe_open(file, framework="pt", device=str(device)) as opened:
        for key, _ in list(module.named_parameters()):
            owner, _, name = key.rpartition(".")
            # A copy, so that nothing keeps pointing into the file.
            tensor = opened.get_tensor(key).to(dtype, copy=True)
            parameter = nn.Parameter(tensor, requires_grad=False)
            setattr(module.get_submodule(owner), name, parameter)
