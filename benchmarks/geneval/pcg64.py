"""The random numbers GenEval's prompts were drawn with: numpy's PCG64, without numpy.

numpy does not promise the same stream in every version, and a benchmark's prompts must not depend
on one. These are the few operations the prompts need, as numpy 1.23 to 2.4 performs them.
"""

from collections.abc import Iterator

MASK32 = 2**32 - 1
MASK64 = 2**64 - 1
MASK128 = 2**128 - 1
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


class PCG64:
    """numpy's `default_rng(seed)` for a seed of at most 32 bits."""

    def __init__(self, seed: int) -> None:
        words = list(_seed_words(seed))
        q0, q1, q2, q3 = (words[i] | words[i + 1] << 32 for i in (0, 2, 4, 6))
        self._increment = (2 * (q2 << 64 | q3) + 1) & MASK128
        self._state = 0
        self._step()
        self._state += q0 << 64 | q1
        self._step()
        self._spare: int | None = None

    def integer(self, low: int, high: int) -> int:
        """One of low..high, both included."""
        return low + self._below(high - low)

    def distinct(self, n: int, k: int) -> list[int]:
        """k different numbers of 0..n-1, in random order."""
        taken: list[int] = []
        for last in range(n - k, n):
            drawn = self._below(last)
            taken.append(last if drawn in taken else drawn)
        for i in range(k - 1, 0, -1):
            j = self._below(i)
            taken[i], taken[j] = taken[j], taken[i]
        return taken

    def _below(self, top: int) -> int:
        """One of 0..top, by Lemire's multiplication with rejection; top = 0 draws nothing."""
        if top == 0:
            return 0
        count = top + 1
        product = self._next32() * count
        rejected = (MASK32 - top) % count
        while product & MASK32 < rejected:
            product = self._next32() * count
        return product >> 32

    def _next32(self) -> int:
        """The low half of a fresh 64-bit output, then its high half."""
        if self._spare is not None:
            word, self._spare = self._spare, None
            return word
        output = self._next64()
        self._spare = output >> 32
        return output & MASK32

    def _next64(self) -> int:
        self._step()
        folded = self._state >> 64 ^ self._state & MASK64
        turn = self._state >> 122
        return (folded >> turn | folded << (64 - turn)) & MASK64

    def _step(self) -> None:
        self._state = (self._state * MULTIPLIER + self._increment) & MASK128


def _seed_words(seed: int) -> Iterator[int]:
    """Eight 32-bit words from numpy's SeedSequence."""
    constant = 0x43B0D7E5

    def hashed(value: int) -> int:
        nonlocal constant
        value ^= constant
        constant = constant * 0x931E8875 & MASK32
        value = value * constant & MASK32
        return value ^ value >> 16

    pool = [hashed(value) for value in (seed, 0, 0, 0)]
    for source in range(4):
        for target in range(4):
            if source != target:
                mixed = 0xCA01F9DD * pool[target] - 0x4973F715 * hashed(pool[source]) & MASK32
                pool[target] = mixed ^ mixed >> 16

    constant = 0x8B51F9DD
    for i in range(8):
        value = pool[i % 4] ^ constant
        constant = constant * 0x58F38DED & MASK32
        value = value * constant & MASK32
        yield value ^ value >> 16
