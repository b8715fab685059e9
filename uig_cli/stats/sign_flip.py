"""Is a paired difference more than chance? Without one, each prompt's may have either sign.

All samples of a prompt and all its questions flip together. Where every prompt that differs
differs by the same amount (one sample, one answer), this is the exact McNemar test.
"""

from collections.abc import Sequence

ENUMERATED = 14
"""Up to so many prompts that differ all signs are tried; beyond, DRAWS random ones."""

DRAWS = 10_000
_CHUNK = 2_000


def mcnemar(better: int, worse: int) -> float:
    """The two-sided exact p-value (McNemar 1947) of that many prompts changing either way."""
    from scipy.stats import binomtest

    changed = better + worse
    return float(binomtest(better, changed).pvalue) if changed else 1.0


def sign_flip(differences: Sequence[float]) -> float:
    """The two-sided p-value of their sum, each prompt's difference with a sign by chance.

    The same differences give the same value: the random signs are drawn from a fixed seed, and the
    seen signs count among them (Phipson and Smyth 2010).
    """
    import numpy as np

    values = np.array([value for value in differences if abs(value) > 1e-12])
    if not len(values):
        return 1.0
    sizes = np.abs(values)
    if np.allclose(sizes, sizes[0], rtol=1e-9, atol=0):
        better = int((values > 0).sum())
        return mcnemar(better, len(values) - better)
    reached = abs(values.sum()) - 1e-9 * sizes.sum()
    if len(values) <= ENUMERATED:
        every = np.arange(2 ** len(values))[:, None] >> np.arange(len(values))
        signs = (every & 1) * 2.0 - 1
        return float((np.abs(signs @ sizes) >= reached).mean())
    rng = np.random.Generator(np.random.Philox(0))
    hits = 0
    for _ in range(DRAWS // _CHUNK):
        signs = rng.integers(0, 2, (_CHUNK, len(values)), dtype=np.int8) * 2.0 - 1
        hits += int((np.abs(signs @ sizes) >= reached).sum())
    return (hits + 1) / (DRAWS + 1)
