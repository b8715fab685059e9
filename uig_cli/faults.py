"""Where code that is none of ours went wrong, told in a sentence: FILE:LINE, and what was raised.

Whoever loads a plug-in says where its code lives; the innermost frame from there is the fault's.
"""

import errno
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from uig_cli.errors import UigError

Given = ParamSpec("Given")
Returned = TypeVar("Returned")

DEBUG = "UIG_DEBUG"
"""A variable of the environment: 1 shows tracebacks."""

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = "site-packages"
_homes: set[Path] = set()


class PluginFault(UigError):
    """Somebody's own method, model, benchmark or scorer went wrong."""

    exit_code = 2


class Stopped(SystemExit):
    """A signal's own way out: no code of others may end the program."""


def lives_in(home: Path) -> None:
    """Says that a plug-in's code is this file, or below this folder."""
    _homes.add(home.resolve())


def forget() -> None:
    """No code is a plug-in's any more: as in a process that has just begun."""
    _homes.clear()


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
    except (UigError, Stopped):
        raise
    except (Exception, SystemExit) as error:
        raise PluginFault(
            f"{who} fails ({told(error)}); mend it ({DEBUG}=1 shows the traceback)."
        ) from error


def told_in_a_sentence(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """The function, from which faults of plug-ins come as `PluginFault`."""

    @wraps(function)
    def run(*args: Given.args, **more: Given.kwargs) -> Returned:
        try:
            return function(*args, **more)
        except (UigError, Stopped):
            raise
        except (Exception, SystemExit) as error:
            if place(error) is None or _disk_full(error):
                raise
            raise PluginFault(f"{told(error)}; mend it ({DEBUG}=1 shows the traceback).") from error

    return run


def _disk_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def debugging() -> bool:
    return os.environ.get(DEBUG, "") not in ("", "0")


def _foreign(file: Path) -> bool:
    """Whether code is a plug-in's; what else is installed below a plug-in's folder is not."""
    path = file.resolve()
    if path.is_relative_to(_PACKAGE) or not path.is_file():  # "<string>", or compiled elsewhere
        return False
    homes = [home for home in _homes if path.is_relative_to(home)]
    return any(_INSTALLED not in path.relative_to(home).parts for home in homes)


def _short(file: Path) -> Path:
    """Relative to where one stands, if it is below."""
    path = file.resolve()
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
