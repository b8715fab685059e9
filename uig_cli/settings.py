"""What a user asked for, parsed: the same for every command that draws."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Role, Size

MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Drawing:
    """How pictures are to be made. samplers: KEY -> VALUE texts, as given."""

    model: str
    examiner: str | None = None
    editor: str | None = None
    device: str = "auto"
    dtype: str | None = None
    methods: tuple[str, ...] = ("uig",)
    rounds: int = 4
    verdict_parser: str | None = None
    seed: int = 0
    size: Size | None = None
    samplers: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, Path] = field(default_factory=dict)
    batch_size: int | None = None

    def model_for(self, role: Role) -> str:
        given = {"draw": None, "look": self.examiner, "edit": self.editor}[role]
        return given or self.model


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a run goes. shard: (i, n)."""

    out: Path | None = None
    fresh: bool = False
    shard: tuple[int, int] = (0, 1)

    @property
    def shard_name(self) -> str:
        return f"{self.shard[0]}-of-{self.shard[1]}"


def parse_size(text: str | None) -> Size | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text.strip())
    if not found or not int(found[1]) or not int(found[2]):
        raise UigError(f'--size "{text}" is not WIDTHxHEIGHT; write e.g. 1024x768.')
    return int(found[1]), int(found[2])


def parse_shard(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 1
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise UigError(f'--shard "{text}" is not I/N with I from 0 to N-1; write e.g. 0/4.')
    return int(found[1]), int(found[2])


def parse_pairs(option: str, texts: Sequence[str]) -> dict[str, Path]:
    """NAME=FILE strings."""
    found: dict[str, Path] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not name or not file:
            raise UigError(f'{option} "{text}" is not NAME=FILE.')
        found[name.strip()] = Path(file.strip()).expanduser()
    return found


def check_rounds(rounds: int, yes: bool) -> None:
    if rounds > MOST_ROUNDS and not yes:
        raise UigError(
            f"--rounds {rounds} is more than {MOST_ROUNDS}; each round costs an examination and "
            "an edit per picture. Add --yes if it is meant."
        )


def check_verdict_parser(name: str | None) -> None:
    known = ("robust", "reference")
    if name is not None and name not in known:
        raise unknown("--verdict", name, known)
