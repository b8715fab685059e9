"""What a sequence has read so far: its keys and values, and where the next token stands.

Keys and values lie in one buffer per sequence, allocated ahead for all that the sequence will
hold and only ever appended to, so that no pass and no step copies what earlier ones wrote. What is
written beyond `length` without advancing is scratch: a flow step attends to its own tokens there,
and the next step overwrites them.
"""

import torch
from torch import Tensor

from uig_cli.models.bagel.config import LanguageConfig


class Context:
    """The KV cache of one sequence.

    store: [layers, keys and values, kv_heads, capacity, head_dim]. length: tokens held.
    position: rope position of the next block; it falls behind `length` as soon as a picture is
    read, because all tokens of a picture share one position. passes: network runs over this
    sequence since it was opened or forked; work: tokens that went through it in them.
    """

    def __init__(self, store: Tensor, length: int = 0, position: int = 0) -> None:
        self.store, self.length, self.position = store, length, position
        self.passes = self.work = 0

    @classmethod
    def empty(cls, config: LanguageConfig, device: torch.device, dtype: torch.dtype) -> "Context":
        shape = (config.num_hidden_layers, 2, config.num_key_value_heads, 0, config.head_dim)
        return cls(torch.empty(shape, device=device, dtype=dtype))

    def reserve(self, tokens: int) -> None:
        """Makes room for that many more tokens, if there is none yet."""
        if self.length + tokens > self.store.shape[3]:
            self.store = self._copy(tokens)

    def fork(self, tokens: int) -> "Context":
        """A second context with the same past and room for `tokens` of its own."""
        return Context(self._copy(tokens), self.length, self.position)

    def write(self, layer: int, keys_values: Tensor) -> tuple[Tensor, Tensor]:
        """Puts a layer's new keys and values, [tokens, 2 * kv_heads, head_dim], behind the past.

        Returns all keys and values up to them as views, each [1, kv_heads, length, head_dim].
        """
        store, end = self.store[layer], self.length + len(keys_values)
        new = keys_values.view(len(keys_values), 2, -1, store.shape[-1]).permute(1, 2, 0, 3)
        store[:, :, self.length : end].copy_(new)
        keys, values = store[:, :, :end].unsqueeze(1)
        return keys, values

    def advance(self, tokens: int, position: int) -> None:
        """Keeps the last `tokens` written; the next block stands at rope `position`."""
        self.length += tokens
        self.position = position

    def _copy(self, room: int) -> Tensor:
        *outer, _, head_dim = self.store.shape
        store = self.store.new_empty(*outer, self.length + room, head_dim)
        store[..., : self.length, :].copy_(self.store[..., : self.length, :])
        return store
