"""`uig-reference` reproduces whole recorded runs of the published pipeline, call by call.

The model decodes and draws for real, with the recorded noise; where a recording replaced an
evaluation by a given text, so does the test. Tolerances are those of the fixture's README.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT, SHARED
from uig_cli.loop.first import at_once, from_details_as_published
from uig_cli.loop.refine import refine_as_published
from uig_cli.loop.task import Kit, Task
from uig_cli.loop.trace import Conversation, Trace
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Reply, Request, Said
from uig_cli.templates import Template


def fixture_folder() -> Path:
    shared = SHARED / "fixtures" / "bagel-tiny"
    default = shared if shared.is_dir() else ROOT / "tests" / "data" / "bagel-tiny"
    return Path(os.environ.get("UIG_BAGEL_FIXTURE", default))


FOLDER = fixture_folder()
GOLDEN = FOLDER / "golden"
PIPELINES = sorted(path.stem for path in (GOLDEN / "pipeline").glob("*.json"))


@pytest.fixture(scope="module")
def bagel() -> Any:
    from uig_cli.models.bagel.pipeline import Bagel

    return Bagel.load(FOLDER / "checkpoint", "cpu", "float32")


def load(name: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    from safetensors.numpy import load_file

    text = (GOLDEN / "pipeline" / f"{name}.json").read_text("utf-8")
    return json.loads(text), load_file(GOLDEN / "pipeline" / f"{name}.safetensors")


@dataclass
class Recorded:
    """Gives recorded noise in the order in which it was consumed."""

    tensors: list[np.ndarray]
    used: int = 0

    def normal(self, stage: str, shape: tuple[int, ...]) -> np.ndarray:
        tensor = self.tensors[self.used]
        self.used += 1
        assert tensor.shape == shape, stage
        return tensor

    def bits(self, stage: str) -> int:
        return 0


@dataclass
class Driven:
    trace: Trace
    requests: list[Request] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


def drive(conversation: Conversation, bagel: Any, recorded: dict[str, Any], noise: Recorded) -> Driven:
    """Answers the conversation with the model, or with the recorded script."""
    driven = Driven(Trace(()))
    calls = iter(recorded["calls"])
    try:
        (request,) = next(conversation)
        while True:
            call = next(calls)
            asked = request if isinstance(request, Look) else replace(request, noise=noise)
            if call["scripted"]:
                reply: Reply = Said(call["text_out"])
            else:
                ((_, reply),) = bagel.run([asked])
            driven.requests.append(request)
            driven.replies.append(reply)
            (request,) = conversation.send([reply])
    except StopIteration as stop:
        driven.trace = stop.value
    assert next(calls, None) is None, "the recording made more calls"
    return driven


def kit_of(recorded: dict[str, Any]) -> Kit:
    """The recorded settings as ours."""
    prompts = json.loads((GOLDEN / "tokenizer.json").read_text("utf-8"))["system_prompts"]
    folder = GOLDEN / "inputs" / "templates"
    texts = {
        "examine": (folder / "evaluation_prompt.txt").read_text("utf-8"),
        "decompose": (folder / "decomposition_prompt.txt").read_text("utf-8"),
        "think-look": prompts["vlm_think"],
        "think-draw": prompts["gen_think"],
    }
    samplers: dict[Any, Any] = {}
    size = None
    for call in recorded["calls"]:
        role = {"generate": "draw", "understand": "look", "edit": "edit"}.get(call["stage"], "look")
        samplers[role] = settings(call["params"])
        if shapes := call["params"].get("image_shapes"):
            size = (shapes[1], shapes[0])
    templates = {name: Template(name, text) for name, text in texts.items()}
    return Kit(templates, recorded["max_iterations"], "reference", size, samplers)


NAMES = {
    "cfg_text_scale": "text_scale", "cfg_img_scale": "image_scale", "cfg_interval": "interval",
    "timestep_shift": "shift", "cfg_renorm_min": "renorm_min", "cfg_renorm_type": "renorm",
    "num_timesteps": "num_timesteps", "max_think_token_n": "max_text_tokens",
}  # fmt: skip


def settings(params: dict[str, Any]) -> dict[str, Any]:
    found = {NAMES[key]: value for key, value in params.items() if key in NAMES}
    return {key: tuple(v) if isinstance(v, list) else v for key, v in found.items()}


def conversation(recorded: dict[str, Any]) -> tuple[Conversation, Kit]:
    kit, task = kit_of(recorded), Task("case", recorded["prompt"])
    opening = from_details_as_published if recorded["decompose_prompt"] else None

    def run() -> Conversation:
        if opening is not None:
            first = yield from opening(task, kit)
        else:
            first = yield from at_once(task, kit, special_tokens=True)
        return (yield from refine_as_published(task, kit, first))

    return run(), kit


def pictures(driven: Driven) -> Iterator[Image.Image]:
    for reply in driven.replies:
        if isinstance(reply, Drawn):
            yield reply.picture.image


@pytest.mark.parametrize("name", PIPELINES)
def test_pipeline(bagel: Any, name: str) -> None:
    recorded, tensors = load(name)
    noise = Recorded([tensors[f"noise.{i}"] for i in range(len(recorded["noise_shapes"]))])
    talk, _ = conversation(recorded)
    driven = drive(talk, bagel, recorded, noise)
    assert noise.used == len(noise.tensors)

    for call, request, reply in zip(recorded["calls"], driven.requests, driven.replies, strict=True):
        text = {Draw: "prompt", Look: "text", Edit: "instruction"}[type(request)]
        assert getattr(request, text) == call["text_in"]
        assert bool(request.think) == bool(call["think"])
        said = reply.text if isinstance(reply, Said) else getattr(reply, "thought", None)
        assert said == call["text_out"]

    drawn = list(pictures(driven))
    assert len(drawn) == len(recorded["images"])
    for index, (mine, entry) in enumerate(zip(drawn, recorded["images"], strict=True)):
        with Image.open(GOLDEN / entry["file"]) as image:
            golden = np.asarray(image.convert("RGB"), np.int16)
        gap = np.abs(np.asarray(mine, np.int16) - golden)
        assert gap.max() <= (1 if index == 0 else 2)
        assert (gap > 0).mean() <= (0.01 if index == 0 else 0.03)

    check_result(driven.trace, recorded, drawn)


def check_result(trace: Trace, recorded: dict[str, Any], drawn: list[Image.Image]) -> None:
    """The published result fields, told from our trace."""
    assert trace.iterations == recorded["iterations"]
    assert trace.detailed_prompt == recorded["detailed_prompt"]
    evaluated = [step for step in trace.steps if step.verdict]
    assert [
        {
            "iteration": round,
            "needs_editing": step.verdict != "match",
            "instructions": step.instruction,
        }
        for round, step in enumerate(evaluated, 1)
    ] == recorded["evaluation_history"]
    edits = [
        {"iteration": round, "instructions": step.instruction}
        for round, step in enumerate(evaluated, 1)
        if step.verdict == "edit" and step.instruction
    ]
    assert edits == recorded["editing_history"]
    assert trace.final.picture is not None
    assert trace.final.picture.image.tobytes() == drawn[recorded["final_image"]].tobytes()
