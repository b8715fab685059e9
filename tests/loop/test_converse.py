"""Between a method and whoever answers: no seconds, faults told, and courses that end."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from uig_cli.errors import UigError
from uig_cli.loop.converse import converse
from uig_cli.loop.first import ask
from uig_cli.loop.methods import Method
from uig_cli.loop.rehearse import MOST, rehearsal, rehearse
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Candidate, Conversation, Step, Trace
from uig_cli.models.protocol import Cost, Draw, Drawn, Edit, Look, Picture, Request, Said
from uig_cli.templates import load_all

SETTINGS = MethodSettings(load_all({}), rounds=2)
TASK = DrawTask("case/1", "a circle")
PICTURE = Picture.of(Image.new("RGB", (4, 4)))


def method(run: Any, needs: frozenset[Any] = frozenset({"draw", "look"})) -> Method:
    return Method("mine", "", run, needs)


def played(of: Method, cost: Cost) -> Trace:
    conversation = converse(of, TASK, SETTINGS)
    try:
        requests = next(conversation)
        while True:
            requests = conversation.send(
                [
                    Said("yes", None, cost) if isinstance(one, Look) else Drawn(PICTURE, cost=cost)
                    for one in requests
                ]
            )
    except StopIteration as stop:
        trace: Trace = stop.value
        return trace


def counts_seconds(task: DrawTask, settings: MethodSettings) -> Conversation:
    """Draws again while it was quick, and tells what all that took."""
    cost = Cost()
    seen: list[float] = []
    while len(seen) < 3:
        drawn = yield from ask(Draw(task.prompt, task.noise(len(seen))))
        assert isinstance(drawn, Drawn)
        seen.append(drawn.cost.seconds)
        cost = sum((drawn.cost, cost), Cost())
        if drawn.cost.seconds > 1:
            break
    one = Candidate(PICTURE, drawn.cost)
    return Trace((Step(0, PICTURE, cost, candidates=(one,), thought=str(seen)),))


@pytest.mark.parametrize("seconds", [0.5, 100.0])
def test_seconds_stay_in_tables_and_change_no_course(seconds: float) -> None:
    trace = played(method(counts_seconds), Cost(seconds, 2, 3))
    assert trace.final.thought == "[0.0, 0.0, 0.0]"
    assert trace.final.cost == Cost(3 * seconds, 6, 9)
    assert trace.final.candidates[0].cost == Cost(seconds, 2, 3)


def raises(task: DrawTask, settings: MethodSettings) -> Conversation:
    yield from ask(Draw(task.prompt, task.noise()))
    raise ZeroDivisionError("a slip")


def asks_nonsense(task: DrawTask, settings: MethodSettings) -> Iterator[Any]:
    yield ["a picture"]


def asks_nothing(task: DrawTask, settings: MethodSettings) -> Iterator[Any]:
    yield []


def asks_to_edit(task: DrawTask, settings: MethodSettings) -> Conversation:
    yield from ask(Look("what?"))
    return Trace((Step(0, PICTURE),))


def says_nothing(task: DrawTask, settings: MethodSettings) -> Iterator[Any]:
    yield [Draw(task.prompt, task.noise())]


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (method(raises), r"method mine fails \(ZeroDivisionError: a slip"),
        (method(asks_nonsense), "method mine asks for str 'a picture', expected a list of"),
        (method(asks_nothing), "method mine asks for nothing"),
        (method(asks_to_edit, frozenset({"draw"})), "asks to look, which is not among its needs"),
        (method(says_nothing), "method mine returned NoneType"),
        (method(lambda task, settings: 1 / 0), "method mine fails .ZeroDivisionError"),
    ],
)
def test_what_a_method_may_not(of: Method, told: str) -> None:
    with pytest.raises(UigError, match=told):
        played(of, Cost())


def endless(task: DrawTask, settings: MethodSettings) -> Conversation:
    while True:
        yield from ask(Look("content now?"))


def test_a_course_without_an_end() -> None:
    with pytest.raises(UigError, match="method mine asks more than 1,000 requests for one prompt"):
        rehearse(method(endless), SETTINGS)
    assert MOST == 1_000


def test_a_rehearsal_is_as_the_model_tells() -> None:
    seen: list[Any] = []

    def run(task: DrawTask, settings: MethodSettings) -> Conversation:
        draw = Draw(task.prompt, task.noise())
        replies = yield [draw, replace(draw, stage="candidate-1")]
        said = yield from ask(Look("which?", choices=("a", "b", "c", "d")))
        seen.extend([*replies, said])
        return Trace((Step(0, PICTURE),))

    def cost(request: Any) -> Cost:
        return Cost(passes=5 if isinstance(request, Draw) else 1, tokens=7)

    asked, _ = rehearsal(method(run), SETTINGS, cost)
    one, other, said = seen
    assert len(asked) == 3 and one.picture != other.picture
    assert said.probabilities == (0.25,) * 4
    assert (one.cost.passes, said.cost.passes, said.cost.tokens) == (5, 1, 7)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Edit("redder", PICTURE, TASK.noise(1)), "Edit.instruction of type Picture"),  # type: ignore[arg-type]
        (Draw(None, TASK.noise()), "Draw.prompt of type NoneType"),  # type: ignore[arg-type]
        (Look("how?", ("a.png",)), "a picture of type str"),  # type: ignore[arg-type]
    ],
)
def test_a_request_with_a_field_of_another_type_is_told(request_: Request, says: str) -> None:
    def run(task: DrawTask, settings: MethodSettings) -> Conversation:
        yield [request_]
        return Trace(())

    of = method(run, frozenset({"draw", "look", "edit"}))
    with pytest.raises(UigError, match=says):
        next(converse(of, TASK, SETTINGS))
