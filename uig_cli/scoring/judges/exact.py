"""The judge `exact`: questions about drawn shapes, answered from what is in the picture."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from uig_cli.models.protocol import Failure, UnifiedModel
from uig_cli.scoring.drawn_shapes import READER, read_shapes
from uig_cli.scoring.protocol import Answer, Asked, Kind, Reply
from uig_cli.scoring.terms import Terms
from uig_cli.shapes.questions import answer
from uig_cli.shapes.reading import Reading

NOT_UNDERSTOOD = "not understood: no question about the built-in world"


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "ExactJudge":
    return ExactJudge()


class ExactJudge:
    """Questions are understood from their text alone. One that is not understood is missing."""

    name = "exact"
    kind: Kind = "answers"
    batch = None
    identity: ClassVar[Mapping[str, str]] = {"judge": "exact", "reader": READER}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        for index, item in enumerate(items):
            reading = read_shapes(item.picture)
            if isinstance(reading, Failure):
                yield index, reading
            else:
                yield index, tuple(_answer(question, reading) for question in item.wanted)


def _answer(question: str, reading: Reading) -> Answer:
    said = answer(question, [each.object for each in reading.outlined])
    if said is None:
        return Answer(None, NOT_UNDERSTOOD)
    return Answer(said, yes=float(said == "yes"), raw=said)
