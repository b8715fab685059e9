"""One remote file after another into a folder: resumed where it broke off, checked by its hash, in
place only when it is whole. Nothing else of `uig` asks a network for files."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import quote, urlsplit

import httpx2
import stamina

from uig_cli import __version__
from uig_cli.errors import UigError
from uig_cli.files import open_plain

MIRROR = "UIG_DATA_URL"
TOKEN = "HF_TOKEN"
GITHUB_FILES = "https://raw.githubusercontent.com"
GITHUB_API = "https://api.github.com"
HUB = "https://huggingface.co"

CHUNK = 1 << 20
ATTEMPTS = 4
MOST_LISTED = 64_000_000
"""Bytes of a listing or of a file that is read as text."""

Got = TypeVar("Got")

Advance = Callable[[int], None]
"""Told of bytes that have arrived."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """path: below the folder, with slashes. sha256, blob: what it must be, where that is known: its
    SHA-256, or the id that git gives its content. size: bytes, where that is known."""

    path: str
    url: str
    sha256: str | None = None
    blob: str | None = None
    size: int | None = None


class NotReached(Exception):
    """A failure that trying again may help."""


def address(origin: str, path: str) -> str:
    """Of a file of one of the public places, or of the mirror that stands for all of them."""
    base = os.environ.get(MIRROR, "").rstrip("/") or origin
    if urlsplit(base).scheme not in ("http", "https"):
        raise UigError(f"got {MIRROR}={base!r}, expected an address that begins with https://.")
    return f"{base}/{quote(path)}"


@contextmanager
def connection() -> Iterator[httpx2.Client]:
    """Proxies as the environment names them (HTTPS_PROXY, NO_PROXY)."""
    headers = {"User-Agent": f"uig/{__version__}", "Accept-Encoding": "identity"}
    timeout = httpx2.Timeout(60.0, connect=15.0)
    with httpx2.Client(headers=headers, timeout=timeout, follow_redirects=True) as client:
        yield client


def check_path(path: str) -> PurePosixPath:
    """A relative path that stays below its folder. Names come from a server: raises UigError for
    any other."""
    found = PurePosixPath(path)
    odd = [part for part in found.parts if part in ("..", ".") or part.startswith("~")]
    strange = any(ord(c) < 32 or c in '\\:*?"<>|' for c in path)
    if not found.parts or found.is_absolute() or odd or strange or len(path) > 500:
        raise UigError(f"the server lists a file named {path[:80]!r}, which is no path of a file.")
    return found


def read_listing(client: httpx2.Client, url: str) -> bytes:
    """A small reply. Raises UigError."""
    return _tried(lambda: _read(client, url), url)


def _read(client: httpx2.Client, url: str) -> bytes:
    with client.stream("GET", url, headers=_key(url)) as reply:
        _check_status(reply, url)
        content = bytearray()
        for chunk in reply.iter_bytes(CHUNK):
            content += chunk
            if len(content) > MOST_LISTED:
                raise UigError(f"{url} sends more than {MOST_LISTED:,} bytes; expected a listing.")
    return bytes(content)


def fetch(client: httpx2.Client, file: RemoteFile, folder: Path, advance: Advance) -> str:
    """The file into the folder; returns its SHA-256. One that is there already is checked, and
    fetched anew only where it is another. Raises UigError."""
    target = folder / check_path(file.path)
    if target.is_file() and (known := _sound(target, file)) is not None:
        advance(target.stat().st_size)
        return known
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.part")
    _tried(lambda: _append(client, file, half, advance), file.url)
    known = _sound(half, file)
    if known is None:
        half.unlink()
        raise UigError(
            f"{file.url} is not the file that was expected: {_mismatch(file)}. Nothing of it was "
            "kept; give the command again, or another mirror."
        )
    half.replace(target)
    return known


def _append(client: httpx2.Client, file: RemoteFile, half: Path, advance: Advance) -> None:
    """What is not there yet, behind what is."""
    there = half.stat().st_size if half.is_file() else 0
    if file.size is not None and there >= file.size:
        half.unlink()
        there = 0
    asked = _key(file.url) | ({"Range": f"bytes={there}-"} if there else {})
    with client.stream("GET", file.url, headers=asked) as reply:
        if reply.status_code == 416:  # it ends there, or is another file now
            half.unlink(missing_ok=True)
            raise NotReached("the rest of it is not there")
        _check_status(reply, file.url)
        goes_on = reply.status_code == 206
        advance(there if goes_on else 0)
        with half.open("ab" if goes_on else "wb") as kept:
            for chunk in reply.iter_raw():  # as it comes: what arrived before a break is kept
                kept.write(chunk)
                advance(len(chunk))
            kept.flush()
            os.fsync(kept.fileno())


def _check_status(reply: httpx2.Response, url: str) -> None:
    code = reply.status_code
    if code in (408, 425, 429) or code >= 500:
        raise NotReached(f"the server answers {code}")
    if code in (401, 403):
        raise UigError(
            f"{url} is not given to everybody ({code}); where you have been granted it, set "
            f"{TOKEN} to your token."
        )
    if code >= 400:
        raise UigError(f"{url} is not there ({code}); check the name and the revision.")


def _key(url: str) -> dict[str, str]:
    """A token goes to the hub or to the mirror that the user named, and to nobody else."""
    token = os.environ.get(TOKEN, "")
    mirror = os.environ.get(MIRROR, "").rstrip("/")
    ours = url.startswith(f"{mirror or HUB}/")
    return {"Authorization": f"Bearer {token}"} if token and ours else {}


def _tried(once: Callable[[], Got], url: str) -> Got:
    """Once more after what may pass: a connection that breaks, a server that is busy."""
    try:
        for attempt in stamina.retry_context(
            on=(NotReached, httpx2.TransportError),
            attempts=ATTEMPTS,
            wait_initial=WAIT,
            timeout=None,
        ):
            with attempt:
                return once()
    except (NotReached, httpx2.TransportError, httpx2.InvalidURL) as error:
        told = str(error) or type(error).__name__
        raise UigError(
            f"cannot fetch {url} ({told}); give the command again where there is a network, which "
            f"goes on where it broke off, or name a mirror with {MIRROR}."
        ) from error
    raise AssertionError("an attempt returns or raises")


WAIT = 1.0
"""Seconds before the second attempt."""


def _sound(path: Path, file: RemoteFile) -> str | None:
    """The file's SHA-256 if it is what it must be, else None."""
    sha256, blob = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
    size = path.stat().st_size
    blob.update(f"blob {size}\0".encode())
    with open_plain(path) as content:
        while chunk := content.read(CHUNK):
            sha256.update(chunk)
            blob.update(chunk)
    found = sha256.hexdigest()
    right = (
        file.size in (None, size)
        and file.sha256 in (None, found)
        and file.blob in (None, blob.hexdigest())
    )
    return found if right else None


def _mismatch(file: RemoteFile) -> str:
    wanted = [f"SHA-256 {file.sha256}"] if file.sha256 else []
    wanted += [f"git blob {file.blob}"] if file.blob else []
    wanted += [f"{file.size:,} bytes"] if file.size is not None else []
    return f"expected {', '.join(wanted)}"
