"""JSON lines that survive being killed: appended whole, a torn last line is dropped on reading.

One process writes one file; a lock on it keeps a second process out. A line that is broken in
the middle of a file is not our doing and is an error, with its number.
"""

import fcntl
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TypeVar

from uig_cli import __version__
from uig_cli.errors import UigError
from uig_cli.files import open_plain
from uig_cli.plain_json import read_json

LONGEST_LINE = 64_000_000
"""Bytes."""

Record = TypeVar("Record")


def read_records(path: Path, decode: Callable[[dict[str, Any]], Record]) -> Iterator[Record]:
    """The objects of a file as `decode` makes them; what it cannot take is named by its line."""
    for number, line in enumerate(read_lines(path), 1):
        try:
            yield decode(line)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise UigError(
                f"{path} line {number} is not as uig {__version__} writes it "
                f"({type(error).__name__}: {error}); restore the file, use the version that wrote "
                "it, or remove that line to have it made again."
            ) from error


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file, in order. A last line without its line feed is left out."""
    if not path.exists():
        return
    with _opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), 1):
            if len(line) > LONGEST_LINE:
                raise UigError(
                    f"{path} line {number} has more than {LONGEST_LINE} bytes, which uig does not "
                    "write; restore the file, or remove that line to have it made again."
                )
            if not line.endswith(b"\n"):
                return
            try:
                value = read_json(line, any_numbers=True)
            except ValueError as error:
                raise UigError(
                    f"{path} line {number} is not JSON ({error}); expected one object a line. "
                    "Restore the file, or remove that line to have it made again."
                ) from error
            if not isinstance(value, dict):
                raise UigError(
                    f"{path} line {number} is {type(value).__name__}, expected an object; "
                    "remove that line to have it made again."
                )
            yield value


def _opened(path: Path) -> BinaryIO:
    try:
        return open_plain(path)
    except OSError as error:
        raise UigError(
            f"{path} cannot be read ({error.strerror}); restore the file, or remove it to have its "
            "lines made again."
        ) from error


class Appender:
    """Appends objects to a file, each flushed before `write` returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        if path.exists():
            _opened(path).close()
        self._file = path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise UigError(
                f"another process is writing {path}; wait for it, or give this one its own "
                "--shard i/n or --out folder."
            ) from error
        if (whole := _whole_lines(path)) < path.stat().st_size:
            self._file.truncate(whole)
        self._file.seek(0, 2)

    def write(self, value: Mapping[str, Any]) -> None:
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
        self._file.write(text.encode() + b"\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Appender":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _whole_lines(path: Path) -> int:
    """The number of bytes up to and with the last line feed."""
    size = path.stat().st_size
    with path.open("rb") as file:
        end = size
        while end > 0:
            start = max(0, end - 65536)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
    return 0
