"""Files known by their content, and the cache that keeps it cheap."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path


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
        if len(text := known.read_text()) == 64:
            return text
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    with suppress(OSError):  # a cache that cannot be written costs time, nothing else
        known.parent.mkdir(parents=True, exist_ok=True)
        partial = known.with_suffix(f".{os.getpid()}")
        partial.write_text(found)
        partial.replace(known)
    return found


def hash_of_files(files: list[Path]) -> str:
    """One SHA-256 over the names and contents of files, wherever their folder lies."""
    lines = [f"{file.name} {file_hash(file)}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
