"""Parity on a GPU: in float32 closely, in bfloat16 as closely as it can be.

Without a GPU nothing here runs, and says so.
"""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from tests.bagel_golden import (
    HAS_AUTOENCODER,
    Recording,
    bagel,
    case_request,
    facts,
    flow_of,
    names,
    near,
    picture,
    system_prompt,
    tensors,
)
from uig_cli.models.bagel.flow import steps
from uig_cli.models.bagel.image_generation import canvas, read_all, sketch_draw, sketch_edit
from uig_cli.models.bagel.prefill import read_texts
from uig_cli.models.bagel.text_answers import question
from uig_cli.models.bagel.text_answers import read_all as read_questions
from uig_cli.models.bagel.text_decoding import decode
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Said

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="not run: there is no CUDA device"),
]
CLOSE = {"float32": 1e-3, "bfloat16": 5e-2}  # largest error relative to the largest value


@pytest.fixture(params=list(CLOSE))
def dtype(request: pytest.FixtureRequest) -> Iterator[str]:
    with torch.inference_mode():
        yield request.param


def relative(got: Tensor, expected: Tensor) -> float:
    off = (got.float().cpu() - expected).abs().max() / expected.abs().max()
    return off.item()


@pytest.mark.parametrize("name", names("images"))
def test_first_velocities(name: str, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the recorded thought put in, since bfloat16 would think otherwise."""
    golden, table = facts(f"images/{name}"), tensors(f"images/{name}")
    parts, flow = bagel("cuda", dtype).parts, flow_of(golden["params"])
    if not HAS_AUTOENCODER:
        encoded = table["source_latents"].cuda() if golden["image"] else None
        monkeypatch.setattr(parts.autoencoder, "encode", lambda pixels, noise: encoded)
    request = case_request(golden, table)
    sketch = (
        sketch_draw(parts, request) if isinstance(request, Draw) else sketch_edit(parts, request)
    )
    read_all(parts, [sketch], flow)
    if golden["think"]:
        ids = parts.tokenizer.block(golden["think_text"], special_tokens=True)
        read_texts(parts.network, [(sketch.contexts["cond"], ids)])
    first = next(iter(steps(parts.network, [canvas(parts, sketch)], flow)))
    for branch, velocity in first.branches[0].items():
        assert relative(velocity, table[f"step0.v_{branch}"]) <= CLOSE[dtype], branch
    if dtype == "float32":
        near(first.velocity[0], table["v"][0], 1e-3, "combined velocity")


@pytest.mark.skipif(not HAS_AUTOENCODER, reason="the reduced golden set has no autoencoder")
def test_autoencoder_is_exact_in_any_dtype(dtype: str) -> None:
    table, autoencoder = tensors("vae"), bagel("cuda", dtype).parts.autoencoder
    latents = autoencoder.encode(table["input"].cuda(), table["noise"].cuda())
    near(latents, table["latent_scaled"], 1e-3, "latents")
    near(autoencoder.decode(table["latent_scaled"].cuda()), table["decoded"], 1e-3, "pixels")


def test_first_logits(dtype: str) -> None:
    parts = bagel("cuda", dtype).parts
    for case in facts("textgen"):
        seen = (picture(case["image"]),) if case["image"] else ()
        think = system_prompt("look", case["think"])
        request = Look(case["text"], seen, think, special_tokens=True)
        recording = Recording(2)
        contexts = read_questions(parts, [question(parts, request)])
        decode(parts.network, parts.tokenizer, contexts, [2], recording.pick(()))
        expected = tensors("textgen")[f"case{case['case']}.logits_all"][0]
        assert relative(recording.logits[0], expected) <= CLOSE[dtype]


def test_draw_look_and_edit_in_a_batch(dtype: str) -> None:
    model = bagel("cuda", dtype)
    side = model.capabilities.stride * 2
    draws = [
        Draw(text, NoiseKey(0, text), size=(side, side), sampler={"num_timesteps": 4})
        for text in ("a red cube", "two birds")
    ]
    drawn = [reply for _, reply in model.run(draws)]
    assert all(isinstance(reply, Drawn) for reply in drawn)
    pictures = [reply.picture for reply in drawn if isinstance(reply, Drawn)]
    looks = [Look("is it red?", (p,), choices=("yes", "no")) for p in pictures]
    for _, said in model.run(looks):
        assert isinstance(said, Said) and said.probabilities is not None
        assert sum(said.probabilities) == pytest.approx(1)
    sampler = {"num_timesteps": 3, "max_text_tokens": 5}
    edits = [Edit(p, "red", NoiseKey(0, "x"), think="plan", sampler=sampler) for p in pictures]
    assert all(isinstance(reply, Drawn) for _, reply in model.run(edits))
