"""A whole conversation as one row of tokens, by the rules that BAGEL's contexts grow by.

Inference reads block after block (a text, a picture to look at, latents) into a context. Here all
blocks of a conversation are in one pass, and a mask says which tokens each would have found in
its context. A block names the blocks it follows: several questions may follow one picture, and
several noisy versions of a picture one prompt, without seeing each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import torch
from torch import Tensor


class TokenKind(IntEnum):
    """What a token is made from. Words and seen patches belong to the understanding expert."""

    WORD = 0
    SEEN = 1
    LATENT = 2


@dataclass(frozen=True, slots=True)
class SequenceBlock:
    """Places start..end of the row; rope goes on at `position` behind it."""

    start: int
    end: int
    position: int
    causal: bool
    follows: tuple["SequenceBlock", ...]


@dataclass(frozen=True, slots=True)
class Latents:
    """One picture's latent tokens [tokens, numbers], as they are at a time (0: clean).

    velocity: what the model should say about them; None where they are only read.
    """

    tokens: Tensor
    time: float = 0.0
    velocity: Tensor | None = None


class TrainingSequence:
    """Grows block by block. markers: the ids around every picture; patches: tokens of a picture
    to look at.

    ids: of texts and markers; learned: which of them should predict the id behind them.
    """

    def __init__(self, markers: tuple[int, int], patches: int) -> None:
        self.markers, self.patches = markers, patches
        self.kinds: list[TokenKind] = []
        self.positions: list[int] = []
        self.blocks: list[SequenceBlock] = []
        self.ids: list[int] = []
        self.learned: list[int] = []
        self.pixels: list[Tensor] = []
        self.latents: list[Latents] = []

    def text(
        self, ids: Sequence[int], *follows: SequenceBlock, learned: bool = False
    ) -> SequenceBlock:
        """A text with its start and end tokens, each token seeing those before it."""
        if learned:
            self.learned += range(len(self.ids), len(self.ids) + len(ids) - 1)
        self.ids += ids
        first = _behind(follows)
        positions = range(first, first + len(ids))
        return self._add([TokenKind.WORD] * len(ids), positions, True, follows)

    def picture(self, pixels: Tensor, *follows: SequenceBlock) -> SequenceBlock:
        """A picture to look at, [3, height, width] by the ViT rule."""
        self.pixels.append(pixels)
        return self._picture([TokenKind.SEEN] * self.patches, follows)

    def flow(self, latents: Latents, *follows: SequenceBlock) -> SequenceBlock:
        """A picture to edit, or one to be drawn."""
        self.latents.append(latents)
        return self._picture([TokenKind.LATENT] * len(latents.tokens), follows)

    def mask(self) -> Tensor:
        """[tokens, tokens], true where a row's token sees a column's."""
        seen = torch.zeros(len(self.kinds), len(self.kinds), dtype=torch.bool)
        for block in self.blocks:
            rows = slice(block.start, block.end)
            own = torch.ones(block.end - block.start, block.end - block.start, dtype=torch.bool)
            seen[rows, rows] = own.tril() if block.causal else own
            for other in block.follows:
                seen[rows, other.start : other.end] = True
        return seen

    def _picture(
        self, inside: list[TokenKind], follows: tuple[SequenceBlock, ...]
    ) -> SequenceBlock:
        self.ids += self.markers
        kinds = [TokenKind.WORD, *inside, TokenKind.WORD]
        return self._add(kinds, [_behind(follows)] * len(kinds), False, follows)

    def _add(
        self,
        kinds: list[TokenKind],
        positions: Sequence[int],
        causal: bool,
        follows: tuple[SequenceBlock, ...],
    ) -> SequenceBlock:
        start = len(self.kinds)
        self.kinds += kinds
        self.positions += positions
        block = SequenceBlock(start, len(self.kinds), positions[-1] + 1, causal, follows)
        self.blocks.append(block)
        return block


def _behind(follows: Sequence[SequenceBlock]) -> int:
    return follows[-1].position if follows else 0
