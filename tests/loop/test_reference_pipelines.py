"""`uig-reference` reproduces whole recorded runs of the published pipeline, call by call.

The model decodes and draws for real, with the recorded noise; where a recording replaced an
evaluation by a given text, so does the test. Tolerances are those of the fixture's README.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.bagel_golden import GOLDEN, bagel, facts, names, sampler_of, tensors
from uig_cli.loop.first import First, Opening, ask, at_once, detail, made
from uig_cli.loop.refine import refine_as_published
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Trace
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Reply, Request, Said
from uig_cli.templates import Template

PIPELINES = names("pipeline")


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


def drive(conversation: Conversation, recorded: dict[str, Any], noise: Recorded) -> Driven:
    """Answers the conversation with the model, or with the recorded script."""
    driven = Driven(Trace(()))
    calls = iter(recorded["calls"])
    try:
        (request,) = next(conversation)
        while True:
            call = next(calls)
            asked = request if isinstance(request, Look) else replace(request, noise=noise)  # type: ignore[arg-type]
            if call["scripted"]:
                reply: Reply = Said(call["text_out"])
            else:
                ((_, reply),) = bagel().run([asked])
            driven.requests.append(request)
            driven.replies.append(reply)
            (request,) = conversation.send([reply])
    except StopIteration as stop:
        driven.trace = stop.value
    assert next(calls, None) is None, "the recording made more calls"
    return driven


def kit_of(recorded: dict[str, Any]) -> MethodSettings:
    """The recorded settings as ours."""
    prompts = facts("tokenizer")["system_prompts"]
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
        samplers[role] = sampler_of(call["params"])
        if shapes := call["params"].get("image_shapes"):
            size = (shapes[1], shapes[0])
    templates = {name: Template(name, text) for name, text in texts.items()}
    return MethodSettings(templates, recorded["max_iterations"], "reference", size, samplers)


def from_details_as_published(task: DrawTask, settings: MethodSettings) -> Opening:
    """The published decomposition: the raw answer, thoughts included, and a plan before drawing.

    Some recordings begin with it; no method of `uig` does.
    """
    reply = yield from ask(replace(detail(task, settings), special_tokens=True))
    assert isinstance(reply, Said)
    drawn = yield from ask(
        Draw(
            prompt=reply.text,
            noise=task.noise(),
            size=settings.size,
            think=settings.templates["think-draw"].fill(),
            special_tokens=True,
            sampler=settings.sampler("draw"),
        )
    )
    return First(made(0, drawn), reply.text)


def conversation(recorded: dict[str, Any]) -> Conversation:
    settings, task = kit_of(recorded), DrawTask("case", recorded["prompt"])
    opening = from_details_as_published if recorded["decompose_prompt"] else None

    def run() -> Conversation:
        if opening is not None:
            first = yield from opening(task, settings)
        else:
            first = yield from at_once(task, settings, special_tokens=True)
        return (yield from refine_as_published(task, settings, first))

    return run()


def pictures(driven: Driven) -> Iterator[Image.Image]:
    for reply in driven.replies:
        if isinstance(reply, Drawn):
            yield reply.picture.image


@pytest.mark.parametrize("name", PIPELINES)
def test_pipeline(name: str) -> None:
    recorded, table = facts(f"pipeline/{name}"), tensors(f"pipeline/{name}")
    count = len(recorded["noise_shapes"])
    noise = Recorded([table[f"noise.{i}"].numpy() for i in range(count)])
    talk = conversation(recorded)
    driven = drive(talk, recorded, noise)
    assert noise.used == len(noise.tensors)

    for call, request, reply in zip(
        recorded["calls"], driven.requests, driven.replies, strict=True
    ):
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
