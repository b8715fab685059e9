"""Reading into contexts: texts, pictures to look at, pictures to edit; many in one pass."""

from collections.abc import Sequence

import torch
from torch import Tensor

from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.packing import Row, apply_rows
from uig_cli.models.bagel.vision import patchify


def causal(context: Context, tokens: int) -> Tensor | None:
    """The mask of `tokens` new tokens that see the past and what stands before them."""
    if tokens == 1:
        return None
    seen = torch.ones(
        tokens, context.length + tokens, dtype=torch.bool, device=context.store.device
    )
    return seen.tril(context.length)


def text_row(context: Context, ids: Sequence[int]) -> Row:
    context.reserve(len(ids))
    positions = range(context.position, context.position + len(ids))
    return Row(context, positions, mask=causal(context, len(ids)))


def picture_row(context: Context, tokens: int, latents: int = 0) -> Row:
    """A picture's tokens and its two markers: all see each other, all at one position."""
    context.reserve(tokens + 2)
    return Row(context, [context.position] * (tokens + 2), latents)


def read_texts(network: Network, texts: Sequence[tuple[Context, Sequence[int]]]) -> None:
    """Appends each text, ids with their start and end tokens, to its context."""
    if texts:
        pack = network.decoder.pack([text_row(context, ids) for context, ids in texts])
        network.decoder.fill(pack, network.embed([i for _, ids in texts for i in ids]))


def read_pictures(network: Network, pictures: Sequence[tuple[Context, Tensor]]) -> None:
    """Appends pictures to look at, pixels [3, height, width] by the ViT rule."""
    if not pictures:
        return
    seen = [network.see(pixels) for _, pixels in pictures]
    start, end = network.markers(1).split(1)
    pack = network.decoder.pack(
        [picture_row(context, len(s)) for (context, _), s in zip(pictures, seen, strict=True)]
    )
    network.decoder.fill(pack, torch.cat([part for s in seen for part in (start, s, end)]))


def read_latents(network: Network, pictures: Sequence[tuple[Context, Tensor]]) -> None:
    """Appends pictures to edit, scaled latents [channels, height, width]; their time is 0."""
    if not pictures:
        return
    patch = network.config.parts.latent_patch_size
    tokens = [patchify(latents, patch) for _, latents in pictures]
    places = [network.places((x.shape[1] // patch, x.shape[2] // patch)) for _, x in pictures]
    embedded = apply_rows(network.vae2llm, torch.cat(tokens).to(network.dtype))
    embedded = embedded + network.time_embedder(_zero(network)) + torch.cat(places)
    rows = [
        picture_row(context, len(t), len(t))
        for (context, _), t in zip(pictures, tokens, strict=True)
    ]
    pack = network.decoder.pack(rows)
    network.decoder.fill(pack, network.markers(len(rows)), embedded)


def _zero(network: Network) -> Tensor:
    return torch.zeros(1, device=network.device)
