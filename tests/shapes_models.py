"""Models of the small world that know the built-in sets by heart, right or wrong as a test wants.

They draw what a prompt's spec says without learning anything, so a set that does not give the
first of them full marks, or the second too many, is at fault itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any, ClassVar

from PIL import Image

from uig_cli.benchmarks.geneval import built_in as geneval
from uig_cli.benchmarks.tiif import built_in as tiif
from uig_cli.models.protocol import Capabilities, Draw, Drawn, Failure, Picture, Reply, Request
from uig_cli.shapes.corrupt import spoil
from uig_cli.shapes.draw import draw
from uig_cli.shapes.sample import stage
from uig_cli.shapes.scene import Scene
from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Relation, Spec
from uig_cli.shapes.topics import EVERY_PAIR


def spec_of(metadata: Mapping[str, Any]) -> Spec:
    """What GenEval's clauses say, as a spec."""
    clauses = metadata["include"]
    groups = (
        ObjectGroup(ObjectKind(each["class"], each.get("color")), each["count"]) for each in clauses
    )
    relations = (
        Relation(number, each["position"][0].removesuffix(" of"), each["position"][1])
        for number, each in enumerate(clauses)
        if "position" in each
    )
    return Spec(tuple(groups), tuple(relations))


@cache
def specs() -> Mapping[str, Spec]:
    """The spec of every prompt of the built-in sets."""
    found = {metadata["prompt"]: spec_of(metadata) for metadata in geneval.generate()}
    for line in tiif.lines():
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
