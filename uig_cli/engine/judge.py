"""Judging the pictures of a run: each picture and question once, whoever drew it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from uig_cli.cases import Case
from uig_cli.engine.answers import each_once
from uig_cli.engine.failures import RepeatedFailure
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.run import Run
from uig_cli.runs.records import Findings, Judgements
from uig_cli.scoring.detection import Detections, Detector, colored_classes
from uig_cli.scoring.judging import Answer, Asked, Judge

Item = TypeVar("Item")

Pair = tuple[Case, Picture]

Told = Callable[[int], None]
"""Told how many pictures have just been judged."""


def pictures_to_judge(run: Run) -> Iterator[tuple[Case, Picture]]:
    """Each case's different pictures, once. Raises UigError where only judgements are kept."""
    seen: set[tuple[str, str]] = set()
    for drawn in run.drawn():
        for step in drawn.steps:
            if step.picture is not None and step.picture.path is None:
                raise UigError(
                    f"{run.folder.root} holds judgements of {drawn.case.id} without its picture; "
                    "bring the pictures in with `uig score`, then judge them."
                )
            if step.picture is not None and (drawn.case.id, step.picture.sha256) not in seen:
                seen.add((drawn.case.id, step.picture.sha256))
                yield drawn.case, step.picture


def put_questions(
    pairs: Iterable[tuple[Case, Picture]],
    judge: Judge,
    kept: Judgements,
    told: Told,
    *,
    batch_size: int,
) -> int:
    """Asks the judge what is not answered yet and keeps every answer as it comes.

    Returns how many pictures the judge was asked about.
    """
    asked, repeated = 0, RepeatedFailure("judging")
    for batch in _batches(_unanswered(pairs, kept, told), batch_size):
        for index, reply in each_once(judge.ask, batch, kinds=(tuple,), who="judge"):
            item = batch[index]
            if not isinstance(reply, Failure) and len(reply) != len(item.questions):
                counted = f"got {len(reply)} answers to {len(item.questions)} questions"
                reply = Failure("protocol", counted)
            answers: Sequence[Answer] = (
                [Answer(None, f"{reply.kind}: {reply.reason}")] * len(item.questions)
                if isinstance(reply, Failure)
                else reply
            )
            for question, answer in zip(item.questions, answers, strict=True):
                kept.write(item.picture.sha256, question, answer)
            asked += 1
            repeated.add(reply)
            told(1)
    return asked


def _unanswered(
    pairs: Iterable[tuple[Case, Picture]], kept: Judgements, told: Told
) -> Iterator[Asked]:
    for case, picture in pairs:
        texts = tuple(dict.fromkeys(question.text for question in case.questions))
        wanting = kept.wanting(picture.sha256, texts)
        if wanting:
            yield Asked(picture, wanting)
        else:
            told(1)


def find_objects(
    pairs: Iterable[tuple[Case, Picture]],
    detector: Detector,
    kept: Findings,
    told: Told,
    *,
    batch_size: int,
) -> int:
    """Runs the detector over pictures that it has not seen yet; returns how many those were."""
    looked, repeated = 0, RepeatedFailure("judging")

    def unseen() -> Iterator[tuple[Case, Picture]]:
        for case, picture in pairs:
            if isinstance(kept.found(picture.sha256, colored_classes(case.facts)), Failure):
                yield case, picture
            else:
                told(1)

    for batch in _batches(unseen(), batch_size):

        def detect(pairs: Sequence[Pair]) -> Iterator[tuple[int, Detections | Failure]]:
            return detector.detect(
                [picture.image for _, picture in pairs], [case.facts for case, _ in pairs]
            )

        for index, found in each_once(detect, batch, kinds=(Detections,), who="detector"):
            case, picture = batch[index]
            kept.write(picture.sha256, colored_classes(case.facts), found)
            looked += 1
            repeated.add(found)
            told(1)
    return looked


def _batches(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while batch := list(islice(items, size)):
        yield batch
