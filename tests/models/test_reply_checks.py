"""Replies of anybody's model: numbers are plain, finite and possible, or there is no reply."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from PIL import Image

from tests.models_for_tests import Quick
from uig_cli.engine.failures import EQUAL_FAILURES, RepeatedFailure
from uig_cli.engine.replies import received
from uig_cli.errors import RunStopped
from uig_cli.models.conformance import findings
from uig_cli.models.protocol import (
    NUMBERS,
    Cost,
    Draw,
    Drawn,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Said,
    not_finite,
)
from uig_cli.models.reply_checks import validate_reply

RED = Picture.of(Image.new("RGB", (2, 2), "red"))


def no_levels(told: str) -> Failure:
    return Failure(NUMBERS, f"the picture's levels are {told}, expected 0 to 255")


def floats(*levels: float) -> Picture:
    return Picture.of(Image.fromarray(np.array([levels], dtype=np.float32)))


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (Cost(float("nan")), "its cost is nan seconds, expected a finite number from 0"),
        (Cost(float("inf")), "its cost is inf seconds, expected a finite number from 0"),
        (Cost(10**400), "its cost is inf seconds, expected a finite number from 0"),
        (Cost(-1.0), "its cost is -1.0 seconds, expected a finite number from 0"),
        (Cost(1.0, 10**30), "its cost is 1e+30 passes, expected 0 to 9.22e+18"),
        (Cost(1.0, 1, 1, -3), "its cost is -3 work, expected 0 to 9.22e+18"),
        (Cost(1.0, 1, -3), "its cost is -3 tokens, expected 0 to 9.22e+18"),
    ],
)
def test_a_cost_that_cannot_be(cost: Cost, said: str) -> None:
    for reply in (Drawn(RED, cost=cost), Said("yes", cost=cost)):
        assert received(reply) == Failure(NUMBERS, said)


def test_numbers_of_numpy_are_numbers() -> None:
    cost = Cost(np.float32(1.5), np.int64(5), np.uint8(2), np.int64(7))  # type: ignore[arg-type]
    reply = received(Said("yes", (np.float32(0.25), np.float64(0.75)), cost))  # type: ignore[arg-type]
    assert reply == Said("yes", (0.25, 0.75), Cost(1.5, 5, 2, 7))
    assert json.loads(json.dumps(asdict(reply)))["cost"] == {
        "seconds": 1.5,
        "passes": 5,
        "tokens": 2,
        "work": 7,
    }


def test_work_that_is_not_told_is_unknown() -> None:
    """It is never 0: whatever answers has something go through it."""
    for told in (0, None):
        reply = received(Said("yes", cost=Cost(1.0, 5, 2, told)))
        assert isinstance(reply, Said) and reply.cost.work is None
        assert (reply.cost + Cost(work=3)).work is None
    assert (Cost(work=4) + Cost()).work == 4


@pytest.mark.parametrize(
    ("chances", "said"),
    [
        ((float("nan"), 0.5), "the probabilities of the choices are not finite (NaN or infinity)"),
        ((0.5, -0.1), "got -0.1 as the probability of a choice, expected 0 to 1"),
        ((-3.0, 7.0), "got -3 as the probability of a choice, expected 0 to 1"),
        ((0.0, 0.0), "got 0 as the probability of every choice, expected a sum of 1"),
    ],
)
def test_probabilities_that_are_none(chances: tuple[float, ...], said: str) -> None:
    assert validate_reply(Said("yes", chances)) == Failure(NUMBERS, said)


def test_rounding_is_no_fault() -> None:
    reply = validate_reply(Said("yes", (1.0000001, -1e-9)))
    assert isinstance(reply, Said) and reply.probabilities == (1.0, 0.0)


@pytest.mark.parametrize(
    ("picture", "failure"),
    [
        (floats(np.nan, 3.0), not_finite("the picture's pixels")),
        (floats(np.inf, 3.0), not_finite("the picture's pixels")),
        (floats(0.0, 0.7), no_levels("0 to 0.7")),
        (floats(-1.0, 1.0), no_levels("-1 to 1")),
        (floats(-1.3, 1.2), no_levels("-1.3 to 1.2")),
        (floats(0.0, 1.07), no_levels("0 to 1.07")),
        (floats(-1.0, 200.0), no_levels("-1 to 200")),
        (floats(0.0, 4000.0), no_levels("0 to 4000")),
        (Picture.of(Image.fromarray(np.array([[40000]], dtype=np.int32))),
         no_levels("40000 to 40000")),
        (Picture.of(Image.new("RGB", (0, 0))), Failure("picture", "the picture has 0x0 pixels")),
    ],
)  # fmt: skip
def test_pixels_that_are_none(picture: Picture, failure: Failure) -> None:
    assert received(Drawn(picture)) == failure


def test_levels_in_float_are_kept() -> None:
    reply = received(Drawn(floats(-0.4, 100.4, 255.3)))
    assert isinstance(reply, Drawn)
    assert np.asarray(reply.picture.image)[0, :, 0].tolist() == [0, 100, 255]


def test_numbers_that_are_none_are_one_fault_at_whatever_step() -> None:
    repeated = RepeatedFailure("drawing")
    for step in range(1, EQUAL_FAILURES):
        repeated.add(not_finite(f"the latents of step {step} of 24"))
    with pytest.raises(RunStopped, match="10 equal failures in a row"):
        repeated.add(not_finite("the decoded pixels"))


def test_other_failures_are_equal_word_for_word() -> None:
    repeated = RepeatedFailure("drawing")
    for number in range(3 * EQUAL_FAILURES):
        repeated.add(Failure("model", f"case {number} is lost"))
        repeated.add(not_finite("the decoded pixels"))


class Spoiled(Quick):
    """Gives numbers that are none, wherever it can."""

    def answer(self, request: Request) -> Reply:
        reply = super().answer(request)
        if isinstance(request, Draw) and isinstance(reply, Drawn):
            return Drawn(floats(np.nan, 0.0))
        if isinstance(request, Look) and isinstance(reply, Said):
            return Said(reply.text, (-3.0, 7.0) if request.choices else None, Cost(float("nan")))
        return reply


def test_check_model_finds_them() -> None:
    seen = {one.check: one.seen for one in findings(Spoiled()) if not one.held}
    assert "pixels are not finite" in seen["draw: each prompt gets a picture, once"]
    assert "nan seconds" in seen["look: questions about pictures get text, once"]
    assert "look: probabilities of the choices add up to 1" in seen
