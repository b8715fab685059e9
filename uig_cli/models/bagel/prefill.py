"""Reading into contexts: texts, pictures to look at, pictures to edit; many in one pass."""

from collections.abc import Sequence

import torch
from torch import Tensor

from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.packing import PackRow
from uig_cli.models.bagel.vision import patchify


def text_row(context: Context, ids: Sequence[int]) -> PackRow:
    """A text's tokens: each sees the past and what stands before it."""
    count, past, first = len(ids), context.length, context.position
    context.reserve(count)
    mask = None
    if count > 1:
        seen = torch.ones(count, past + count, dtype=torch.bool, device=context.store.device)
        mask = seen.tril(past)
    return PackRow(context, range(first, first + count), mask=mask)


def picture_row(context: Context, seen: int = 0, latents: int = 0) -> PackRow:
    """A picture's tokens and its two markers: all see each other, all at one position."""
    count = seen + latents + 2
    context.reserve(count)
    return PackRow(context, [context.position] * count, latents)


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
    start, end = torch.split(network.markers(1), 1)
    pack = network.decoder.pack(
        [picture_row(context, len(s)) for (context, _), s in zip(pictures, seen, strict=True)]
    )
    network.decoder.fill(pack, torch.cat([part for s in seen for part in (start, s, end)]))


def read_latents(network: Network, pictures: Sequence[tuple[Context, Tensor]]) -> None:
    """Appends pictures to edit, scaled latents [channels, height, width]; their time is 0."""
    if not pictures:
        return
    patch = network.config.parts.latent_patch_size
    tokens, places, rows = [], [], []
    for context, latents in pictures:
        tokens.append(patchify(latents, patch))
        places.append(
            network.latent_pos_embed(latents.shape[1] // patch, latents.shape[2] // patch)
        )
        rows.append(picture_row(context, latents=len(tokens[-1])))
    start = network.time_embedder(torch.zeros(1, device=network.device))
    placed = network.place(torch.cat(tokens), start, torch.cat(places))
    network.decoder.fill(network.decoder.pack(rows), network.markers(len(rows)), placed)
