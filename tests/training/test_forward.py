"""The training pass says what inference says: same logits, same velocities, same inputs."""

from random import Random

import torch
from PIL import Image

from uig_cli.models.bagel.components import Components
from uig_cli.models.bagel.flow import FlowPass, FlowSettings
from uig_cli.models.bagel.image_generation import (
    canvas,
    read_all,
    sketch_draw,
    sketch_edit,
    think_all,
)
from uig_cli.models.bagel.prefill import text_row
from uig_cli.models.bagel.text_answers import question
from uig_cli.models.bagel.text_answers import read_all as read_questions
from uig_cli.models.bagel.text_decoding import TextSettings
from uig_cli.models.bagel.vision import patchify
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Edit, Look, Picture
from uig_cli.shapes.draw import draw
from uig_cli.shapes.sample import sample_scene
from uig_cli.templates import ours
from uig_cli.training.batch import LESSONS, lay_out
from uig_cli.training.fit import loss
from uig_cli.training.forward import forward, targets
from uig_cli.training.sequences import Latents, TrainingSequence
from uig_cli.training.start import begin, begin_vision

FLOW = FlowSettings(3, 2.0, 4.0, 2.0, (0.0, 1.0), "global", 0.0)
TIME = 0.625


def parts_of(folder):
    return Components.load(folder, torch.device("cpu"), torch.float32)


def close(a, b):
    torch.testing.assert_close(a, b, atol=1e-4, rtol=1e-4)


def blank(parts):
    markers = parts.tokenizer.vision_start, parts.tokenizer.vision_end
    return TrainingSequence(markers, parts.config.vision.positions)


def velocities(parts, sketches):
    """Of each branch, by inference, all at TIME."""
    canvases = [canvas(parts, sketch) for sketch in sketches]
    time = parts.network.time_embedder(torch.tensor([TIME]))
    found = FlowPass(parts.network, canvases, FLOW.branches)
    return found.velocities([each.noise for each in canvases], time[0]), canvases


@torch.no_grad()
def test_drawings_with_and_without_text(untrained):
    parts = parts_of(untrained)
    prompts = ["a red circle", "two small dotted blue stars above a green square"]
    sketches = [sketch_draw(parts, Draw(p, NoiseKey(0, p))) for p in prompts]
    read_all(parts, sketches, FLOW)
    said, canvases = velocities(parts, sketches)
    conversations = []
    for prompt, each in zip(prompts, canvases, strict=True):
        whole = blank(parts)
        text = whole.text(parts.tokenizer.block(prompt))
        whole.flow(Latents(each.noise, TIME), text)
        whole.flow(Latents(each.noise, TIME))
        conversations.append(whole)
    _, found = forward(parts.network, conversations)
    for k, branches in enumerate(said):
        close(found[2 * k], branches["cond"])
        close(found[2 * k + 1], branches["cfg_text"])
    assert (found[0] - found[1]).abs().max() > 1e-3  # the prompt is read


@torch.no_grad()
def test_an_edit_in_its_three_contexts_and_its_thought(untrained):
    parts = parts_of(untrained)
    image = Image.fromarray(draw(sample_scene(Random(5), 3)))
    think, instruction = ours("think-draw").fill(), "Make the red circle blue."
    request = Edit(Picture.of(image), instruction, NoiseKey(0, "edit"), think)
    sketch = sketch_edit(parts, request)
    read_all(parts, [sketch], FLOW)
    before = sketch.contexts["cond"].length
    think_all(parts, [sketch], TextSettings(1, 0.0))  # nothing but the start token: no thought
    assert sketch.thought == "" and sketch.contexts["cond"].length == before + 2
    (said,), (drawn,) = velocities(parts, [sketch])

    noise = request.noise.normal("edit-encode", (1, 8, 12, 12))
    pixels = parts.pixels(image, parts.config.vae_rule)
    encoded = parts.autoencoder.encode(pixels[None], torch.from_numpy(noise))[0]
    whole = blank(parts)
    system = whole.text(parts.tokenizer.block(think))
    source = whole.flow(Latents(patchify(encoded, 2)), system)
    seen = whole.picture(parts.pixels(image, parts.config.vit_rule), system, source)
    asked = whole.text(parts.tokenizer.block(instruction), system, source, seen)
    thought = whole.text(parts.tokenizer.block(""), system, source, seen, asked, learned=True)
    unseen = whole.text(parts.tokenizer.block(instruction), system)
    for follows in (
        (system, source, seen, asked, thought),
        (system, source, seen),
        (system, unseen),
    ):
        whole.flow(Latents(drawn.noise, TIME, drawn.noise), *follows)
    logits, found = forward(parts.network, [whole])
    for k, branch in enumerate(("cond", "cfg_text", "cfg_img")):
        close(found[1 + k], said[branch])
    assert logits.shape[0] == 1
    ids, wanted, which = targets([whole])
    assert ids.tolist() == [parts.tokenizer.end] and len(wanted) == 3
    assert which.tolist() == [False, True, True, True]


@torch.no_grad()
def test_answers_to_two_questions_about_one_picture(untrained):
    parts = parts_of(untrained)
    image = Image.fromarray(draw(sample_scene(Random(6), 4)))
    asked = {"Is there a red circle?": "yes", "How many stars are there?": "<think>two</think> 2"}
    think = ours("think-look").fill()
    questions = [question(parts, Look(text, (Picture.of(image),), think)) for text in asked]
    contexts = read_questions(parts, questions)
    whole = blank(parts)
    system = whole.text(parts.tokenizer.block(think))
    seen = whole.picture(parts.pixels(image, parts.config.vit_rule), system)
    said, expected = [], []
    for context, (text, answer) in zip(contexts, asked.items(), strict=True):
        ids = parts.tokenizer.block(answer)
        pack = parts.network.decoder.pack([text_row(context, ids)])
        (hidden,) = parts.network.decoder(pack, parts.network.embed(ids))
        said.append(parts.network.logits(hidden)[:-1])
        expected += ids[1:]
        block = whole.text(parts.tokenizer.block(text), system, seen)
        whole.text(ids, system, seen, block, learned=True)
    logits, none = forward(parts.network, [whole])
    close(logits, torch.cat(said))
    assert targets([whole])[0].tolist() == expected and len(none) == 0


def test_a_gradient_reaches_every_weight(desk):
    network = begin(desk.config, desk.tokenizer, 1, begin_vision(desk.config).state_dict())
    torch.nn.init.normal_(network.llm2vae.weight, std=0.2)
    for lesson in LESSONS:
        loss(network, lay_out(desk, lesson, 0, 2)).backward()
    without = [name for name, p in network.named_parameters() if p.grad is None]
    assert without == []
    still = {name for name, p in network.named_parameters() if not p.grad.abs().sum() > 0}
    assert still == set()
    assert all(p.grad.isfinite().all() for p in network.parameters())
