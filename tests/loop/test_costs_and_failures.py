"""What a trace says of what failed and what all that took, for every built-in method."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from PIL import Image

from uig_cli.loop.converse import converse
from uig_cli.loop.methods import BUILT_IN, ELSEWHERE, EXTERNAL, Method, draws, method
from uig_cli.loop.rehearse import MOST, rehearse
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Candidate, Conversation, Step, Trace
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import (
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
from uig_cli.templates import load_all

TASK = DrawTask("case/1", "a red cube", sample=1, seed=4)
LOST = Failure("memory", "none left")
SETTINGS = MethodSettings(
    load_all({}),
    rounds=2,
    size=(32, 64),
    samplers={"draw": {"steps": 1}, "look": {"steps": 2}, "edit": {"steps": 3}},
)
DRAW, LOOK, EDIT = Cost(1.0, 10, 100), Cost(2.0, 20, 200), Cost(4.0, 40, 400)


def picture(number: int) -> Picture:
    return Picture.of(Image.new("RGB", (2, 2), (number, 0, 0)))


def played(
    name: str, *replies: Reply | str, settings: MethodSettings = SETTINGS
) -> tuple[Trace, list[Request]]:
    """A method over replies in order. "drawn" is the next picture at the cost of its role; any
    other text is what a look says."""
    of = method(name)
    settings = replace(settings, verdict_parser=of.verdict_parser)
    left, asked = list(replies), list[Request]()
    conversation = converse(of, TASK, settings)
    try:
        (request,) = next(conversation)
        while True:
            reply = left.pop(0)
            if reply == "drawn":
                cost = EDIT if isinstance(request, Edit) else DRAW
                reply = Drawn(picture(len(asked)), cost=cost, thought="I draw")
            elif isinstance(reply, str):
                reply = Said(reply, None, LOOK)
            asked.append(request)
            (request,) = conversation.send([reply])
    except StopIteration as stop:
        assert not left, "all replies are asked for"
        trace: Trace = stop.value
        return trace, asked


def test_a_task_is_sample_0_of_seed_0_unless_it_says_so() -> None:
    assert DrawTask("c", "p").noise() == NoiseKey(0, "c", 0, 0)
    assert TASK.noise(3) == NoiseKey(4, "case/1", 1, 3)


@dataclass(frozen=True)
class Own:
    n: int = 3


def test_own_settings_are_those_given_or_the_defaults() -> None:
    assert SETTINGS.own(Own) == Own(3)
    assert replace(SETTINGS, own_settings=Own(5)).own(Own) == Own(5)
    with pytest.raises(TypeError, match="settings are str, asked for as Own"):
        replace(SETTINGS, own_settings="n=3").own(Own)


@pytest.mark.parametrize("name", [one.name for one in BUILT_IN])
def test_without_a_first_picture_there_is_a_failed_step_0(name: str) -> None:
    replies: list[Reply | str] = ["a cube"] if name == "decompose" else []
    trace, _ = played(name, *replies, LOST)
    (step,) = trace.steps
    assert (step.number, step.picture, step.failure) == (0, None, LOST)
    assert not trace.complete and trace.iterations == 0
    assert step.cost == (LOOK if name == "decompose" else Cost())


def test_a_description_that_fails_is_a_failed_step_0() -> None:
    trace, asked = played("decompose", LOST)
    assert [type(one) for one in asked] == [Look]
    assert (trace.final.number, trace.final.failure, trace.complete) == (0, LOST, False)


@pytest.mark.parametrize("name", ["direct", "think", "decompose"])
def test_one_picture_costs_what_was_asked_for_it(name: str) -> None:
    replies: list[Reply | str] = ["a cube"] if name == "decompose" else []
    trace, asked = played(name, *replies, "drawn")
    assert trace.complete and trace.iterations == 0 and len(trace.steps) == 1
    assert trace.final.cost == (DRAW + LOOK if name == "decompose" else DRAW)
    assert trace.final.thought == "I draw" and trace.final.failure is None
    draw = asked[-1]
    assert isinstance(draw, Draw)
    assert (draw.size, draw.sampler, draw.special_tokens) == ((32, 64), {"steps": 1}, False)
    assert draw.think == (SETTINGS.templates["think-draw"].fill() if name == "think" else None)
    assert draw.noise == TASK.noise()


def test_a_description_is_asked_for_in_its_own_words() -> None:
    _, (look, draw) = played("decompose", "a cube of glass", "drawn")
    assert isinstance(look, Look) and isinstance(draw, Draw)
    assert look.text == SETTINGS.templates["decompose"].fill(
        user_prompt="a red cube", original_prompt="a red cube"
    )
    assert (look.special_tokens, look.sampler, look.pictures) == (False, {"steps": 2}, ())
    assert look.think == SETTINGS.templates["think-look"].fill()


def test_the_loop_asks_in_its_own_words_and_counts_what_it_took() -> None:
    trace, asked = played("uig", "drawn", "EDIT_NEEDED: more", "drawn", "MATCH: yes")
    first, second = trace.steps
    assert first.cost == DRAW + LOOK and second.cost == EDIT + LOOK
    assert (first.examination, second.examination) == ("EDIT_NEEDED: more", "MATCH: yes")
    assert (second.instruction, second.thought, second.number) == ("", "I draw", 1)
    _, look, edit, _ = asked
    assert isinstance(look, Look) and isinstance(edit, Edit)
    assert look.text == SETTINGS.templates["examine"].fill(
        user_prompt="a red cube", original_prompt="a red cube"
    )
    assert look.pictures == (picture(0),) and edit.noise == TASK.noise(1)
    assert look.think == SETTINGS.templates["think-look"].fill()
    assert edit.think == SETTINGS.templates["think-draw"].fill()
    assert (look.sampler, edit.sampler) == ({"steps": 2}, {"steps": 3})
    assert not any(one.special_tokens for one in asked if not isinstance(one, Draw))


EDITED = ("EDIT_NEEDED: more", "drawn")


@pytest.mark.parametrize("name", ["uig", "uig-reference"])
@pytest.mark.parametrize("round", [1, 2])
def test_a_failed_edit_is_a_missing_step_of_that_round(name: str, round: int) -> None:
    trace, _ = played(name, "drawn", *EDITED * (round - 1), "EDIT_NEEDED: more", LOST)
    assert [step.number for step in trace.steps] == list(range(round + 1))
    assert (trace.final.picture, trace.final.failure) == (None, LOST)
    assert not trace.complete and trace.iterations == round
    assert trace.steps[-2].failure is None


@pytest.mark.parametrize(
    ("rounds", "failing", "complete"), [(2, 0, False), (2, 1, False), (2, 2, True), (0, 0, True)]
)
def test_an_examination_that_fails_costs_the_rounds_that_were_left(
    rounds: int, failing: int, complete: bool
) -> None:
    settings = replace(SETTINGS, rounds=rounds)
    trace, _ = played("uig", "drawn", *EDITED * failing, LOST, settings=settings)
    assert trace.complete == complete and trace.iterations == failing
    assert trace.final.picture is not None and trace.final.failure == LOST
    assert trace.final.cost == (EDIT if failing else DRAW)


def test_the_published_loop_leaves_its_last_picture_unexamined() -> None:
    trace, asked = played("uig-reference", "drawn", *EDITED * 2)
    assert [type(one) for one in asked] == [Draw, Look, Edit, Look, Edit]
    assert (trace.final.number, trace.final.verdict, trace.complete) == (2, None, True)
    assert trace.iterations == 2
    none = replace(SETTINGS, rounds=0)
    trace, asked = played("uig-reference", "drawn", settings=none)
    assert len(asked) == 1 and trace.complete and trace.iterations == 0


def test_a_spent_round_is_a_step_of_its_own_number() -> None:
    trace, _ = played("uig-reference", "drawn", "EDIT_NEEDED:", *EDITED)
    assert [step.number for step in trace.steps] == [0, 1, 2]
    assert trace.steps[1].picture == trace.steps[0].picture and trace.iterations == 2
    assert trace.steps[1].cost == LOOK


def test_a_reply_of_the_wrong_kind_is_a_failure() -> None:
    trace, _ = played("direct", "a cube, as you wished")
    assert trace.final.failure == Failure("protocol", "the model answered with Said")
    trace, _ = played("uig", "drawn", "drawn")
    assert trace.final.failure == Failure("protocol", "the model answered with Drawn")


def test_the_first_failed_candidate_is_what_a_step_lost() -> None:
    other = Failure("numbers", "not finite")
    fine = Candidate(picture(1))
    assert Step(0, picture(1), candidates=(fine, fine)).lost is None
    lost = (fine, Candidate(None, failure=LOST), Candidate(None, failure=other))
    assert Step(0, picture(1), candidates=lost).lost == LOST


def test_the_candidate_that_a_step_made_is_the_chosen_one() -> None:
    step = Step(1, picture(0), made=picture(2))
    chosen = [step.chosen(Candidate(one)) for one in (picture(0), picture(1), picture(2), None)]
    assert chosen == [False, False, True, False]
    assert not Step(0, None).chosen(Candidate(None))


def test_a_rehearsal_may_ask_as_much_as_is_allowed() -> None:
    def many(task: DrawTask, settings: MethodSettings) -> Conversation:
        yield [Look("well?")] * (MOST - 1)
        (drawn,) = yield [Draw(task.prompt, task.noise())]
        assert isinstance(drawn, Drawn)
        return Trace((Step(0, drawn.picture),))

    of = Method("many", "", many, frozenset({"draw", "look"}))
    assert len(rehearse(of, SETTINGS)) == MOST


def test_how_many_steps_a_method_has_is_its_own_word() -> None:
    def own(count: int) -> Any:
        return replace(method("uig"), most_steps=lambda settings: count)

    assert method("uig").last_step(replace(SETTINGS, rounds=0)) == 0
    assert method("uig").last_step(SETTINGS) == 2
    assert [own(count).last_step(SETTINGS) for count in (0, 1, 5)] == [0, 0, 4]


def test_pictures_from_elsewhere_are_drawn_by_nobody() -> None:
    assert not draws(EXTERNAL.name) and not draws(ELSEWHERE.name) and draws("direct")
    assert method("external") is EXTERNAL and method("elsewhere") is ELSEWHERE
