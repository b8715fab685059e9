"""Folders that were pulled: what they hold, from where, and by which hashes, written beside the
files, so that they can be checked at any time without a network."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from uig_cli.console import Display
from uig_cli.downloads.remote_files import RemoteFile, connection, fetch
from uig_cli.errors import UigError
from uig_cli.files import file_hash, read_plain, write_whole
from uig_cli.models.pulled_models import RECORD
from uig_cli.plain_json import read_json

MEGA = 1_000_000


class Pulled(BaseModel):
    """home: where people read about it; revision: of all files; files: SHA-256 by path."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    home: str
    revision: str
    licence: str
    files: dict[str, str]


def pull(
    name: str,
    home: str,
    revision: str,
    licence: str,
    files: Sequence[RemoteFile],
    folder: Path,
    display: Display,
) -> Pulled:
    """Fetches what is missing or another, then writes the record. Raises UigError; what has arrived
    by then stays, and the next time goes on from there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".{RECORD}.probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise UigError(
            f"cannot write {folder} ({error.strerror}); set UIG_CACHE to a folder that you may "
            "write to."
        ) from error
    total = sum(one.size or 0 for one in files)
    known: dict[str, str] = {}
    unit, parts = ("MB", -(-total // MEGA)) if total > 4 * MEGA else ("files", len(files))
    with connection() as client, display.progress(f"pulling {name}", parts, unit) as bar:
        count = _Count()
        for one in files:

            def advance(by: int) -> None:
                bar.advance(count.whole(by) if unit == "MB" else 0)

            known[one.path] = fetch(client, one, folder, advance)
            bar.advance(0 if unit == "MB" else 1, Path(one.path).name)
    found = Pulled(name=name, home=home, revision=revision, licence=licence, files=known)
    write_whole(folder / RECORD, found.model_dump_json(indent=1) + "\n")
    return found


class _Count:
    """Bytes in whole megabytes, none lost in between."""

    def __init__(self) -> None:
        self.left = 0

    def whole(self, by: int) -> int:
        self.left += by
        found, self.left = divmod(self.left, MEGA)
        return found


def record_of(folder: Path) -> Pulled | None:
    """None where nothing was pulled there. Raises UigError for a record that cannot be read."""
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        return Pulled.model_validate(read_json(read_plain(path)))
    except (OSError, ValueError, ValidationError) as error:
        raise UigError(f"{path} is not as it was written; pull it again.") from error


def faults(folder: Path, found: Pulled) -> list[str]:
    """What is not as it was pulled, a phrase each."""
    wrong = []
    for path, sha256 in found.files.items():
        file = folder / path
        if not file.is_file():
            wrong.append(f"{path} is gone")
        elif file_hash(file) != sha256:
            wrong.append(f"{path} is another file now")
    return wrong
