"""Versions in identities: a parser or reader that reads the same text or picture differently is
another one, and what the older one found is not mixed with what it finds."""

from collections.abc import Mapping
from typing import Any, get_args

from uig_cli.scoring.kinds import Kind

FIRST = "1"
"""The version of every parser and reader of uig 0.1.0, whose identities did not tell it."""


def versions(**fields: str) -> dict[str, str]:
    """These fields of an identity, without those that are as in 0.1.0: what was found then stays
    what it was."""
    return {name.replace("_", " "): version for name, version in fields.items() if version != FIRST}


PARSER_VERSION = "parser version"
READER_VERSION = "reader"
_READING = (PARSER_VERSION, READER_VERSION)
"""Fields of an identity that say how texts or pictures were read, not what was asked of whom."""


def unread(identity: Mapping[str, Any]) -> dict[str, Any]:
    """The identity without the versions of its reading: two that are equal so were shown the same
    and asked the same. Fields of several scorers together have the kind of finding before them."""
    return {name: value for name, value in identity.items() if not _is_reading(name, value)}


def reading(identity: Mapping[str, Any]) -> dict[str, str]:
    """The versions that are left out there."""
    return {name: str(value) for name, value in identity.items() if _is_reading(name, value)}


def _is_reading(name: str, value: Any) -> bool:
    """A version is a number; a setting of that name, or who it is that reads, is none."""
    kind, _, field = name.partition(" ")
    named = name in _READING or (kind in get_args(Kind) and field in _READING)
    return named and str(value).isdecimal()
