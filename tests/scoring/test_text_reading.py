"""RapidOCR as it is: words drawn with Pillow, read back, scored."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.text_rendering import wanted_words
from uig_cli.scoring.protocol import Asked, Scorer, TextLine, Transcript
from uig_cli.scoring.readers.rapidocr import RapidOcr
from uig_cli.scoring.registry import named
from uig_cli.scoring.terms import Terms
from uig_cli.scoring.text_metrics import gned, recall

WORDS = ("FRESH", "honey", "COFFEE", "North")


def signs(words: tuple[str, ...]) -> Image.Image:
    """The words one below the other, in dark ink of several colors on a light ground."""
    picture = Image.new("RGB", (448, 96 * len(words)), (246, 240, 226))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(48)
    inks = ("black", (150, 20, 30), (20, 60, 120))
    for number, word in enumerate(words):
        pen.text((40 + 30 * number, 20 + 96 * number), word, font=font, fill=inks[number % 3])
    return picture


@pytest.fixture(scope="module")
def reader() -> RapidOcr:
    pytest.importorskip("rapidocr")
    pytest.importorskip("onnxruntime")
    found = opened("rapidocr")
    assert isinstance(found, RapidOcr)
    return found


def opened(spec: str) -> Scorer:
    found = named("readers", spec)
    found.check(Terms({}))
    return found.open(Terms({}), None)


def read(reader: RapidOcr, *pictures: Image.Image) -> list[Transcript | Failure]:
    replies = dict(reader.ask([Asked(Picture.of(picture), ("",)) for picture in pictures]))
    found = [replies[index] for index in range(len(pictures))]
    return [reply if isinstance(reply, Failure) else reply[0] for reply in found]  # type: ignore[misc]


def test_words_drawn_are_read_and_scored(reader: RapidOcr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests.get", lambda *a, **k: pytest.fail("the reader used the network"))
    (found,) = read(reader, signs(WORDS))
    assert isinstance(found, Transcript)
    assert gned(WORDS, found.texts()) == 0 and recall(WORDS, found.texts()) == 1
    # Half of what was asked for, and as much that was not.
    asked = ("FRESH", "honey", "TEA", "South")
    assert recall(asked, found.texts()) == pytest.approx(0.5)
    assert 0.3 < gned(asked, found.texts()) < 0.5
    assert all(0.5 < line.confidence <= 1 and len(line.corners) == 4 for line in found.lines)
    tops = [line.corners[0][1] for line in found.lines]
    assert tops == sorted(tops)


def test_no_text_is_a_finding_and_a_broken_picture_is_not(reader: RapidOcr) -> None:
    blank = Image.new("RGB", (256, 256), "white")
    strip = Image.new("RGB", (3000, 20), "white")  # RapidOCR cannot scale it
    nothing, broken, words = read(reader, blank, strip, signs(WORDS[:1]))
    assert nothing == Transcript(())
    assert gned(["tea"], Transcript(()).texts()) == 1
    assert isinstance(broken, Failure) and broken.kind == "reader" and "Resize" in broken.reason
    assert isinstance(words, Transcript) and words.texts() == WORDS[:1]


def test_text_that_could_not_be_made_out_is_a_failure() -> None:
    class Boxes:
        boxes = (((0, 0), (9, 0), (9, 9), (0, 9)),)

    reader = RapidOcr(lambda picture: Boxes(), [])
    (found,) = read(reader, Image.new("RGB", (8, 8)))
    assert isinstance(found, Failure)


def test_identity_is_version_and_weights(reader: RapidOcr) -> None:
    identity = reader.identity
    assert identity["reader"] == "rapidocr" and identity["version"][0].isdigit()
    assert len(identity["weights"]) == 64
    assert opened("rapidocr").identity == identity


def test_weights_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rapidocr")

    class Found:
        origin = str(tmp_path / "__init__.py")

    monkeypatch.setattr("uig_cli.scoring.readers.rapidocr.find_spec", lambda name: Found)
    with pytest.raises(UigError, match=r"got 0 files \*_det_\*\.onnx .* install rapidocr again"):
        opened("rapidocr")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uig_cli.scoring.readers.rapidocr.find_spec", lambda name: None)
    with pytest.raises(UigError, match=r"uig\[ocr\]"):
        opened("rapidocr")
    with pytest.raises(UigError, match='Did you mean "rapidocr"'):
        opened("rapidocer")


def test_confidence_is_applied_afterwards() -> None:
    corners = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    found = Transcript((TextLine("tea", 0.9, corners), TextLine("haze", 0.2, corners)))
    assert found.texts() == ("tea",) and found.texts(0) == ("tea", "haze")
    assert Transcript.from_json(found.to_json()) == found


def test_wanted_words() -> None:
    assert wanted_words({"line": 3}) is None
    assert wanted_words({"words": []}) == ()
    assert wanted_words({"words": ["tea"]}) == ("tea",)
