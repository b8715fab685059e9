"""What the texts of options mean: sizes, shards, pairs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import ROLES, Role, Size
from uig_cli.templates import PUBLISHED, Template, load_all, published

MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Shard:
    """Every `of`-th case, beginning with the one at `index`."""

    index: int = 0
    of: int = 1

    @property
    def name(self) -> str:
        """What this shard's files are called."""
        return f"{self.index}-of-{self.of}"

    @property
    def told(self) -> str:
        """What it is called for people; nothing where it is all there is."""
        return f"{self.index} of {self.of}" if self.of > 1 else ""


def parse_size(text: str | None) -> Size | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text.strip())
    if not found or not int(found[1]) or not int(found[2]):
        raise UigError(f'--size "{text}" is not WIDTHxHEIGHT; write e.g. 1024x768.')
    return int(found[1]), int(found[2])


def parse_shard(text: str | None) -> Shard:
    if text is None:
        return Shard()
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise UigError(f'--shard "{text}" is not I/N with I from 0 to N-1; write e.g. 0/4.')
    return Shard(int(found[1]), int(found[2]))


def parse_pairs(option: str, texts: Sequence[str]) -> dict[str, Path]:
    """NAME=FILE strings."""
    found: dict[str, Path] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not name or not file:
            raise UigError(f'{option} "{text}" is not NAME=FILE.')
        found[name.strip()] = Path(file.strip()).expanduser()
    return found


def parse_batches(text: str | None) -> dict[Role, int]:
    """N for all roles, or ROLE=N,...: how many requests are answered together; {}: not told."""
    found: dict[Role, int] = {}
    for part in str(text).split(",") if text is not None else ():
        role, equals, number = part.strip().rpartition("=")
        if (equals and role not in ROLES) or not re.fullmatch("[1-9][0-9]{0,5}", number.strip()):
            raise UigError(
                f'--batch-size "{text}" is not N or ROLE=N,... with N from 1 and ROLE '
                f"{', '.join(ROLES)}; write e.g. 8, or draw=1,look=16."
            )
        found |= dict.fromkeys([cast(Role, role)] if equals else ROLES, int(number))
    return found


def check_rounds(rounds: int, yes: bool) -> None:
    if rounds > MOST_ROUNDS and not yes:
        raise UigError(
            f"--rounds {rounds} is more than {MOST_ROUNDS}; each round costs an examination and "
            "an edit per picture. Add --yes if it is meant."
        )


def load_templates(pairs: Sequence[str]) -> dict[str, Template]:
    """All templates, the user's where --template gives a file."""
    return load_all(parse_templates(pairs))


def parse_templates(texts: Sequence[str]) -> dict[str, Path]:
    """Template -> file; a file that is named stands before a published one."""
    named = [text for text in texts if text.strip() != PUBLISHED]
    own = parse_pairs("--template", named)
    return {**(published() if len(named) < len(texts) else {}), **own}


def check_links(how: str) -> bool:
    """Whether --links asks for links to the pictures."""
    if how not in (known := ("relative", "none")):
        raise unknown("--links", how, known)
    return how == "relative"


def check_verdict_parser(name: str | None) -> None:
    known = ("robust", "reference")
    if name is not None and name not in known:
        raise unknown("--verdict", name, known)
