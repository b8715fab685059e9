"""Where code that is none of ours went wrong, told in a sentence: FILE:LINE, and what was raised.

Whoever loads a plug-in says where its code lives; the innermost frame from there is the fault's.
"""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uig_cli.errors import UigError

DEBUG = "UIG_DEBUG"
"""A variable of the environment: 1 shows tracebacks."""

_PACKAGE = Path(__file__).resolve().parent
_homes: set[Path] = set()


class PluginFault(UigError):
    """Somebody's own method, model, benchmark or scorer went wrong."""

    exit_code = 1


def lives_in(home: Path) -> None:
    """Says that code below this folder is a plug-in's."""
    _homes.add(home.resolve())


def place(error: BaseException) -> str | None:
    """FILE:LINE of a plug-in's fault; None where no code of a plug-in was at work."""
    if isinstance(error, SyntaxError) and error.filename and _foreign(Path(error.filename)):
        return f"{_short(Path(error.filename))}:{error.lineno or 0}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if _foreign(Path(frame.filename)):
            return f"{_short(Path(frame.filename))}:{frame.lineno}"
    return None


def told(error: BaseException) -> str:
    """What was raised, and where in a plug-in's code, if it was there."""
    where, text = place(error), " ".join(str(error).split())
    what = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{what} at {where}" if where else what


@contextmanager
def blaming(who: str) -> Iterator[None]:
    """Whatever goes wrong inside is a `PluginFault` of `who`."""
    try:
        yield
    except UigError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginFault(
            f"{who} fails ({told(error)}); mend it ({DEBUG}=1 shows the traceback)."
        ) from error


def debugging() -> bool:
    return os.environ.get(DEBUG, "") not in ("", "0")


def _foreign(file: Path) -> bool:
    path = file.resolve()
    if path.is_relative_to(_PACKAGE) or "site-packages" in path.parts:
        return any(home.is_relative_to(path.parent) for home in _homes if home != _PACKAGE)
    return any(path.is_relative_to(home) for home in _homes)


def _short(file: Path) -> Path:
    """Relative to where one stands, if it is below."""
    path = file.resolve()
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
