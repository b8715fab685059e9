"""What a benchmark says of itself before anything of it is loaded: names, help, own options.

A card imports nothing heavy: `uig --help` reads those of all built-in benchmarks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from uig_cli.option_groups import Group
from uig_cli.scoring.kinds import Kind

OwnGroup = TypeVar("OwnGroup", bound=Group)


@dataclass(frozen=True, slots=True)
class OwnOptions:
    """Options that one benchmark alone has. commands: those that take them, by name."""

    group: type[Group]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A benchmark's own options as they were given: one filled group for each declared."""

    groups: tuple[Group, ...] = ()

    def of(self, kind: type[OwnGroup]) -> OwnGroup:
        """The group of that kind, by default where it was not given."""
        return next((group for group in self.groups if isinstance(group, kind)), kind())


@dataclass(frozen=True, slots=True)
class RemoteData:
    """Where `uig data pull` finds a benchmark's data: files of a repository on GitHub at a commit,
    below `folder`; the file files.sha256 beside the card lists them."""

    home: str
    repository: str
    revision: str
    folder: str
    licence: str


@dataclass(frozen=True, slots=True)
class Card:
    """summary: one line for lists. version: raised when the same pictures would score otherwise.
    splits, sets: the first of each is the usual one. dimensions: of all its sets. samples: pictures
    per prompt by default. short_names: of groups, for tables of papers. needs: the kinds of
    findings that scores are made of.

    takes: what options that benchmarks share mean to this one, by field name, as a phrase; one
    that is not here is not for it. usual: what such an option is where it is not given. options:
    those that no other benchmark has. remote: where its data are, if they can be pulled.
    """

    name: str
    summary: str
    version: str = "1"
    splits: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    short_names: Mapping[str, str] = field(default_factory=dict)
    samples: int = 1
    needs: tuple[Kind, ...] = ("answers",)
    takes: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    options: tuple[OwnOptions, ...] = ()
    remote: RemoteData | None = None


def meaning(cards: Sequence[Card], option: str) -> str:
    """What a shared option means, benchmark by benchmark: "tiif: ...; geneval: ..."."""
    return _told(cards, "takes", option)


def usual(cards: Sequence[Card], option: str) -> str:
    """What it is where it is not given, in the same words."""
    return _told(cards, "usual", option)


def _told(cards: Sequence[Card], what: str, option: str) -> str:
    texts = ((card.name, getattr(card, what).get(option)) for card in cards)
    return "; ".join(f"{name}: {text}" for name, text in texts if text)
