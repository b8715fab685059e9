"""Several processes, one training: each takes its share of every batch, gradients are averaged.

A loss is a mean over a process's share, and all processes weigh alike, so shares of unequal size
weigh unequally: another number of processes gives other weights, as good.

The network is so small that two threads of one process wait for each other most of the time; two
processes of one thread each are half as fast again. torchrun starts them; alone all of this is
nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from os import environ
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import nn

T = TypeVar("T")

PATIENCE = timedelta(hours=6)
"""How long processes wait for each other: while the first prepares, the others do nothing."""


@contextmanager
def gathered() -> Iterator[None]:
    """Inside, the processes that torchrun has started know each other."""
    if "WORLD_SIZE" not in environ:
        yield
        return
    dist.init_process_group("gloo", timeout=PATIENCE)
    try:
        yield
    finally:
        dist.destroy_process_group()


def rank() -> int:
    return dist.get_rank() if dist.is_initialized() else 0


def size() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


def share(batch: Sequence[T]) -> Sequence[T]:
    """This process's part of a batch."""
    return batch[rank() :: size()]


def once(do: Callable[[], object]) -> None:
    """The first process does it; nobody goes on before it is done."""
    if not rank():
        do()
    if dist.is_initialized():
        dist.barrier()


@torch.no_grad()
def average_gradients(module: nn.Module) -> None:
    """Over all processes; they must have computed gradients of the same weights."""
    if not dist.is_initialized():
        return
    gradients = [p.grad for p in module.parameters() if p.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat)
    flat /= size()
    parts = torch.split(flat, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))
