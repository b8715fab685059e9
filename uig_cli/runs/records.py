"""What judges, detectors and text readers said of pictures, kept by picture hash.

Three kinds of folder, one rule: `identity.json` says whose evidence this is, one JSON-lines file
per shard holds it. Evidence is kept per picture, so that equal pictures are judged once, and what
failed is a line with its reason that a later session tries again. An answer outranks a failure,
whichever file they stand in: shards may have met the same picture.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from uig_cli.files import write_whole
from uig_cli.models.protocol import Failure
from uig_cli.runs.folder import safe_name
from uig_cli.runs.journal import readable
from uig_cli.runs.jsonl import Appender, read_records
from uig_cli.runs.manifest import now
from uig_cli.scoring.detection import Detections
from uig_cli.scoring.judging import ANSWERED, Answer
from uig_cli.scoring.text_reading import Transcript

PENDING = "not judged yet"
UNREAD = "not read yet"

_SELDOM = ("votes", "by", "usage")


def evidence_folder(parent: Path, name: str, identity: Mapping[str, str]) -> Path:
    """The folder of this judge or detector below `parent`, made if needed.

    It is called by the name; a second identity of the same name gets a short hash behind it.
    """
    text = json.dumps(dict(identity), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    short = sha256(text.encode()).hexdigest()[:6]
    named = parent / safe_name(name)
    for folder in (named, parent / f"{safe_name(name)}-{short}"):
        kept = folder / "identity.json"
        if not _whole(kept):
            write_whole(kept, text)
        if kept.read_text("utf-8") == text:
            return folder
    raise AssertionError("two identities with one hash")


def _whole(kept: Path) -> bool:
    """Whether an identity can be read; one that a kill left behind is made again."""
    try:
        json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Store:
    """Lines of one folder by key, and the file that new ones go to."""

    lines: dict[str, dict[str, Any]]
    appender: Appender | None

    @classmethod
    def open(cls, folder: Path, shard: str | None) -> "_Store":
        appender = Appender(folder / f"{shard}.jsonl") if shard else None
        store = cls({}, appender)
        for path in sorted(folder.glob("*.jsonl")):
            for line in read_records(path, _checked):
                store._take(line)
        return store

    def write(self, line: dict[str, Any]) -> None:
        assert self.appender is not None, "this evidence is open for reading only"
        self.appender.write({**line, "at": now()})
        self._take(line)

    def _take(self, line: dict[str, Any]) -> None:
        key = _key(line["picture"], line["about"])
        if _answered(line) or key not in self.lines or not _answered(self.lines[key]):
            self.lines[key] = line

    def close(self) -> None:
        if self.appender is not None:
            self.appender.close()


def _checked(line: dict[str, Any]) -> dict[str, Any]:
    """The line, if it is one of these; raises KeyError or TypeError where it is not."""
    _key(line["picture"], line["about"])
    if "failure" in line:
        Failure(**line["failure"])
    elif "detections" in line:
        Detections.from_json(line["detections"])
    elif "transcript" in line:
        Transcript.from_json(line["transcript"])
    else:
        _answer(line)
    return line


def _answered(line: dict[str, Any]) -> bool:
    return "failure" not in line and line.get("status", ANSWERED) == ANSWERED


def _answer(line: dict[str, Any]) -> Answer:
    """The answer of a line; what few judges tell may be left out."""
    votes, usage = (tuple(line[name]) if line.get(name) else None for name in ("votes", "usage"))
    return Answer(
        line["answer"], line["status"], line["yes"], line["raw"], votes, line.get("by", ""), usage
    )


def _key(picture: str, about: str) -> str:
    return f"{picture}\n{about}"


class Judgements:
    """Answers by (picture hash, question)."""

    def __init__(self, folder: Path, shard: str | None = None) -> None:
        self.name = folder.name
        self._store = _Store.open(folder, shard)

    def answer(self, picture: str, question: str) -> Answer:
        """The answer; one whose status is not "answered" where there is none."""
        line = self._store.lines.get(_key(picture, question))
        if line is None:
            return Answer(None, PENDING)
        return _answer(line)

    def wanting(self, picture: str, questions: tuple[str, ...]) -> tuple[str, ...]:
        """The questions still to be asked: never answered, or without an answer so far."""
        return tuple(q for q in questions if self.answer(picture, q).status != ANSWERED)

    def write(self, picture: str, question: str, answer: Answer) -> None:
        kept = {**asdict(answer), "raw": readable(answer.raw), "status": readable(answer.status)}
        kept = {name: kept[name] for name in kept if kept[name] or name not in _SELDOM}
        self._store.write({"picture": picture, "about": question, **kept})

    def close(self) -> None:
        self._store.close()


class Findings:
    """Detections by (picture hash, classes whose colors were wanted)."""

    def __init__(self, folder: Path, shard: str | None = None) -> None:
        self.name = folder.name
        self._store = _Store.open(folder, shard)

    def found(self, picture: str, colored: tuple[str, ...]) -> Detections | Failure:
        line = self._store.lines.get(_key(picture, ",".join(colored)))
        if line is None:
            return Failure("pending", PENDING)
        if "failure" in line:
            return Failure(**line["failure"])
        return Detections.from_json(line["detections"])

    def write(self, picture: str, colored: tuple[str, ...], found: Detections | Failure) -> None:
        line: dict[str, Any] = {"picture": picture, "about": ",".join(colored)}
        if isinstance(found, Failure):
            line["failure"] = asdict(found)
        else:
            line["detections"] = found.to_json()
        self._store.write(line)

    def close(self) -> None:
        self._store.close()


class Transcripts:
    """What a text reader read, by picture hash."""

    def __init__(self, folder: Path, shard: str | None = None) -> None:
        self.name = folder.name
        self._store = _Store.open(folder, shard)

    def found(self, picture: str) -> Transcript | Failure:
        line = self._store.lines.get(_key(picture, ""))
        if line is None:
            return Failure("pending", UNREAD)
        if "failure" in line:
            return Failure(**line["failure"])
        return Transcript.from_json(line["transcript"])

    def write(self, picture: str, found: Transcript | Failure) -> None:
        line: dict[str, Any] = {"picture": picture, "about": ""}
        if isinstance(found, Failure):
            line["failure"] = {"kind": found.kind, "reason": readable(found.reason)}
        else:
            line["transcript"] = found.to_json()
        self._store.write(line)

    def close(self) -> None:
        self._store.close()
