"""Methods as conversations: what they ask, in which order, and what their traces say."""

from dataclasses import replace

import pytest
from PIL import Image

from uig_cli.loop.methods import BUILT_IN, Method, method
from uig_cli.loop.rehearse import rehearse
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
    request_key,
)
from uig_cli.templates import load_all

KIT = MethodSettings(load_all({}), rounds=3)
TASK = DrawTask("case/1", "a red {cube}", sample=2, seed=9)


def picture(shade: int) -> Picture:
    return Picture.of(Image.new("RGB", (8, 8), (shade, 0, 0)))


def play(
    name: str, says: list[str | Failure], task: DrawTask = TASK
) -> tuple[Trace, list[Request]]:
    """Runs a method: pictures are numbered, looks say what is given, in order."""
    said, asked, drawn = iter(says), [], 0
    of = method(name)
    settings = replace(KIT, verdict_parser=of.verdict_parser, rounds=KIT.rounds if of.loops else 0)
    conversation = of.run(task, settings)
    try:
        (request,) = next(conversation)
        while True:
            asked.append(request)
            if isinstance(request, Look):
                text = next(said)
                reply: Reply = text if isinstance(text, Failure) else Said(text)
            else:
                reply = Drawn(picture(drawn))
                drawn += 1
            (request,) = conversation.send([reply])
    except StopIteration as stop:
        return stop.value, asked


def test_methods_share_the_first_picture() -> None:
    (_, direct), (_, loop) = play("direct", []), play("uig", ["MATCH: yes"])
    assert request_key(direct[0], {}) == request_key(loop[0], {})


def test_the_loop_edits_until_the_examination_is_content() -> None:
    trace, asked = play("uig", ["EDIT_NEEDED: more red", "<think>no</think>MATCH: fine"])
    assert [type(request) for request in asked] == [Draw, Look, Edit, Look]
    first, second = trace.steps
    assert (first.verdict, first.instruction) == ("edit", "more red")
    assert (second.verdict, second.picture) == ("match", picture(1))
    assert trace.complete and trace.iterations == 1
    edit = asked[2]
    assert isinstance(edit, Edit)
    assert edit.instruction == "more red" and edit.picture == picture(0)
    assert (edit.noise.round, edit.noise.sample, edit.noise.seed) == (1, 2, 9)
    look = asked[1]
    assert isinstance(look, Look) and "a red {cube}" in look.text and look.think


def test_the_last_picture_is_examined_too() -> None:
    trace, asked = play("uig", ["EDIT_NEEDED: x"] * 4)
    assert sum(isinstance(request, Look) for request in asked) == 4
    assert len(trace.steps) == 4 and trace.final.verdict == "edit" and trace.complete


def test_an_unclear_examination_ends_the_loop_with_the_picture_kept() -> None:
    trace, asked = play("uig", ["I cannot tell."])
    assert len(asked) == 2 and trace.complete
    assert trace.final.verdict == "unclear" and trace.final.picture == picture(0)


def test_the_reference_edits_with_whatever_was_said() -> None:
    trace, asked = play("uig-reference", ["I cannot tell."] * 3)
    assert [type(request) for request in asked] == [Draw, Look, Edit] * 1 + [Look, Edit] * 2
    assert trace.final.verdict is None and trace.iterations == 3
    assert all(request.special_tokens for request in asked)


def test_the_reference_spends_a_round_on_an_empty_instruction() -> None:
    trace, asked = play("uig-reference", ["EDIT_NEEDED:  ", "MATCH: x"])
    assert [type(request) for request in asked] == [Draw, Look, Look]
    assert [step.picture for step in trace.steps] == [picture(0)] * 2
    assert trace.iterations == 1 and trace.complete


def test_a_failed_examination_cuts_the_trace_short() -> None:
    lost = Failure("model", "gone")
    for name in ("uig", "uig-reference"):
        trace, _ = play(name, ["EDIT_NEEDED: x", lost])
        assert not trace.complete and trace.final.failure == lost
        assert trace.final.picture == picture(1)


def test_a_failed_examination_of_the_last_picture_costs_no_picture() -> None:
    trace, _ = play("uig", [*["EDIT_NEEDED: x"] * 3, Failure("model", "gone")])
    assert trace.complete and trace.final.failure and trace.final.picture == picture(3)


def test_decompose_draws_from_the_description_without_thoughts() -> None:
    trace, asked = play("decompose", ["<think>hm</think> a cube of glass"])
    assert isinstance(asked[1], Draw) and asked[1].prompt == "a cube of glass"
    assert trace.detailed_prompt == "a cube of glass"
    _, asked = play("decompose", ["<think>nothing but thoughts"])
    assert isinstance(asked[1], Draw) and asked[1].prompt == TASK.prompt


def test_a_users_own_picture_is_step_0() -> None:
    trace, asked = play("uig", ["MATCH: x"], replace(TASK, picture=picture(77)))
    assert [type(request) for request in asked] == [Look]
    assert trace.steps[0].picture == picture(77)


@pytest.mark.parametrize("of", BUILT_IN, ids=lambda of: of.name)
def test_a_method_asks_for_what_it_says_it_needs(of: Method) -> None:
    rounds = 3 if of.loops else 0
    asked = rehearse(of, replace(KIT, verdict_parser=of.verdict_parser, rounds=rounds))
    assert {request.role for request in asked} == of.needs
    drawn = sum(not isinstance(request, Look) for request in asked)
    drawn -= of.name == "uig-partner"  # its partner's picture
    assert drawn == (4 if of.name == "best-of-n" else 1 + rounds)
