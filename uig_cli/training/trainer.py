"""The loop of every training here: restartable at any step with the same result.

What a step does is a function of its number, so a state needs no random numbers: weights, their
average, the optimizer's moments, the step and the log so far.
"""

import csv
import io
import math
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch
from torch import Tensor, nn

from uig_cli.errors import UigError
from uig_cli.files import write_whole
from uig_cli.training.distributed import average_gradients, rank
from uig_cli.training.recipe import Schedule
from uig_cli.training.state_files import read_state, write_state

Losses = Callable[[int], Iterator[tuple[str, Tensor]]]
"""The named losses of a step; each is sent backwards before the next one is asked for."""


def run(course: Schedule, module: nn.Module, losses: Losses, file: Path) -> dict[str, Tensor]:
    """Trains `module` to the course's end and returns its averaged weights.

    file: the state; an existing one is continued. The log, of the first process's losses, is the
    CSV file of the same name.
    """
    optimizers = _optimizers(module, course)
    average = {name: p.detach().clone() for name, p in module.named_parameters()}
    rows: list[dict[str, float]] = []
    step = 0
    if state := read_state(file):
        module.load_state_dict(state["weights"])
        for optimizer, kept in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        average, rows, step = state["average"], state["log"], state["step"]
    module.train()
    sums: dict[str, float] = {}
    while step < course.steps:
        started = time.perf_counter()
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(course, step)
            optimizer.zero_grad(set_to_none=True)
        found: dict[str, float] = {}
        for name, loss in losses(step):
            loss.backward()  # type: ignore[no-untyped-call]
            found[name] = float(loss.detach())
        average_gradients(module)
        norm = float(nn.utils.clip_grad_norm_(module.parameters(), course.clip))
        if not math.isfinite(norm):
            raise UigError(f"{file}: the gradient of step {step} is {norm}; lower the rate.")
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        # The first average is short, so that weights of the beginning do not linger in it.
        _average(average, module, min(course.average, step / (step + 10)))
        seconds = time.perf_counter() - started
        for name, value in {**found, "norm": norm, "seconds": seconds}.items():
            sums[name] = sums.get(name, 0.0) + value / course.log_every
        if step % course.log_every == 0:
            rows.append({"step": step, "rate": learning_rate(course, step - 1), **sums})
            sums = {}
            if rank() == 0:
                write_whole(file.with_suffix(".csv"), _table(rows))
        if rank() == 0 and (step % course.save_every == 0 or step == course.steps):
            state = {
                "weights": module.state_dict(),
                "average": average,
                "optimizers": [optimizer.state_dict() for optimizer in optimizers],
                "log": rows,
                "step": step,
            }
            write_state(file, state)
    return average


def quick() -> AbstractContextManager[object]:
    """Products in bfloat16, sums in float32, where the processor multiplies bfloat16 itself.

    There a step takes about half the time; elsewhere it would take much longer.
    """
    able = torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.autocast("cpu", torch.bfloat16) if able else nullcontext()


def learning_rate(course: Schedule, step: int) -> float:
    """The learning rate of a step."""
    if step < course.warmup:
        return course.rate * (step + 1) / course.warmup
    done = (step - course.warmup) / max(course.steps - course.warmup, 1)
    return course.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))


def _optimizers(module: nn.Module, course: Schedule) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of transformer layers, AdamW for all else; both of one rate.

    Muon (Jordan 2024) makes all directions of a matrix learn alike, scaled here to the size of
    AdamW's steps (Liu et al. 2025).
    """
    inner, weights, others = [], [], []
    for name, p in module.named_parameters():
        if p.dim() == 1 or "embed" in name:
            others.append(p)
        elif p.dim() == 2 and "layers" in name:
            inner.append(p)
        else:
            weights.append(p)
    groups = [
        {"params": weights, "weight_decay": course.decay},
        {"params": others, "weight_decay": 0.0},
    ]
    found: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(groups, lr=course.rate, betas=(0.9, 0.98), fused=True)
    ]
    if inner:
        found.append(
            torch.optim.Muon(
                inner,
                lr=course.rate,
                weight_decay=course.decay,
                adjust_lr_fn="match_rms_adamw",
            )
        )
    return found


@torch.no_grad()
def _average(average: dict[str, Tensor], module: nn.Module, decay: float) -> None:
    names, weights = zip(*module.named_parameters(), strict=True)
    torch._foreach_lerp_([average[name] for name in names], list(weights), 1 - decay)


def _table(rows: list[dict[str, float]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: f"{value:.6g}" for k, value in row.items()} for row in rows)
    return text.getvalue()
