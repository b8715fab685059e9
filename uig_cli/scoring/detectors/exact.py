"""The detector `exact`, and its own color classifier, for drawn shapes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from uig_cli.models.protocol import Failure, UnifiedModel
from uig_cli.scoring.detectors.objects import classes_in
from uig_cli.scoring.drawn_shapes import READER, read_shapes
from uig_cli.scoring.protocol import Asked, Detections, Kind, Reply
from uig_cli.scoring.terms import Terms
from uig_cli.shapes.reading import FoundObject, Reading
from uig_cli.shapes.scene import SIDE


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "ExactDetector":
    return ExactDetector()


class ExactDetector:
    """Classes are shapes; a box is tight, its score the overlap of the object's outline with the
    shape's, 0.9..1. What is of no color that has a name is "mixed" or "other"."""

    name = "exact"
    kind: Kind = "detections"
    batch = None
    identity: ClassVar[Mapping[str, str]] = {"detector": "exact", "reader": READER}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        for index, item in enumerate(items):
            reading = read_shapes(item.picture)
            if isinstance(reading, Failure):
                yield index, reading
            else:
                size = item.picture.size
                yield index, tuple(_detections(reading, text, size) for text in item.wanted)


def _detections(reading: Reading, wanted: str, size: tuple[int, int]) -> Detections:
    by_class: dict[str, list[FoundObject]] = {}
    for each in reading.outlined:
        by_class.setdefault(each.object.shape, []).append(each)
    scale = size[0] / SIDE
    return Detections(
        boxes={
            name: [[*(edge * scale for edge in each.box), each.likeness] for each in found]
            for name, found in by_class.items()
        },
        colors={
            name: [each.object.color for each in by_class[name]]
            for name in classes_in(wanted)
            if name in by_class
        },
        image_size=size,
    )
