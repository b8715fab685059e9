"""The noise rule."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.models.noise import NoiseKey

KEY = NoiseKey(seed=0, case="tiif/long/negation/3", sample=0, round=0)


def test_golden_bits() -> None:
    """These numbers are a contract: other ones would change every picture of every user."""
    assert KEY.bits("first") == GOLDEN_FIRST
    assert NoiseKey(7, "geneval/00012", 2, 3).bits("edit-init") == GOLDEN_EDIT


def test_golden_normals() -> None:
    drawn = KEY.normal("first", (2, 3))
    assert drawn.dtype == np.float32
    np.testing.assert_array_equal(drawn.ravel().view(np.uint32), GOLDEN_NORMALS)


GOLDEN_FIRST = 13559953751094967324
GOLDEN_EDIT = 2837231561588627624
GOLDEN_NORMALS = [3196628052, 3208679760, 3207404169, 1045622758, 3214075372, 3181416031]


@given(st.integers(0, 2**63), st.text(), st.integers(0, 99), st.integers(0, 99))
def test_every_part_matters(seed: int, case: str, sample: int, round: int) -> None:
    key = NoiseKey(seed, case, sample, round)
    others = [
        NoiseKey(seed + 1, case, sample, round),
        NoiseKey(seed, case + "x", sample, round),
        NoiseKey(seed, case, sample + 1, round),
        NoiseKey(seed, case, sample, round + 1),
    ]
    bits = {key.bits("first"), key.bits("edit-init"), *(other.bits("first") for other in others)}
    assert len(bits) == 6
