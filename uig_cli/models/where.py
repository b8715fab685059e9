"""Where a model is to work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """device: auto, cpu, cuda or cuda:N. dtype None: the best one for the device."""

    device: str = "auto"
    dtype: str | None = None
