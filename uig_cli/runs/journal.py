"""The journal: one line per answered request, the truth of a run.

A picture is put in place first and journalled after, so that whatever the journal knows can be
opened. Failures are lines too; within a session they stand, a later session tries them again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from uig_cli.models.protocol import Cost, Drawn, Failure, Picture, Reply, Request, Said
from uig_cli.runs import pictures
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_lines


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
        self._known: dict[str, dict[str, Any]] = {}
        self._failed: dict[str, Failure] = {}
        self._appender = Appender(folder.journal / f"{shard}.jsonl") if shard else None
        self.last_failures: dict[str, Failure] = {}
        for file in sorted(folder.journal.glob("*.jsonl")):
            for line in read_lines(file):
                self._read(line)

    def _read(self, line: dict[str, Any]) -> None:
        if "failure" in line:
            self.last_failures.setdefault(line["key"], Failure(**line["failure"]))
        else:
            self._known[line["key"]] = line
            self.last_failures.pop(line["key"], None)

    def reply(self, key: str) -> Reply | None:
        """The reply to the request of that key; None if it is still to be asked."""
        if key in self._failed:
            return self._failed[key]
        line = self._known.get(key)
        if line is None:
            return None
        cost = Cost(**line["cost"])
        if "said" in line:
            chances = line["said"]["probabilities"]
            return Said(line["said"]["text"], tuple(chances) if chances else None, cost)
        path = self.folder.root / line["picture"]["path"]
        if not path.is_file():
            return None
        width, height = line["picture"]["size"]
        picture = Picture.at(path, line["picture"]["sha256"], (width, height))
        return Drawn(picture, line["thought"], cost)

    def known(self, key: str) -> Reply | None:
        """The reply, or why an earlier session got none."""
        return self.reply(key) or self.last_failures.get(key)

    def path_of(self, key: str) -> Path:
        """The file of the picture that answered the request of that key."""
        return self.folder.root / str(self._known[key]["picture"]["path"])

    def write(
        self, key: str, request: Request, reply: Reply, place: Place, about: Mapping[str, str]
    ) -> Reply:
        """Keeps a reply; returns it as the journal knows it (its picture now on disk)."""
        line: dict[str, Any] = {
            "key": key,
            "role": request.role,
            "case": place.case,
            "sample": place.sample,
            "step": place.step,
        }
        if isinstance(reply, Failure):
            line["failure"] = asdict(reply)
        elif isinstance(reply, Said):
            line["said"] = {"text": reply.text, "probabilities": reply.probabilities}
            line["cost"] = asdict(reply.cost)
        else:
            path = self.folder.picture(place.method, place.case, place.sample, place.step)
            image = reply.picture.image
            pictures.save(path, image, about)
            line["picture"] = {
                "path": self.folder.relative(path),
                "sha256": reply.picture.sha256,
                "size": list(image.size),
            }
            line["thought"] = reply.thought
            line["cost"] = asdict(reply.cost)
        line["at"] = datetime.now(UTC).isoformat(timespec="seconds")
        assert self._appender is not None, "this journal is open for reading only"
        self._appender.write(line)
        if isinstance(reply, Failure):
            self._failed[key] = reply
            return reply
        self._known[key] = line
        kept = self.reply(key)
        assert kept is not None
        return kept

    def close(self) -> None:
        if self._appender is not None:
            self._appender.close()
