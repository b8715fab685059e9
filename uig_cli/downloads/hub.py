"""Models of the hub: the revision is resolved once, and files are known by the hub's own listing.

Only what a loader reads is taken: weights as safetensors, configurations, tokenizers, licences;
never a pickle, and no code.
"""

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from uig_cli.downloads.remote_files import (
    HUB,
    RemoteFile,
    address,
    check_path,
    connection,
    read_listing,
)
from uig_cli.errors import UigError
from uig_cli.plain_json import read_json

NAME = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
SUFFIXES = (".safetensors", ".json", ".txt", ".model", ".jinja", ".md")
MOST_FILES = 2000


def listing(name: str, revision: str) -> tuple[str, str, list[RemoteFile]]:
    """The commit, the licence and the files of a model. Raises UigError."""
    if not NAME.fullmatch(name):
        raise UigError(f"got the model {name!r}, expected OWNER/NAME as on {HUB}.")
    url = address(HUB, f"api/models/{name}/revision/{revision}") + "?blobs=true"
    with connection() as client:
        content = read_listing(client, url)
    try:
        found = read_json(content)
        commit, files = found["sha"], found["siblings"]
        if not re.fullmatch("[0-9a-f]{40}", commit) or not isinstance(files, list):
            raise ValueError("no commit")
        licence = str((found.get("cardData") or {}).get("license") or "not told")[:80]
        listed = [_file(name, commit, one) for one in files[:MOST_FILES]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UigError(f"{url} is no listing of a model's files; check the name.") from error
    if len(files) > MOST_FILES:
        raise UigError(f"{name} has {len(files):,} files, more than {MOST_FILES:,}.")
    chosen = _wanted(listed)
    if not any(one.path.endswith(".safetensors") for one in chosen):
        raise UigError(
            f"{name} has no weights as safetensors, the only kind that uig loads; look for another "
            "revision of it."
        )
    return commit, licence, chosen


def _file(name: str, commit: str, told: dict[str, Any]) -> RemoteFile:
    path = str(check_path(told["rfilename"]))
    large = told.get("lfs")
    return RemoteFile(
        path,
        address(HUB, f"{name}/resolve/{commit}/") + quote(path),
        sha256=_hex(large["sha256"], 64) if large else None,
        blob=None if large else _hex(told["blobId"], 40),
        size=_size(large["size"] if large else told["size"]),
    )


def _hex(value: object, digits: int) -> str:
    if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{digits}}}", value):
        raise ValueError("no hash")
    return value


def _size(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("no size")
    return value


def _wanted(files: list[RemoteFile]) -> list[RemoteFile]:
    """Of a pipeline the weights of its parts alone: those beside them are the same once more."""
    pipeline = any(one.path == "model_index.json" for one in files)
    return [
        one
        for one in files
        if one.path.endswith(SUFFIXES)
        and not (pipeline and one.path.endswith(".safetensors") and "/" not in one.path)
        and ".fp16." not in PurePosixPath(one.path).name
    ]
