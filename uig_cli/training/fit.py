"""The network, trained on all lessons at once: a batch of each in every step."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import torch.nn.functional as F
from torch import Tensor

from uig_cli.models.bagel.network import Network
from uig_cli.training.batch import Desk, lay_out
from uig_cli.training.config import Plan
from uig_cli.training.course import quick, run
from uig_cli.training.forward import forward, targets
from uig_cli.training.sequences import Conversation


def fit_network(plan: Plan, network: Network, desk: Desk, folder: Path) -> dict[str, Tensor]:
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

        return run(plan.network, network, losses, folder / "network.pt")


def loss(network: Network, conversations: list[Conversation]) -> Tensor:
    """Cross entropy of what is to be said, and squared error of the velocities; means, added."""
    with quick():
        logits, velocities = forward(network, conversations)
    ids, wanted, drawn = targets(conversations)
    total = velocities.new_zeros(())
    if len(ids):
        total = total + F.cross_entropy(logits.float(), ids)
    if drawn.any():
        total = total + F.mse_loss(velocities[drawn].float(), wanted)
    return total
