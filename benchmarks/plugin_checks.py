"""What a benchmark hands over, of the types that it promises: a card when it is found, data when
they are opened, lines when they are made. A benchmark may be somebody's first file."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from uig_cli.benchmarks.card import Card
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.scoring.kinds import Kind

Made = TypeVar("Made")

_NAME = re.compile(r"[\w.+-]{1,60}", re.ASCII)
"""Names stand in names of folders."""


def wrong_card(card: Card) -> str | None:
    """What in a card is none, as a part of a sentence."""
    for name in ("summary", "version"):
        if not isinstance(getattr(card, name), str):
            return f"a card whose {name} is {getattr(card, name)!r:.40}, expected a text"
    if not isinstance(card.name, str) or not _NAME.fullmatch(card.name):
        return f"a card called {card.name!r:.40}, expected letters, digits, '.', '+', '-' and '_'"
    for name in ("splits", "sets", "needs"):
        if not _texts(getattr(card, name)):
            return f"a card whose {name} are {getattr(card, name)!r:.40}, expected a tuple of texts"
    if not set(card.needs) <= set(get_args(Kind)):
        return f"a card that needs {card.needs!r:.40}, expected some of {', '.join(get_args(Kind))}"
    if type(card.samples) is not int or card.samples < 1:
        return f"a card with samples {card.samples!r:.40}, expected a whole number from 1"
    return None


def checked_cases(data: Any, benchmark: Any) -> None:
    """Raises UigError for what is no `Data` of cases. benchmark: whose name an error tells."""
    texts = ("set", "prompts_hash", "card")
    parts = [getattr(data, one, None) for one in texts]
    several = [getattr(data, one, None) for one in ("warnings", "notes", "former_hashes")]
    if not all(isinstance(one, str) for one in parts) or not all(map(_texts, several)):
        raise UigError(
            f"benchmark {benchmark.name} opens {type(data).__name__}, expected a "
            "uig_cli.benchmarks.protocol.Data, its texts as texts and several as tuples; mend its "
            "open (docs/adding-a-benchmark.md)."
        )
    several_of(Case, data.cases, benchmark, "open")


def several_of(kind: type[Made], made: Any, benchmark: Any, method: str) -> Sequence[Made]:
    """What a benchmark's method made, if it is a sequence of that kind; else UigError."""
    odd = [one for one in made if not isinstance(one, kind)] if _sequence(made) else [made]
    if not odd:
        return made  # type: ignore[no-any-return]
    got = f"{type(odd[0]).__name__} {ascii(odd[0])[:40]}"
    raise UigError(
        f"benchmark {benchmark.name} gives {got} from {method}, expected a list of "
        f"{kind.__name__}; mend it (docs/adding-a-benchmark.md)."
    )


def _sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, tuple | list) and all(isinstance(one, str) for one in value)
