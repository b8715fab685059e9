"""JSON from anywhere, as data that the rest can rely on: every fault of a text is a ValueError.

Python's own reader takes NaN, makes 1e999 infinite, keeps the last of two values under one name and
gives up on deep nesting with a RecursionError, here or later where the value is written again.
Values with more levels than anything that `uig` reads are refused instead.
"""

import json
from collections.abc import Sequence
from math import inf, isfinite
from typing import Any

DEEPEST = 64
"""Levels of lists and objects inside each other."""


def read_json(text: str | bytes, *, unique_names: bool = False, any_numbers: bool = False) -> Any:
    """The value of a JSON text. Raises ValueError, whose message is the rest of a sentence, for
    what is no JSON, nested deeper than DEEPEST, or holds a number that is none.

    unique_names: two values under one name in an object are refused too. any_numbers: NaN and
    numbers that are too large come as the floats that are none, for a reader who looks at each.
    """
    numbers: dict[str, Any] = {"parse_float": _finite, "parse_constant": _no_number}
    if any_numbers:
        numbers = {"parse_int": _any_whole}
    object_of = _unique if unique_names else None
    try:
        value = json.loads(text, object_pairs_hook=object_of, **numbers)
    except RecursionError:
        raise _too_deep() from None
    _check_depth(text, value)
    return value


def _check_depth(text: str | bytes, value: Any) -> None:
    """Level by level, so that no depth can exhaust the stack; most texts tell by their brackets."""
    brackets = text.count("[") + text.count("{") if isinstance(text, str) else _brackets(text)
    if brackets <= DEEPEST:
        return
    level = [value]
    for _ in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole) if isinstance(part, list | dict)]
        if not level:
            return
    raise _too_deep()


def _brackets(text: bytes) -> int:
    return text.count(b"[") + text.count(b"{")


def _parts(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _too_deep() -> ValueError:
    return ValueError(f"lists or objects are nested more than {DEEPEST} deep")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError(f"the number {digits[:20]} is too large")
    return number


def _any_whole(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python reads
        return inf


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice[:60]!r} stands twice in one object")
    return found
