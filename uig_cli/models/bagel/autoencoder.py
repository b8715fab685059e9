"""The FLUX-style convolutional autoencoder: pictures to latents of 1/8 side, and back.

Parameter names are those of `ae.safetensors`. `decoder.up.0` is the finest level and runs last.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from uig_cli.models.bagel.config import AutoencoderConfig


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(32, channels, eps=1e-6)


def _conv3(inner: int, out: int) -> nn.Conv2d:
    return nn.Conv2d(inner, out, 3, padding=1)


class ResBlock(nn.Module):
    def __init__(self, inner: int, out: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = _norm(inner), _conv3(inner, out)
        self.norm2, self.conv2 = _norm(out), _conv3(out, out)
        if inner != out:
            self.nin_shortcut = nn.Conv2d(inner, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        return (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x) + h  # type: ignore[no-any-return]


class AttnBlock(nn.Module):
    """Single-head attention over all positions of a picture."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = _norm(channels)
        for name in ("q", "k", "v", "proj_out"):
            self.add_module(name, nn.Conv2d(channels, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm(x)
        q, k, v = (getattr(self, name)(h).flatten(2).transpose(1, 2).unsqueeze(1) for name in "qkv")
        h = F.scaled_dot_product_attention(q, k, v).squeeze(1).transpose(1, 2).reshape(x.shape)
        return x + self.proj_out(h)  # type: ignore[no-any-return, operator]


class Downsample(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, (0, 1, 0, 1)))  # type: ignore[no-any-return]


class Upsample(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = _conv3(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))  # type: ignore[no-any-return]


class Middle(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block_1, self.block_2 = ResBlock(channels, channels), ResBlock(channels, channels)
        self.attn_1 = AttnBlock(channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.block_2(self.attn_1(self.block_1(x)))  # type: ignore[no-any-return]


class Level(nn.Module):
    """The residual blocks of one resolution; `downsample` or `upsample` follows."""

    def __init__(self, inner: int, out: int, blocks: int) -> None:
        super().__init__()
        self.block = nn.ModuleList(ResBlock(inner if j == 0 else out, out) for j in range(blocks))

    def forward(self, x: Tensor) -> Tensor:
        for block in self.block:
            x = block(x)
        return x


class Encoder(nn.Module):
    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = [config.ch * m for m in config.ch_mult]
        self.conv_in = _conv3(config.in_channels, config.ch)
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            level = Level(widths[i - 1] if i else config.ch, width, config.num_res_blocks)
            if i < len(widths) - 1:
                level.downsample = Downsample(width)
            self.down.append(level)
        self.mid = Middle(widths[-1])
        self.norm_out = _norm(widths[-1])
        self.conv_out = _conv3(widths[-1], 2 * config.z_channels)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv_in(x)
        for level in self.down:
            h = level(h)
            if hasattr(level, "downsample"):
                h = level.downsample(h)
        h = self.mid(h)
        return self.conv_out(F.silu(self.norm_out(h)))  # type: ignore[no-any-return]


class Decoder(nn.Module):
    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        widths = [config.ch * m for m in config.ch_mult]
        self.conv_in = _conv3(config.z_channels, widths[-1])
        self.mid = Middle(widths[-1])
        self.up = nn.ModuleList()
        for i, width in enumerate(widths):
            coarser = widths[min(i + 1, len(widths) - 1)]
            level = Level(coarser, width, config.num_res_blocks + 1)
            if i > 0:
                level.upsample = Upsample(width)
            self.up.append(level)
        self.norm_out = _norm(widths[0])
        self.conv_out = _conv3(widths[0], config.out_ch)

    def forward(self, z: Tensor) -> Tensor:
        h = self.mid(self.conv_in(z))
        for level in reversed(self.up):
            h = level(h)
            if hasattr(level, "upsample"):
                h = level.upsample(h)
        return self.conv_out(F.silu(self.norm_out(h)))  # type: ignore[no-any-return]


class Autoencoder(nn.Module):
    """In float32 whatever the decoder's dtype is; pictures one at a time."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder, self.decoder = Encoder(config), Decoder(config)

    def encode(self, pixels: Tensor, noise: Tensor) -> Tensor:
        """Pixels [1, 3, height, width] in -1..1 to scaled latents [1, z, height / 8, width / 8].

        Sampled with the given standard normal noise of the latents' shape, never the mean alone.
        """
        mean, logvar = self.encoder(pixels).chunk(2, dim=1)
        z = mean + torch.exp(0.5 * logvar) * noise
        return self.config.scale_factor * (z - self.config.shift_factor)

    def decode(self, latents: Tensor) -> Tensor:
        """Scaled latents [1, z, h, w] to pixels [1, 3, 8 * h, 8 * w], about -1..1."""
        return self.decoder(latents / self.config.scale_factor + self.config.shift_factor)  # type: ignore[no-any-return]
