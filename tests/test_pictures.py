"""Pictures: their hash, their file, and what users bring."""

import pickle
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from uig_cli.errors import UigError
from uig_cli.inputs import load_upright, read_picture
from uig_cli.models.protocol import DamagedPicture, Picture, pixel_hash
from uig_cli.runs.pictures import save, whole

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


def test_a_picture_on_disk_is_loaded_when_asked(tmp_path: Path) -> None:
    save(tmp_path / "a.png", Picture.of(RED), {})
    picture = Picture.at(tmp_path / "a.png", pixel_hash(RED), RED.size)
    assert picture == Picture.of(RED)
    assert picture.image.tobytes() == RED.tobytes()


@pytest.mark.parametrize("damage", ["other pixels", "flipped", "cut off", "folder", "bomb"])
def test_a_picture_on_disk_is_held_against_its_hash(tmp_path: Path, damage: str) -> None:
    path, red = tmp_path / "a.png", Picture.of(RED)
    save(path, red, {})
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.unlink()
    match damage:
        case "other pixels":
            save(path, Picture.of(RED.rotate(180, fillcolor="blue").convert("L")), {})
        case "flipped":
            path.write_bytes(content)
        case "cut off":
            path.write_bytes(content[:60])
        case "folder":
            path.mkdir()
        case "bomb":
            Image.new("1", (30_000, 30_000)).save(path)
    with pytest.raises(DamagedPicture) as found:
        _ = Picture.at(path, red.sha256, red.size).image
    assert str(path) in str(found.value) and "\n" not in str(found.value)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16"])
def test_brought_pictures_are_kept_with_their_hash(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
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


def test_only_pictures_of_three_formats_are_opened(tmp_path: Path) -> None:
    for name, form in (("a.png", "GIF"), ("b.jpg", "TIFF"), ("c.png", "EPS")):
        RED.save(tmp_path / name, format=form)
        with pytest.raises(UigError, match="is no picture that can be read; give a whole PNG"):
            read_picture(tmp_path / name)


def test_a_picture_with_broken_exif_data_is_refused(tmp_path: Path) -> None:
    RED.save(tmp_path / "a.png", exif=b"garbage!")
    with pytest.raises(ValueError, match="cannot be read"):
        load_upright(tmp_path / "a.png")


def test_a_picture_is_brought_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6  # the camera was held on its side
    RED.save(tmp_path / "a.jpg", exif=exif)
    assert read_picture(tmp_path / "a.jpg").size == (6, 8)


def test_sixteen_bits_of_grey_become_eight(tmp_path: Path) -> None:
    levels = np.array([[0, 255, 256, 3000, 65535]], np.uint16)
    Image.fromarray(levels).save(tmp_path / "a.png")
    brought = read_picture(tmp_path / "a.png")
    with Image.open(BytesIO(brought.png)) as kept:
        assert np.asarray(kept.convert("L")).tolist() == [[0, 0, 1, 11, 255]]


def test_a_picture_cut_off_anywhere_is_not_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    save(file, Picture.of(Image.effect_noise((24, 16), 50)), {"prompt": "one"})
    content = file.read_bytes()
    assert whole(file, (24, 16)) and not whole(file, (16, 24))
    pixels = content.index(b"IDAT")
    for end in (0, 10, 40, pixels, pixels + 20, len(content) - 40):
        file.write_bytes(content[:end])
        assert not whole(file, (24, 16))
    file.write_bytes(content + b"more than a PNG holds")
    assert whole(file, (24, 16))
    file.unlink()
    assert not whole(file, (24, 16))


def odd_pictures() -> list[Image.Image]:
    """One of every mode, and those whose pixels are more than their bytes."""
    modes = ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"]
    noise = Image.effect_noise((9, 7), 80)
    found = [noise if mode == "L" else Image.new(mode, (9, 7)) for mode in modes]
    for clear in (3, b"\x00\x80\xff"):
        palette = noise.convert("P")
        palette.putpalette([1, 2, 3, 250, 0, 9, 7, 7, 7])
        palette.info["transparency"] = clear
        found.append(palette)
    colored = noise.convert("RGB")
    colored.info |= {"transparency": (0, 0, 0), "note": object}
    return [*found, colored]


@pytest.mark.parametrize("image", odd_pictures(), ids=lambda image: image.mode)
def test_a_picture_travels_as_its_pixels(image: Image.Image) -> None:
    picture = Picture.of(image)
    for other in (pickle.loads(pickle.dumps(picture)), picture.detached()):
        assert other == picture and other.size == picture.size
        assert pixel_hash(other.image) == picture.sha256
        assert other.image.mode == image.mode
        assert other.image is not other.image  # nobody draws into another's
    assert pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(picture)))) == picture


def test_a_picture_on_disk_travels_as_its_pixels_too(tmp_path: Path) -> None:
    picture = Picture.of(Image.effect_noise((8, 8), 80))
    save(tmp_path / "a.png", picture, {"prompt": "secret"})
    sent = pickle.dumps(Picture.at(tmp_path / "a.png", picture.sha256, (8, 8)))
    assert str(tmp_path).encode() not in sent and b"secret" not in sent
    (tmp_path / "a.png").unlink()
    assert pixel_hash(pickle.loads(sent).image) == picture.sha256


def test_pixels_that_are_not_those_of_the_hash_are_refused_where_they_arrive() -> None:
    image = Image.new("RGB", (2, 2))
    sent = pickle.dumps(Picture("0" * 64, (2, 2), lambda: image))
    with pytest.raises(ValueError, match="other pixels than its hash says"):
        pickle.loads(sent)


def test_a_picture_without_pixels_travels_as_what_it_is() -> None:
    unseen = Picture.unseen("somebody's")
    assert pickle.loads(pickle.dumps(unseen)) == unseen


def test_a_picture_that_is_written_is_read_from_there(tmp_path: Path) -> None:
    picture = Picture.of(Image.effect_noise((8, 8), 80))
    save(tmp_path / "a.png", picture, {})
    picture.settle(Picture.at(tmp_path / "a.png", picture.sha256, (8, 8)))
    assert picture.path == tmp_path / "a.png"
    assert isinstance(picture.image, PngImageFile)
