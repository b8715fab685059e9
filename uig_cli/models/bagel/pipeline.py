"""BAGEL as a `UnifiedModel`: draws, looks and edits, in batches that change no answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from uig_cli.errors import UigError
from uig_cli.models.bagel.checkpoint import content_hash
from uig_cli.models.bagel.components import Components, Refused
from uig_cli.models.bagel.image_generation import draw_all, sketch_draw, sketch_edit
from uig_cli.models.bagel.settings import (
    ALIASES,
    LEAST,
    ONE_OF,
    UNSAID,
    complete,
    flow_settings,
    text_settings,
)
from uig_cli.models.bagel.text_answers import look_all, question
from uig_cli.models.device import find_device, fitting
from uig_cli.models.protocol import (
    Capabilities,
    Cost,
    Failure,
    Passes,
    Reply,
    Request,
    Role,
)

BEHAVIOUR = "1"
"""Goes up whenever the same request to the same weights would be answered differently."""

ROUNDING = 8.0
"""Mean levels by which a GPU's pictures may differ with the batch: its sums change their order with
it, and every step of the flow builds on the last."""

LOOKS_TOGETHER = 16
"""Texts that a GPU says together: each token reads all weights once, however many texts it is for.
A drawing keeps a GPU busy by itself."""

TEST_SIZED = "a test-sized checkpoint: its pictures and answers mean nothing"
PASSES = Passes(step=1, token=1)
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class Bagel:
    """A loaded checkpoint behind the protocol of `uig_cli.models.protocol`."""

    def __init__(self, parts: Components, folder: Path) -> None:
        self.parts, self._folder = parts, folder
        self._most: dict[Role, int] = {}  # of a role's requests at once, where memory was short
        self._note = ""  # for the next reply to carry

    @classmethod
    def load(cls, path: Path, device: str = "auto", dtype: str | None = None) -> "Bagel":
        """Loads a checkpoint folder.

        device: "auto" (a GPU if there is one), "cpu", "cuda" or "cuda:N". dtype: "float32",
        "bfloat16", or None for float32 on the CPU and bfloat16 elsewhere. The autoencoder and the
        latents are float32 in any case.
        """
        place = find_device(device)
        if dtype is not None and dtype not in DTYPES:
            raise UigError(f'dtype is "{dtype}"; expected {" or ".join(DTYPES)}.')
        dtype = dtype or ("float32" if place.type == "cpu" else "bfloat16")
        with fitting(f"{path} in {dtype}", place):
            return cls(Components.load(path, place, DTYPES[dtype]), path)

    @property
    def capabilities(self) -> Capabilities:
        config, decoder = self.parts.config, self.parts.network.decoder
        on_cpu = self.parts.network.device.type == "cpu"
        small = sum(weight.numel() for weight in decoder.parameters()) < 1_000_000
        return Capabilities(
            roles=frozenset(("draw", "look", "edit")),
            noise="exact",
            sampler=self.parts.own.samplers,
            size=(config.vae_rule.max_size, config.vae_rule.max_size),
            stride=config.stride,
            max_side=config.max_side,
            choices=True,
            note="; ".join([*([TEST_SIZED] if small else []), *self.parts.notes]),
            passes={"draw": PASSES, "look": PASSES, "edit": PASSES},
            domain=self.parts.own.domain,
            known_words=self.parts.own.known_words,
            least=LEAST,
            one_of=ONE_OF,
            aliases=ALIASES,
            unsaid=UNSAID,
            batch=8 if on_cpu else 1,
            batches={} if on_cpu else {"look": LOOKS_TOGETHER},
            tolerance=0.0 if on_cpu else ROUNDING,
        )

    @cached_property
    def n_parameters(self) -> int:
        modules = (self.parts.network, self.parts.autoencoder)
        return sum(weight.numel() for module in modules for weight in module.parameters())

    @cached_property
    def identity(self) -> Mapping[str, str]:
        dtype = str(self.parts.network.dtype).removeprefix("torch.")
        weights = content_hash(self._folder)
        return {"kind": "bagel", "weights": weights, "dtype": dtype, "behaviour": BEHAVIOUR}

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answers each request once, as (index, reply); those of one role and sampler together."""
        defaults = self.capabilities.sampler
        groups: dict[tuple[Role, tuple[Any, ...]], list[int]] = {}
        for i, request in enumerate(requests):
            values = complete(request.role, request.sampler, defaults)
            groups.setdefault((request.role, tuple(sorted(values.items()))), []).append(i)
        for (role, settings), members in groups.items():
            replies = self._answer(role, dict(settings), [requests[i] for i in members])
            yield from zip(members, replies, strict=True)

    def _answer(self, role: Role, values: Mapping[str, Any], requests: list[Any]) -> list[Reply]:
        """The replies to requests of one role and sampler, in their order."""
        started = perf_counter()
        ready: dict[int, Any] = {}
        replies: dict[int, Reply] = {}
        for i, request in enumerate(requests):
            try:
                ready[i] = _PREPARE[role](self.parts, request)
            except Refused as refused:
                replies[i] = Failure(refused.kind, refused.reason)
        if ready:
            found = self._run(role, values, list(ready.values()))
            seconds = Cost(seconds=(perf_counter() - started) / len(ready))
            for i, reply in zip(ready, found, strict=True):
                if not isinstance(reply, Failure):
                    reply = replace(reply, cost=reply.cost + seconds, note=self._note)
                    self._note = ""
                replies[i] = reply
        return [replies[i] for i in range(len(requests))]

    @torch.inference_mode()
    def _run(self, role: Role, values: Mapping[str, Any], ready: list[Any]) -> Sequence[Reply]:
        """Answers to prepared requests, as many together as the device's memory has room for."""
        most = self._most.get(role, len(ready))
        if len(ready) > most:
            parts = [ready[first : first + most] for first in range(0, len(ready), most)]
            return [reply for part in parts for reply in self._run(role, values, part)]
        try:
            if role == "look":
                return look_all(self.parts, ready, text_settings(values))
            return draw_all(self.parts, ready, flow_settings(values), text_settings(values))
        except torch.OutOfMemoryError:
            if len(ready) == 1:
                whole = torch.cuda.mem_get_info(self.parts.network.device)[1] / 2**30
                reason = f"it does not fit into the GPU's memory of {whole:.1f} GiB"
                return [Failure("memory", reason)]
        self._most[role] = half = len(ready) // 2
        self._note = f"the GPU has no room to {role} {len(ready)} at once; going on with {half}."
        return self._run(role, values, ready)


_PREPARE: Mapping[Role, Any] = {"draw": sketch_draw, "look": question, "edit": sketch_edit}
