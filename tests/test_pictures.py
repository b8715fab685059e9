"""Pictures: their hash, their file, and what users bring."""

from pathlib import Path

import pytest
from PIL import Image

from uig_cli.errors import UigError
from uig_cli.inputs import read_picture
from uig_cli.models.protocol import Picture, pixel_hash
from uig_cli.runs.pictures import save, share

RED = Image.new("RGB", (8, 6), (255, 0, 0))


def test_the_hash_is_of_the_pixels(tmp_path: Path) -> None:
    save(tmp_path / "a.png", Picture.of(RED), {"prompt": "one"})
    save(tmp_path / "b.png", Picture.of(RED), {"prompt": "two"})
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()
    for name in ("a.png", "b.png"):
        assert pixel_hash(Image.open(tmp_path / name)) == pixel_hash(RED)
    assert pixel_hash(RED.resize((6, 8))) != pixel_hash(RED)
    assert pixel_hash(RED.convert("RGBA")) != pixel_hash(RED)


@pytest.mark.parametrize("prompt", ['"quoted"', "two\nlines", "../..", "\0null", "😀 é", "\ud800"])
def test_metadata_takes_any_text(tmp_path: Path, prompt: str) -> None:
    save(tmp_path / "a.png", Picture.of(RED), {"prompt": prompt})
    with Image.open(tmp_path / "a.png") as image:
        image.load()
        assert image.text["uig:prompt"] == prompt.encode("utf-8", "replace").decode()  # type: ignore[attr-defined]


def test_shared_pictures_are_one_file(tmp_path: Path) -> None:
    save(tmp_path / "a.png", Picture.of(RED), {})
    share(tmp_path / "a.png", tmp_path / "b" / "c.png")
    assert (tmp_path / "b" / "c.png").samefile(tmp_path / "a.png")


def test_a_picture_on_disk_is_loaded_when_asked(tmp_path: Path) -> None:
    save(tmp_path / "a.png", Picture.of(RED), {})
    picture = Picture.at(tmp_path / "a.png", pixel_hash(RED), RED.size)
    assert picture == Picture.of(RED)
    assert picture.image.tobytes() == RED.tobytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16"])
def test_brought_pictures_are_kept_with_their_hash(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.tiff" if mode in ("CMYK", "I;16") else "a.png")
    source = Image.new(mode, (8, 6)) if mode == "I;16" else RED.convert(mode)
    source.save(path)
    brought = read_picture(path)
    brought.keep(tmp_path)
    kept = Image.open(tmp_path / "inputs" / f"{brought.sha256}.png")
    assert pixel_hash(kept) == brought.sha256
    assert brought.size == (8, 6)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("not a picture")
    with pytest.raises(UigError, match="no picture"):
        read_picture(tmp_path / "a.png")
    with pytest.raises(UigError, match="No such file"):
        read_picture(tmp_path / "missing.png")
    save(tmp_path / "b.png", Picture.of(Image.effect_noise((64, 64), 50)), {})
    whole = (tmp_path / "b.png").read_bytes()
    (tmp_path / "b.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UigError, match="cannot be read"):
        read_picture(tmp_path / "b.png")


def test_a_huge_picture_is_refused(tmp_path: Path) -> None:
    Image.new("1", (40_000, 40_000)).save(tmp_path / "a.png")
    with pytest.raises(UigError, match=r"pixels|too large"):
        read_picture(tmp_path / "a.png")
