"""Models of the small world that know the built-in sets by heart, right or wrong as a test wants.

They draw what a prompt's spec says without learning anything, so a set that does not give the
first of them full marks, or the second too many, is at fault itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import ClassVar

from PIL import Image

from uig_cli.benchmarks.geneval import built_in as geneval
from uig_cli.benchmarks.geneval import hard as geneval_hard
from uig_cli.benchmarks.geneval.specification import spec_of
from uig_cli.benchmarks.tiif import built_in as tiif
from uig_cli.benchmarks.tiif import hard as tiif_hard
from uig_cli.models.protocol import Capabilities, Draw, Drawn, Failure, Picture, Reply, Request
from uig_cli.shapes.corrupt import spoil
from uig_cli.shapes.draw import draw
from uig_cli.shapes.sample import stage
from uig_cli.shapes.scene import Scene
from uig_cli.shapes.spec import Spec
from uig_cli.shapes.topics import EVERY_PAIR


@cache
def specs() -> Mapping[str, Spec]:
    """The spec of every prompt of the built-in sets."""
    rows = (*geneval.generate(), *geneval_hard.generate())
    found = {metadata["prompt"]: spec_of(metadata) for metadata in rows}
    for line in (*tiif.lines(), *tiif_hard.lines()):
        found |= {line.short: line.spec, line.long: line.spec}
    return found


def picture(scene: Scene, side: int = 96) -> Picture:
    return Picture.of(Image.fromarray(draw(scene, side)))


class TrueScenes:
    """Draws exactly what is asked for."""

    capabilities = Capabilities(
        roles=frozenset({"draw"}), noise="seeded", sampler={"draw": {}}, size=(96, 96)
    )
    identity: ClassVar = {"kind": "true scenes"}

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            assert isinstance(request, Draw)
            yield index, self.answer(request)

    def answer(self, request: Draw) -> Reply:
        spec = specs().get(request.prompt)
        if spec is None:
            return Failure("prompt", "no prompt of a built-in set")
        (seed,) = request.noise.normal(request.stage, (1,))
        return Drawn(picture(self.scene(spec, Random(float(seed)))))

    def scene(self, spec: Spec, rng: Random) -> Scene:
        return stage(spec, rng, EVERY_PAIR)


class WrongScenes(TrueScenes):
    """Draws it with one thing wrong."""

    identity: ClassVar = {"kind": "wrong scenes"}

    def scene(self, spec: Spec, rng: Random) -> Scene:
        spoiled = spoil(spec, super().scene(spec, rng), rng, EVERY_PAIR)
        assert spoiled is not None
        return spoiled
