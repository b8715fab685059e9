"""The loop over a checklist, with a scripted model that reacts to the text it is sent."""

from collections.abc import Callable, Sequence

import pytest
from PIL import Image

from uig_cli.loop.checklist import MOST_QUESTIONS, read_questions
from uig_cli.loop.methods import method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Trace
from uig_cli.models.protocol import (
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
from uig_cli.templates import load_all

TASK = DrawTask("case/1", "a red cube left of a blue ball")
QUESTIONS = "1. Is there a red cube?\n2. Is there a blue ball?\n- Is the cube left of the ball?\n"


class Scripted:
    """Makes the questions it is told to, and answers each by a rule that sees how many edits the
    picture has been through."""

    def __init__(self, questions: str, yes: Callable[[str, int], float]) -> None:
        self.questions, self.yes = questions, yes
        self.asked: list[Request] = []
        self.edits: dict[Picture, int] = {}

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        if isinstance(request, Draw):
            return self._drawn(0)
        if isinstance(request, Edit):
            return self._drawn(self.edits[request.picture] + 1)
        if not request.pictures:
            assert TASK.prompt in request.text
            return Said(self.questions)
        (question,) = [line for line in request.text.splitlines() if line.endswith("?")]
        p = self.yes(question, self.edits[request.pictures[0]])
        return Said("yes" if p > 0.5 else "no", (p, 1 - p))

    def _drawn(self, edits: int) -> Drawn:
        picture = Picture.of(Image.new("RGB", (8, 8), (edits, 0, 0)))
        self.edits[picture] = edits
        return Drawn(picture)


def play(model: Callable[[Request], Reply], rounds: int = 4) -> Trace:
    of = method("checklist")
    conversation = of.run(TASK, MethodSettings(load_all({}), rounds, own_settings=of.own))
    try:
        requests: Sequence[Request] = next(conversation)
        while True:
            requests = conversation.send([model(request) for request in requests])
    except StopIteration as stop:
        found: Trace = stop.value
        return found


def test_what_fails_most_is_mended_first_until_all_pass() -> None:
    """The ball is missing at first and the cube stands wrong; an edit mends what it is told to."""

    def yes(question: str, edits: int) -> float:
        first = {"Is there a blue ball?": 0.2, "Is the cube left of the ball?": 0.4}
        later = {"Is the cube left of the ball?": 0.4}
        return ([first, later, {}][min(edits, 2)]).get(question, 0.9)

    model = Scripted(QUESTIONS, yes)
    trace = play(model)
    instructions = [request.instruction for request in model.asked if isinstance(request, Edit)]
    assert ["ball?" in text for text in instructions] == [True, True]
    assert "Is there a blue ball?" in instructions[0]
    assert "Is the cube left of the ball?" in instructions[1]
    assert [step.score for step in trace.steps] == [pytest.approx(n / 3) for n in (1, 2, 3)]
    assert [step.verdict for step in trace.steps] == ["edit", "edit", "match"] and trace.complete
    assert sum(isinstance(r, Look) and not r.pictures for r in model.asked) == 1  # made once
    assert "0.20 Is there a blue ball?" in (trace.steps[0].examination or "")


def test_it_ends_with_the_rounds() -> None:
    trace = play(Scripted(QUESTIONS, lambda question, edits: 0.1), rounds=2)
    assert len(trace.steps) == 3 and trace.complete and trace.final.verdict == "edit"


def test_questions_that_cannot_be_read_are_a_failure_with_a_reason() -> None:
    trace = play(Scripted("I would rather not.", lambda question, edits: 1.0))
    assert not trace.complete and trace.final.picture is None
    assert trace.final.failure == Failure(
        "questions", 'no yes/no question can be read from "I would rather not."'
    )


def test_a_model_without_probabilities_is_a_failure() -> None:
    scripted = Scripted(QUESTIONS, lambda question, edits: 1.0)

    def mute(request: Request) -> Reply:
        reply = scripted(request)
        return Said(reply.text) if isinstance(reply, Said) else reply

    trace = play(mute)
    assert trace.final.failure is not None and "probabilities" in trace.final.failure.reason


def test_reading_questions() -> None:
    assert read_questions(QUESTIONS) == [
        "Is there a red cube?", "Is there a blue ball?", "Is the cube left of the ball?",
    ]  # fmt: skip
    assert read_questions("<think>Is it?\n</think>\n* Is it red?  \nIt is.") == ["Is it red?"]
    assert read_questions("") == []
    many = "".join(f"Is there a cube number {n}?\n" for n in range(99))
    model = Scripted(many, lambda question, edits: 1.0)
    play(model)
    looks = [request for request in model.asked if isinstance(request, Look) and request.pictures]
    assert len(looks) == MOST_QUESTIONS
