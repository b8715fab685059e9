"""Text out of the model: token by token, or by how likely given answers are."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.finite import to_host
from uig_cli.models.bagel.images import to_device
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.packing import Pack, PackRow
from uig_cli.models.bagel.prefill import text_row
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Failure, not_finite

Picked = tuple[Tensor, list[int]]
"""Next tokens, on the device and read from it."""

Pick = Callable[[Tensor, Sequence[int]], Picked]
"""Chooses next tokens from logits [sequences, vocabulary]; the second argument says which of the
sequences being decoded the rows are."""

NOT_FINITE = -1
"""What stands in place of a token where no token is the likeliest."""


@dataclass(frozen=True, slots=True)
class TextSettings:
    """max_text_tokens: the start token counts, so one fewer is new. temperature: 0 is greedy.
    stop_repetition: how often a phrase of a few words may be said; 0 sets no bound."""

    max_text_tokens: int
    temperature: float
    stop_repetition: int = 0

    def pick(self, keys: Sequence[NoiseKey]) -> Pick:
        return sampled(self.temperature, keys) if self.temperature > 0 else greedy


def greedy(logits: Tensor, rows: Sequence[int]) -> Picked:
    """The likeliest tokens."""
    return _read(logits.argmax(dim=-1), logits)


def probabilities(logits: Tensor, temperature: float) -> Tensor:
    return torch.softmax(logits / temperature, dim=-1)


def sampled(temperature: float, keys: Sequence[NoiseKey]) -> Pick:
    """Draws from softmax(logits / temperature), each sequence with random numbers of its own."""
    generators = [np.random.Generator(np.random.Philox(key=key.bits("text"))) for key in keys]

    def pick(logits: Tensor, rows: Sequence[int]) -> Picked:
        points = np.array([[generators[row].random()] for row in rows], dtype=np.float32)
        below = probabilities(logits.double(), temperature).cumsum(dim=-1)
        passed = below <= to_device(points, logits.device) * below[:, -1:]
        return _read(passed.sum(dim=-1).clamp(max=logits.shape[-1] - 1), logits)

    return pick


def _read(tokens: Tensor, logits: Tensor) -> Picked:
    """The tokens, NOT_FINITE where their logits are not: one look at the device for both."""
    finite = logits.isfinite().all(dim=-1)
    return tokens, to_host(tokens.where(finite, NOT_FINITE))


# cuDNN, the first choice on Hopper GPUs, plans attention anew for each length of the keys and keeps
# all plans. A text's keys grow by one a pass.
growing = sdpa_kernel([SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH])


@growing
def decode(
    network: Network,
    tokenizer: TextTokenizer,
    contexts: Sequence[Context],
    limits: Sequence[int],
    pick: Pick = greedy,
    most_repeats: int = 0,
) -> list[list[int]]:
    """Continues each context by a text and leaves the contexts as they were.

    Returns the tokens fed, start token first and at most `limits` of them; neither the end token
    nor the token predicted last is among them. Sequences that end drop out of the batch; one whose
    logits are not finite ends with NOT_FINITE (see `text_failure`).

    Where each sequence's tokens will stand is known ahead, and what was said is fed from where it
    was chosen: of a token nothing goes to the device, and one look at it tells what came.
    """
    marks = [(context.length, context.position) for context in contexts]
    ids = [[tokenizer.start] for _ in contexts]
    for context, limit in zip(contexts, limits, strict=True):
        context.reserve(limit)
    active = [i for i, limit in enumerate(limits) if limit > 1]
    ropes = [
        network.decoder.rope(range(context.position, context.position + max(1, limit)))
        for context, limit in zip(contexts, limits, strict=True)
    ]
    fed = torch.full((len(active),), tokenizer.start, device=network.device)
    while active:
        rows = [PackRow(contexts[i], (contexts[i].position,)) for i in active]
        at = [(ropes[i], len(ids[i]) - 1) for i in active]
        cos, sin = (torch.cat([rope[k][n : n + 1] for rope, n in at]) for k in (0, 1))
        pack = Pack(rows, (cos, sin))
        (hidden,) = network.decoder(pack, network.decoder.embed_tokens(fed))
        pack.advance()
        logits = network.logits(hidden)
        if most_repeats:
            hold_back(logits, [ids[i] for i in active], most_repeats)
        tokens, predicted = pick(logits, active)
        staying = []
        for row, (i, token) in enumerate(zip(active, predicted, strict=True)):
            if token != tokenizer.end:
                ids[i].append(token)
                if len(ids[i]) < limits[i] and token != NOT_FINITE:
                    staying.append(row)
        if len(staying) < len(active) and staying:
            tokens = torch.cat([tokens[n : n + 1] for n in staying])
        fed, active = tokens, [active[n] for n in staying]
    for context, (length, position) in zip(contexts, marks, strict=True):
        context.length, context.position = length, position
    return ids


PHRASE = 6
"""Tokens of a phrase whose repetition is held back: a few words."""


def hold_back(logits: Tensor, said: Sequence[Sequence[int]], most: int) -> None:
    """Makes the tokens the least likely that would say a phrase once more which has been said
    `most` times: a model that loops says something else then, its verdict mostly."""
    for row, ids in enumerate(said):
        if again := going_on(ids, most):
            logits[row, again] = torch.finfo(logits.dtype).min


def going_on(ids: Sequence[int], most: int) -> list[int]:
    """The tokens that would end a phrase which the text holds `most` times already, anywhere."""
    begun = tuple(ids[len(ids) - PHRASE + 1 :])
    if len(begun) < PHRASE - 1:
        return []
    ends = Counter(
        ids[at + PHRASE - 1]
        for at in range(len(ids) - PHRASE + 1)
        if tuple(ids[at : at + PHRASE - 1]) == begun
    )
    return [token for token, count in ends.items() if count >= most]


def text_failure(ids: Sequence[int]) -> Failure | None:
    """Why a decoded sequence is no text, if it is none."""
    return not_finite(f"the logits of token {len(ids) - 1}") if ids[-1] == NOT_FINITE else None


def likelihoods(
    network: Network,
    tokenizer: TextTokenizer,
    contexts: Sequence[Context],
    choices: Sequence[Sequence[str]],
) -> list[tuple[float, ...] | Failure]:
    """How likely each choice is as the answer to what each context has read.

    A choice's likelihood is the sum over its spellings (as given, capitalised) of the product of
    their tokens' probabilities after the start token; likelihoods are then made to add up to 1.
    Spellings that differ in their last token alone, as all of one token do, take one pass.
    """
    waiting = [_by_beginning(tokenizer, each) for each in choices]
    found: list[list[list[Tensor]]] = [[[] for _ in each] for each in choices]
    broken: list[list[Tensor]] = [[] for _ in choices]
    while any(waiting):
        active = [i for i, beginnings in enumerate(waiting) if beginnings]
        taken = [waiting[i].popitem() for i in active]
        pack = network.decoder.pack(
            [text_row(contexts[i], fed) for i, (fed, _) in zip(active, taken, strict=True)]
        )
        (hidden,) = network.decoder(pack, network.embed([t for fed, _ in taken for t in fed]))
        logits = network.logits(hidden).float()
        rows = torch.split(logits, pack.lengths)
        logs = torch.split(logits.log_softmax(dim=-1), pack.lengths)
        for i, (fed, endings), row, table in zip(active, taken, rows, logs, strict=True):
            broken[i].append(row.isfinite().all().logical_not())
            for choice, last in endings:
                following = torch.tensor([[*fed[1:], last]], device=table.device)
                found[i][choice].append(table.gather(1, following.T).sum())
    shares = [torch.stack([torch.stack(f).logsumexp(0) for f in each]) for each in found]
    return [_chances(share, flags) for share, flags in zip(shares, broken, strict=True)]


def _chances(share: Tensor, broken: Sequence[Tensor]) -> tuple[float, ...] | Failure:
    """Read from the device together with whether any of the logits behind them was not finite."""
    flag = torch.stack(list(broken)).any().unsqueeze(0)
    *chances, bad = to_host(torch.cat((share.softmax(dim=0), flag)))
    return not_finite("the logits of the choices") if bad else tuple(chances)


def longest(tokenizer: TextTokenizer, choices: Sequence[str]) -> int:
    """How many tokens `likelihoods` feeds at most; 0 for no choices."""
    return max(map(len, _by_beginning(tokenizer, choices)), default=0)


def _by_beginning(
    tokenizer: TextTokenizer, choices: Sequence[str]
) -> dict[tuple[int, ...], list[tuple[int, int]]]:
    """What to feed, start token first -> (which choice, its last token) for each spelling."""
    found: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for choice, text in enumerate(choices):
        for spelling in dict.fromkeys((text, text[:1].upper() + text[1:])):
            *beginning, last = tokenizer.encode(spelling)
            found.setdefault((tokenizer.start, *beginning), []).append((choice, last))
    return found
