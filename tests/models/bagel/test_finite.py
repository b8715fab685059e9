"""NaN and infinity in weights, noise and logits: failures that say where, never a picture."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from uig_cli.models.bagel import finite
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import (
    NUMBERS,
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

SHORT = {"num_timesteps": 4, "max_text_tokens": 3}
PICTURE = Picture.of(Image.new("RGB", (64, 64), "teal"))


class NoNoise(NoiseKey):
    """Noise that is not a number."""

    def normal(self, stage: str, shape: tuple[int, ...]) -> Any:
        return np.full(shape, np.nan, dtype=np.float32)


@pytest.fixture
def bagel(checkpoint: Path) -> Bagel:
    """One of its own, to be spoiled."""
    return Bagel.load(checkpoint, "cpu")


def ask(model: Bagel, *requests: Request) -> list[Reply]:
    replies = dict(model.run(requests))
    return [replies[i] for i in range(len(requests))]


def draw(prompt: str = "a cat", **more: Any) -> Draw:
    usual = {"noise": NoiseKey(0, "case"), "size": (32, 32), "sampler": SHORT}
    return Draw(prompt, **{**usual, **more})


def look(*choices: str) -> Look:
    return Look("is it red?", (PICTURE,), choices=choices, sampler={"max_text_tokens": 3})


def edit() -> Edit:
    return Edit(PICTURE, "make it red", NoiseKey(0, "case"), sampler=SHORT)


def spoil(weight: torch.Tensor, value: float = torch.nan) -> None:
    with torch.no_grad():
        weight.fill_(value)


def broken(what: str) -> Failure:
    return Failure(NUMBERS, f"{what} are not finite (NaN or infinity)")


@pytest.mark.parametrize(
    ("part", "request_", "what"),
    [
        (lambda p: p.network.llm2vae.weight, draw(), "the latents of step 1 of 3"),
        (lambda p: p.network.decoder.norm_moe_gen.weight, draw(), "the latents of step 1 of 3"),
        (lambda p: p.network.decoder.layers[0].input_layernorm.weight, draw(),
         "the latents of step 1 of 3"),
        (lambda p: p.autoencoder.decoder.conv_out.bias, draw(), "the decoded pixels"),
        (lambda p: p.autoencoder.encoder.conv_out.bias, edit(),
         "the latents of the picture to edit"),
        (lambda p: p.network.language_model.lm_head.weight, look(), "the logits of token 1"),
        (lambda p: p.network.connector.fc1.weight, look(), "the logits of token 1"),
        (lambda p: p.network.language_model.lm_head.weight, draw(think="plan"),
         "the logits of token 1"),
        (lambda p: p.network.language_model.lm_head.weight, look("yes", "no"),
         "the logits of the choices"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_a_failure_says_at_which_step(
    bagel: Bagel, part: Callable[[Any], Any], request_: Request, what: str, value: float
) -> None:
    spoil(part(bagel.parts), value)
    assert ask(bagel, request_) == [broken(what)]


def test_only_what_is_said_is_off_where_the_language_head_is(bagel: Bagel) -> None:
    (before,) = ask(bagel, draw())
    spoil(bagel.parts.network.language_model.lm_head.weight)
    after, thought = ask(bagel, draw(), draw("a dog", think="plan"))
    assert isinstance(before, Drawn) and isinstance(after, Drawn)
    assert after.picture == before.picture
    assert thought == broken("the logits of token 1")


def test_the_others_of_a_batch_go_on(bagel: Bagel) -> None:
    (alone,) = ask(bagel, draw())
    lost, drawn = ask(bagel, draw("a dog", noise=NoNoise(0, "case")), draw())
    assert lost == broken("the latents of step 1 of 3")
    assert isinstance(alone, Drawn) and isinstance(drawn, Drawn)
    assert drawn.picture == alone.picture


def test_a_word_whose_likelihood_is_minus_infinity_is_no_no(bagel: Bagel) -> None:
    head = bagel.parts.network.language_model.lm_head.weight
    (sound,) = ask(bagel, look("yes", "no"))
    assert isinstance(sound, Said)
    (token, *_) = bagel.parts.tokenizer.encode("yes")
    spoil(head[token], torch.inf)
    assert ask(bagel, look("yes", "no")) == [broken("the logits of the choices")]


def test_sampled_texts_too(bagel: Bagel) -> None:
    spoil(bagel.parts.network.language_model.lm_head.weight)
    sampler = {"max_text_tokens": 3, "temperature": 1.0}
    assert ask(bagel, Look("what?", sampler=sampler)) == [broken("the logits of token 1")]


def test_a_picture_waits_for_the_device_once(bagel: Bagel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of steps; what is read holds a value for each, and one for the pixels."""
    read: list[int] = []

    def counted(numbers: torch.Tensor) -> Any:
        read.append(numbers.numel())
        return numbers.tolist()

    monkeypatch.setattr(finite, "to_host", counted)
    for points in (2, 9):
        ask(bagel, draw(sampler={"num_timesteps": points}))
    assert read == [1 + 1, 8 + 1]


def test_watching_changes_no_byte(bagel: Bagel, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = [getattr(reply, "picture", None) for reply in ask(bagel, draw(), edit())]
    monkeypatch.setattr(finite.FiniteWatch, "look", lambda *_: None)
    monkeypatch.setattr(finite.FiniteWatch, "failure", lambda _: None)
    assert [getattr(reply, "picture", None) for reply in ask(bagel, draw(), edit())] == watched
    assert Cost() != getattr(ask(bagel, draw())[0], "cost", Cost())
