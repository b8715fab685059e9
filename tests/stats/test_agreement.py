"""Agreement of judges against closed forms and published examples."""

import math

from hypothesis import given
from hypothesis import strategies as st

from uig_cli.stats.agreement import between, within

WORDS = st.sampled_from(["yes", "no"])


def test_the_example_of_every_textbook() -> None:
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = between(pairs)
    assert (found.questions, found.share) == (50, 0.7)
    assert found.kappa is not None and math.isclose(found.kappa, 0.4)


def test_two_judges_who_always_say_yes_agree_by_chance() -> None:
    found = between([("yes", "yes")] * 9)
    assert (found.share, found.kappa) == (1.0, None)
    assert between([]).share is None


def test_opposites() -> None:
    found = between([("yes", "no"), ("no", "yes")])
    assert (found.share, found.kappa) == (0.0, -1.0)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1))
def test_between_is_symmetric_and_bounded(pairs: list[tuple[str, str]]) -> None:
    there, back = between(pairs), between([(b, a) for a, b in pairs])
    assert there.share == back.share and 0 <= (there.share or 0) <= 1
    if there.kappa is not None and back.kappa is not None:
        assert math.isclose(there.kappa, back.kappa, abs_tol=1e-12)
        assert -1 <= there.kappa <= 1


def test_fleiss_over_two_votes_is_pi_of_scott() -> None:
    """With two votes each, Fleiss' kappa is Scott's pi (1955) of the pooled margins."""
    votes = [(2, 0)] * 20 + [(1, 1)] * 15 + [(0, 2)] * 15
    found = within(votes)
    share, yes = 35 / 50, 55 / 100
    chance = yes**2 + (1 - yes) ** 2
    assert found.share == share and found.questions == 50
    assert found.kappa is not None
    assert math.isclose(found.kappa, (share - chance) / (1 - chance))


def test_one_vote_says_nothing_of_agreement() -> None:
    assert within([(1, 0), (0, 1)]).questions == 0
    assert within([(3, 0), (5, 0)]).share == 1.0
    assert within([(3, 0), (5, 0)]).kappa is None
