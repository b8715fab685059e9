"""Expected errors: one sentence that says what was got, what was expected and what to do.

Everything a user can cause is raised as a `UigError` and printed without a traceback; the exit
code travels with it (2 usage or configuration, 1 anything that broke on the way, 3 incomplete).
"""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_NAMED = 20
CLOSEST = 3


class UigError(Exception):
    """An expected error: its text is the whole message, `exit_code` what the process returns."""

    exit_code = 2


class RunStopped(UigError):
    """The run cannot go on here (a full disk, ten equal failures in a row) but can be resumed."""

    exit_code = 1


class Incomplete(UigError):
    """The run ended, but pictures or judgements are missing beyond the allowed share."""

    exit_code = 3


def unknown(kind: str, got: str, known: Iterable[str], meant: str = "") -> UigError:
    """A did-you-mean error for a name that is not among those known; many are only counted. meant:
    a sentence that says better what was meant than the nearest name does."""
    names = sorted(known)
    few = len(names) <= MOST_NAMED
    told = ", ".join(names) or "none" if few else f"{len(names)} names, e.g. {names[0]}"
    close = [f'"{name}"' for name in get_close_matches(got, names, n=1 if few else CLOSEST)]
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    hint = f" {meant}" if meant else hint
    return UigError(f'unknown {kind} "{got}"; known: {told}.{hint}')
