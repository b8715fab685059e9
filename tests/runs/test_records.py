"""One store for all kinds of findings: what is written is read again, and which line counts."""

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.runs.records import (
    CODECS,
    PENDING,
    Recorded,
    Records,
    home_of,
    kept_by,
    read_before,
    scorer_folder,
)
from uig_cli.scoring.findings import (
    Answer,
    Detections,
    Rating,
    Spoken,
    TextLine,
    Transcript,
    settled,
)
from uig_cli.scoring.protocol import FINDING, Kind

BOX = [1.0, 2.0, 30.0, 40.0, 0.9]
FINDINGS: dict[Kind, Recorded] = {
    "answers": Answer(
        "yes", yes=0.75, raw="Yes.", votes=(2, 1), by="eye at home", usage=(9, 1),
        replies=(Spoken("Yes. \u2026", ("what?", "else?"), True, 1, 7), Spoken("Yes.")),
    ),
    "ratings": Rating(0.25, raw="2 of 5", by="eye at home", usage=(9, 1)),
    "detections": Detections({"dog": [BOX]}, {"dog": ["red"]}, (64, 48)),
    "faults": Rating(0.0, raw="missing, place"),
    "texts": Transcript((TextLine("tea", 0.9, ((0.0, 0.0), (9.0, 9.0))),)),
}  # fmt: skip
KINDS = list(FINDING)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_again(kind: Kind, tmp_path: Path) -> None:
    records = Records(tmp_path, kind, "0-of-1")
    records.write("a", "what?", FINDINGS[kind])
    records.close()
    for opened in (records, Records(tmp_path, kind)):
        assert opened.found("a", "what?") == FINDINGS[kind]
        assert opened.wanting("a", ("what?", "else?", "else?")) == ("else?",)
        assert not settled(opened.found("a", "else?"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_outranks_a_failure_in_whichever_file(kind: Kind, tmp_path: Path) -> None:
    failure = Failure("memory", "none left \ud800")
    for shard, found in (("0-of-2", failure), ("0-of-1", FINDINGS[kind]), ("1-of-2", failure)):
        records = Records(tmp_path, kind, shard)
        records.write("a", "what?", found)
        records.close()
    assert Records(tmp_path, kind).found("a", "what?") == FINDINGS[kind]


def test_of_two_findings_the_latest_counts_in_whichever_file(tmp_path: Path) -> None:
    """It was asked for again because something is wrong with the other."""
    for shard, at, answer in (("0-of-2", "2026-02-01", "yes"), ("1-of-2", "2026-01-01", "no")):
        line = {"picture": "a", "about": "what?", "answer": answer, "status": "answered"}
        more = {"yes": None, "raw": "", "at": f"{at}T00:00:00+00:00"}
        (tmp_path / f"{shard}.jsonl").write_text(json.dumps(line | more) + "\n", "utf-8")
    assert Records(tmp_path, "answers").found("a", "what?") == Answer("yes")


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_is_kept_with_its_reason_and_asked_again(kind: Kind, tmp_path: Path) -> None:
    records = Records(tmp_path, kind, "0-of-1")
    records.write("a", "what?", Failure("memory", "none left"))
    records.close()
    kept = Records(tmp_path, kind)
    found = kept.found("a", "what?")
    told = f"{found.kind}: {found.reason}" if isinstance(found, Failure) else found.status
    assert told == "memory: none left"
    assert kept.wanting("a", ("what?",)) == ("what?",)


def test_lines_are_those_of_version_0_1_0(tmp_path: Path) -> None:
    """A line read and written again is the same, byte for byte, but for its time."""
    old = ROOT / "tests" / "data" / "v0.1.0"
    files: dict[Kind, Path] = {
        "answers": old / "tiif" / "judgements" / "exact" / "0-of-1.jsonl",
        "detections": old / "geneval" / "detections" / "exact" / "0-of-1.jsonl",
    }
    for kind, path in files.items():
        read = Records(path.parent, kind)
        records = Records(tmp_path / kind, kind, "0-of-1")
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for line in lines:
            found = read.found(line["picture"], line["about"])
            records.write(line["picture"], line["about"], found)
        records.close()
        again = (tmp_path / kind / "0-of-1.jsonl").read_text("utf-8").splitlines()
        assert lines and [list(json.loads(line).items())[:-1] for line in again] == [
            list(line.items())[:-1] for line in lines
        ]


def test_seldom_fields_are_left_out_and_lines_of_another_kind_refused(tmp_path: Path) -> None:
    records = Records(tmp_path, "answers", "0-of-1")
    records.write("a", "what?", Answer("no"))
    records.close()
    (line,) = (tmp_path / "0-of-1.jsonl").read_text("utf-8").splitlines()
    assert not {"votes", "by", "usage"} & json.loads(line).keys()
    with pytest.raises(UigError, match=r"0-of-1\.jsonl line 1 is not as uig"):
        Records(tmp_path, "detections")


def test_folders_by_name_and_identity(tmp_path: Path) -> None:
    parent = home_of(tmp_path, "ratings")
    first = scorer_folder(parent, "eye", {"judge": "eye", "model": "1"})
    other = scorer_folder(parent, "eye", {"judge": "eye", "model": "2"})
    assert first.name == "eye" and other.name.startswith("eye-")
    assert scorer_folder(parent, "eye", {"model": "1", "judge": "eye"}) == first
    assert kept_by(tmp_path, "ratings") == [first, other]
    assert {codec.folder for codec in CODECS.values()} == {
        "judgements", "ratings", "detections", "transcripts", "faults",
    }  # fmt: skip


def test_what_nobody_looked_for_says_so(tmp_path: Path) -> None:
    tmp_path.joinpath("x").mkdir()
    answer = Records(tmp_path / "x", "answers").found("a", "what?")
    assert answer == Answer(None, PENDING)


@pytest.mark.parametrize("first", [0, 1])
def test_a_tie_outranks_a_failure_and_an_answer_a_tie(tmp_path: Path, first: int) -> None:
    tie = Answer(None, "a tie, 1 to 1", 0.5, "[1] yes\n[2] no", (1, 1))
    failure = Answer(None, "server: down")
    records = Records(tmp_path, "answers", "0-of-1")
    for found in (tie, failure) if first else (failure, tie):
        records.write("a", "what?", found)
    assert records.found("a", "what?") == tie and records.wanting("a", ("what?",)) == ()
    for found in (Answer("yes"), tie):
        records.write("a", "what?", found)
    assert records.found("a", "what?") == Answer("yes")
    records.close()


def test_the_same_judge_by_an_older_parser_is_found(tmp_path: Path) -> None:
    eye = {"judge": "openai", "model": "eye", "parser": "robust"}
    for name, more in (
        ("eye", {}), ("eye", {"parser version": "2"}), ("eye", {"parser version": "4"}),
        ("eye", {"parser version": "odd"}), ("eye", {"temperature": "1.0"}),
    ):  # fmt: skip
        scorer_folder(tmp_path, name, {**eye, **more})
    found = read_before(tmp_path, {**eye, "parser version": "3"})
    kept = [json.loads((folder / "identity.json").read_text()) for folder in found]
    assert kept == [{**eye, "parser version": "2"}, eye]
    assert read_before(tmp_path, eye) == []
