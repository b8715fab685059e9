"""Several processes, one training: each takes its share of every batch, gradients are averaged.

The network is so small that two threads of one process wait for each other most of the time; two
processes of one thread each are half as fast again. torchrun starts them; alone all of this is
nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import environ
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import nn

T = TypeVar("T")


@contextmanager
def gathered() -> Iterator[None]:
    """Inside, the processes that torchrun has started know each other."""
    if "WORLD_SIZE" not in environ:
        yield
        return
    dist.init_process_group("gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def rank() -> int:
    return dist.get_rank() if dist.is_initialized() else 0


def share(batch: Sequence[T]) -> Sequence[T]:
    """This process's part of a batch."""
    return batch[rank() :: dist.get_world_size()] if dist.is_initialized() else batch


@contextmanager
def in_turn() -> Iterator[None]:
    """The first process does what is inside, then the others, who find it done."""
    if dist.is_initialized() and rank():
        dist.barrier()
    yield
    if dist.is_initialized() and not rank():
        dist.barrier()


@torch.no_grad()
def average_gradients(module: nn.Module) -> None:
    """Over all processes; they must have computed gradients of the same weights."""
    if not dist.is_initialized():
        return
    gradients = [p.grad for p in module.parameters() if p.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    parts = torch.split(flat, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))
