"""What two sides are compared over."""

import pytest

from tests.compare.sides import compared
from uig_cli.errors import UigError


def test_a_picture_without_all_answers_is_missing_and_compared_with_nothing() -> None:
    """The third lost the answer that was wrong: four of four are no gain over four of five."""
    found = compared([(5, 5, 0), (5, 5, 0), (4, 5, 0)], [(5, 5, 0), (5, 5, 0), (4, 4, 1)])
    assert (found.pictures, found.missing, found.overall.cases) == (3, 1, 2)
    assert found.overall.difference == 0
    assert (found.overall.wins, found.overall.ties) == (0, 2)


def test_nothing_answered_in_full_is_an_error() -> None:
    with pytest.raises(UigError, match="answered in full on both sides"):
        compared([(4, 4, 1)], [(5, 5, 0)])
