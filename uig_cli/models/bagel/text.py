"""Text out of the model: token by token, or by how likely given answers are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from torch import Tensor

from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.images import to_device
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.packing import Row
from uig_cli.models.bagel.prefill import text_row
from uig_cli.models.bagel.tokenizer import TextTokenizer

Pick = Callable[[Tensor, Sequence[int]], list[int]]
"""Chooses next tokens from logits [sequences, vocabulary]; the second argument says which of the
sequences being decoded the rows are."""


@dataclass(frozen=True, slots=True)
class TextSettings:
    """max_text_tokens: the start token counts, so one fewer is new. temperature: 0 is greedy."""

    max_text_tokens: int
    temperature: float

    def pick(self, seeds: Sequence[int]) -> Pick:
        return sampled(self.temperature, seeds) if self.temperature > 0 else greedy


def greedy(logits: Tensor, rows: Sequence[int]) -> list[int]:
    """The likeliest tokens."""
    found: list[int] = to_host(logits.argmax(dim=-1))
    return found


def sampled(temperature: float, seeds: Sequence[int]) -> Pick:
    """Draws from softmax(logits / temperature), each sequence with random numbers of its own."""
    generators = [np.random.Generator(np.random.Philox(key=seed)) for seed in seeds]

    def pick(logits: Tensor, rows: Sequence[int]) -> list[int]:
        points = np.array([[generators[row].random()] for row in rows], dtype=np.float32)
        below = torch.softmax(logits.double() / temperature, dim=-1).cumsum(dim=-1)
        passed = below <= to_device(points, logits.device) * below[:, -1:]
        found: list[int] = to_host(passed.sum(dim=-1).clamp(max=logits.shape[-1] - 1))
        return found

    return pick


def to_host(numbers: Tensor) -> Any:
    """The one place where text waits for the device."""
    return numbers.tolist()


def decode(
    network: Network,
    tokenizer: TextTokenizer,
    contexts: Sequence[Context],
    limits: Sequence[int],
    pick: Pick = greedy,
) -> list[list[int]]:
    """Continues each context by a text and leaves the contexts as they were.

    Returns the tokens fed, start token first and at most `limits` of them; neither the end token
    nor the token predicted last is among them. Sequences that end drop out of the batch.
    """
    marks = [(context.length, context.position) for context in contexts]
    ids = [[tokenizer.start] for _ in contexts]
    for context, limit in zip(contexts, limits, strict=True):
        context.reserve(limit)
    active = [i for i, limit in enumerate(limits) if limit > 1]
    while active:
        pack = network.decoder.pack([text_row(contexts[i], ids[i][-1:]) for i in active])
        (hidden,) = network.decoder(pack, network.embed([ids[i][-1] for i in active]))
        pack.advance()
        tokens = pick(network.logits(hidden), active)
        predicted = dict(zip(active, tokens, strict=True))
        active = [i for i in active if predicted[i] != tokenizer.end]
        for i in active:
            ids[i].append(predicted[i])
        active = [i for i in active if len(ids[i]) < limits[i]]
    for context, (length, position) in zip(contexts, marks, strict=True):
        context.length, context.position = length, position
    return ids


@dataclass(frozen=True, slots=True)
class _Choices:
    """Every spelling of every choice as one tree of tokens: a start token with a branch for each.

    spellings: per choice, the token ids of each way to write it.
    """

    spellings: list[list[list[int]]]

    @classmethod
    def of(cls, tokenizer: TextTokenizer, choices: Sequence[str]) -> "_Choices":
        return cls(
            [
                [tokenizer.encode(way) for way in dict.fromkeys((c, c[:1].upper() + c[1:]))]
                for c in choices
            ]
        )

    @property
    def branches(self) -> list[list[int]]:
        return [ids for ways in self.spellings for ids in ways]

    def fed(self, start: int) -> list[int]:
        """What the network reads: a branch's last token is only predicted."""
        return [start, *(i for ids in self.branches for i in ids[:-1])]

    def row(self, context: Context) -> Row:
        """Each branch sees the past, the start token and itself."""
        lengths = [len(ids) - 1 for ids in self.branches]
        tokens = 1 + sum(lengths)
        context.reserve(tokens)
        seen = np.tril(np.ones((tokens, tokens), dtype=bool))
        positions = [context.position]
        for first, length in zip(accumulate(lengths, initial=1), lengths, strict=False):
            seen[first : first + length, 1:first] = False
            positions += range(context.position + 1, context.position + 1 + length)
        past = np.ones((tokens, context.length), dtype=bool)
        mask = torch.tensor(np.concatenate((past, seen), axis=1).tolist())
        return Row(context, positions, mask=mask.to(context.store.device))

    def predictions(self) -> list[tuple[int, int]]:
        """(which fed token, the token that should follow it), branch by branch."""
        found, fed = [], 1
        for ids in self.branches:
            found += zip([0, *range(fed, fed + len(ids) - 1)], ids, strict=True)
            fed += len(ids) - 1
        return found

    def probabilities(self, logs: list[float]) -> tuple[float, ...]:
        """Per choice, from the log probability of each prediction; they add up to 1."""
        each = iter(logs)
        totals = np.array(
            [
                np.logaddexp.reduce([sum(next(each) for _ in ids) for ids in ways])
                for ways in self.spellings
            ]
        )
        shares = np.exp(totals - totals.max())
        return tuple(float(share) for share in shares / shares.sum())


def likelihoods(
    network: Network,
    tokenizer: TextTokenizer,
    contexts: Sequence[Context],
    choices: Sequence[Sequence[str]],
) -> list[tuple[float, ...]]:
    """How likely each choice is as the answer to what each context has read; one pass for all.

    A choice's likelihood is the sum over its spellings (as given, capitalised) of the product of
    their tokens' probabilities after the start token; likelihoods are then made to add up to 1.
    """
    if not contexts:
        return []
    trees = [_Choices.of(tokenizer, each) for each in choices]
    pack = network.decoder.pack(
        [tree.row(context) for tree, context in zip(trees, contexts, strict=True)]
    )
    fed = [tree.fed(tokenizer.start) for tree in trees]
    (hidden,) = network.decoder(pack, network.embed([i for ids in fed for i in ids]))
    logs = network.logits(hidden).float().log_softmax(dim=-1)
    firsts = accumulate((len(ids) for ids in fed), initial=0)
    asked = [
        (first + at, token)
        for first, tree in zip(firsts, trees, strict=False)
        for at, token in tree.predictions()
    ]
    places = torch.tensor(asked, device=logs.device)
    found = iter(to_host(logs[places[:, 0], places[:, 1]]))
    return [tree.probabilities([next(found) for _ in tree.predictions()]) for tree in trees]
