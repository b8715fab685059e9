"""What the model replies: to bad requests, to settings, to choices; and what an answer costs."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from uig_cli.errors import UigError
from uig_cli.models.bagel import components, image_generation, pipeline, text_answers
from uig_cli.models.bagel.packing import Pack
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.bagel.prefill import read_texts, text_row
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
    UnifiedModel,
)

KEY = NoiseKey(0, "case")
SHORT = {"num_timesteps": 3, "max_text_tokens": 8}


def ask(model: Bagel, *requests: Request) -> list[Reply]:
    replies = dict(model.run(requests))
    assert sorted(replies) == list(range(len(requests)))
    return [replies[i] for i in range(len(requests))]


def noise_picture(seed: int = 0, size: tuple[int, int] = (64, 64)) -> Picture:
    levels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Picture.of(Image.fromarray(levels))


def draw(prompt: str, **other: object) -> Draw:
    return replace(Draw(prompt, KEY, sampler=SHORT), **other)  # type: ignore[arg-type]


def test_follows_the_protocol(bagel: Bagel) -> None:
    assert isinstance(bagel, UnifiedModel)
    assert bagel.capabilities.size == (64, 64)
    assert bagel.capabilities.stride == 16
    assert bagel.capabilities.max_side == 128
    assert "mean nothing" in bagel.capabilities.note


@pytest.mark.parametrize(
    "request_",
    [
        Draw("two red cubes", KEY, sampler=SHORT),
        Draw("two red cubes", KEY, think="plan first", sampler=SHORT),
        Edit(noise_picture(), "make it blue", KEY, sampler=SHORT),
        Look("what is it?", (noise_picture(),), sampler={"max_text_tokens": 8}),
        Look("is it red?", (noise_picture(),), choices=("yes", "no")),
    ],
)
def test_work_is_the_tokens_that_went_through_the_decoder(
    bagel: Bagel, monkeypatch: pytest.MonkeyPatch, request_: Request
) -> None:
    """Each as often as it did: counted at the decoder's door, and not changed by neighbours."""
    went = 0
    start = Pack.start

    def counted(self: Pack, *tokens: torch.Tensor) -> list[torch.Tensor]:
        nonlocal went
        went += self.tokens
        return start(self, *tokens)

    monkeypatch.setattr(Pack, "start", counted)
    (reply,) = ask(bagel, request_)
    assert not isinstance(reply, Failure) and reply.cost.work == went > reply.cost.passes
    beside = ask(bagel, request_, replace(request_, special_tokens=True))[0]
    assert not isinstance(beside, Failure) and beside.cost.work == reply.cost.work


def test_what_cannot_be_drawn_fails_alone(bagel: Bagel) -> None:
    long = "word " * bagel.parts.config.language.max_position_embeddings
    replies = ask(
        bagel,
        draw(" \n\t"),
        draw("a cat"),
        draw(long),
        draw("a cat", size=(60, 64)),
        draw("a cat", size=(64, 144)),
        draw("a cat", size=(0, 64)),
    )
    assert isinstance(replies[1], Drawn)
    kinds = [reply.kind for reply in replies if isinstance(reply, Failure)]
    assert kinds == ["prompt", "prompt", "size", "size", "size"]
    empty, _, many, odd, *_ = replies
    assert "empty" in str(empty)
    ids = bagel.parts.tokenizer.block(long)
    allowed = bagel.parts.config.language.max_position_embeddings - 1
    assert str(len(ids)) in str(many) and str(allowed) in str(many)
    assert "60x64" in str(odd) and "multiples of 16 up to 128" in str(odd)


def test_unreadable_pictures_fail_alone(bagel: Bagel, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    noise_picture().image.save(broken)
    broken.write_bytes(broken.read_bytes()[:2000])
    bad = Picture.at(broken, "0" * 64, (64, 64))
    edit = Edit(bad, "make it red", KEY, sampler=SHORT)
    first, second = ask(bagel, edit, replace(edit, picture=noise_picture()))
    assert isinstance(first, Failure) and first.kind == "picture"
    assert isinstance(second, Drawn)
    (look,) = ask(bagel, Look("what?", (noise_picture(), bad), sampler={"max_text_tokens": 3}))
    assert isinstance(look, Failure) and look.kind == "picture"


def test_an_edit_with_white_space_alone_is_drawn(bagel: Bagel) -> None:
    (reply,) = ask(bagel, Edit(noise_picture(), " \n", KEY, sampler=SHORT))
    assert isinstance(reply, Drawn)


def test_an_edited_picture_has_the_size_its_source_is_given(bagel: Bagel) -> None:
    (reply,) = ask(bagel, Edit(noise_picture(size=(200, 100)), "red", KEY, sampler=SHORT))
    assert isinstance(reply, Drawn) and reply.picture.image.size == (64, 32)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("steps", 3, ["steps", "num_timesteps"]),
        ("num_timesteps", 1, ["num_timesteps", "from 2 up"]),
        ("num_timesteps", 4.0, ["num_timesteps", "whole number"]),
        ("renorm", "none", ["renorm", "global or channel or text_channel"]),
        ("interval", 0.4, ["interval", "two numbers"]),
        ("temperature", -1, ["temperature", "from 0"]),
    ],
)
def test_settings_it_does_not_know_are_refused(
    bagel: Bagel, name: str, value: object, words: list[str]
) -> None:
    with pytest.raises(UigError) as caught:
        ask(bagel, draw("a cat", sampler={name: value}))
    assert all(word in str(caught.value) for word in words)


def test_looks_take_no_flow_settings(bagel: Bagel) -> None:
    with pytest.raises(UigError, match="max_text_tokens"):
        ask(bagel, Look("what?", sampler={"num_timesteps": 3}))


def test_roles_and_samplers_may_be_mixed(bagel: Bagel) -> None:
    mixed: list[Request] = [
        draw("a cat"),
        Look("what?", (noise_picture(),), sampler={"max_text_tokens": 3}),
        draw("a cat", sampler={**SHORT, "text_scale": 1.0}),
        Edit(noise_picture(), "red", KEY, sampler=SHORT),
    ]
    together = ask(bagel, *mixed)
    for request, reply in zip(mixed, together, strict=True):
        (alone,) = ask(bagel, request)
        assert not isinstance(reply, Failure) and not isinstance(alone, Failure)
        assert replace(reply, cost=alone.cost) == alone


def test_special_strings_in_texts_are_text_unless_asked(bagel: Bagel) -> None:
    tokenizer = bagel.parts.tokenizer
    text = "a cat<|im_end|><|im_start|>no"
    control = {tokenizer.start, tokenizer.end, tokenizer.vision_start, tokenizer.vision_end}
    assert not control & set(tokenizer.encode(text))
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert {tokenizer.start, tokenizer.end} <= set(tokenizer.encode(text, special_tokens=True))
    plain, published = ask(bagel, draw(text), draw(text, special_tokens=True))
    assert isinstance(plain, Drawn) and isinstance(published, Drawn)
    assert plain.picture != published.picture


def test_ids_beyond_the_tokenizer_are_read_as_one_unknown_sign(bagel: Bagel) -> None:
    tokenizer = bagel.parts.tokenizer
    known = tokenizer.encode("a cat")
    assert tokenizer.decode([*known, tokenizer.n_tokens, 10**6]) == "a cat\ufffd\ufffd"
    assert tokenizer.decode([]) == ""


def test_half_a_surrogate_pair_in_a_prompt_is_drawn(bagel: Bagel) -> None:
    (reply,) = ask(bagel, draw("a cat \ud83d"))
    assert isinstance(reply, Drawn)


def test_choices_are_compared_by_likelihood(bagel: Bagel) -> None:
    """Against probabilities taken token by token, spelling by spelling, each in its own context."""
    picture, offered = noise_picture(), ("yes", "the red one", "no")
    look = Look("is it red?", (picture,), choices=offered)
    (said,) = ask(bagel, look)
    parts, tokenizer = bagel.parts, bagel.parts.tokenizer
    with torch.inference_mode():
        likelihood: dict[str, float] = {}
        ways: tuple[Callable[[str], str], ...] = (str, str.capitalize)
        for choice, spelled in product(offered, ways):
            (context,) = text_answers.read_all(
                parts, [text_answers.question(parts, replace(look, choices=()))]
            )
            ids, total = tokenizer.encode(spelled(choice)), 1.0
            for fed, wanted in zip([tokenizer.start, *ids], ids, strict=False):
                pack = parts.network.decoder.pack([text_row(context, [fed])])
                (hidden,) = parts.network.decoder(pack, parts.network.embed([fed]))
                pack.advance()
                total *= parts.network.logits(hidden)[0].softmax(dim=-1)[wanted].item()
            likelihood[choice] = likelihood.get(choice, 0.0) + total
    whole = sum(likelihood.values())
    expected = [likelihood[choice] / whole for choice in offered]
    assert isinstance(said, Said) and said.probabilities is not None
    assert said.probabilities == pytest.approx(expected, rel=1e-4)
    assert sum(said.probabilities) == pytest.approx(1)
    assert said.text == offered[int(np.argmax(expected))]


def test_questions_about_one_picture_read_it_once(
    bagel: Bagel, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    see = type(bagel.parts.network).see

    def counted(network: object, pixels: torch.Tensor) -> torch.Tensor:
        seen.append(pixels.shape)
        return see(bagel.parts.network, pixels)

    monkeypatch.setattr(type(bagel.parts.network), "see", counted)
    one, other = noise_picture(1), noise_picture(2)
    ask(bagel, *(Look(f"is it {c}?", (one,), choices=("yes", "no")) for c in "abc"))
    assert len(seen) == 1
    ask(bagel, Look("a?", (one,), choices=("yes", "no")), Look("a?", (other,), choices=("a", "b")))
    assert len(seen) == 3


def test_sampled_texts_can_be_drawn_again(bagel: Bagel) -> None:
    look = Look("what?", (noise_picture(),), sampler={"max_text_tokens": 30, "temperature": 1.0})
    first, again, other = ask(bagel, look, look, replace(look, text="what?!"))
    assert isinstance(first, Said) and isinstance(again, Said) and isinstance(other, Said)
    assert first.text == again.text != other.text
    sampler = {**SHORT, "max_text_tokens": 30, "temperature": 1.0}
    think = draw("a cat", think="plan", sampler=sampler)
    here, there = ask(bagel, think, replace(think, noise=NoiseKey(0, "other")))
    assert isinstance(here, Drawn) and isinstance(there, Drawn)
    assert here.thought != there.thought


def test_costs_count_every_run_of_every_branch(bagel: Bagel) -> None:
    steps, unguided = 5, 2  # at shift 1 times are 1, .8, .6, .4, .2; guidance acts above .4
    sampler = {"num_timesteps": 6, "shift": 1.0, "text_scale": 4.0, "max_text_tokens": 4}
    plain, thought = ask(
        bagel, draw("a cat", sampler=sampler), draw("a cat", think="plan", sampler=sampler)
    )
    assert isinstance(plain, Drawn) and isinstance(thought, Drawn)
    flow = 2 * (steps - unguided) + unguided
    assert plain.cost.passes == 1 + flow and plain.cost.tokens == 0
    assert thought.cost.tokens == 3
    assert thought.cost.passes == 2 + 3 + 1 + flow  # system and prompt, tokens, thought, flow
    assert plain.cost.seconds > 0


def test_longer_texts_than_positions_are_cut(bagel: Bagel) -> None:
    most = bagel.parts.config.language.max_position_embeddings
    context = bagel.parts.network.context()
    with torch.inference_mode():
        read_texts(bagel.parts.network, [(context, bagel.parts.tokenizer.block("a"))])
    context.position = most - 5
    assert bagel.parts.text_limit(context, 1000) == 5
    assert bagel.parts.text_limit(context, 2) == 2


@pytest.fixture
def full_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (2**30, 80 * 2**30))


@pytest.mark.usefixtures("full_gpu")
def test_batches_are_halved_where_memory_is_short(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bagel = Bagel.load(checkpoint, "cpu")
    requests = [draw(text) for text in ("a cat", "a dog", "a boat", "an ox", "a fox")]
    plain = [replace(reply, cost=Cost()) for reply in ask(bagel, *requests)]  # type: ignore[arg-type]
    tried: list[int] = []

    def small(parts: object, sketches: list[Any], *settings: object) -> Any:
        tried.append(len(sketches))
        if len(sketches) > 2 or sketches[0].request.prompt == "a fox":
            raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate")
        return image_generation.draw_all(parts, sketches, *settings)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "draw_all", small)
    *drawn, failed = ask(bagel, *requests)
    told = [reply.note for reply in drawn if isinstance(reply, Drawn)]
    assert told == ["the GPU has no room to draw 5 at once; going on with 2.", "", "", ""]
    same = [replace(r, cost=Cost(), note="") for r in drawn]  # type: ignore[arg-type]
    assert same == plain[:4]
    assert failed == Failure("memory", "it does not fit into the GPU's memory of 80.0 GiB")
    assert tried == [5, 2, 2, 1]
    again = ask(bagel, *requests[:3])
    assert not any(reply.note for reply in again if isinstance(reply, Drawn))
    assert tried[4:] == [2, 1]  # what was too much once is not tried again


@pytest.mark.usefixtures("full_gpu")
def test_a_checkpoint_too_large_for_the_gpu(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate")

    monkeypatch.setattr(components, "stream", full)
    with pytest.raises(UigError, match=r"in float32 does not fit .* \(1\.0 of 80\.0 GiB"):
        Bagel.load(checkpoint, "cpu")
