"""Which line a file's number means: testmini's own, or the full set's."""

import pytest

from uig_cli.benchmarks.tiif.numbering import line_of, numbers
from uig_cli.cases import Case
from uig_cli.errors import UigError


def case(dimension: str, line: int, mini: int | None = None, split: str = "short") -> Case:
    facts = {"line": line} if mini is None else {"line": line, "mini_line": mini}
    return Case(f"tiif/{split}/{dimension}/{line}", "", split, dimension, (), facts)


STYLE = [case("style", 7, 0), case("style", 2, 1), case("text", 0, 0), case("text", 1, 1)]
"""A scattered dimension and one that counts alike either way."""


def test_a_line_is_that_of_the_full_set() -> None:
    assert line_of(STYLE[0]) == 7


def test_nothing_scattered_is_numbered_by_the_full_set() -> None:
    for cases in (STYLE[2:], [case("style", 7), case("style", 2)]):
        found = numbers(cases, [("style", 1), ("text", 1)])
        assert (found.by, found.note) == ("test", "")
        assert found.cases == {("short", c.dimension, c.facts["line"]): c for c in cases}


def test_both_splits_are_told_apart() -> None:
    long = case("style", 7, 0, "long")
    found = numbers([*STYLE, long], [("style", 1)]).cases
    assert found["long", "style", 0] is long
    assert found["short", "style", 0] is STYLE[0]


@pytest.mark.parametrize(
    ("seen", "by"),
    [
        ([("style", 0), ("style", 1)], "testmini"),  # the last of testmini's lines
        ([("style", 1), ("style", 2)], "test"),  # the first beyond them
        ([("style", 0), ("text", 9)], "testmini"),  # what is not scattered shows nothing
        ([("style", 7)], "test"),
    ],
)
def test_a_number_beyond_testmini_shows_the_full_set(seen: list[tuple[str, int]], by: str) -> None:
    found = numbers(STYLE, seen)
    assert found.by == by
    assert found.note == f"style are numbered by the lines of {by}, as their numbers show."
    first = 0 if by == "testmini" else 7
    assert found.cases["short", "style", first] is STYLE[0]
    assert found.cases["short", "text", 1] is STYLE[3]
    assert len(found.cases) == 4


def test_each_dimension_is_held_against_its_own_lines() -> None:
    cases = [*STYLE, *(case("real_world", line, mini) for mini, line in enumerate((5, 3, 4)))]
    assert numbers(cases, [("real_world", 2)]).by == "testmini"
    assert numbers(cases, [("style", 2)]).by == "test"
    assert numbers(cases, [("real_world", 3)]).by == "test"
    assert numbers(cases, [("real_world", 2)]).note.startswith("real_world and style are numbered")


def test_no_note_where_no_file_is_of_a_scattered_dimension() -> None:
    assert numbers(STYLE, [("text", 5)]).note == ""
    assert numbers(STYLE, []).by == "testmini"


def test_what_is_given_counts() -> None:
    for given in ("testmini", "test"):
        for seen in ([("style", 99)], []):
            found = numbers(STYLE, seen, given)
            assert found.by == given
            assert found.note == f"style are numbered by the lines of {given}, as given."
    with pytest.raises(UigError, match='unknown numbering "mini"'):
        numbers(STYLE, [], "mini")


def test_cases_of_the_full_set_beside_testmini_are_left_to_the_full_set() -> None:
    more = case("style", 9)
    assert numbers([*STYLE, more], [("style", 1)]).cases.get(("short", "style", 9)) is None
    assert numbers([*STYLE, more], [("style", 9)]).cases["short", "style", 9] is more
