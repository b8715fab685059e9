"""Files put in place whole or not at all; files known by their content, and the cache for that.

What stands in a file's place may be anything: whoever waits for a pipe waits for ever, and a device
has no end. So files that come from outside are opened here, where only plain files are.
"""

import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import gethostname
from typing import BinaryIO


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; what is there at the end of the block takes its place.

    Whoever reads sees the old file or the new one, never half of one, and a block that fails
    leaves nothing behind. Makes the folder where it is not there.
    """
    with half_file(path) as half:
        yield half
        half.replace(path)


@contextmanager
def half_file(path: Path) -> Iterator[Path]:
    """A path beside `path` that nobody else writes to, and that is gone at the end of the block.
    What killed processes left beside it goes first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    half = path.with_name(f".{path.name}.{os.getpid()}@{_HOST}")
    try:
        yield half
    finally:
        half.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Removes half files of processes of this machine that are no more; looks once at a folder."""
    if folder in _swept:
        return
    _swept.add(folder)
    for path in folder.glob(".*"):
        half = _HALF.fullmatch(path.name)
        if half and _left_behind(path, int(half["process"]), half["host"]):
            path.unlink(missing_ok=True)


def _left_behind(path: Path, process: int, host: str | None) -> bool:
    """host: None in names of version 0.1.0, which did not tell it. Of those only files of a run are
    taken for halves: a folder that is written to may hold hidden files of its owner."""
    if host != _HOST and (host is not None or not _OF_A_RUN.match(path.name)):
        return False
    if process == os.getpid():  # of a process before this one, where numbers begin anew
        return path.lstat().st_mtime < _STARTED
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


_HOST = re.sub(r"[^A-Za-z0-9-]+", "-", gethostname())
_HALF = re.compile(r"\..+\.(?P<process>[1-9][0-9]{0,9})(@(?P<host>[A-Za-z0-9-]+))?")
_OF_A_RUN = re.compile(
    r"\.(step-[0-9]+\.png|(steps|questions|summary|candidates|text|agreement)\.(csv|parquet|json|md)"
    r"|run\.json|identity\.json|contact-sheet\.png)\."
)
_STARTED = time.time()
_swept: set[Path] = set()


def open_plain(path: Path) -> BinaryIO:
    """Opens a file for reading. Raises OSError for whatever is no plain file, without waiting."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "Is a pipe or a device, not a file", str(path))


MOST_BYTES = 256_000_000
"""Of a file that is read as a whole. The prompts of all benchmarks together have a tenth."""


def read_plain(path: Path, most: int = MOST_BYTES) -> bytes:
    """A plain file's content. Raises OSError where it is none, or has more than `most` bytes."""
    with open_plain(path) as file:
        return _bounded(file, path, most)


def read_given(path: Path, most: int = MOST_BYTES) -> bytes:
    """The same of a file that a user names, which may be a pipe: a shell makes one of <(...)."""
    with path.expanduser().open("rb") as file:
        return _bounded(file, path, most)


def _bounded(file: BinaryIO, path: Path, most: int) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        told = f"it has more than {most / 1e6:g} MB" if most >= 1e6 else f"more than {most} bytes"
        raise OSError(errno.EFBIG, told, str(path))
    return content


def write_whole(path: Path, content: str | bytes) -> None:
    """The file with this content (a text as UTF-8), put in place whole."""
    with put_in_place(path) as half:
        half.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def write_given(path: Path, content: bytes) -> None:
    """The same for a file that a user names: a link to a file stays one, and a pipe or a device,
    such as /dev/stdout, is written into and stays what it is."""
    place = path.expanduser()
    if place.exists() and not place.is_file() and not place.is_dir():
        with place.open("wb") as opened:
            opened.write(content)
    else:
        write_whole(place.resolve() if place.is_symlink() else place, content)


def write_changed(path: Path, content: bytes) -> None:
    """The same, but a file that holds this already keeps its time of change."""
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)


def cache_folder() -> Path:
    """$UIG_CACHE, else `uig` in the user's cache folder."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("UIG_CACHE") or base / "uig").expanduser()


def file_hash(file: Path) -> str:
    """SHA-256 of a file, remembered by path, size and time of change: hashing 29 GB takes long."""
    stat = file.stat()
    key = f"{file.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}".encode()
    known = cache_folder() / "hashes" / hashlib.sha256(key).hexdigest()
    with suppress(OSError):
        if len(text := known.read_text("utf-8")) == 64:
            return text
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        write_whole(known, found)
    return found


def hash_of_files(files: list[Path]) -> str:
    """One SHA-256 over the names and contents of files, wherever their folder lies."""
    lines = [f"{file.name} {file_hash(file)}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
