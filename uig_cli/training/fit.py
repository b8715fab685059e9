"""The network, trained on all lessons at once: a batch of each in every step.

Examining is learned last and needs most: later terms give it more of the work, at a fresh rate.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import torch.nn.functional as F
from torch import Tensor

from uig_cli.models.bagel.network import Network
from uig_cli.training.batch import LessonBuilder, lay_out
from uig_cli.training.forward import forward, targets
from uig_cli.training.recipe import Phase, Plan
from uig_cli.training.sequences import TrainingSequence
from uig_cli.training.trainer import quick, run


def fit_network(
    plan: Plan, network: Network, desk: LessonBuilder, folder: Path
) -> dict[str, Tensor]:
    """The averaged weights after the last term.

    folder: where the states `network-1.pt`, `network-2.pt` ... and their logs are kept.
    """
    first = 0
    weights: dict[str, Tensor] = {}
    for number, term in enumerate(plan.network, 1):
        network.load_state_dict(weights, strict=False)
        weights = _fit(term, first, network, desk, folder / f"network-{number}.pt")
        first += term.course.steps
    return weights


def _fit(
    term: Phase, first: int, network: Network, desk: LessonBuilder, file: Path
) -> dict[str, Tensor]:
    """One term; first: the number of its first step among all, so that no lesson comes twice."""

    def all_lessons(step: int) -> dict[str, list[TrainingSequence]]:
        return {name: lay_out(desk, name, first + step, n) for name, n in term.batch.items()}

    with ThreadPoolExecutor(1) as ahead:
        waiting: dict[int, Future[dict[str, list[TrainingSequence]]]] = {}

        def losses(step: int) -> Iterator[tuple[str, Tensor]]:
            lessons = waiting.pop(step, None) or ahead.submit(all_lessons, step)
            if step + 1 < term.course.steps:
                waiting[step + 1] = ahead.submit(all_lessons, step + 1)
            for lesson, conversations in lessons.result().items():
                yield lesson, loss(network, conversations)

        return run(term.course, network, losses, file)


def loss(network: Network, conversations: list[TrainingSequence]) -> Tensor:
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
