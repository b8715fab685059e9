"""Whether what a network computes is finite: NaN and infinity are found where they arise.

Nothing else would find them: a picture of NaN is black once it has 8 bits, and of words whose
likelihoods are NaN one is always the likeliest.
"""

from typing import Any

import torch
from torch import Tensor

from uig_cli.models.protocol import Failure, not_finite


class FiniteWatch:
    """What was looked at on the way to one reply: a truth value each, which stays on the device
    until the reply is made, so that no step waits for it."""

    def __init__(self) -> None:
        self._looked_at: list[tuple[str, Tensor]] = []

    def look(self, what: str, numbers: Tensor) -> None:
        self._looked_at.append((what, numbers.isfinite().all().logical_not()))

    def failure(self) -> Failure | None:
        """What was not finite first, read from the device at once."""
        broken = to_host(torch.stack([flag for _, flag in self._looked_at]))
        names = (what for what, _ in self._looked_at)
        return next((not_finite(w) for w, bad in zip(names, broken, strict=True) if bad), None)


def to_host(numbers: Tensor) -> Any:
    """The one place where texts, and what is watched, wait for the device."""
    return numbers.tolist()
