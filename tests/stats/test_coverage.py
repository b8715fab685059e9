"""Do 95 % intervals hold the truth in 95 of 100 runs, and is the gate quiet without cause?"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from tests.stats.shapes import SHAPES, Shape, asked, easiness, run, truth
from uig_cli.stats import paired
from uig_cli.stats.gate import Rule, decide
from uig_cli.stats.paired import Counts, Difference, Pair, differences
from uig_cli.stats.stratified import Line, Tally, nested_means

RUNS = 1000


def overall(shape: Shape) -> Line:
    return Line("overall", "overall", None, None, None, 0, 0, 0, 0, shape.weights())


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.1, 0.4])
@pytest.mark.parametrize("level", [0.6, 0.95])
@pytest.mark.parametrize("name", SHAPES)
def test_intervals_of_scores(name: str, level: float, correlation: float) -> None:
    """Overall within 93 to 97 %. Groups and dimensions never fall short by much, and dimensions of
    four prompts may have wider ones than they need."""
    shape, rng = SHAPES[name], np.random.default_rng(7)
    scores = truth(shape, level, rng)
    held: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for _ in range(RUNS):
        for line in nested_means(
            run(shape, scores, correlation, rng), shape.groups, dimension_level=shape.level
        ):
            true = sum(weight * scores[part] for part, weight in line.weights.items())
            assert line.low is not None and line.high is not None
            held[line.level] += line.low <= true <= line.high
            count[line.level] += 1
    shares = {each: held[each] / count[each] for each in held}
    print(f"{name} level {level} correlation {correlation}: {shares}")
    assert 0.93 <= shares["overall"] <= 0.97
    assert all(0.92 <= share <= 0.995 for share in shares.values())


def pairs(
    shape: Shape,
    scores: dict[str, float],
    changed: float,
    lost: float,
    rng: np.random.Generator,
) -> list[Pair]:
    """A baseline and a candidate of the same prompts. changed: the share of prompts that are drawn
    anew, with the same chances; lost: the share that becomes wrong in all."""
    found = []
    for name, score in scores.items():
        questions = asked(shape, name, rng)
        chances = easiness(score, len(questions), 0.3, rng)
        before, again = rng.binomial(questions, chances), rng.binomial(questions, chances)
        after = np.where(rng.random(len(questions)) < changed, again, before)
        after[rng.random(len(questions)) < lost] = 0
        found += [
            Pair(f"{name}/{number}", name, Counts(int(b), int(q), int(b == q)),
                 Counts(int(a), int(q), int(a == q)), 1)
            for number, (b, a, q) in enumerate(zip(before, after, questions, strict=True))
        ]  # fmt: skip
    return found


def many(
    shape: Shape, level: float, changed: float, lost: float, runs: int
) -> tuple[Sequence[Difference], dict[str, float]]:
    rng = np.random.default_rng(3)
    scores = truth(shape, level, rng)
    lines = [overall(shape)]
    return [
        differences(pairs(shape, scores, changed, lost, rng), lines)[0] for _ in range(runs)
    ], scores


@pytest.fixture
def _without_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals only: p-values take most of the time."""
    monkeypatch.setattr(paired, "sign_flip", lambda differences: 1.0)


@pytest.mark.slow
@pytest.mark.usefixtures("_without_tests")
@pytest.mark.parametrize("changed", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("level", [0.7, 0.95])
@pytest.mark.parametrize("name", SHAPES)
def test_the_gate_is_quiet_where_nothing_changed(name: str, level: float, changed: float) -> None:
    found, _ = many(SHAPES[name], level, changed, 0, RUNS)
    held = sum(one.low <= 0 <= one.high for one in found if one.low is not None) / RUNS
    rule = Rule(0.0, allow_underpowered=True)
    alarms = sum(decide(rule, one, 0, 1) == "failed" for one in found) / RUNS
    print(f"{name} level {level} changed {changed}: held {held}, false alarms {alarms}")
    assert held >= 0.93
    assert held <= 0.97 or changed < 1
    assert alarms <= 0.05


@pytest.mark.slow
@pytest.mark.usefixtures("_without_tests")
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("lost", [0.01, 0.05])
def test_rare_losses_are_held(name: str, lost: float) -> None:
    """Most prompts stay as they are, a few become wrong: the interval is not fooled by the rest."""
    shape = SHAPES[name]
    found, scores = many(shape, 0.8, 0.0, lost, RUNS)
    true = -lost * sum(weight * scores[part] for part, weight in shape.weights().items())
    held = sum(one.low <= true <= one.high for one in found if one.low is not None) / RUNS
    print(f"{name} lost {lost}: held {held}")
    assert held >= 0.93


@pytest.mark.slow
@pytest.mark.usefixtures("_without_tests")
def test_a_detectable_loss_is_detected_in_eight_of_ten() -> None:
    shape = SHAPES["geneval"]
    found, scores = many(shape, 0.8, 1.0, 0.08, RUNS)
    true = 0.08 * sum(weight * scores[part] for part, weight in shape.weights().items())
    smallest = float(np.median([one.detectable or 0 for one in found]))
    assert true > smallest
    # What is left for the margin: a loss of the margin and the smallest detectable one together.
    rule = Rule(true - smallest, allow_underpowered=True)
    seen = sum(decide(rule, one, 0, 1) == "failed" for one in found) / RUNS
    print(f"loss {true:.4f}, detectable {smallest:.4f}, seen {seen}")
    assert 0.75 <= seen <= 0.85


def test_p_values_are_small_as_rarely_as_they_say() -> None:
    shape = SHAPES["tiif"]
    found, _ = many(shape, 0.8, 1.0, 0, 120)
    small = sum(one.p <= 0.1 for one in found) / 120
    assert 0.03 <= small <= 0.19


def test_a_run_without_change_says_what_it_could_not_see() -> None:
    tallies = [Tally(f"a/{n}", "a", 1, 1, 0) for n in range(60)]
    lines = nested_means(tallies, {"a": ["a"]}, dimension_level="tag")
    same = [Pair(t.case, "a", Counts(1, 1, 1), Counts(1, 1, 1), 1) for t in tallies]
    (*_, one) = differences(same, lines)
    assert one.difference == 0 and one.low is not None and one.high is not None
    assert -one.low == one.high == pytest.approx(1.96 * (2 / 62 / 60) ** 0.5, rel=1e-4)
    assert one.p == 1 and one.right_p == 1
    assert decide(Rule(0.01), one, 0, 60) == "underpowered"
    assert decide(Rule(0.10), one, 0, 60) == "passed"
