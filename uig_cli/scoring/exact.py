"""The exact judge and detector of the built-in sets: a picture is read, not guessed at.

Both rest on `shapes.read`, which recovers the objects of the small world by measurement. What is
no object of that world (a blob) counts for nothing: it answers no question with yes and gives no
box. Of pictures of anything else they know nothing; they serve the sets named built-in alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from PIL import Image

from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.scoring.detection import Detections, colored_classes
from uig_cli.scoring.judging import Answer, Asked
from uig_cli.scoring.pictures import rgb
from uig_cli.shapes.questions import answer
from uig_cli.shapes.read import read
from uig_cli.shapes.reading import Found, Reading
from uig_cli.shapes.scene import SIDE

READER = "2"
"""Raised when the same picture would be read, or the same question understood, differently."""

NOT_UNDERSTOOD = "not understood: no question about the built-in world"


class ExactJudge:
    """The judge `exact`: questions about drawn shapes, understood from their text alone. One that
    it does not understand is missing."""

    name = "exact"
    batch = None
    identity: ClassVar[Mapping[str, str]] = {"judge": "exact", "reader": READER}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, tuple[Answer, ...] | Failure]]:
        for index, item in enumerate(items):
            reading = _read(item.picture.image)
            if isinstance(reading, Failure):
                yield index, reading
            else:
                yield index, tuple(_answer(question, reading) for question in item.questions)


class ExactDetector:
    """The detector `exact`, and its own color classifier. Classes are shapes; a box is tight, its
    score the overlap of the object's outline with the shape's, 0.9..1."""

    name = "exact"
    identity: ClassVar[Mapping[str, str]] = {"detector": "exact", "reader": READER}

    def detect(
        self, pictures: Sequence[Image.Image], wanted: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[int, Detections | Failure]]:
        for index, (picture, facts) in enumerate(zip(pictures, wanted, strict=True)):
            reading = _read(picture)
            if isinstance(reading, Failure):
                yield index, reading
            else:
                yield index, _detections(reading, colored_classes(facts), picture.size)


def _read(picture: Image.Image) -> Reading | Failure:
    try:
        return read(rgb(picture))
    except UigError as error:
        return Failure("picture", str(error))


def _answer(question: str, reading: Reading) -> Answer:
    said = answer(question, reading.objects)
    if said is None:
        return Answer(None, NOT_UNDERSTOOD)
    return Answer(said, yes=float(said == "yes"), raw=said)


def _detections(reading: Reading, colored: Sequence[str], size: tuple[int, int]) -> Detections:
    by_class: dict[str, list[Found]] = {}
    for each in reading.found:
        by_class.setdefault(each.object.shape, []).append(each)
    scale = size[0] / SIDE
    return Detections(
        boxes={
            name: [[*(edge * scale for edge in each.box), each.likeness] for each in found]
            for name, found in by_class.items()
        },
        colors={
            name: [each.object.color for each in by_class[name]]
            for name in colored
            if name in by_class
        },
        image_size=size,
    )
