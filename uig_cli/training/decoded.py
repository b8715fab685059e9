"""What the exact reader still sees in pictures that went through the autoencoder.

What it blurs, no network can draw, and what it drew nobody could read.
"""

from collections.abc import Mapping

import torch

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.images import to_image
from uig_cli.shapes.draw import draw
from uig_cli.shapes.read import read
from uig_cli.shapes.sample import sample_scene
from uig_cli.shapes.scene import cell
from uig_cli.shapes.spec import QUALITIES
from uig_cli.training.autoencoder_fit import to_pixels
from uig_cli.training.seeding import normal, rng


@torch.inference_mode()
def decoded(autoencoder: Autoencoder, scenes: int, name: str) -> Mapping[str, float]:
    """The share of objects that are read, in their cell, as they were: in all, and by quality.

    name: begins the names of the scenes and of the noise.
    """
    right: dict[str, list[bool]] = {quality: [] for quality in ("all", *QUALITIES)}
    for n in range(scenes):
        scene = sample_scene(rng(name, "decoded", n))
        pixels = to_pixels(draw(scene))
        mean, _ = autoencoder.encoder(pixels).chunk(2, dim=1)
        latents = autoencoder.encode(pixels, normal(tuple(mean.shape), name, "decoded", n))
        picture = to_image(autoencoder.decode(latents)[0])
        seen = {cell(thing.center): thing for thing in read(picture).objects}
        for thing in scene.objects:
            found = seen.get(cell(thing.center))
            same = {q: getattr(found, q, None) == getattr(thing, q) for q in QUALITIES}
            for quality, held in (("all", all(same.values())), *same.items()):
                right[quality].append(held)
    return {quality: round(sum(each) / len(each), 4) for quality, each in right.items()}
