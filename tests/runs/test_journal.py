"""A journalled file holds the pixels of its line, whatever is drawn, damaged and drawn again."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import (
    Draw,
    Drawn,
    Edit,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Said,
    pixel_hash,
    request_key,
)
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.journal import FirstAsked, Journal
from uig_cli.runs.pictures import link_steps

PLACE = FirstAsked("uig", "case/1", 0)
DRAW = Draw("a dog", NoiseKey(0, "case/1", 0, 0))
KEY = request_key(DRAW, {})
FIRST = f"drawn/case.1/0/round-0.draw.{KEY[:12]}.png"


def shade(level: int) -> Picture:
    return Picture.of(Image.new("RGB", (4, 4), (level, 0, 0)))


def write(root: Path, request: Request, reply: Reply, shard: str = "0-of-1") -> Reply:
    """In a session of its own."""
    journal = Journal(RunFolder(root), shard)
    try:
        return journal.write(request_key(request, {}), request, reply, PLACE, {"prompt": "a dog"})
    finally:
        journal.close()


def lines(root: Path) -> list[dict[str, Any]]:
    files = sorted((root / "journal").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def reply(root: Path, *, drawing: bool = True) -> Reply | None:
    journal = Journal(RunFolder(root), "0-of-1" if drawing else None)
    try:
        return journal.reply(KEY)
    finally:
        journal.close()


def damage(path: Path, level: int = 99) -> None:
    """Puts other pixels into a file, well after its line was written."""
    Image.new("RGB", (4, 4), (level, 0, 0)).save(path)
    later = path.stat().st_mtime + 60
    os.utime(path, (later, later))


def test_lines_say_what_was_looked_at_and_who_asked_first(tmp_path: Path) -> None:
    write(tmp_path, DRAW, Drawn(shade(1)))
    write(tmp_path, Look("Red?", (shade(1), shade(2))), Said("yes"))
    edit = Edit(shade(1), "redder", NoiseKey(0, "case/1", 0, 3))
    write(tmp_path, edit, Drawn(shade(2)))
    draw, look, edited = lines(tmp_path)
    assert draw["first_asked"] == {"method": "uig", "case": "case/1", "sample": 0, "round": 0}
    assert "pictures" not in draw and draw["picture"]["path"] == FIRST
    assert look["pictures"] == [shade(1).sha256, shade(2).sha256]
    assert look["first_asked"] == {"method": "uig", "case": "case/1", "sample": 0}
    assert edited["pictures"] == [shade(1).sha256]
    assert edited["picture"]["path"].startswith("drawn/case.1/0/round-3.edit.")


def test_a_damaged_file_is_mended_with_its_own_pixels(tmp_path: Path) -> None:
    write(tmp_path, DRAW, Drawn(shade(1)))
    kept = lines(tmp_path)
    for harm in (damage, Path.unlink):
        harm(tmp_path / FIRST)
        assert reply(tmp_path) is None
        mended = write(tmp_path, DRAW, Drawn(shade(1)))
        assert isinstance(mended, Drawn) and mended.picture.image.getpixel((0, 0)) == (1, 0, 0)
        assert reply(tmp_path) is not None
    assert lines(tmp_path) == kept


def test_other_pixels_get_a_file_beside_and_a_line_that_counts(tmp_path: Path) -> None:
    write(tmp_path, DRAW, Drawn(shade(1)), "1-of-2")
    damage(tmp_path / FIRST)
    write(tmp_path, DRAW, Drawn(shade(2)), "0-of-2")  # its file is read before the other shard's
    found = reply(tmp_path)
    assert isinstance(found, Drawn) and found.picture == shade(2)
    assert found.picture.path == tmp_path / FIRST.replace(".png", ".2.png")
    assert pixel_hash(Image.open(tmp_path / FIRST)) == shade(99).sha256


def test_a_folder_in_a_pictures_place_is_drawn_beside(tmp_path: Path) -> None:
    write(tmp_path, DRAW, Drawn(shade(1)))
    (tmp_path / FIRST).unlink()
    (tmp_path / FIRST).mkdir()
    write(tmp_path, DRAW, Drawn(shade(1)))
    found = reply(tmp_path)
    assert isinstance(found, Drawn) and found.picture.path != tmp_path / FIRST


def test_who_only_reads_looks_at_head_and_end(tmp_path: Path) -> None:
    write(tmp_path, DRAW, Drawn(shade(1)))
    damage(tmp_path / FIRST)
    assert reply(tmp_path, drawing=False) is not None
    (tmp_path / FIRST).write_bytes((tmp_path / FIRST).read_bytes()[:30])
    assert reply(tmp_path, drawing=False) is None
    known = Journal(RunFolder(tmp_path)).known(KEY)
    assert known == Failure("damaged", "the picture's file is gone or damaged")


def test_a_picture_is_known_by_its_pixels_whatever_it_says(tmp_path: Path) -> None:
    liar = Picture("f" * 64, (4, 4), lambda: shade(1).image)
    kept = write(tmp_path, DRAW, Drawn(liar))
    assert isinstance(kept, Drawn) and kept.picture == shade(1)
    assert lines(tmp_path)[0]["picture"]["sha256"] == shade(1).sha256


def test_what_a_killed_process_left_is_taken_up(tmp_path: Path) -> None:
    write(tmp_path, DRAW, Drawn(shade(1)))
    (tmp_path / "journal" / "0-of-1.jsonl").write_text("")
    content = (tmp_path / FIRST).read_bytes()
    write(tmp_path, DRAW, Drawn(shade(1)))
    assert (tmp_path / FIRST).read_bytes() == content
    assert [path.name for path in (tmp_path / FIRST).parent.iterdir()] == [Path(FIRST).name]


@given(st.lists(st.tuples(st.sampled_from(["draw", "damage", "lose"]), st.integers(0, 2))))
def test_no_journalled_file_ever_holds_other_pixels_of_ours(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int]]
) -> None:
    root = tmp_path_factory.mktemp("run")
    for deed, level in deeds:
        found = reply(root)
        path = found.picture.path if isinstance(found, Drawn) else None
        if deed == "draw" and found is None:
            write(root, DRAW, Drawn(shade(level)))
            now = reply(root)
            assert isinstance(now, Drawn) and now.picture == shade(level)
            assert now.picture.image.getpixel((0, 0)) == (level, 0, 0)
        elif deed == "damage" and path is not None:
            damage(path, 99)
        elif deed == "lose" and path is not None:
            path.unlink()
    ours = {shade(level).sha256 for level in range(3)}
    for line in lines(root):
        file = root / line["picture"]["path"]
        if file.exists() and (held := pixel_hash(Image.open(file))) in ours:
            assert held == line["picture"]["sha256"]


def test_links_lead_to_what_was_kept_and_real_files_stay(tmp_path: Path) -> None:
    place = RunFolder(tmp_path).links("uig", "case/1", 0)
    kept = []
    for level in range(3):
        request = Draw("a dog", NoiseKey(0, "case/1", 0, level))
        drawn = write(tmp_path, request, Drawn(shade(level)))
        assert isinstance(drawn, Drawn)
        kept.append(drawn.picture)
    place.mkdir(parents=True)
    (place / "step-0.png").write_text("a file of version 0.1.0")
    link_steps(place, [kept[0], kept[1], kept[2]])
    assert (place / "step-0.png").read_text() == "a file of version 0.1.0"
    assert pixel_hash(Image.open(place / "step-2.png")) == kept[2].sha256
    before = os.lstat(place / "step-1.png").st_mtime_ns
    link_steps(place, [kept[0], kept[1], kept[1]])
    assert os.lstat(place / "step-1.png").st_mtime_ns == before
    assert pixel_hash(Image.open(place / "step-2.png")) == kept[1].sha256
    assert not (place / "step-2.png").readlink().is_absolute()
    link_steps(place, [kept[0]])
    assert sorted(path.name for path in place.iterdir()) == ["step-0.png"]
