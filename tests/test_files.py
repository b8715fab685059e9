"""Files that are put in place whole, what killed processes leave, and what is no file at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from uig_cli import files
from uig_cli.files import open_plain, put_in_place, read_given, read_plain, write_whole


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_half_files_of_dead_processes_go_and_no_others(tmp_path: Path) -> None:
    host = vars(files)["_HOST"]
    gone = [f".a.png.{dead_process()}@{host}", f".steps.csv.{dead_process()}"]
    own = f".b.png.{os.getpid()}@{host}"  # of a process before this one that had its number
    dead = dead_process()
    owners = [f".notes.{dead}", f".report.csv.{dead}"]  # hidden files that are nobody's halves
    stays = [*owners, f".a.png.{os.getppid()}@{host}", ".a.png.1@elsewhere", ".lock", ".a.png"]
    for name in (*gone, own, *stays):
        (tmp_path / name).touch()
    os.utime(tmp_path / own, (1, 1))
    write_whole(tmp_path / "new.txt", "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*stays, "new.txt"])


def test_a_block_that_fails_leaves_the_old_file_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "old")
    with pytest.raises(ZeroDivisionError), put_in_place(tmp_path / "a") as half:
        half.write_text("new")
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull), tmp_path):
        with pytest.raises(OSError, match=r"pipe or a device|directory"):
            open_plain(path)
    with pytest.raises(FileNotFoundError):
        open_plain(tmp_path / "nowhere")


def test_a_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "12345")
    assert read_plain(tmp_path / "a", 5) == b"12345" == read_given(tmp_path / "a", 5)
    for read in (read_plain, read_given):
        with pytest.raises(OSError, match="more than 4 bytes"):
            read(tmp_path / "a", 4)
    with pytest.raises(OSError, match="more than 1 MB"):
        read_given(Path("/dev/zero"), 1_000_000)
