"""The autoencoder, trained first: what it blurs, nothing after it can repair.

No network judges its pictures: they are compared pixel by pixel and edge by edge (L1 of
the differences between neighbours, which is what keeps small stars from becoming blobs). The
ground, most of a picture, counts less than what stands on it. It sees whole pictures from the
first step: its group norms take their statistics from all of a picture, so that colors learned
on crops come out wrong on a mostly white ground.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.config import AutoencoderConfig
from uig_cli.shapes.draw import draw
from uig_cli.training.distributed import rank, share
from uig_cli.training.lessons import any_scene
from uig_cli.training.recipe import Plan
from uig_cli.training.seeding import normal, rng
from uig_cli.training.trainer import quick, run

EDGES, KL = 0.5, 1e-3
"""Weights of the edges and of the divergence (mean per latent number) beside the pixels' 1."""

GROUND = 0.2
"""Weight of a white pixel beside 1 for any other."""


def fit_autoencoder(
    plan: Plan, config: AutoencoderConfig, folder: Path
) -> tuple[dict[str, Tensor], float, float]:
    """The averaged weights, normalised, with the scale and shift that belong into ae_config.json.

    folder: where the state `autoencoder.pt` and its log are kept.
    """
    torch.manual_seed(plan.seed)
    autoencoder = Autoencoder(config)

    def losses(step: int) -> Iterator[tuple[str, Tensor]]:
        pixels = _pixels(plan, share(range(plan.pictures)), "autoencoder", step)
        with quick():
            mean, logvar = autoencoder.encoder(pixels).float().chunk(2, dim=1)
            logvar = logvar.clamp(-20, 10)
            noise = normal(tuple(mean.shape), plan.seed, "autoencoder noise", step, rank())
            drawn = autoencoder.decoder(mean + torch.exp(0.5 * logvar) * noise).float()
        divergence = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).mean()
        yield "loss", apart(drawn, pixels) + EDGES * edges(drawn, pixels) + KL * divergence

    weights = run(plan.autoencoder, autoencoder, losses, folder / "autoencoder.pt")
    autoencoder.load_state_dict(weights)
    return normalise(autoencoder.eval(), plan)


def apart(drawn: Tensor, pixels: Tensor) -> Tensor:
    """How far pixels are off, mean over a picture, the ground discounted.

    Absolute and squared: the first keeps outlines sharp, the second teaches colors, which differ
    from object to object so much that the first alone is long content with their median.
    """
    weight = torch.where((pixels == 1).all(dim=1, keepdim=True), GROUND, 1.0)
    off = (drawn - pixels).abs()
    return (weight * (off + off.square())).mean()


def edges(drawn: Tensor, pixels: Tensor) -> Tensor:
    """How far neighbouring pixels' differences are off, on both axes."""
    off = drawn - pixels
    return off.diff(dim=-1).abs().mean() + off.diff(dim=-2).abs().mean()


@torch.no_grad()
def normalise(autoencoder: Autoencoder, plan: Plan) -> tuple[dict[str, Tensor], float, float]:
    """Gives every latent channel unit spread, exactly, by the weights of the encoder's last and the
    decoder's first layer, which changes no picture.

    Channels whose mean is below zero change sign too, as the configuration knows no negative
    shift. Returns the weights, and scale and shift for what is left to do over all channels.
    """
    pixels = torch.cat(
        [_pixels(plan, range(plan.pictures), "normalise", n) for n in range(256 // plan.pictures)]
    )
    parts = [autoencoder.encoder(part) for part in torch.split(pixels, 16)]
    mean, logvar = torch.cat(parts).chunk(2, dim=1)
    drawn = mean + torch.exp(0.5 * logvar) * normal(tuple(mean.shape), plan.seed, "normalise")
    spread, middle = drawn.std(dim=(0, 2, 3)), drawn.mean(dim=(0, 2, 3))
    factor = torch.where(middle < 0, -1.0, 1.0) / spread
    out, back = autoencoder.encoder[-1], autoencoder.decoder[0]
    assert isinstance(out, nn.Conv2d) and isinstance(back, nn.Conv2d) and out.bias is not None
    z = len(factor)
    out.weight[:z] *= factor[:, None, None, None]
    out.bias[:z] *= factor
    out.bias[z:] += 2 * factor.abs().log()
    back.weight /= factor[None, :, None, None]
    latents = drawn * factor[:, None, None]
    shift = float(latents.mean())
    scale = 1 / float((latents - shift).square().mean().sqrt())
    return autoencoder.state_dict(), scale, shift


def to_pixels(picture: object) -> Tensor:
    """A picture, uint8 [height, width, 3], as [1, 3, height, width] in -1..1."""
    levels = torch.tensor(picture, dtype=torch.float32)
    return levels.permute(2, 0, 1)[None] / 127.5 - 1


def _pixels(plan: Plan, numbers: Sequence[int], *names: object) -> Tensor:
    """Pictures of a batch."""
    return torch.cat([to_pixels(draw(any_scene(rng(plan.seed, *names, n)))) for n in numbers])
