"""Many sequences in one pass: how their new tokens are packed for the two experts.

Linear layers and norms run over the tokens of all sequences at once, those of each expert
packed together; attention runs sequence by sequence over its own keys. A token's result does not
depend on its neighbours, with one exception that `pad_rows` takes care of.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from uig_cli.models.bagel.context import Context

MIN_ROWS = 16

QueriesKeysValues = tuple[Tensor, Tensor, Tensor]
"""Of one row: queries [1, heads, tokens, head_dim], keys and values [1, kv_heads, past + tokens,
head_dim]."""


def pad_rows(x: Tensor) -> Tensor:
    """Fills up to 16 rows with zeros on the CPU.

    Below that the CPU's matrix products choose their order of summation by the number of rows,
    and a picture's bytes would depend on how many pictures are drawn together.
    """
    if x.device.type != "cpu" or len(x) >= MIN_ROWS:
        return x
    return F.pad(x, (0, 0, 0, MIN_ROWS - len(x)))


def apply_rows(module: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """`module` over the rows of x, whose results do not depend on the number of rows."""
    return module(pad_rows(x))[: len(x)]


@dataclass(frozen=True, slots=True)
class PackRow:
    """The new tokens of one sequence.

    positions: a rope position per token. latents: how many of them go to the generation expert:
    all but the first and last of a latent picture, else none. mask: [tokens, past + tokens],
    which keys a token sees; None: all of them.
    """

    context: Context
    positions: Sequence[int]
    latents: int = 0
    mask: Tensor | None = None


class Pack:
    """The rows of one pass, and the way between sequence order and expert order.

    In sequence order all tokens follow each other row by row, as attention needs them. In expert
    order there is one tensor per expert, each row by row and padded by `pad_rows`.
    """

    def __init__(self, rows: Sequence[PackRow], rope: tuple[Tensor, Tensor]) -> None:
        self.rows, self.rope = rows, rope
        device = rope[0].device
        self.lengths = [len(row.positions) for row in rows]
        self.tokens = sum(self.lengths)
        latents = sum(row.latents for row in rows)
        least = MIN_ROWS if device.type == "cpu" else 0
        self.sizes = [max(self.tokens - latents, least)]
        self._order: Tensor | None = None
        if latents:
            self.sizes.append(max(latents, least))
            self._order, self._back = self._index(device)

    def start(self, *tokens: Tensor) -> list[Tensor]:
        """Begins a network run: each expert's tokens in expert order."""
        for row, length in zip(self.rows, self.lengths, strict=True):
            row.context.passes += 1
            row.context.work += length
        return [pad_rows(t) for t in tokens]

    def in_sequence(self, streams: Sequence[Tensor]) -> Tensor:
        if self._order is None:
            return streams[0][: self.tokens]
        return torch.cat(list(streams)).index_select(0, self._order)

    def attend(self, rows: Sequence[QueriesKeysValues]) -> Tensor:
        """Attention of every row over its own keys: [tokens, heads * head_dim]."""
        attended = []
        for row, (q, k, v) in zip(self.rows, rows, strict=True):
            seen = F.scaled_dot_product_attention(q, k, v, attn_mask=row.mask, enable_gqa=True)
            attended.append(seen.squeeze(0).transpose(0, 1).flatten(1))
        return attended[0] if len(attended) == 1 else torch.cat(attended)

    def by_expert(self, x: Tensor) -> list[Tensor]:
        if self._order is None:
            return [pad_rows(x)]
        return list(torch.split(x.index_select(0, self._back), self.sizes))

    def advance(self) -> None:
        """Keeps what this pass wrote in every context."""
        for row, tokens in zip(self.rows, self.lengths, strict=True):
            row.context.advance(tokens, row.positions[-1] + 1)

    def _index(self, device: torch.device) -> tuple[Tensor, Tensor]:
        und, gen = 0, self.sizes[0]
        order: list[int] = []
        for row, tokens in zip(self.rows, self.lengths, strict=True):
            if row.latents:
                order += [und, *range(gen, gen + row.latents), und + 1]
            else:
                order += range(und, und + tokens)
            und, gen = und + tokens - row.latents, gen + row.latents
        back = [0] * sum(self.sizes)  # padding takes any token: its result is thrown away
        for place, packed in enumerate(order):
            back[packed] = place
        return torch.tensor(order, device=device), torch.tensor(back, device=device)
