"""The journal: one line per answered request, the truth of a run.

A picture is put in place first and journalled after, so that whatever the journal knows can be
opened. Failures are lines too; within a session they stand, a later session tries them again.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from uig_cli.models.protocol import (
    Cost,
    Drawn,
    Failure,
    Picture,
    Reply,
    Request,
    Role,
    Said,
    Size,
)
from uig_cli.runs import pictures
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_records

PNG_END = b"\0\0\0\0IEND\xaeB`\x82"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a run a request is asked: its picture's home."""

    method: str
    case: str
    sample: int
    step: int


class Journal:
    """Replies by request key. `shard` names the file this process writes; all files are read."""

    def __init__(self, folder: RunFolder, shard: str | None = None) -> None:
        self.folder = folder
        self._replies: dict[str, Reply] = {}
        self._failed_before: dict[str, Failure] = {}
        self._failed: dict[str, Failure] = {}
        self._seen_whole: set[Path] = set()
        self._appender = Appender(folder.journal / f"{shard}.jsonl") if shard else None
        for file in sorted(folder.journal.glob("*.jsonl")):
            for key, reply in read_records(file, self._decode):
                if isinstance(reply, Failure):
                    self._failed_before[key] = reply
                else:
                    self._replies[key] = reply

    def reply(self, key: str) -> Reply | None:
        """The reply to the request of that key; None if it is still to be asked.

        Failures of this session stand, those of earlier ones are asked again, and so is a picture
        whose file is gone or damaged.
        """
        found = self._replies.get(key)
        if isinstance(found, Drawn) and self._gone(found.picture):
            found = None
        return found or self._failed.get(key)

    def _gone(self, picture: Picture) -> bool:
        """Whether a picture had a file that cannot be opened any more; looked at once."""
        path = picture.path
        if path is None or path in self._seen_whole:
            return False
        if not whole(path, picture.size):
            return True
        self._seen_whole.add(path)
        return False

    def known(self, key: str) -> Reply | None:
        """The reply, or why an earlier session got none."""
        return self.reply(key) or self._failed_before.get(key)

    def write(
        self, key: str, request: Request, reply: Reply, place: Place, about: Mapping[str, str]
    ) -> Reply:
        """Keeps a reply; returns it as the journal knows it (its picture now on disk)."""
        assert self._appender is not None, "this journal is open for reading only"
        line = _head(key, request.role, place)
        if isinstance(reply, Failure):
            line["failure"] = {"kind": reply.kind, "reason": readable(reply.reason)}
        elif isinstance(reply, Said):
            chances = reply.probabilities
            line["said"] = {"text": readable(reply.text), "probabilities": chances}
            line["cost"] = asdict(reply.cost)
        else:
            path = self.folder.picture(place.method, place.case, place.sample, place.step)
            picture = pictures.save(path, reply.picture, about)
            line["picture"] = self._picture(picture, path)
            line["thought"] = None if reply.thought is None else readable(reply.thought)
            line["cost"] = asdict(reply.cost)
        return self._append(line)

    def adopt(self, key: str, picture: Picture, place: Place) -> Reply:
        """Keeps a picture made elsewhere as the reply to a drawing request; its file is in place
        already, if it has one."""
        line = _head(key, "draw", place)
        line["picture"] = self._picture(picture, picture.path)
        line |= {"thought": None, "cost": asdict(Cost())}
        return self._append(line)

    def _picture(self, picture: Picture, path: Path | None) -> dict[str, Any]:
        return {
            "path": None if path is None else self.folder.relative(path),
            "sha256": picture.sha256,
            "size": list(picture.size),
        }

    def _append(self, line: dict[str, Any]) -> Reply:
        assert self._appender is not None, "this journal is open for reading only"
        line["at"] = datetime.now(UTC).isoformat(timespec="seconds")
        self._appender.write(line)
        key, kept = self._decode(line)
        if isinstance(kept, Failure):
            self._failed[key] = kept
        else:
            self._replies[key] = kept
        return kept

    def close(self) -> None:
        if self._appender is not None:
            self._appender.close()

    def _decode(self, line: Mapping[str, Any]) -> tuple[str, Reply]:
        """A line's key and reply; raises KeyError or TypeError for what is no journal line."""
        key: str = line["key"]
        if "failure" in line:
            return key, Failure(**line["failure"])
        cost = Cost(**line["cost"])
        if "said" in line:
            chances = line["said"]["probabilities"]
            return key, Said(line["said"]["text"], tuple(chances) if chances else None, cost)
        known = line["picture"]
        if known["path"] is None:
            return key, Drawn(Picture.unseen(known["sha256"]), line["thought"], cost)
        width, height = known["size"]
        picture = Picture.at(self.folder.root / known["path"], known["sha256"], (width, height))
        return key, Drawn(picture, line["thought"], cost)


def _head(key: str, role: Role, place: Place) -> dict[str, Any]:
    return {
        "key": key,
        "role": role,
        "case": place.case,
        "sample": place.sample,
        "step": place.step,
    }


def whole(path: Path, size: Size) -> bool:
    """Whether a picture's file is there and not cut off. Only where it does not end as uig's own
    files do is more than its head and its end read."""
    try:
        with path.open("rb") as file:
            file.seek(-len(PNG_END), os.SEEK_END)
            ended = file.read() == PNG_END
            file.seek(0)
            with Image.open(file, formats=("PNG",)) as image:
                if not ended:
                    image.load()
                return image.size == size
    except (OSError, SyntaxError, ValueError):
        return False


def readable(text: str) -> str:
    """The text without what no file can hold: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode()
