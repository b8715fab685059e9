"""Lines survive a kill at any byte, and which of two lines about one thing counts."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.cases import Case, Question
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.runs.cases import keep_cases, kept_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_lines
from uig_cli.runs.records import Findings, Judgements, Transcripts
from uig_cli.scoring.detection import Detections
from uig_cli.scoring.judging import Answer
from uig_cli.scoring.text_reading import Transcript

VALUES = st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3)


@given(st.lists(VALUES, min_size=1, max_size=6), st.data())
def test_a_torn_tail_is_dropped_and_written_over(
    tmp_path_factory: pytest.TempPathFactory, values: list[dict[str, str]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    with Appender(path) as file:
        for value in values:
            file.write(value)
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    kept = list(read_lines(path))
    assert kept == values[: len(kept)]
    assert len(kept) == whole[:cut].count(b"\n")
    with Appender(path) as file:
        for value in values[len(kept) :]:
            file.write(value)
    assert path.read_bytes() == whole


def test_a_broken_line_in_the_middle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a":1}\n{"a":\n{"a":3}\n')
    with pytest.raises(UigError, match=r"a\.jsonl line 2 is not JSON"):
        list(read_lines(path))


def test_a_second_writer_is_kept_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with Appender(path), pytest.raises(UigError, match="another process"):
        Appender(path)


def test_an_answer_outranks_a_failure_in_whichever_file(tmp_path: Path) -> None:
    failure, seen, read = Failure("memory", "none left"), Detections({}, {}, (8, 8)), Transcript(())
    for shard, answer, found, text in (
        ("0-of-2", Answer(None, "refused"), failure, failure),
        ("0-of-1", Answer("yes"), seen, read),
        ("1-of-2", Answer(None, "unparsed"), failure, failure),
    ):
        judged = Judgements(tmp_path / "judged", shard)
        boxed = Findings(tmp_path / "boxed", shard)
        spelled = Transcripts(tmp_path / "spelled", shard)
        judged.write("a", "Red?", answer)
        boxed.write("a", (), found)
        spelled.write("a", text)
        for kept in (judged, boxed, spelled):
            kept.close()
    assert Judgements(tmp_path / "judged").answer("a", "Red?") == Answer("yes")
    assert Findings(tmp_path / "boxed").found("a", ()) == seen
    assert Transcripts(tmp_path / "spelled").found("a") == read


def test_corrected_questions_count_in_whichever_file(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    first, other = (Case(f"x/{n}", "a dog", questions=(Question("A cat?", "no"),)) for n in (1, 2))
    mended = replace(first, questions=(Question("A dog?", "yes"),))
    keep_cases(folder, "0-of-2", [first])
    keep_cases(folder, "0-of-1", [mended, other])
    assert kept_cases(folder) == [mended, other]
    files = {path: path.read_bytes() for path in folder.cases.iterdir()}
    keep_cases(folder, "0-of-2", [mended])
    keep_cases(folder, "0-of-1", [mended, other])
    assert {path: path.read_bytes() for path in folder.cases.iterdir()} == files
    keep_cases(folder, "0-of-2", [first])
    assert kept_cases(folder) == [first, other]
