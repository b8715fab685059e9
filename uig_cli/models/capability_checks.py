"""What a model says of itself, looked at when it is loaded: field by field, before anybody relies
on it. A size in words would otherwise be found out in the middle of a run."""

from collections.abc import Callable, Iterator, Mapping, Set
from math import isfinite
from numbers import Integral, Real
from typing import Any

from uig_cli.cases import has_halves
from uig_cli.models.protocol import ROLES, Capabilities

LONGEST_NOTE = 2_000
"""Characters of a note, or of what stands in an identity."""
LARGEST_SIDE = 65_536
"""Pixels."""

FieldCheck = tuple[str, Callable[[Any], bool], str]
"""A field, whether a value is one of it, and what is expected."""


def wrong_capability(capabilities: Capabilities) -> str | None:
    """What in them is none, as a part of a sentence; None where all is well."""
    for name, holds, expected in _checks():
        value = getattr(capabilities, name)
        if not holds(value):
            return f"its capabilities say {name}={_shown(value)}, expected {expected}"
    return None


def wrong_identity(identity: object) -> str | None:
    """The same of its identity."""
    if not isinstance(identity, Mapping) or not all(
        _text(name) and _text(value) for name, value in identity.items()
    ):
        return "it has no `identity`, a mapping of strings"
    return None


def _checks() -> Iterator[FieldCheck]:
    yield "roles", _roles, f"a set of {', '.join(ROLES)}"
    yield "noise", lambda noise: noise in ("exact", "seeded", "none"), '"exact", "seeded" or "none"'
    yield "sampler", _samplers, "settings by role: numbers, texts, or tuples of them"
    yield "size", lambda size: size is None or _size(size), "(width, height) in pixels, or None"
    yield "stride", _count, "a whole number from 1"
    yield "max_side", lambda side: side is None or _count(side), "a whole number from 1, or None"
    yield "tolerance", lambda one: _number(one) and one >= 0, "a finite number from 0"
    yield "choices", lambda one: isinstance(one, bool), "True or False"
    for name in ("note", "world", "domain"):
        yield name, _text, f"a text of at most {LONGEST_NOTE} characters"
    yield "unsaid", _names, "a frozenset of names of settings"
    yield "passes", _passes, "passes by role, a function of a request, or None"
    yield "batch", _count, "a whole number from 1"
    yield "batches", _batches, "whole numbers from 1 by role"
    yield "strange", lambda one: one is None or callable(one), "a function of prompts, or None"
    yield "known_words", lambda one: one is None or _words(one), "a set of words, or None"
    yield "least", lambda one: _mapping(one, _number), "numbers by setting"
    yield "one_of", lambda one: _mapping(one, _several_words), "words by setting"
    yield "aliases", lambda one: _mapping(one, _text), "names by name"


def _roles(value: Any) -> bool:
    return isinstance(value, Set) and bool(value) and all(role in ROLES for role in value)


def _samplers(value: Any) -> bool:
    return _mapping(value, lambda one: _mapping(one, _setting)) and all(n in ROLES for n in value)


def _batches(value: Any) -> bool:
    return _mapping(value, _count) and all(name in ROLES for name in value)


def _setting(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_setting, value))
    return isinstance(value, bool) or value is None or _text(value) or _number(value)


def _names(value: Any) -> bool:
    return isinstance(value, Set) and all(isinstance(name, str) for name in value)


def _passes(value: Any) -> bool:
    by_role = isinstance(value, Mapping) and all(role in ROLES for role in value)
    return value is None or callable(value) or by_role


def _size(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and all(_count(side) and side <= LARGEST_SIDE for side in value)
    )


def _count(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 1


def _number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NOTE and not has_halves(value)


def _words(value: Any) -> bool:
    return isinstance(value, Set) and all(map(_text, value))


def _several_words(value: Any) -> bool:
    return isinstance(value, tuple | list) and all(map(_text, value))


def _mapping(value: Any, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, Mapping) and all(
        _text(name) and holds(one) for name, one in value.items()
    )


def _shown(value: Any) -> str:
    try:
        return ascii(value)[:80]
    except Exception:  # somebody's own class
        return f"a {type(value).__name__}"
