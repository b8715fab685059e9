"""Synthetic runs of the shape of TIIF's testmini and of GenEval, with correlated answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from benchmarks.geneval.card import TAGS
from benchmarks.tiif.dimensions import GROUPS
from uig_cli.stats.stratified import Tally

_TEN, _EIGHT, _FIVE = ("shape+color", "shape+texture"), tuple(GROUPS)[1:3], ("color", "texture")


@dataclass(frozen=True)
class Shape:
    """dimension -> (prompts, most questions a prompt); groups as in `nested_means`."""

    dimensions: Mapping[str, tuple[int, int]]
    groups: Mapping[str, Sequence[str]]
    level: str

    def weights(self) -> dict[str, float]:
        return {
            name: 1 / len(self.groups) / len(names)
            for names in self.groups.values()
            for name in names
        }


def _tiif(name: str, group: str) -> tuple[int, int]:
    if name in ("text", "style", "real_world"):
        return {"text": (30, 9), "style": (30, 1), "real_world": (25, 13)}[name]
    if group == "Basic/Attribute":
        return (10 if name in _TEN else 5), 6
    if group in _EIGHT:
        return 8, 5
    return (5 if name in ("action+color", "action+texture") else 4), 6


TIIF = Shape(
    {name: _tiif(name, group) for group, names in GROUPS.items() for name in names},
    GROUPS,
    "dimension",
)
GENEVAL = Shape(
    dict(zip(TAGS, [(80, 4), (99, 4), (80, 4), (94, 4), (100, 4), (100, 4)], strict=True)),
    {tag: [tag] for tag in TAGS},
    "tag",
)


def few(shape: Shape, prompts: int) -> Shape:
    """The same with so many prompts a dimension, as `--limit` leaves them."""
    return replace(
        shape, dimensions={name: (prompts, most) for name, (_, most) in shape.dimensions.items()}
    )


SHAPES = {"tiif": TIIF, "geneval": GENEVAL}
SMALL = {"tiif-2": few(TIIF, 2), "tiif-3": few(TIIF, 3)}


def truth(shape: Shape, level: float, rng: np.random.Generator) -> dict[str, float]:
    """The true score of every dimension, around `level`."""
    return {
        name: float(expit(logit(level) + 0.6 * rng.standard_normal())) for name in shape.dimensions
    }


def asked(shape: Shape, name: str, rng: np.random.Generator) -> np.ndarray:
    """Questions of each prompt: two more or fewer in TIIF, as many as samples in GenEval."""
    prompts, most = shape.dimensions[name]
    if shape.level == "tag" or most == 1:
        return np.full(prompts, most)
    return rng.integers(most - 2, most + 1, prompts)


def easiness(
    score: float, prompts: int, correlation: float, rng: np.random.Generator
) -> np.ndarray:
    """The chance of a right answer, prompt by prompt: answers of one prompt correlate."""
    strength = 1 / correlation - 1
    return rng.beta(strength * score, strength * (1 - score), prompts)


def run(
    shape: Shape, scores: Mapping[str, float], correlation: float, rng: np.random.Generator
) -> list[Tally]:
    tallies = []
    for name, score in scores.items():
        questions = asked(shape, name, rng)
        right = rng.binomial(questions, easiness(score, len(questions), correlation, rng))
        tallies += [
            Tally(f"{name}/{number}", name, int(r), int(q), 0)
            for number, (r, q) in enumerate(zip(right, questions, strict=True))
        ]
    return tallies
