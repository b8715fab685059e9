"""A model in one file: it draws, looks and edits, without knowing how to do any of it well.

docs/adding-a-model.md goes through it.
"""

from typing import Annotated

import numpy as np
from PIL import Image

from uig_cli.models.protocol import Capabilities, Cost, Drawn, Failure, Picture, Said


class Colors:
    capabilities = Capabilities(
        roles=frozenset({"draw", "look", "edit"}),
        noise="exact",
        sampler={"draw": {"contrast": 0.5}, "look": {}, "edit": {"strength": 0.5}},
        size=(64, 64),
        choices=True,
        note="paints noise: its pictures mean nothing",
    )

    def __init__(self, levels: Annotated[int, "brightness levels of each color"] = 256):
        if not 2 <= levels <= 256:
            raise ValueError(f"levels is {levels}, expected 2 to 256")
        self.levels = levels
        self.identity = {"kind": "colors", "behaviour": "1"}
        if levels != 256:
            self.identity["levels"] = str(levels)

    def run(self, requests):
        for index, request in enumerate(requests):
            yield index, getattr(self, request.role)(request)

    def draw(self, request):
        if not request.prompt.strip():
            return Failure("prompt", "the prompt is empty")
        width, height = request.size or self.capabilities.size
        noise = request.noise.normal(request.stage, (height, width, 3))
        return self.picture(0.5 + request.sampler["contrast"] * noise)

    def edit(self, request):
        before = np.asarray(request.picture.image.convert("RGB"), np.float32) / 255
        noise = request.noise.normal("edit-init", before.shape)
        return self.picture(before + request.sampler["strength"] * noise)

    def look(self, request):
        mean = np.asarray(request.pictures[0].image.convert("L")).mean() / 255
        likely = (mean, 1 - mean) if request.choices else None
        return Said("EDIT_NEEDED: make it brighter" if mean < 0.5 else "MATCH: bright", likely)

    def picture(self, values):
        pixels = (values.clip(0, 1) * 255).astype(np.uint8)
        pixels -= pixels % (256 // self.levels)
        return Drawn(Picture.of(Image.fromarray(pixels)), cost=Cost(passes=1))
