"""Drawing by rectified flow: times, guidance, steps.

The decoder says how to move from noise to picture (velocity = noise minus data); latents start
as noise at t = 1 and are moved to t = 0. All guidance branches of all pictures are one pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.finite import FiniteWatch
from uig_cli.models.bagel.images import to_device
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.packing import apply_rows
from uig_cli.models.bagel.prefill import picture_row
from uig_cli.models.guidance import Branch, Guidance, schedule

Renorm = Literal["global", "channel", "text_channel"]


@dataclass(frozen=True, slots=True)
class FlowSettings(Guidance):
    """How a picture is drawn: which branches run when, and how their velocities are combined."""

    renorm: Renorm
    renorm_min: float


@dataclass(slots=True)
class Canvas:
    """One picture to be drawn.

    noise: [tokens, patch * patch * channels], token order. grid: latent (rows, columns).
    contexts: what each branch has read; those of `FlowSettings.branches`. watch: told of the
    latents of every step.
    """

    noise: Tensor
    grid: tuple[int, int]
    contexts: dict[Branch, Context]
    watch: FiniteWatch = field(default_factory=FiniteWatch)


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step, per canvas: latents before it, branch velocities, their combination, latents
    after it."""

    t: float
    before: list[Tensor]
    branches: list[dict[Branch, Tensor]]
    velocity: list[Tensor]
    after: list[Tensor]


def combine(velocities: dict[Branch, Tensor], settings: FlowSettings) -> Tensor:
    """Guidance: away from what the contexts without text, or without picture, would draw.

    Branch velocities are [tokens, numbers]. Renorm brings the result back to at most the length
    of the conditional velocity: over the whole picture ("global"), per token ("channel"), or per
    token before image guidance ("text_channel").
    """
    cond = velocities["cond"]
    if "cfg_text" not in velocities:
        return cond
    text, image = velocities["cfg_text"], velocities.get("cfg_img")
    guided = text + settings.text_scale * (cond - text)
    if settings.renorm == "text_channel":
        return _toward(_shrink(guided, cond, settings, -1), image, settings)
    over = None if settings.renorm == "global" else -1
    return _shrink(_toward(guided, image, settings), cond, settings, over)


def _toward(velocity: Tensor, image: Tensor | None, settings: FlowSettings) -> Tensor:
    return velocity if image is None else image + settings.image_scale * (velocity - image)


def _shrink(velocity: Tensor, cond: Tensor, settings: FlowSettings, over: int | None) -> Tensor:
    length = torch.linalg.vector_norm(cond, dim=over, keepdim=True)
    ratio = length / (torch.linalg.vector_norm(velocity, dim=over, keepdim=True) + 1e-8)
    shrunk: Tensor = velocity * ratio.clamp(settings.renorm_min, 1.0)
    return shrunk


def draw(network: Network, canvases: Sequence[Canvas], settings: FlowSettings) -> list[Tensor]:
    """The finished latents, as tokens like each canvas's noise."""
    latents = [canvas.noise for canvas in canvases]
    for number, step in enumerate(steps(network, canvases, settings), 1):
        latents = step.after
        for canvas, x in zip(canvases, latents, strict=True):
            canvas.watch.look(f"the latents of step {number} of {settings.num_timesteps - 1}", x)
    return latents


def steps(
    network: Network, canvases: Sequence[Canvas], settings: FlowSettings
) -> Iterator[FlowStep]:
    """Runs the flow; every step attends to the contexts and leaves them as they are."""
    times = schedule(settings.num_timesteps, settings.shift)
    embedded = network.time_embedder(to_device(times[:-1], network.device))
    passes: dict[tuple[Branch, ...], FlowPass] = {}
    latents = [canvas.noise for canvas in canvases]
    for i, t in enumerate(times[:-1]):
        branches = settings.branches_at(t)
        if branches not in passes:
            passes[branches] = FlowPass(network, canvases, branches)
        found = passes[branches].velocities(latents, embedded[i])
        combined = [combine(velocities, settings) for velocities in found]
        dt = float(t - times[i + 1])
        after = [x - v * dt for x, v in zip(latents, combined, strict=True)]
        yield FlowStep(float(t), latents, found, combined, after)
        latents = after


class FlowPass:
    """A pass over given branches of all canvases: whatever stays the same from step to step."""

    def __init__(
        self, network: Network, canvases: Sequence[Canvas], branches: tuple[Branch, ...]
    ) -> None:
        self.network, self.branches = network, branches
        self.sizes = [len(canvas.noise) for canvas in canvases]
        rows = [
            picture_row(canvas.contexts[branch], latents=tokens)
            for canvas, tokens in zip(canvases, self.sizes, strict=True)
            for branch in branches
        ]
        self.pack = network.decoder.pack(rows)
        self.markers = network.markers(len(rows))
        places = [network.latent_pos_embed(*canvas.grid) for canvas in canvases]
        self.places = torch.cat(places)

    def velocities(self, latents: Sequence[Tensor], time: Tensor) -> list[dict[Branch, Tensor]]:
        network = self.network
        placed = network.place(torch.cat(list(latents)), time, self.places)
        repeated = [t for t in torch.split(placed, self.sizes) for _ in self.branches]
        _, hidden = network.decoder(self.pack, self.markers, torch.cat(repeated))
        sizes = [size for size in self.sizes for _ in self.branches]
        each = iter(torch.split(apply_rows(network.llm2vae, hidden).float(), sizes))
        return [{branch: next(each) for branch in self.branches} for _ in self.sizes]
