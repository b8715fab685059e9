"""Loops that keep what they gain: which picture is held after each round, and why."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from uig_cli.errors import UigError
from uig_cli.loop.keep_score import denials, log_odds, pocket_faults
from uig_cli.loop.methods import method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Spent, Step, Trace
from uig_cli.loop.verdict import before_verdict, separate
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
    request_key,
)
from uig_cli.templates import load_all

TASK = DrawTask("case/1", "two red cubes", seed=9)
MATCH, UNCLEAR = "MATCH: fine", "I cannot tell."


def wrong(things: int) -> str:
    """An examination that asks for so many separate changes."""
    return "EDIT_NEEDED: " + " ".join(f"Move cube {n}." for n in range(things))


def picture(number: int) -> Picture:
    return Picture.of(Image.new("RGB", (8, 8), (number, 0, 0)))


def play(
    spec: str,
    says: Sequence[str | Failure],
    *,
    rounds: int = 4,
    task: DrawTask = TASK,
    work: int = 10,
) -> tuple[Trace, list[Request]]:
    """Runs a method: pictures are numbered as they are made, examinations say what is given, each
    request takes `work`. Equal requests are answered once, as the engine does."""
    of = method(spec)
    settings = MethodSettings(load_all({}), rounds, own_settings=of.own)
    said, asked, drawn = iter(says), [], 0
    conversation = of.run(task, settings)
    known: dict[str, Reply] = {}

    def reply(request: Request) -> Reply:
        key = request_key(request, {})
        if key not in known:
            asked.append(request)
            known[key] = answer(request)
        return known[key]

    def answer(request: Request) -> Reply:
        nonlocal drawn
        if isinstance(request, Look):
            text = next(said)
            return text if isinstance(text, Failure) else Said(text, cost=Cost(work=work))
        drawn += 1
        return Drawn(picture(drawn - 1), cost=Cost(work=work))

    try:
        requests = next(conversation)
        while True:
            requests = conversation.send([reply(request) for request in requests])
    except StopIteration as stop:
        return stop.value, asked


def held(trace: Trace) -> list[int | None]:
    """The numbers of the pictures held after each round."""
    numbers = {picture(n): n for n in range(40)}
    return [None if step.picture is None else numbers[step.picture] for step in trace.steps]


def made(trace: Trace) -> list[int | None]:
    numbers = {picture(n): n for n in range(40)}
    return [None if step.made is None else numbers[step.made] for step in trace.steps]


def edits(asked: Sequence[Request]) -> list[tuple[Picture, str, int]]:
    return [(r.picture, r.instruction, r.noise.round) for r in asked if isinstance(r, Edit)]


def test_the_last_is_kept_unless_told_otherwise() -> None:
    trace, _ = play("uig", [wrong(1), wrong(3), wrong(2)], rounds=2)
    assert held(trace) == made(trace) == [0, 1, 2]
    assert all(step.score is None for step in trace.steps)


def test_the_best_is_returned_and_the_last_is_mended() -> None:
    says = [wrong(2), wrong(1), wrong(3), wrong(1), wrong(2)]
    trace, asked = play("uig:keep=best", says)
    assert made(trace) == [0, 1, 2, 3, 4]
    assert held(trace) == [0, 1, 1, 3, 3]  # of equal ones the later
    assert [p for p, _, _ in edits(asked)] == [picture(n) for n in range(4)]
    assert [step.score for step in trace.steps] == [-2, -1, -1, -1, -1]
    returned = trace.steps[2]
    assert returned.returned and trace.returns_to(2) == 1
    assert returned.instruction == "Move cube 0." and returned.made_examination is not None
    assert (returned.made_examination.score, returned.made_examination.verdict) == (-3, "edit")


def test_keeping_the_best_asks_nothing_more() -> None:
    says = [wrong(2), wrong(3), wrong(1), MATCH]
    assert play("uig", says)[1] == play("uig:keep=best", says)[1]


def test_a_new_picture_is_accepted_only_if_it_is_no_worse() -> None:
    says = [wrong(2), wrong(3), wrong(2), MATCH]
    trace, asked = play("uig:keep=accept", says)
    assert made(trace) == [0, 1, 2, 3] and held(trace) == [0, 0, 2, 3]
    # Back to the better one, the same instruction, new noise.
    assert edits(asked)[:2] == [
        (picture(0), "Move cube 0. Move cube 1.", 1),
        (picture(0), "Move cube 0. Move cube 1.", 2),
    ]
    assert edits(asked)[2][0] == picture(2)
    assert trace.complete and trace.final.verdict == "match"


@pytest.mark.parametrize("keep", ["best", "accept"])
def test_unclear_is_never_better(keep: str) -> None:
    trace, _ = play(f"uig:keep={keep}", [wrong(5), UNCLEAR, UNCLEAR], rounds=2)
    assert set(held(trace)) == {0} and trace.complete
    assert len(trace.steps) == (2 if keep == "best" else 3)  # an unclear last picture ends `best`


@pytest.mark.parametrize("keep", ["best", "accept"])
def test_a_failed_examination_leaves_open_what_would_be_kept(keep: str) -> None:
    lost = Failure("memory", "none left")
    trace, _ = play(f"uig:keep={keep}", [wrong(2), lost])
    assert held(trace) == [0, None] and trace.final.failure == lost and not trace.complete


def test_redrawing_takes_new_noise_and_no_instruction() -> None:
    trace, asked = play("redraw", [wrong(1), wrong(1), MATCH])
    assert [type(request) for request in asked] == [Draw, Look, Draw, Look, Draw, Look]
    draws = [request for request in asked if isinstance(request, Draw)]
    assert [draw.noise.round for draw in draws] == [0, 1, 2]
    assert [replace(draw, noise=TASK.noise()) for draw in draws] == [draws[0]] * 3
    assert held(trace) == [0, 1, 2] and trace.complete
    assert method("redraw").needs == {"draw", "look"}


def test_repairing_by_how_much_is_wrong() -> None:
    _, asked = play("uig:repair=auto", [wrong(3), wrong(2), MATCH])
    assert [type(r) for r in asked if not isinstance(r, Look)] == [Draw, Draw, Edit]
    _, asked = play("uig:repair=redraw", [wrong(1), MATCH])
    assert [type(r) for r in asked if not isinstance(r, Look)] == [Draw, Draw]


def test_best_of_n_is_a_curve() -> None:
    trace, asked = play("best-of-n:n=4", [wrong(3), wrong(1), wrong(2), wrong(1)])
    assert made(trace) == [0, 1, 2, 3] and held(trace) == [0, 1, 1, 3]
    assert trace.complete and [step.cost.work for step in trace.steps] == [20] * 4
    draws = [request for request in asked if isinstance(request, Draw)]
    assert [draw.noise.round for draw in draws] == [0, 1, 2, 3]
    assert play("best-of-n:n=1", [wrong(1)])[0].complete


def test_best_of_n_with_a_picture_whose_examination_failed_is_missing_from_there() -> None:
    lost = Failure("memory", "none left")
    trace, _ = play("best-of-n:n=3", [wrong(3), lost, MATCH])
    assert held(trace) == [0, None] and not trace.complete


def test_a_budget_is_the_work_of_uig_on_the_case() -> None:
    """uig draws, looks, edits and looks: 4 x 10; best-of-n gets two pictures for that."""
    looks = [wrong(1), MATCH, wrong(1)]  # the first, which both share; uig's; the second
    trace, asked = play("best-of-n:budget=uig", looks)
    assert held(trace) == [0, 2] and sum(isinstance(r, Edit) for r in asked) == 1
    trace, _ = play("best-of-n:budget=uig", [MATCH])
    assert held(trace) == [0]  # a case that uig stops at gets one picture
    of = method("best-of-n:budget=uig")
    assert of.needs == {"draw", "look", "edit"} and not of.waiting


def test_a_loop_that_broke_off_tells_no_budget() -> None:
    """With what uig took until then, best-of-n would have fewer pictures and look whole."""
    lost = Failure("pending", "not answered yet")
    trace, _ = play("best-of-n:budget=uig", [wrong(1), lost])
    assert held(trace) == [None] and trace.final.failure == lost and not trace.complete


def test_a_budget_of_the_mean_needs_to_know_it() -> None:
    assert method("best-of-n:budget=uig-mean").waiting
    trace, asked = play("best-of-n:budget=uig-mean", [], task=TASK)
    assert trace.final.failure is not None and trace.final.failure.kind == "pending" and not asked
    known = replace(TASK, mean=Spent(65, 0, 0.5))
    trace, asked = play("best-of-n:budget=uig-mean", [wrong(1)] * 9, task=known)
    assert len(trace.steps) == 3 and not any(isinstance(r, Edit) for r in asked)


def test_a_budget_where_work_is_not_told_goes_by_passes_or_pictures() -> None:
    assert Spent(None, 40, 2).affords(Spent(None, 20, 1), 2)
    assert not Spent(None, 40, 2).affords(Spent(None, 20, 1), 2.1)
    assert Spent(None, 0, 2).affords(Spent(None, 0, 1), 2)
    assert not Spent(None, 0, 2).affords(Spent(7, 9, 1), 2.1)


def test_the_controls_edit_by_another_instruction() -> None:
    _, asked = play("uig-empty", [wrong(2), wrong(1), MATCH])
    assert [text for _, text, _ in edits(asked)] == ["", ""]
    partner = DrawTask("case/2", "a blue ball", seed=9)
    says = [wrong(2), "EDIT_NEEDED: Paint the ball blue.", wrong(1), MATCH]
    trace, asked = play("uig-partner", says, task=replace(TASK, partner=partner))
    assert [text for _, text, _ in edits(asked)] == ["Paint the ball blue."] * 2
    theirs = play("uig", ["EDIT_NEEDED: x"], task=partner, rounds=0)[1]
    assert [asked[2], asked[3]] == [theirs[0], replace(asked[3])]
    assert isinstance(asked[3], Look) and "a blue ball" in asked[3].text
    assert trace.steps[0].instruction == "Paint the ball blue." and trace.complete


def test_a_partner_that_matches_has_nothing_to_say() -> None:
    partner = replace(TASK, case="case/2")
    _, asked = play("uig-partner", [wrong(1), MATCH, MATCH], task=replace(TASK, partner=partner))
    assert [text for _, text, _ in edits(asked)] == [""]


def test_no_partner_is_a_failure() -> None:
    trace, _ = play("uig-partner", [wrong(1)])
    assert trace.final.failure is not None and trace.final.failure.kind == "partner"
    assert not trace.complete


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0), ("Make it red.", 1), ("Make it red. Move the cube left.", 2),
        ("- make it red\n- move it", 2), ("1. make it red\n2) move it\n", 2),
        ("make it red; move it", 2), ("make it 1.5 times larger", 1), ("add 3 cubes", 1),
    ],
)  # fmt: skip
def test_separate_instructions(text: str, parts: int) -> None:
    assert len(separate(text)) == parts


def test_what_stands_before_a_verdict() -> None:
    said = "<think>one: yes; two: no</think>\nEDIT_NEEDED: Add a cube."
    assert before_verdict(said) == "<think>one: yes; two: no</think>\n"
    assert before_verdict("MATCH: fine") == ""
    assert before_verdict("It does not MATCH anything.") is None
    twice = "MATCH: no, wait.\nVerdict: EDIT_NEEDED: x"
    assert before_verdict(twice) == "MATCH: no, wait.\nVerdict: "


POCKET = (
    "<think>large plain red heart top left; blob bottom left. heart one: heart top left yes; "
    "heart two: no; heart: blob bottom left not heart; star one: nothing; star: nothing; "
    "more: blob center</think>\nEDIT_NEEDED: Turn the blob into a heart."
)


def test_faults_in_the_built_in_model_s_own_words() -> None:
    assert pocket_faults(POCKET, "edit") == 5
    assert pocket_faults(POCKET, "match") == 0 == pocket_faults("MATCH: fine", "match")
    assert pocket_faults("EDIT_NEEDED: x", "edit") == 0


def test_denials_in_plain_english() -> None:
    said = (
        "There are two cubes, as asked.\nThe left cube is not red. The ball is missing.\n"
        "The style doesn't fit; the size is right.\nEDIT_NEEDED: Do not move the cube."
    )
    assert denials(said, "edit") == 3 and denials(said, "match") == 0
    assert denials("Nothing is known of notes and knots.", "edit") == 1


def test_log_odds_are_bounded_and_rise() -> None:
    assert log_odds(0.5) == pytest.approx(0) and log_odds(0.9) > log_odds(0.1)
    assert log_odds(0.0) == pytest.approx(-20, abs=1e-6) and log_odds(1.0) == pytest.approx(
        20, abs=1e-3
    )


def test_p_match_is_asked_behind_the_thought() -> None:
    """Asked at once it points the wrong way on a model that has learned to think first."""
    thought = "<think>the ball is red</think>\n"
    says = [f"{thought}EDIT_NEEDED: Paint it blue.", "MATCH:", "MATCH: fine", "MATCH:"]
    of = method("uig:keep=best,score=p-match")
    assert of.choices
    settings = MethodSettings(load_all({}), 4, own_settings=of.own)
    conversation = of.run(TASK, settings)
    asked: list[Any] = []
    chances, texts = iter([(0.2, 0.8), (0.9, 0.1)]), iter(says)

    def reply(request: Request) -> Reply:
        asked.append(request)
        if not isinstance(request, Look):
            return Drawn(picture(len(asked)))
        return Said(next(texts), next(chances) if request.choices else None)

    try:
        requests = next(conversation)
        while True:
            requests = conversation.send([reply(request) for request in requests])
    except StopIteration as stop:
        trace = stop.value
    looks = [request for request in asked if isinstance(request, Look)]
    assert looks[1].choices == (f"{thought}MATCH:", f"{thought}EDIT_NEEDED:")
    assert replace(looks[1], choices=()) == looks[0]
    assert [step.score for step in trace.steps] == [
        pytest.approx(log_odds(0.2)), pytest.approx(log_odds(0.9)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("uig:score=p-match", "chooses nothing where keep=last"),
        ("uig:keep=some", 'got keep="some"'),
        ("best-of-n:n=0", "n is 0, expected 1 to 32"),
        ("best-of-n:n=99", "n is 99, expected 1 to 32"),
        ("redraw:score=denials", "chooses nothing where keep=last"),
        ("checklist:passes=1", "passes is 1, expected more than 0"),
        ("uig-empty:keep=best", "has no settings"),
    ],
)
def test_settings_that_cannot_be(spec: str, says: str) -> None:
    with pytest.raises(UigError, match=says) as error:
        method(spec)
    assert "\n" not in str(error.value)


def test_labels_and_what_they_need() -> None:
    assert method("uig:keep=last").label == "uig"
    assert method("uig:score=denials,keep=best").label == "uig:keep=best,score=denials"
    assert method("uig").templates == ("examine", "think-look", "think-draw")
    assert "examine-worst" in method("uig:style=worst").templates
    assert "checklist-answer" in method("uig:keep=best,score=questions").templates
    assert not method("uig").choices and not method("uig").waiting


def test_a_step_says_what_it_was_kept_by() -> None:
    assert Step(0, picture(0)).made_examination is None and Step(0, None).score is None
