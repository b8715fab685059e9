"""Files that a user names for results: links stay links, devices stay devices."""

import os
from pathlib import Path

import pytest

from tests.conftest import Uig
from uig_cli.errors import UigError
from uig_cli.outputs import write_named


def test_a_link_to_a_file_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_bytes(b"old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_named("--out", tmp_path / "link.csv", b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"


def test_what_is_no_file_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_named("--out", pipe, b"content")
    assert os.read(reader, 99) == b"content"
    os.close(reader)
    assert pipe.is_fifo()


def test_standard_output_by_its_name(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_named("--out", Path("/dev/stdout"), b"content")
    assert capfdbinary.readouterr().out == b"content"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file" / "below", Path("x" * 300)):
        with pytest.raises(UigError, match=r"cannot write .*; give --junit a file"):
            write_named("--junit", place, b"x")


@pytest.mark.parametrize(
    "line", [["export", "r", "--out", ""], ["export", ""], ["eval", "geneval", "--out="]]
)
def test_an_empty_path_is_not_this_folder(line: list[str], uig: Uig) -> None:
    said = uig(*line)
    assert said.code == 2
    assert "got an empty path" in said.err
