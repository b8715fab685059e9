"""The training pass: BAGEL's own network over whole conversations, with gradients.

No layer is written twice. The decoder of `models.bagel` runs as it is; only what it gets from a
`Pack` differs: tokens of both experts in any order, and contexts that keep nothing, because all
that a token may see is in the same pass.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.decoder import rope_table, turning
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.packing import Pack, PackRow, QueriesKeysValues, apply_rows
from uig_cli.training.sequences import Latents, TokenKind, TrainingSequence


class Unwritten(Context):
    """A context without a past, that hands new keys and values on as they are."""

    def __init__(self) -> None:
        super().__init__(torch.empty(0))

    def write(self, layer: int, keys_values: Tensor) -> tuple[Tensor, Tensor]:
        tokens, _, head_dim = keys_values.shape
        keys, values = keys_values.view(tokens, 2, -1, head_dim).permute(1, 2, 0, 3).unsqueeze(1)
        return keys, values


class WholePack(Pack):
    """Conversations as rows. Expert order: all words, then all seen patches; then all latents."""

    def __init__(
        self, conversations: Sequence[TrainingSequence], rope: tuple[Tensor, Tensor]
    ) -> None:
        self.kinds = torch.tensor([kind for each in conversations for kind in each.kinds])
        rows = [
            PackRow(Unwritten(), each.positions, each.kinds.count(TokenKind.LATENT), each.mask())
            for each in conversations
        ]
        super().__init__(rows, rope)
        if self._order is None:
            self._order, self._back = self._index(rope[0].device)

    def attend(self, rows: Sequence[QueriesKeysValues]) -> Tensor:
        with torch.autocast("cpu", enabled=False):  # in bfloat16 its gradient takes thrice as long
            return super().attend(rows)

    def _index(self, device: torch.device) -> tuple[Tensor, Tensor]:
        order = torch.empty(self.tokens, dtype=torch.long)
        first = {TokenKind.WORD: 0, TokenKind.SEEN: int((self.kinds == TokenKind.WORD).sum())}
        for kind, begin in {**first, TokenKind.LATENT: self.sizes[0]}.items():
            places = (self.kinds == kind).nonzero().flatten()
            order[places] = begin + torch.arange(len(places))
        back = torch.zeros(sum(self.sizes), dtype=torch.long)
        back[order] = torch.arange(self.tokens)
        return order.to(device), back.to(device)


def pack(network: Network, conversations: Sequence[TrainingSequence]) -> WholePack:
    language = network.config.language
    positions = [p for each in conversations for p in each.positions]
    cos, sin = rope_table(torch.tensor(positions), language.head_dim, language.rope_theta)
    return WholePack(conversations, turning(cos, sin))


def forward(network: Network, conversations: Sequence[TrainingSequence]) -> tuple[Tensor, Tensor]:
    """Logits [learned ids, vocabulary] and velocities [pictures, tokens, numbers], in order of
    the conversations' ids and latents; velocities also of latents that are only read."""
    ids = [i for each in conversations for i in each.ids]
    seen = [network.see(pixels) for each in conversations for pixels in each.pixels]
    latents = [x for each in conversations for x in each.latents]
    streams = [torch.cat([network.embed(ids), *seen])]
    if latents:
        streams.append(_placed(network, latents))
    hidden = network.decoder(pack(network, conversations), *streams)
    learned, first = [], 0
    for each in conversations:
        learned += [first + i for i in each.learned]
        first += len(each.ids)
    logits = network.logits(hidden[0][learned])
    numbers = network.config.latent_channels
    if not latents:
        return logits, logits.new_zeros(0, 0, numbers)
    velocities = apply_rows(network.llm2vae, hidden[1])
    return logits, velocities.view(len(latents), -1, numbers)


def _placed(network: Network, latents: Sequence[Latents]) -> Tensor:
    side = network.config.parts.max_latent_size
    times = network.time_embedder(torch.tensor([each.time for each in latents]))
    places = network.latent_pos_embed(side, side).repeat(len(latents), 1)
    tokens = torch.cat([each.tokens for each in latents])
    return network.place(tokens, times.repeat_interleave(side * side, dim=0), places)


def targets(conversations: Sequence[TrainingSequence]) -> tuple[Tensor, Tensor, Tensor]:
    """What `forward` should have said: ids [learned ids], velocities [pictures, tokens, numbers]
    and which of the pictures have one, bool [pictures]."""
    ids = torch.tensor([each.ids[i + 1] for each in conversations for i in each.learned])
    latents = [x for each in conversations for x in each.latents]
    wanted = [x.velocity for x in latents if x.velocity is not None]
    drawn = torch.tensor([x.velocity is not None for x in latents], dtype=torch.bool)
    return ids.long(), torch.stack(wanted) if wanted else torch.empty(0), drawn
