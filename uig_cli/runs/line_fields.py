"""Fields of a line, each of the type that it was written in.

A folder may have been mended by hand, or by a program that is not ours. What is no text, or no
number, is told with its line when it is read, not found out later by whoever makes tables of it.
"""

from collections.abc import Mapping
from math import isfinite
from pathlib import PurePosixPath
from typing import Any

LineObject = Mapping[str, Any]

MOST = 2**63 - 1
"""The largest whole number that a table holds."""


def text(line: LineObject, name: str) -> str:
    """Raises KeyError where there is none, TypeError for what is none; so do all here. Halves of
    characters, which version 0.1.0 could write and no table can hold, are question marks."""
    value = line[name]
    if not isinstance(value, str):
        raise _unlike(name, value, "a text")
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def text_or_none(line: LineObject, name: str) -> str | None:
    return None if line[name] is None else text(line, name)


def number(line: LineObject, name: str) -> float:
    """A finite one."""
    value = line[name]
    if type(value) is int or (type(value) is float and isfinite(value)):
        return float(value)
    raise _unlike(name, value, "a number")


def number_or_none(line: LineObject, name: str) -> float | None:
    return None if line[name] is None else number(line, name)


def count(line: LineObject, name: str) -> int:
    """A whole number from 0."""
    value = line[name]
    if type(value) is not int or not 0 <= value <= MOST:
        raise _unlike(name, value, "a whole number from 0")
    return value


def counts(line: LineObject, name: str) -> tuple[int, int] | None:
    """Two of them; None where there are none."""
    found = line.get(name)
    if not found:
        return None
    first, second = several(line, name)
    pair = {"first": first, "second": second}
    return count(pair, "first"), count(pair, "second")


def several(line: LineObject, name: str) -> list[Any]:
    value = line[name]
    if not isinstance(value, list | tuple):
        raise _unlike(name, value, "a list")
    return list(value)


def inner(line: LineObject, name: str) -> LineObject:
    """An object inside the line."""
    value = line[name]
    if not isinstance(value, Mapping):
        raise _unlike(name, value, "an object")
    return value


def path_within(line: LineObject, name: str) -> str:
    """A path inside the run folder; none that leads out of it."""
    path = PurePosixPath(text(line, name))
    if path.is_absolute() or ".." in path.parts or "\0" in str(path):
        raise ValueError(f"{name} leads out of the run folder")
    return str(path)


def _unlike(name: str, value: object, expected: str) -> TypeError:
    return TypeError(f"{name} is {type(value).__name__} {ascii(value)[:40]}, expected {expected}")
