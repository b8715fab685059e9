"""The network, trained on all lessons at once: a batch of each in every step."""

import math
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.tiny import sincos_table
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.training.batch import Desk, lay_out
from uig_cli.training.config import Plan
from uig_cli.training.course import run
from uig_cli.training.forward import forward, targets
from uig_cli.training.sequences import Conversation


def begin(config: BagelConfig, tokenizer: TextTokenizer, seed: int) -> Network:
    """A network with random weights: small embeddings, sine tables for places, residual branches
    and velocities that begin near nothing."""
    torch.manual_seed(seed)
    network = Network(config, (tokenizer.vision_start, tokenizer.vision_end))
    depth = math.sqrt(2 * config.language.num_hidden_layers)
    for name, weight in network.named_parameters():
        if "pos_embed" in name:
            table = torch.from_numpy(sincos_table(*weight.shape))
            weight.data.copy_(table / 2)
        elif name.endswith("bias"):
            nn.init.zeros_(weight)
        elif weight.dim() == 1:
            nn.init.ones_(weight)
        elif "embed" in name or "lm_head" in name:
            nn.init.normal_(weight, std=0.05)
        elif name.startswith("llm2vae"):
            nn.init.zeros_(weight)
        else:
            shrunk = depth if "o_proj" in name or "down_proj" in name else 1.0
            nn.init.normal_(weight, std=1 / (shrunk * math.sqrt(weight.shape[1])))
    return network


def fit_network(
    plan: Plan, network: Network, desk: Desk, folder: Path, until: int | None = None
) -> dict[str, Tensor]:
    """The averaged weights. folder: where the state `network.pt` and its log are kept."""

    def all_lessons(step: int) -> dict[str, list[Conversation]]:
        return {lesson: lay_out(desk, lesson, step) for lesson in plan.batch}

    with ThreadPoolExecutor(1) as ahead:
        waiting: dict[int, Future[dict[str, list[Conversation]]]] = {}

        def losses(step: int) -> Iterator[tuple[str, Tensor]]:
            lessons = waiting.pop(step, None) or ahead.submit(all_lessons, step)
            waiting[step + 1] = ahead.submit(all_lessons, step + 1)
            for lesson, conversations in lessons.result().items():
                yield lesson, loss(network, conversations)

        return run(plan.network, network, losses, folder / "network.pt", until)


def loss(network: Network, conversations: list[Conversation]) -> Tensor:
    """Cross entropy of what is to be said, and squared error of the velocities; means, added."""
    logits, velocities = forward(network, conversations)
    ids, wanted, drawn = targets(conversations)
    total = velocities.new_zeros(())
    if len(ids):
        total = total + F.cross_entropy(logits, ids)
    if drawn.any():
        total = total + F.mse_loss(velocities[drawn], wanted)
    return total
