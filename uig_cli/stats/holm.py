"""Many tests at once: p-values adjusted so that a false alarm among all is as rare as in one."""

from collections.abc import Sequence


def holm(values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the order given (Holm 1979): the k-th smallest times what is left."""
    order = sorted(range(len(values)), key=values.__getitem__)
    adjusted, reached = [0.0] * len(values), 0.0
    for rank, index in enumerate(order):
        reached = max(reached, min(1.0, (len(values) - rank) * values[index]))
        adjusted[index] = reached
    return adjusted
