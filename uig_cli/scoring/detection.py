"""What a detector is to `uig`: pictures in, every object it saw out, before any threshold.

The record keeps all boxes, so that rules with other thresholds can be applied later without the
detector. Colors are the exception: naming one takes the object's mask, so they are named at once,
but only where a clause of the picture's case asks for the color of that class.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from PIL import Image

from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure

COLORS = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
)  # fmt: skip

COLOR_SCORE = 0.05
"""Objects that score above this get a color. GenEval's rules keep nothing below 0.3, but may be
applied again with another threshold."""

DETECTORS = ("mask2former", "exact")

Box = Sequence[float]
"""[x1, y1, x2, y2, score], pixels from the top left; x2 and y2 are one past the object."""


@cache
def object_names() -> tuple[str, ...]:
    """The 80 COCO classes by index, in GenEval's spelling (its prompts are made from them)."""
    path = files("uig_cli.benchmarks").joinpath("geneval", "object_names.txt")
    return tuple(path.read_text("utf-8").split("\n")[:-1])


@dataclass(frozen=True, slots=True)
class Detections:
    """What a detector saw in one picture.

    boxes: class -> boxes. colors: class -> one color of `COLORS` per box, for the classes whose
    color was asked for; None where the box scores no more than `COLOR_SCORE`, so nobody looked.
    image_size: width and height in pixels. rules: settings by which a benchmark is to judge this,
    where they are not its own; they are no part of what was seen.
    """

    boxes: Mapping[str, Sequence[Box]]
    colors: Mapping[str, Sequence[str | None]]
    image_size: tuple[int, int]
    rules: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, colors in self.colors.items():
            if len(colors) != len(self.boxes.get(name, ())):
                raise ValueError(
                    f"{name}: got {len(colors)} colors for {len(self.boxes.get(name, ()))} boxes"
                )

    def to_json(self) -> dict[str, Any]:
        return {
            "boxes": {name: [list(box) for box in boxes] for name, boxes in self.boxes.items()},
            "colors": {name: list(colors) for name, colors in self.colors.items()},
            "image_size": list(self.image_size),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Detections":
        width, height = record["image_size"]
        return cls(record["boxes"], record["colors"], (width, height))


class Detector(Protocol):
    """name: short, fit for a folder name; identity: all its findings depend on, plain JSON."""

    name: str

    @property
    def identity(self) -> Mapping[str, str]: ...

    def detect(
        self, pictures: Sequence[Image.Image], wanted: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[int, Detections | Failure]]:
        """Looks at each picture once and answers as (index, findings), in any order.

        wanted: per picture the facts of its case; `colored_classes` reads from them whose colors
        are needed.
        """
        ...


def colored_classes(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes whose color some include clause of a case asks for, sorted."""
    clauses = facts.get("include", ())
    return tuple(sorted({clause["class"] for clause in clauses if "color" in clause}))


def open_detector(spec: str, color_clip: str | None, device: str) -> Detector:
    """The detector of `--detector KIND:PATH` or `--detector exact`, loaded. color_clip: folder of
    the CLIP for colors; device: auto, cpu, cuda or cuda:N. `exact` has no use for either.

    Raises UigError for an unknown kind, a missing path and whatever is wrong with a folder.
    """
    kind, _, folder = spec.partition(":")
    if kind not in DETECTORS:
        raise unknown("detector", kind, DETECTORS)
    if kind == "exact":
        from uig_cli.scoring.exact import ExactDetector

        if folder:
            raise UigError(f'detector "{spec}" names a folder; give --detector exact, which reads.')
        return ExactDetector()
    if not folder:
        raise UigError(
            f'detector "{spec}" names no folder; give --detector mask2former:PATH with the '
            "folder of a Mask2Former checkpoint."
        )
    if not color_clip:
        raise UigError(
            "the mask2former detector needs a CLIP to name colors; got none; "
            "give --color-clip PATH with the folder of a CLIP checkpoint."
        )
    from uig_cli.models.device import find_device
    from uig_cli.scoring.clip_colors import ClipColors
    from uig_cli.scoring.mask2former import Mask2Former

    place = find_device(device)
    colors = ClipColors.from_folder(color_clip, COLORS, place)
    return Mask2Former.from_folder(folder, object_names(), colors, place)
