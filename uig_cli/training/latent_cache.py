"""The latents of the pictures that drawing and editing are learned from, prepared once.

Mean and spread are kept, not samples: what is to be drawn is the mean, and pictures to edit are
sampled anew each time, as the model's own encoding does.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.shapes.draw import draw
from uig_cli.shapes.scene import Scene
from uig_cli.training.autoencoder_fit import to_pixels
from uig_cli.training.lessons import drawing, editing
from uig_cli.training.recipe import Plan
from uig_cli.training.state_files import read_state, write_state
from uig_cli.training.trainer import quick

Pool = dict[str, Tensor]
"""Per lesson: half precision [pictures, 2, z, 12, 12], mean and spread of unscaled latents."""

BATCH, PART = 20, 500
"""Pictures encoded at once; pictures after which the work so far is saved."""


def scenes(plan: Plan, lesson: str, until: int, first: int = 0) -> Iterator[Scene]:
    """The scenes first..until of the pool; an edit's before and after by turns."""
    for n in range(first, until):
        if lesson == "draw":
            yield drawing(plan.seed, "draw", n)[1]
        else:
            before, _, after = editing(plan.seed, "edit", n // 2)
            yield after if n % 2 else before


@torch.inference_mode()
def prepare(plan: Plan, autoencoder: Autoencoder, folder: Path) -> Pool:
    """The whole pool; what a broken-off run has saved under `folder` is not made again."""
    pool: Pool = {}
    for lesson, lessons in plan.pool.items():
        count = lessons * (2 if lesson == "edit" else 1)
        file = folder / f"latents-{lesson}.pt"
        done: Tensor | None = read_state(file)
        parts = [] if done is None else [done]
        made = 0 if done is None else len(done)
        while made < count:
            until = min(made + PART, count)
            wanted = list(scenes(plan, lesson, until, made))
            parts += [
                _latents(autoencoder, wanted[i : i + BATCH]) for i in range(0, len(wanted), BATCH)
            ]
            parts, made = [torch.cat(parts)], until
            write_state(file, parts[0])
        pool[lesson] = parts[0][:count]
    return pool


def _latents(autoencoder: Autoencoder, shown: Sequence[Scene]) -> Tensor:
    with quick():
        pixels = torch.cat([to_pixels(draw(scene)) for scene in shown])
        mean, logvar = autoencoder.encoder(pixels).float().chunk(2, dim=1)
    return torch.stack((mean, torch.exp(0.5 * logvar)), dim=1).half()


def sample(autoencoder: Autoencoder, kept: Tensor, noise: Tensor) -> Tensor:
    """Scaled latents from what the pool keeps, as `Autoencoder.encode` samples them."""
    mean, spread = kept.float().unbind(dim=-4)
    return autoencoder.scale * (mean + spread * noise - autoencoder.shift)
