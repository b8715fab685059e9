"""The eye, trained before the rest, as BAGEL's comes from a model of its own.

Every patch learns to say what it is a piece of: the shape, color, texture and size of its
object, or nothing. That is 36 answers per picture. Without it the decoder is blind for
thousands of steps: it sees 36 tokens at one rope position, nearly all of them ground, and has
to find out at once that there is something to look for, where, and how to say it.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.images import normalise
from uig_cli.models.bagel.vision import patchify
from uig_cli.shapes.draw import draw
from uig_cli.shapes.scene import SHAPES, SIDE, VOCABULARY, Object, Scene
from uig_cli.training.augment import worn
from uig_cli.training.distributed import share
from uig_cli.training.lessons import any_scene
from uig_cli.training.recipe import Plan
from uig_cli.training.seeding import rng
from uig_cli.training.start import begin_vision
from uig_cli.training.trainer import quick, run

LEAST = 0.15
"""The share of a patch that an object must cover to be what the patch is a piece of."""

NOTHING, BLOB = 0, 1
"""Answers that every quality has, before the words of its vocabulary."""


class Eye(nn.Module):
    """The vision transformer with a linear answer for each quality, which is not kept."""

    def __init__(self, config: BagelConfig) -> None:
        super().__init__()
        self.vision = begin_vision(config)
        self.sizes = [2 + len(words) for words in VOCABULARY.values()]
        self.says = nn.Linear(config.vision.hidden_size, sum(self.sizes))

    def forward(self, patches: Tensor) -> list[Tensor]:
        """Patches of one picture to answers, per quality [patches, answers]."""
        said = self.says(self.vision(patches, torch.arange(len(patches))))
        return list(torch.split(said, self.sizes, dim=-1))


def fit_eye(plan: Plan, config: BagelConfig, folder: Path) -> dict[str, Tensor]:
    """The averaged weights of the vision transformer. folder: where the state `eye.pt` is kept."""
    torch.manual_seed(plan.seed)
    eye = Eye(config)

    def losses(step: int) -> Iterator[tuple[str, Tensor]]:
        seen = [_glance(config, rng(plan.seed, "eye", step, n)) for n in share(range(plan.glances))]
        wanted = torch.cat([right for _, right in seen])
        with quick():
            each = zip(*(eye(patches) for patches, _ in seen), strict=True)
            said = [torch.cat(parts).float() for parts in each]
        yield (
            "loss",
            torch.stack(
                [F.cross_entropy(part, right) for part, right in zip(said, wanted.T, strict=True)]
            ).sum(),
        )

    weights = run(plan.eye, eye, losses, folder / "eye.pt")
    own = "vision."
    return {k.removeprefix(own): w for k, w in weights.items() if k.startswith(own)}


def _glance(config: BagelConfig, random: Random) -> tuple[Tensor, Tensor]:
    """A picture's patches and the right answers, [patches, qualities]."""
    scene = any_scene(random)
    picture = worn(Image.fromarray(draw(scene)), random)
    pixels = torch.from_numpy(normalise(picture, config.vit_rule))
    patch = config.vision.patch_size
    return patchify(pixels, patch), torch.from_numpy(answers(scene, patch))


def answers(scene: Scene, patch: int) -> NDArray[np.int64]:
    """What each patch is a piece of, row by row: [patches, qualities]."""
    side = SIDE // patch
    found = np.full((side * side, len(VOCABULARY)), NOTHING)
    for thing in scene.objects:
        inside = np.any(draw(Scene((thing,))) < 255, axis=2)
        covered = inside.reshape(side, patch, side, patch).mean(axis=(1, 3)).reshape(-1, 1)
        found = np.where(covered >= LEAST, _said(thing), found)
    return found


def _said(thing: Object) -> NDArray[np.int64]:
    return np.array(
        [
            BLOB
            if quality == "shape" and thing.shape not in SHAPES
            else 2 + words.index(getattr(thing, quality))
            for quality, words in VOCABULARY.items()
        ]
    )
