"""The FLUX-style convolutional autoencoder: pictures to latents of 1/8 side, and back.

Chains of named parts, in the order they run and with the names that `ae.safetensors` gives them.
"""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from uig_cli.models.bagel.config import AutoencoderConfig
from uig_cli.models.device import exact


def chain(**parts: nn.Module) -> nn.Sequential:
    return nn.Sequential(OrderedDict(parts))


def norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(32, channels, eps=1e-6)


def conv3(inner: int, out: int) -> nn.Conv2d:
    return nn.Conv2d(inner, out, 3, padding=1)


class ResBlock(nn.Module):
    def __init__(self, inner: int, out: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = norm(inner), conv3(inner, out)
        self.norm2, self.conv2 = norm(out), conv3(out, out)
        if inner != out:
            self.nin_shortcut = nn.Conv2d(inner, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        changed: Tensor = h + (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x)
        return changed


class AttnBlock(nn.Module):
    """Single-head attention over all positions of a picture."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = norm(channels)
        self.q, self.k, self.v, self.proj_out = (nn.Conv2d(channels, channels, 1) for _ in "qkvo")

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm(x)
        q, k, v = (part(h).flatten(2).mT.unsqueeze(1) for part in (self.q, self.k, self.v))
        attended = F.scaled_dot_product_attention(q, k, v).squeeze(1).mT.reshape(x.shape)
        changed: Tensor = x + self.proj_out(attended)
        return changed


def middle(width: int) -> nn.Sequential:
    return chain(
        block_1=ResBlock(width, width), attn_1=AttnBlock(width), block_2=ResBlock(width, width)
    )


def blocks(inner: int, out: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(ResBlock(out if j else inner, out) for j in range(count)))


def downsample(width: int) -> nn.Sequential:
    """Pads at the bottom and right only."""
    return chain(pad=nn.ZeroPad2d((0, 1, 0, 1)), conv=nn.Conv2d(width, width, 3, stride=2))


def upsample(width: int) -> nn.Sequential:
    return chain(enlarge=nn.Upsample(scale_factor=2.0, mode="nearest"), conv=conv3(width, width))


def encoder(config: AutoencoderConfig) -> nn.Sequential:
    """Pixels to mean and log variance, [n, 2 * z, height / 8, width / 8]."""
    widths, last = config.widths, config.widths[-1]
    down = {}
    for i, (finer, width) in enumerate(zip([config.ch, *widths], widths, strict=False)):
        way = {} if i == len(widths) - 1 else {"downsample": downsample(width)}
        down[str(i)] = chain(block=blocks(finer, width, config.num_res_blocks), **way)
    return chain(
        conv_in=conv3(config.in_channels, config.ch),
        down=chain(**down),
        mid=middle(last),
        norm_out=norm(last),
        swish=nn.SiLU(),
        conv_out=conv3(last, 2 * config.z_channels),
    )


def decoder(config: AutoencoderConfig) -> nn.Sequential:
    """Latents to pixels. Level 0 is the finest and runs last."""
    widths, last = config.widths, config.widths[-1]
    up = {}
    for i, width in reversed(list(enumerate(widths))):
        way = {} if i == 0 else {"upsample": upsample(width)}
        up[str(i)] = chain(
            block=blocks([*widths, last][i + 1], width, config.num_res_blocks + 1), **way
        )
    return chain(
        conv_in=conv3(config.z_channels, last),
        mid=middle(last),
        up=chain(**up),
        norm_out=norm(widths[0]),
        swish=nn.SiLU(),
        conv_out=conv3(widths[0], config.out_ch),
    )


class Autoencoder(nn.Module):
    """In float32 whatever the decoder's dtype is; pictures one at a time."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.scale, self.shift = config.scale_factor, config.shift_factor
        self.encoder, self.decoder = encoder(config), decoder(config)

    @exact()
    def encode(self, pixels: Tensor, noise: Tensor) -> Tensor:
        """Pixels [1, 3, height, width] in -1..1 to scaled latents [1, z, height / 8, width / 8].

        Sampled with the given standard normal noise of the latents' shape, never the mean alone.
        """
        mean, logvar = self.encoder(pixels).chunk(2, dim=1)
        latents: Tensor = self.scale * (mean + torch.exp(0.5 * logvar) * noise - self.shift)
        return latents

    @exact()
    def decode(self, latents: Tensor) -> Tensor:
        """Scaled latents [1, z, h, w] to pixels [1, 3, 8 * h, 8 * w], about -1..1."""
        pixels: Tensor = self.decoder(latents / self.scale + self.shift)
        return pixels
