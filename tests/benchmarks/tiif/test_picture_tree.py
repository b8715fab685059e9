"""TIIF's folder of pictures: which file is whose, and what is told of the others."""

import shutil
from pathlib import Path

import pytest
from PIL import Image

from uig_cli.benchmarks.external import ExternalPictures
from uig_cli.benchmarks.tiif.pictures import read_pictures
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure


def case(split: str, line: int, dimension: str = "text") -> Case:
    return Case(f"tiif/{split}/{dimension}/{line}", "", split, dimension, (), {"line": line})


CASES = [case("short", 0), case("short", 1), case("long", 0)]


def put(path: Path, color: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 4), color).save(path)
    return path


def short(root: Path, name: str, model: str = "M") -> Path:
    return root / "text" / model / "short_description" / name


def read(root: Path, name: str | None = None) -> ExternalPictures:
    (found,) = read_pictures(root, CASES, name, None)
    return found


def test_every_place_has_its_file_or_why_not(tmp_path: Path) -> None:
    first, other = put(short(tmp_path, "0.png")), put(short(tmp_path, "1.webp"))
    long = put(tmp_path / "text" / "M" / "long_description" / "000.JPG")
    found = read(tmp_path)
    assert (found.name, found.samples, found.notes) == ("M", 1, ())
    assert found.files == {
        ("tiif/short/text/0", 0): first,
        ("tiif/short/text/1", 0): other,
        ("tiif/long/text/0", 0): long,
    }
    other.unlink()
    assert read(tmp_path).files["tiif/short/text/1", 0] == Failure("missing", "no picture")


def test_models_by_name(tmp_path: Path) -> None:
    for model in ("b", "a"):
        put(short(tmp_path, "0.png", model))
    put(tmp_path / "style" / "c" / "short_description" / "0.png")
    (tmp_path / "results" / "d").mkdir(parents=True)
    assert [one.name for one in read_pictures(tmp_path, CASES, None, None)] == ["a", "b", "c"]
    assert read(tmp_path, "b").files["tiif/short/text/0", 0] == short(tmp_path, "0.png", "b")
    with pytest.raises(UigError, match=r'unknown model in .* "e"; known: a, b, c'):
        read(tmp_path, "e")


def test_another_layout_is_refused(tmp_path: Path) -> None:
    for name, got in (("", "nothing"), ("M/text", "M")):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        with pytest.raises(UigError, match=f"in TIIF's layout: got {got}, expected <dimension>"):
            read(tmp_path)


def test_strangers_are_counted(tmp_path: Path) -> None:
    put(short(tmp_path, "0.png"))
    for name in ("one.png", "2.gif", "7.png"):
        short(tmp_path, name).write_bytes(b"x")
    # Another dimension that was not asked for is nothing strange.
    put(tmp_path / "style" / "M" / "short_description" / "0.png")
    (note,) = read(tmp_path).notes
    assert note.startswith("3 files stand for no case of this set and were left out: ")
    assert "text/M/short_description/2.gif" in note and "one.png" in note and "7.png" in note
    assert "style" not in note


def test_a_split_that_was_not_asked_for_is_nothing_strange(tmp_path: Path) -> None:
    put(short(tmp_path, "0.png"))
    put(tmp_path / "text" / "M" / "long_description" / "5.png")
    (found,) = read_pictures(tmp_path, CASES[:2], None, None)
    assert found.notes == ()


@pytest.mark.parametrize("name", ["0.webp", "0.jpg", "00.png", "0.PNG"])
def test_two_files_for_one_place(tmp_path: Path, name: str) -> None:
    first = put(short(tmp_path, "0.png"))
    second = short(tmp_path, name)
    shutil.copy(first, second)
    found = read(tmp_path)
    assert found.files["tiif/short/text/0", 0] in (first, second)
    (note,) = found.notes
    assert note.startswith("1 are copies of others for the same place: text/M/short_description/")
    put(second, "blue")
    with pytest.raises(UigError) as caught:
        read(tmp_path)
    assert str(first) in str(caught.value) and str(second) in str(caught.value)


def test_equal_pixels_in_another_format_are_the_same(tmp_path: Path) -> None:
    first = put(short(tmp_path, "0.png"))
    with Image.open(first) as image:
        image.save(short(tmp_path, "0.webp"), lossless=True)
    found = read(tmp_path)
    assert found.files["tiif/short/text/0", 0] == first
    assert len(found.notes) == 1


def test_what_is_no_plain_picture_is_the_same_as_nothing(tmp_path: Path) -> None:
    put(short(tmp_path, "0.png"))
    short(tmp_path, "0.jpg").write_bytes(b"torn")
    with pytest.raises(UigError, match="hold different things"):
        read(tmp_path)


def test_scattered_lines_follow_their_numbering(tmp_path: Path) -> None:
    facts = {"line": 5, "mini_line": 0}
    mini = Case("tiif/short/style/5", "", "short", "style", (), facts)
    file = put(tmp_path / "style" / "M" / "short_description" / "5.png")
    (by_numbers,) = read_pictures(tmp_path, [mini], None, None)
    assert by_numbers.files == {("tiif/short/style/5", 0): file}
    assert by_numbers.notes == ("style are numbered by the lines of test, as their numbers show.",)
    (given,) = read_pictures(tmp_path, [mini], None, "testmini")
    assert given.files == {("tiif/short/style/5", 0): Failure("missing", "no picture")}
    assert "as given" in given.notes[0] and given.notes[1].startswith("1 files stand for no case")
