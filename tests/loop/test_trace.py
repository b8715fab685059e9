"""What a step keeps and makes, where it returns to, and which traces are none."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.methods_for_tests import ALL
from uig_cli.errors import UigError
from uig_cli.loop.methods import BUILT_IN, Method
from uig_cli.loop.rehearse import rehearsal
from uig_cli.loop.task import MethodSettings
from uig_cli.loop.trace import Candidate, Step, Trace, checked, pictures_of
from uig_cli.models.protocol import Failure, Look, Picture
from uig_cli.templates import load_all

PICTURES = [Picture.of(Image.new("RGB", (1, 1), (shade, 0, 0))) for shade in range(6)]
SETTINGS = MethodSettings(load_all({}), rounds=3)


def test_one_picture_means_made_and_kept() -> None:
    step = Step(0, PICTURES[0])
    assert step.made == PICTURES[0] and not step.returned
    lost = Step(1, None, failure=Failure("memory", "none left"))
    assert lost.made is None and not lost.returned


def test_a_step_says_which_earlier_one_it_returns_to() -> None:
    a, b, c, other = PICTURES[:4]
    trace = Trace(
        (
            Step(0, a),
            Step(1, b),
            Step(2, b, made=c),
            Step(3, a, made=c),
            Step(4, other, made=c, candidates=(Candidate(c), Candidate(other))),
        )
    )
    assert [trace.returns_to(number) for number in range(5)] == [None, None, 1, 0, None]
    later = Trace((*trace.steps, Step(5, other, made=a)))
    assert later.returns_to(5) == 4  # it was a candidate there


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=6))
def test_it_returns_to_a_step_that_made_the_picture(rounds: list[tuple[int, int]]) -> None:
    trace = Trace(
        tuple(
            Step(number, PICTURES[kept], made=PICTURES[made])
            for number, (kept, made) in enumerate(rounds)
        )
    )
    for step in trace.steps:
        earlier = trace.returns_to(step.number)
        if earlier is not None:
            assert earlier < step.number and trace.steps[earlier].made == step.picture
        elif step.returned:
            assert all(one.made != step.picture for one in trace.steps[: step.number])


def test_kept_and_made_are_scored_and_candidates_if_wanted() -> None:
    a, b, c = PICTURES[:3]
    steps = [
        Step(0, a, candidates=(Candidate(a), Candidate(c), Candidate(None))),
        Step(1, a, made=b),
    ]
    assert pictures_of(steps, candidates=False) == (a, b)
    assert pictures_of(steps, candidates=True) == (a, c, b)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "returned NoneType, expected a uig_cli.loop.trace.Trace"),
        (Trace(()), "returned the steps none; expected at least one"),
        (Trace((Step(0, None), Step(2, None))), "returned the steps 0, 2; expected"),
    ],
)
def test_what_is_no_trace_is_refused(returned: object, said: str) -> None:
    with pytest.raises(UigError, match=f"method odd {said}"):
        checked(returned, "odd")


@pytest.mark.parametrize("of", [*BUILT_IN, *ALL.values()], ids=lambda of: of.name)
def test_a_rehearsal_ends_in_the_longest_trace_of_pictures_that_differ(of: Method) -> None:
    settings = replace(SETTINGS, rounds=3 if of.loops else 0, verdict_parser=of.verdict_parser)
    asked, trace = rehearsal(of, settings)
    assert trace.final.number == of.last_step(settings)
    drawn = sum(not isinstance(request, Look) for request in asked)
    told = pictures_of(trace.steps, candidates=True)
    assert len(told) <= drawn
    if of.name not in ("test-silent", "uig-partner"):  # which draws its partner's picture too
        assert len(told) == drawn


PICTURE = Picture.of(Image.new("RGB", (2, 2)))
ODD: Any = "odd"


@pytest.mark.parametrize(
    "odd",
    [
        {"picture": "a picture"}, {"made": 7}, {"examination": 7}, {"instruction": "\ud800"},
        {"thought": b"x"}, {"verdict": "maybe"}, {"verdict": ["match"]}, {"cost": 1.0},
        {"failure": "lost"}, {"candidates": [1]}, {"candidates": ("a",)},
        {"candidates": (Candidate(ODD),)}, {"candidates": (Candidate(None, score=ODD),)},
    ],
)  # fmt: skip
def test_a_field_of_a_step_that_is_none_is_told(odd: dict[str, Any]) -> None:
    fields = {"picture": PICTURE, **odd}
    with pytest.raises(UigError, match="method mine returned a step 0 whose ") as error:
        checked(Trace((Step(0, **fields),)), "mine")
    assert "\n" not in str(error.value)


def test_a_sound_trace_is_taken() -> None:
    one = Candidate(PICTURE, score=0.5)
    step = Step(0, PICTURE, examination="é", verdict="match", made=PICTURE, candidates=(one,))
    trace = Trace((step, Step(1, None, failure=Failure("lost", "gone"))))
    assert checked(trace, "mine") is trace
    assert Trace((Step(0, PICTURE), Step(1, PICTURE))).comes_back_to(1) == 0
