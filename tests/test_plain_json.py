"""JSON from anywhere: a value of few levels with finite numbers, or a ValueError."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.plain_json import DEEPEST, read_json


def nested(levels: int, opening: str = "[", closing: str = "]") -> str:
    return opening * levels + closing * levels


def test_up_to_the_deepest_level_a_value_is_read() -> None:
    assert read_json(nested(DEEPEST)) is not None
    assert read_json(nested(DEEPEST, '{"a":', "}").replace(":}", ":1}")) is not None


@pytest.mark.parametrize("levels", [DEEPEST + 1, 2000, 200_000])
def test_deeper_values_are_refused(levels: int) -> None:
    for text in (nested(levels), "[" * levels, nested(levels, '{"a":[', "]}")):
        with pytest.raises(ValueError):
            read_json(text)
        with pytest.raises(ValueError):
            read_json(text.encode())


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert read_json("[" + "[]," * 500 + "[]]") == [[]] * 501
    assert read_json(json.dumps("[" * 500)) == "[" * 500


@pytest.mark.parametrize("text", ["1e999", "-1e999", "[NaN]", '{"a": Infinity}', "9" * 5000])
def test_numbers_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


def test_a_name_that_stands_twice_is_refused_where_asked() -> None:
    assert read_json('{"a": 1, "a": 2}') == {"a": 2}
    with pytest.raises(ValueError, match="'a' stands twice"):
        read_json('[{"a": 1, "a": 2}]', unique_names=True)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_value_error(content: bytes) -> None:
    try:
        value = read_json(content)
    except ValueError:
        return
    json.dumps(value, allow_nan=False)


def test_odd_numbers_come_as_what_they_are_where_asked() -> None:
    text = "[1e999, -1e999, NaN, Infinity, " + "9" * 5000 + ", 7]"
    found = read_json(text, any_numbers=True)
    assert [repr(number) for number in found] == ["inf", "-inf", "nan", "inf", "inf", "7"]
