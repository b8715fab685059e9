"""Which guidance branches a flow runs at which time: one rule, for drawing and for counting work.

Times go from 1 (noise) to 0 (picture). A step runs the conditional branch, and inside an interval
of times the branches that guidance subtracts.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Branch = Literal["cond", "cfg_text", "cfg_img"]


@dataclass(frozen=True, slots=True)
class Guidance:
    """num_timesteps: points in time, one more than there are steps. shift: above 1 spends more
    steps on noise. interval: (low, high], the times at which guidance acts."""

    num_timesteps: int
    shift: float
    text_scale: float
    image_scale: float
    interval: tuple[float, float]

    @property
    def branches(self) -> tuple[Branch, ...]:
        """What a guided step runs; without text guidance image guidance has no effect either."""
        if self.text_scale <= 1:
            return ("cond",)
        return ("cond", "cfg_text", "cfg_img") if self.image_scale > 1 else ("cond", "cfg_text")

    @property
    def passes(self) -> int:
        """One for each branch of each step."""
        times = schedule(self.num_timesteps, self.shift)[:-1]
        return sum(len(self.branches_at(t)) for t in times)

    def branches_at(self, t: np.float32) -> tuple[Branch, ...]:
        """Bounds are compared in float32, as the times are."""
        low, high = (np.float32(bound) for bound in self.interval)
        return self.branches if low < t <= high else ("cond",)


def schedule(points: int, shift: float) -> NDArray[np.float32]:
    """`points` times from 1 to 0 in float32, as torch.linspace gives them before the shift."""
    index, half = np.arange(points), points // 2
    stride = np.float64(np.float32(-1) / np.float32(points - 1))
    ends = np.where(index < half, 1 + stride * index, -stride * (points - 1 - index))
    u = ends.astype(np.float32)
    shifted: NDArray[np.float32] = shift * u / (1 + (shift - 1) * u)
    return shifted
