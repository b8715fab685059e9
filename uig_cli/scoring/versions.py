"""Versions in identities: a parser or reader that reads the same text or picture differently is
another one, and what the older one found is not mixed with what it finds."""

FIRST = "1"
"""The version of every parser and reader of uig 0.1.0, whose identities did not tell it."""


def versions(**fields: str) -> dict[str, str]:
    """These fields of an identity, without those that are as in 0.1.0: what was found then stays
    what it was."""
    return {name.replace("_", " "): version for name, version in fields.items() if version != FIRST}
