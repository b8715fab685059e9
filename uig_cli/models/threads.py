"""Threads: how many torch works with, and what it keeps for each of them.

A model is loaded on one thread and run on another, and what it set while it was loaded (no
gradients, a device of its own) must hold there too. A tiny model is fastest on one thread: two take
2.6 times as long, waiting for each other, and may round otherwise. Nothing imports torch for this.
"""

import os
import sys
from collections.abc import Callable, Iterable

TINY = 20_000_000
"""Parameters below which one thread is faster than several."""
_ASKED_FOR = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables of the environment by which a user says how many threads there should be."""


def torch_loaded() -> bool:
    return "torch" in sys.modules


def torch_threads() -> int | None:
    """How many threads torch works with; None where nobody needed it."""
    return sys.modules["torch"].get_num_threads() if torch_loaded() else None


def one_thread_for_tiny(models: Iterable[object]) -> None:
    """One thread where all models say that they are tiny, unless a user asked for more."""
    sizes = [getattr(model, "n_parameters", None) for model in models]
    tiny = bool(sizes) and all(size is not None and size < TINY for size in sizes)
    if tiny and torch_loaded() and not any(os.environ.get(name) for name in _ASKED_FOR):
        sys.modules["torch"].set_num_threads(1)


def thread_settings() -> Callable[[], None]:
    """What this thread has set of torch; calling it sets the same on another thread."""
    torch = sys.modules.get("torch")
    if torch is None:
        return lambda: None
    gradients = torch.is_grad_enabled()
    device = torch.cuda.current_device() if torch.cuda.is_initialized() else None

    def carry_over() -> None:
        torch.set_grad_enabled(gradients)
        if device is not None:
            torch.cuda.set_device(device)

    return carry_over
