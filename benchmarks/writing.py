"""Files of an official layout, put where they belong; folders are made as needed."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from uig_cli.models.protocol import Picture

IDENTITY = "identity.json"


def put_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def put_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """JSON lines."""
    put_text(path, "".join(json.dumps(line) + "\n" for line in lines))


def put_identity(folder: Path, identity: Mapping[str, str]) -> None:
    """Says beside findings whose they are, so that whoever brings them in again knows."""
    text = json.dumps(dict(identity), sort_keys=True, indent=2, ensure_ascii=False)
    put_text(folder / IDENTITY, text + "\n")


def put_picture(path: Path, picture: Picture) -> None:
    """A copy of the picture's file; nothing where it has none, being unseen."""
    if picture.path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture.path, path)
