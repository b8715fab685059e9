"""What torch keeps for each thread, carried over to the thread that a model is run on.

A model is loaded on one thread and run on another, and what it set while it was loaded (no
gradients, a device of its own) must hold there too. Nothing imports torch for this.
"""

import sys
from collections.abc import Callable


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
