"""What scorers found in pictures, kept by picture hash and by what was wanted.

A folder for each kind of finding, and in it one for each scorer: `identity.json` says whose
findings these are, one JSON-lines file per shard holds them. They are kept per picture, so that
equal pictures are scored once, and what failed is a line with its reason that a later session tries
again. A finding outranks a failure, whichever file they stand in: shards may have met the same
picture.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from uig_cli.files import read_plain, write_whole
from uig_cli.models.protocol import Failure
from uig_cli.plain_json import read_json
from uig_cli.runs.folder import safe_name
from uig_cli.runs.journal import readable
from uig_cli.runs.jsonl import Appender, read_records
from uig_cli.runs.line_fields import (
    LineObject,
    count,
    counts,
    inner,
    number_or_none,
    several,
    text,
)
from uig_cli.runs.manifest import now
from uig_cli.scoring.findings import (
    ANSWERED,
    Answer,
    Detections,
    Finding,
    Rating,
    Spoken,
    Transcript,
    settled,
)
from uig_cli.scoring.protocol import Kind
from uig_cli.scoring.versions import FIRST, PARSER_VERSION, unread

PENDING = "not judged yet"
UNREAD = "not read yet"
IDENTITY = "identity.json"
MOST_BYTES = 1_000_000
"""Of an identity's file."""

Recorded = Finding | Failure

_SELDOM = ("votes", "by", "usage", "replies")
"""What few judges tell; it is left out of a line where it is empty."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How findings of a kind stand in lines. folder: theirs in a run; nothing: what stands for one
    that nobody has looked for yet."""

    folder: str
    write: Callable[[Any], dict[str, Any]]
    read: Callable[[Mapping[str, Any]], Recorded]
    nothing: Recorded


def _said(found: Answer | Rating | Failure) -> dict[str, Any]:
    """The line of an answer or rating; of one that failed, as one without a value."""
    kept = asdict(found)
    kept = {**kept, "raw": readable(kept["raw"]), "status": readable(kept["status"])}
    if replies := kept.get("replies"):
        kept["replies"] = [_spoken_line(reply) for reply in replies]
    return {name: kept[name] for name in kept if kept[name] or name not in _SELDOM}


def _spoken_line(reply: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: reply[name] for name in reply if reply[name]}, "text": readable(reply["text"])}


def _spoken(line: LineObject) -> Spoken:
    whole = {"about": (), "cut": False, "round": 0, "left_out": 0, **line}
    about = tuple(text({"about": one}, "about") for one in several(whole, "about"))
    cut = bool(whole["cut"])
    return Spoken(text(whole, "text"), about, cut, count(whole, "round"), count(whole, "left_out"))


def _answer_line(found: Answer | Failure) -> dict[str, Any]:
    return _said(Answer(None, _reason(found)) if isinstance(found, Failure) else found)


def _answer(line: Mapping[str, Any]) -> Answer:
    if line["answer"] not in ("yes", "no", None):
        raise ValueError(f"answer is {ascii(line['answer'])[:40]}, expected yes, no or null")
    replies = several(line, "replies") if "replies" in line else ()
    return Answer(
        line["answer"],
        text(line, "status"),
        number_or_none(line, "yes"),
        text(line, "raw"),
        counts(line, "votes"),
        text({"by": "", **line}, "by"),
        counts(line, "usage"),
        tuple(_spoken(inner({"reply": reply}, "reply")) for reply in replies),
    )


def _rating_line(found: Rating | Failure) -> dict[str, Any]:
    return _said(Rating(None, _reason(found)) if isinstance(found, Failure) else found)


def _rating(line: Mapping[str, Any]) -> Rating:
    value, status, raw = number_or_none(line, "value"), text(line, "status"), text(line, "raw")
    return Rating(value, status, raw, text({"by": "", **line}, "by"), counts(line, "usage"))


def _reason(failure: Failure) -> str:
    return f"{failure.kind}: {failure.reason}"


def _under(name: str) -> Callable[[Any], dict[str, Any]]:
    """The line of a finding under its name, or of a failure."""

    def write(found: Any) -> dict[str, Any]:
        if isinstance(found, Failure):
            return {"failure": {"kind": found.kind, "reason": readable(found.reason)}}
        return {name: found.to_json()}

    return write


def _or_failure(
    name: str, read: Callable[[Any], Finding]
) -> Callable[[Mapping[str, Any]], Recorded]:
    def found(line: Mapping[str, Any]) -> Recorded:
        if "failure" not in line:
            return read(line[name])
        failure = inner(line, "failure")
        return Failure(text(failure, "kind"), text(failure, "reason"))

    return found


CODECS: Mapping[Kind, Codec] = {
    "answers": Codec("judgements", _answer_line, _answer, Answer(None, PENDING)),
    "ratings": Codec("ratings", _rating_line, _rating, Rating(None, PENDING)),
    "detections": Codec(
        "detections",
        _under("detections"),
        _or_failure("detections", Detections.from_json),
        Failure("pending", PENDING),
    ),
    "texts": Codec(
        "transcripts",
        _under("transcript"),
        _or_failure("transcript", Transcript.from_json),
        Failure("pending", UNREAD),
    ),
    "faults": Codec("faults", _rating_line, _rating, Rating(None, PENDING)),
}


def home_of(root: Path, kind: Kind) -> Path:
    """Where a run keeps the findings of a kind. root: the run's folder."""
    return root / CODECS[kind].folder


def kept_by(root: Path, kind: Kind) -> list[Path]:
    """The folders of all scorers of a kind that have looked at a run."""
    return sorted(path.parent for path in home_of(root, kind).glob(f"*/{IDENTITY}"))


def scorer_folder(parent: Path, name: str, identity: Mapping[str, str]) -> Path:
    """The folder of this scorer below `parent`, made if needed.

    It is called by the name; a second identity of the same name gets a short hash behind it.
    """
    whole = json.dumps(dict(identity), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    short = sha256(whole.encode()).hexdigest()[:6]
    named = parent / safe_name(name)
    for folder in (named, parent / f"{safe_name(name)}-{short}"):
        kept = folder / IDENTITY
        if not _whole(kept):
            write_whole(kept, whole)
        if read_plain(kept, MOST_BYTES).decode() == whole:
            return folder
    raise AssertionError("two identities with one hash")


def has_looked(parent: Path, identity: Mapping[str, str]) -> bool:
    """Whether there are findings below `parent` of this scorer, by whatever version it read."""
    return any(unread(kept) == unread(identity) for kept, _ in _identities(parent))


def read_before(parent: Path, identity: Mapping[str, str]) -> list[Path]:
    """The folders below `parent` of the same judge by older versions of its parser, the newest
    first."""

    def version(kept: Mapping[str, str]) -> int:
        return int(kept.get(PARSER_VERSION, FIRST))

    found = []
    for kept, folder in _identities(parent):
        with suppress(ValueError, TypeError):  # a version that is none of ours
            if unread(kept) == unread(identity) and version(kept) < version(identity):
                found.append((version(kept), folder))
    return [folder for _, folder in sorted(found, reverse=True)]


def _identities(parent: Path) -> Iterator[tuple[Mapping[str, str], Path]]:
    """Those that can be read, with their folders."""
    for path in sorted(parent.glob(f"*/{IDENTITY}")):
        with suppress(OSError, ValueError):
            kept = read_json(read_plain(path, MOST_BYTES))
            if isinstance(kept, dict):
                yield kept, path.parent


def _whole(kept: Path) -> bool:
    """Whether an identity can be read; one that a kill left behind is made again."""
    try:
        read_json(read_plain(kept, MOST_BYTES))
    except (OSError, ValueError):
        return False
    return True


def _never(found: Recorded) -> None:
    return


class Records:
    """Findings of one scorer by (picture hash, what was wanted). shard: whose file new ones go to;
    None: open for reading only."""

    def __init__(self, folder: Path, kind: Kind, shard: str | None = None) -> None:
        self.folder, self.name = folder, folder.name
        self._codec = CODECS[kind]
        self._appender = Appender(folder / f"{shard}.jsonl") if shard else None
        self._lines: dict[str, Mapping[str, Any]] = {}
        for path in sorted(folder.glob("*.jsonl")):
            for line in read_records(path, self._checked):
                self._take(line)

    def found(self, picture: str, wanted: str) -> Recorded:
        """The finding; where there is none, a failure, or an answer or rating that says why."""
        line = self._lines.get(_key(picture, wanted))
        return self._codec.nothing if line is None else self._codec.read(line)

    def wanting(
        self, picture: str, wanted: Sequence[str], has_flaw: Callable[[Recorded], object] = _never
    ) -> tuple[str, ...]:
        """What is still to be asked: never found, not found so far, or found with a flaw. Each text
        once."""
        found = {text: self.found(picture, text) for text in wanted}
        return tuple(text for text, one in found.items() if not settled(one) or has_flaw(one))

    @property
    def any_settled(self) -> bool:
        return any(settled(self._codec.read(line)) for line in self._lines.values())

    def write(self, picture: str, wanted: str, found: Recorded) -> None:
        assert self._appender is not None, "these records are open for reading only"
        line = {"picture": picture, "about": wanted, **self._codec.write(found)}
        self._appender.write({**line, "at": now()})
        self._take(line)

    def close(self) -> None:
        if self._appender is not None:
            self._appender.close()

    def _checked(self, line: dict[str, Any]) -> dict[str, Any]:
        """The line, if it is one of these; raises KeyError, TypeError or ValueError if not."""
        _key(text(line, "picture"), text(line, "about"))
        self._codec.read(line)
        return line

    def _take(self, line: Mapping[str, Any]) -> None:
        key = _key(line["picture"], line["about"])
        if key not in self._lines or _rank(line) >= _rank(self._lines[key]):
            self._lines[key] = line


def _rank(line: Mapping[str, Any]) -> tuple[int, str]:
    """Of lines of one weight the latest counts, whichever file it stands in: it was asked for again
    because something is wrong with the others."""
    return _weight(line), str(line.get("at", ""))


def _weight(line: Mapping[str, Any]) -> int:
    """A finding outranks a tie, and a tie a failure."""
    if "failure" in line:
        return 0
    return 2 if line.get("status", ANSWERED) == ANSWERED else int(bool(line.get("votes")))


def _key(picture: str, wanted: str) -> str:
    return f"{picture}\n{wanted}"
