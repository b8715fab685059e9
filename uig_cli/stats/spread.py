"""Variances that resampling prompts within their dimension would give, in closed form.

A dimension's value is a ratio of sums over prompts: all samples of a prompt and all its questions
stay together. Its variance is linearised, corrected by n/(n-1), and added up over dimensions, which
are independent. How far it can be trusted is a number of degrees of freedom, by Welch and
Satterthwaite (1946).

Few prompts tell little of their dimension's variance: two that happen to be equal would have none,
and most dimensions of TIIF's testmini have four. So each is drawn towards what all dimensions say
(a moderated variance, Smyth 2004), which then counts as much as `LENT` degrees of freedom. A
single prompt, which tells nothing of its own, takes what all say as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, inf, isclose

LENT = 4.0


@dataclass(frozen=True, slots=True)
class Spread:
    """A variance and how many independent squares it was estimated from."""

    variance: float
    freedom: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """A dimension. residuals: how far each prompt is from what the dimension's value makes of it,
    as a share of the value, times the number of prompts; they add up to 0. scale: what its
    variance is expected to be, in a unit that is the same for all dimensions."""

    value: float
    residuals: Sequence[float]
    scale: float = 1.0


class Strata:
    """All dimensions of a run or a comparison, and how sure one may be of sums of them.

    Where no dimension has two prompts, all prompts are taken for one stratum: the variance is that
    of their values, and what dimensions differ by counts as chance.
    """

    def __init__(self, strata: Mapping[str, Stratum]) -> None:
        self._strata = strata
        self._seen = {
            name: _variance(one.residuals) for name, one in strata.items() if len(one.residuals) > 1
        }
        if not self._seen and len(strata) > 1:
            middle = fsum(one.value for one in strata.values()) / len(strata)
            self._seen = {"": _variance([one.value - middle for one in strata.values()])}
            self._strata = {name: Stratum(one.value, one.residuals) for name, one in strata.items()}
        scales = fsum(self._scale(name) for name in self._seen)
        self._scales = scales or 1.0
        self._unit = fsum(one.variance for one in self._seen.values()) / self._scales

    def spread(self, weights: Mapping[str, float]) -> Spread | None:
        """Of a weighted sum of dimensions; None where there is but one prompt in all.

        It is a sum over the variances seen, each counted for its own dimension and for what it
        lends to others, so its freedom follows from theirs; a variance's own uncertainty is taken
        from the moderated one.
        """
        if not self._seen:
            return None
        counts = dict.fromkeys(self._seen, 0.0)
        lent = 0.0
        for name, weight in weights.items():
            part, own = weight**2 / len(self._strata[name].residuals), self._own(name)
            lent += part * (1 - own) * self._scale(name)
            if own:
                counts[name] += part * own
        shares = []
        for name, seen in self._seen.items():
            own = self._own(name)
            count = counts[name] + lent / self._scales
            moderated = own * seen.variance + (1 - own) * self._unit * self._scale(name)
            shares.append((count * seen.variance, (count * moderated) ** 2 / seen.freedom))
        total, squares = (fsum(part) for part in zip(*shares, strict=True))
        return Spread(total, total**2 / squares if squares else inf)

    def _scale(self, name: str) -> float:
        return self._strata[name].scale if name in self._strata else 1.0

    def _own(self, name: str) -> float:
        """How much of a dimension's variance is its own."""
        freedom = len(self._strata[name].residuals) - 1 if name in self._strata else 0
        return freedom / (freedom + LENT)


def weighted_mean(parts: Iterable[tuple[float, float]]) -> float:
    """Of (weight, value) pairs whose weights add up to 1, which rounded ones need not do to the
    last digit: perfect parts make it 1 all the same, and nothing makes it more."""
    weights, values = zip(*parts, strict=True)
    total = fsum(weight * value for weight, value in zip(weights, values, strict=True))
    within = min(max(total, min(values)), max(values))
    return within if isclose(total, within, abs_tol=1e-9) else total


def _variance(residuals: Sequence[float]) -> Spread:
    n = len(residuals)
    return Spread(fsum(one**2 for one in residuals) / (n - 1), n - 1)


def t95(freedom: float) -> float:
    """The 97.5 % point of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(min(freedom, 1e9), 0.975))
