"""Fields of a line are of the type that they were written in, or told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.runs import line_fields as of

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(ANYTHING)
def test_whatever_stands_there_is_the_right_type_or_told(value: Any) -> None:
    line = {"x": value}
    for read, holds in (
        (of.text, lambda found: isinstance(found, str) and found.encode() is not None),
        (of.number, lambda found: isinstance(found, float) and found == found),
        (of.count, lambda found: isinstance(found, int) and 0 <= found <= of.MOST),
        (of.several, lambda found: isinstance(found, list)),
        (of.inner, lambda found: isinstance(found, dict)),
        (of.path_within, lambda found: not found.startswith("/") and ".." not in found.split("/")),
    ):
        try:
            found = read(line, "x")
        except (TypeError, ValueError, OverflowError) as error:
            assert "\n" not in str(error) and len(str(error)) < 200
        else:
            assert holds(found)


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "a\0b"])
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        of.path_within({"path": path}, "path")


def test_true_is_no_number_and_halves_of_characters_are_mended() -> None:
    for read in (of.number, of.count):
        with pytest.raises(TypeError, match="x is bool True, expected"):
            read({"x": True}, "x")
    assert of.text({"x": "é\ud800"}, "x") == "é?"
    assert of.counts({"x": [1, 2]}, "x") == (1, 2) and of.counts({}, "x") is None
