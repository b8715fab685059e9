"""Models that misbehave in one way each, for the tests of the engine and the commands."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from PIL import Image

from uig_cli.models.protocol import (
    Capabilities,
    Cost,
    Draw,
    Drawn,
    Edit,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Said,
)


class Quick:
    """Paints noise at once. Looks and edits depend on the picture alone."""

    capabilities = Capabilities(
        roles=frozenset({"draw", "look", "edit"}),
        noise="exact",
        sampler={"draw": {"contrast": 0.5}, "look": {}, "edit": {}},
        size=(16, 16),
        stride=8,
        choices=True,
    )
    identity: ClassVar = {"kind": "quick"}

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            yield index, self.answer(request)

    def answer(self, request: Request) -> Reply:
        if isinstance(request, Draw):
            if not request.prompt.strip():
                return Failure("prompt", "the prompt is empty")
            return self.paint(request.noise.normal(request.stage, (16, 16, 3)))
        if isinstance(request, Edit):
            return self.paint(request.noise.normal("edit-init", (16, 16, 3)))
        level = self.level(request)
        verdict = "EDIT_NEEDED: brighter" if level < 0.6 else "MATCH: fine"
        return Said(verdict, (level, 1 - level) if request.choices else None, Cost(tokens=3))

    def level(self, request: Look) -> float:
        text = sum(request.text.encode()) % 7 / 7
        return (np.asarray(request.pictures[0].image.convert("RGB")).mean() / 255 + text) / 2

    def paint(self, noise: np.ndarray) -> Drawn:
        pixels = ((0.5 + 0.5 * noise).clip(0, 1) * 255).astype(np.uint8)
        return Drawn(Picture.of(Image.fromarray(pixels)), cost=Cost(0.0, 1, 0))


class Slow(Quick):
    """Takes a moment for each request, so that a test can kill it in the middle."""

    def answer(self, request: Request) -> Reply:
        time.sleep(0.004)
        return super().answer(request)


class Flaky(Quick):
    """Fails the first time on every third prompt; a marker folder remembers."""

    def answer(self, request: Request) -> Reply:
        marks = Path(os.environ["UIG_TEST_MARKS"])
        if isinstance(request, Draw) and sum(request.prompt.encode()) % 3 == 0:
            mark = marks / str(abs(hash(request.prompt)))
            if not mark.exists():
                mark.touch()
                return Failure("model", f"hiccup over {request.prompt[:20]}")
        return super().answer(request)


class Broken(Quick):
    """Raises on every drawing."""

    def answer(self, request: Request) -> Reply:
        raise RuntimeError("the card fell off the bus")


class PoisonedBatch(Quick):
    """Raises for the whole batch when one prompt holds the word poison."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        if any("poison" in getattr(request, "prompt", "") for request in requests):
            raise RuntimeError("poisoned")
        yield from super().run(requests)


class DrawsOnly(Quick):
    capabilities = Capabilities(roles=frozenset({"draw"}), noise="exact", size=(16, 16))


class Constant(Quick):
    """Gives every prompt the same picture at once."""

    def answer(self, request: Request) -> Reply:
        if isinstance(request, Draw):
            return Drawn(Picture.of(Image.new("RGB", (16, 16), "red")))
        return super().answer(request)


class JudgesNothing(Quick):
    """Draws, but cannot answer a question."""

    def answer(self, request: Request) -> Reply:
        if isinstance(request, Look) and request.choices:
            raise RuntimeError("no eyes today")
        return super().answer(request)


class SaysNone(Quick):
    """Answers with nothing at all."""

    def answer(self, request: Request) -> Reply:
        return None  # type: ignore[return-value]


class Surrogates(Quick):
    """Says what no file can hold."""

    def answer(self, request: Request) -> Reply:
        if isinstance(request, Look) and not request.choices:
            return Said("EDIT_NEEDED: a \ud800 b")
        return super().answer(request)


class OddPictures(Quick):
    """Draws in a mode that PNG does not know."""

    def answer(self, request: Request) -> Reply:
        reply = super().answer(request)
        if isinstance(reply, Drawn):
            return Drawn(Picture.of(reply.picture.image.convert("CMYK")))
        return reply


class Ignores(Quick):
    """Ignores noise and mixes up its batch: check-model must find both."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            if isinstance(request, Draw):
                shade = 40 * len(requests)
                yield index, Drawn(Picture.of(Image.new("RGB", (16, 16), (shade, 0, 0))))
            else:
                yield index, self.answer(request)
