"""The journal: one line per answered request, the truth of a run.

A picture is put in place first and journalled after, so that whatever the journal knows can be
opened. A picture is found where its line says, nowhere else; no file of a line is ever replaced by
other pixels. Failures are lines too; within a session they stand, a later session tries them again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from uig_cli.models.protocol import (
    Cost,
    Draw,
    Drawn,
    Edit,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Said,
)
from uig_cli.runs import pictures
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_records
from uig_cli.runs.line_fields import (
    LineObject,
    count,
    counts,
    inner,
    number,
    path_within,
    several,
    text,
    text_or_none,
)
from uig_cli.runs.manifest import raise_format


@dataclass(frozen=True, slots=True)
class FirstAsked:
    """Who asks a request first: for the record, nothing is found by it."""

    method: str
    case: str
    sample: int


@dataclass(frozen=True, slots=True)
class _Line:
    """at: when it was written, in seconds; revision: of lines that draw one request again with
    other pixels the highest counts, whichever file it stands in."""

    key: str
    reply: Reply
    at: float
    revision: int


class Journal:
    """Replies by request key. `shard` names the file this process writes; all files are read.

    drawn_again: pictures whose files were gone or damaged and that were drawn anew; replaced: those
    of them that came out with other pixels.
    """

    def __init__(self, folder: RunFolder, shard: str | None = None) -> None:
        self.folder = folder
        self._lines: dict[str, _Line] = {}
        self._failed_before: dict[str, Failure] = {}
        self._failed: dict[str, Failure] = {}
        self._named: set[Path] = set()
        self._seen_whole: set[Path] = set()
        self._appender = Appender(folder.journal / f"{shard}.jsonl") if shard else None
        self._written = False
        self.drawn_again = self.replaced = 0
        for file in sorted(folder.journal.glob("*.jsonl")):
            for line in read_records(file, self._decode):
                if isinstance(line.reply, Failure):
                    self._failed_before[line.key] = line.reply
                else:
                    self._take(line)

    def _take(self, line: _Line) -> None:
        if isinstance(line.reply, Drawn) and line.reply.picture.path is not None:
            self._named.add(line.reply.picture.path)
        known = self._lines.get(line.key)
        if known is None or line.revision >= known.revision:
            self._lines[line.key] = line

    def reply(self, key: str) -> Reply | None:
        """The reply to the request of that key; None if it is still to be asked.

        Failures of this session stand, those of earlier ones are asked again, and so is a picture
        whose file is gone or damaged.
        """
        line = self._lines.get(key)
        if line is not None and not self._gone(line):
            return line.reply
        return self._failed.get(key)

    def _gone(self, line: _Line) -> bool:
        """Whether a picture had a file that does not hold it any more; looked at once.

        A session that draws holds every file that was touched after its line was written against
        the picture's hash; others, and whoever only reads, look at head and end.
        """
        picture = line.reply.picture if isinstance(line.reply, Drawn) else None
        if picture is None or picture.path is None or picture.path in self._seen_whole:
            return False
        if not pictures.whole(picture.path, picture.size):
            return True
        touched = self._appender is not None and picture.path.stat().st_mtime >= line.at + 1
        if touched and not pictures.holds(picture.path, picture):
            return True
        self._seen_whole.add(picture.path)
        return False

    def known(self, key: str) -> Reply | None:
        """The reply, or why there is none: an earlier session's failure, or a damaged file."""
        found = self.reply(key) or self._failed_before.get(key)
        if found is None and key in self._lines:
            return Failure("damaged", "the picture's file is gone or damaged")
        return found

    def write(
        self, key: str, request: Request, reply: Reply, place: FirstAsked, about: Mapping[str, str]
    ) -> Reply:
        """Keeps a reply; returns it as the journal knows it (its picture now on disk)."""
        line = _head(key, request, place)
        if isinstance(reply, Failure):
            line["failure"] = {"kind": reply.kind, "reason": readable(reply.reason)}
        elif isinstance(reply, Said):
            chances = reply.probabilities
            line["said"] = {"text": readable(reply.text), "probabilities": chances}
            line["cost"] = asdict(reply.cost)
        else:
            assert not isinstance(request, Look), "a look is answered in words"
            picture = pictures.as_kept(reply.picture)
            thought = None if reply.thought is None else readable(reply.thought)
            return self._keep(
                line, request, Drawn(picture, thought, reply.cost),
                lambda half: pictures.save(half, picture, about),
            )  # fmt: skip
        return self._append(line)

    def adopt(
        self, key: str, request: Draw, picture: Picture, place: FirstAsked, write: pictures.Write
    ) -> Reply:
        """Keeps a picture made elsewhere as the reply to a drawing request. write: writes its PNG;
        a picture that nobody has seen has none."""
        return self._keep(_head(key, request, place), request, Drawn(picture), write)

    def _keep(
        self, line: dict[str, Any], request: Draw | Edit, drawn: Drawn, write: pictures.Write
    ) -> Reply:
        """Puts the picture's file in place, then its line; a file that is only mended has one."""
        key: str = line["key"]
        before = self._lines.get(key)
        known = before.reply.picture if before and isinstance(before.reply, Drawn) else None
        kept = drawn.picture
        if kept.size != (0, 0):
            path = self.folder.drawn(request, key)
            kept = pictures.keep(path, kept, write, known, self._named)
        if kept.path is not None:
            self._seen_whole.add(kept.path)
        if before is not None:
            self.drawn_again += 1
            self.replaced += known is not None and known != kept
            if known is not None and (known, known.path) == (kept, kept.path):
                return before.reply
            line["revision"] = before.revision + 1
        line["picture"] = {
            "path": None if kept.path is None else self.folder.relative(kept.path),
            "sha256": kept.sha256,
            "size": list(kept.size),
        }
        return self._append(line | {"thought": drawn.thought, "cost": asdict(drawn.cost)})

    def _append(self, line: dict[str, Any]) -> Reply:
        assert self._appender is not None, "this journal is open for reading only"
        if not self._written:
            raise_format(self.folder)
            self._written = True
        line["at"] = datetime.now(UTC).isoformat(timespec="seconds")
        self._appender.write(line)
        kept = self._decode(line)
        if isinstance(kept.reply, Failure):
            self._failed[kept.key] = kept.reply
        else:
            self._take(kept)
        return kept.reply

    def close(self) -> None:
        if self._appender is not None:
            self._appender.close()

    def _decode(self, line: Mapping[str, Any]) -> _Line:
        """A line's meaning; raises KeyError, TypeError or ValueError for what is no journal line.

        Version 0.1.0 also wrote who asked first, in other words; nobody needs it.
        """
        at = datetime.fromisoformat(text(line, "at")).timestamp() if "at" in line else 0.0
        revision = count(line, "revision") if "revision" in line else 0
        return _Line(text(line, "key"), self._reply(line), at, revision)

    def _reply(self, line: Mapping[str, Any]) -> Reply:
        if "failure" in line:
            failure = inner(line, "failure")
            return Failure(text(failure, "kind"), text(failure, "reason"))
        cost = _cost(inner(line, "cost"))
        if "said" in line:
            said = inner(line, "said")
            return Said(text(said, "text"), _chances(said), cost)
        known, thought = inner(line, "picture"), text_or_none(line, "thought")
        if known["path"] is None:
            return Drawn(Picture.unseen(text(known, "sha256")), thought, cost)
        path, size = self.folder.root / path_within(known, "path"), counts(known, "size")
        if size is None:
            raise TypeError("size is empty, expected two numbers")
        return Drawn(Picture.at(path, text(known, "sha256"), size), thought, cost)


def _cost(line: LineObject) -> Cost:
    """Version 0.1.0 wrote whatever seconds a model told, and no work; what is no number tells
    nothing."""
    told = line["seconds"]
    unknown = isinstance(told, float) and not isfinite(told)
    seconds = 0.0 if unknown else number(line, "seconds")
    work = count(line, "work") if line.get("work") is not None else None
    return Cost(seconds, count(line, "passes"), count(line, "tokens"), work)


def _chances(said: LineObject) -> tuple[float, ...] | None:
    if not said["probabilities"]:
        return None
    chances = ({"probability": one} for one in several(said, "probabilities"))
    return tuple(number(chance, "probability") for chance in chances)


def _head(key: str, request: Request, place: FirstAsked) -> dict[str, Any]:
    """What was asked, of which pictures, and by whom first."""
    asked: dict[str, Any] = {
        "method": place.method, "case": place.case, "sample": place.sample,
    }  # fmt: skip
    head: dict[str, Any] = {"key": key, "role": request.role, "first_asked": asked}
    if isinstance(request, Look):
        head["pictures"] = [picture.sha256 for picture in request.pictures]
    else:
        asked["round"] = request.noise.round
        if isinstance(request, Edit):
            head["pictures"] = [request.picture.sha256]
    return head


def readable(text: str) -> str:
    """The text without what no file can hold: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode()
