"""Lines survive a kill at any byte, and which of two lines about one thing counts."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.cases import Case, Question
from uig_cli.errors import UigError
from uig_cli.runs.case_store import keep_cases, kept_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.jsonl import Appender, read_lines

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
