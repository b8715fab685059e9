"""The noise rule: a picture's noise depends on where it stands in a benchmark, on nothing else.

Not on the batch, the device, the machine, the method or what was drawn before it. That is what
makes methods comparable pair by pair, runs resumable and shards mergeable.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Stage = Literal["first", "edit-encode", "edit-init"] | str  # also "candidate-N"


@dataclass(frozen=True, slots=True)
class NoiseKey:
    """Names the noise of one picture.

    seed: the run's seed; case: the benchmark's case id; sample: 0, 1, ... of the same case;
    round: 0 for the first picture, r for the picture that round r of a loop makes.
    """

    seed: int
    case: str
    sample: int = 0
    round: int = 0

    def bits(self, stage: Stage) -> int:
        """The 64-bit seed of `stage` ("first", "candidate-N", "edit-encode", "edit-init")."""
        name = f"{self.seed}\0{self.case}\0{self.sample}\0{stage}\0{self.round}"
        return int.from_bytes(sha256(name.encode()).digest()[:8], "little")

    def normal(self, stage: Stage, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Standard normal numbers of `shape`, float32, from numpy's Philox keyed by `bits`."""
        generator = np.random.Generator(np.random.Philox(key=self.bits(stage)))
        return generator.standard_normal(shape, dtype=np.float32)
