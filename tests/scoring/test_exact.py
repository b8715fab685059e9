"""The exact judge and detector: what is drawn is found, what is no object is not."""

import numpy as np
import pytest
from PIL import Image

from tests.shapes_models import picture
from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.detectors.exact import ExactDetector
from uig_cli.scoring.detectors.objects import COLORS, NO_SUCH_COLOR
from uig_cli.scoring.judges.exact import NOT_UNDERSTOOD, ExactJudge
from uig_cli.scoring.protocol import Answer, Asked, Detections, Scorer
from uig_cli.scoring.registry import named
from uig_cli.scoring.terms import Terms
from uig_cli.shapes.outlines import BLOBS
from uig_cli.shapes.reading import NAMELESS
from uig_cli.shapes.scene import VOCABULARY, Object, Scene

RED_CIRCLE = Object("circle", "red", "plain", "large", (16, 48))
BLUE_STAR = Object("star", "blue", "striped", "small", (80, 48))
SMALL_CIRCLE = Object("circle", "green", "plain", "small", (48, 80))
BLOB = Object(next(iter(BLOBS)), "red", "plain", "large", (16, 48))
SCENE = Scene((RED_CIRCLE, BLUE_STAR, SMALL_CIRCLE))
COLORED = "circle"


def answers(shown: Picture, *questions: str) -> list[str | None]:
    ((index, found),) = ExactJudge().ask([Asked(shown, questions)])
    assert index == 0 and isinstance(found, tuple)
    return [each.answer for each in found if isinstance(each, Answer)]


def detected(shown: Picture, colored: str) -> Detections:
    ((_, reply),) = ExactDetector().ask([Asked(shown, (colored,))])
    assert isinstance(reply, tuple)
    (found,) = reply
    assert isinstance(found, Detections)
    return found


def test_they_follow_the_protocols() -> None:
    judge: Scorer = ExactJudge()
    detector: Scorer = ExactDetector()
    assert (judge.name, detector.name) == ("exact", "exact")
    assert dict(judge.identity) != dict(detector.identity)


@pytest.mark.parametrize("side", [64, 96, 192])
def test_questions_are_answered_from_the_picture(side: int) -> None:
    assert answers(
        picture(SCENE, side),
        "Is there a red circle in the picture?",
        "Is there a blue circle in the picture?",
        "Are there exactly two circles in the picture?",
        "Is the star striped?",
        "Is the red circle to the left of the blue star?",
        "Is the star larger than the red circle?",
    ) == ["yes", "no", "yes", "yes", "yes", "no"]


def test_a_transparent_ground_is_white() -> None:
    opaque = picture(SCENE).image
    alpha = opaque.convert("L").point(lambda level: 0 if level == 255 else 255)
    clear = opaque.copy()
    clear.putalpha(alpha)
    clear = Image.composite(clear, Image.new("RGBA", clear.size), alpha)
    assert detected(Picture.of(clear), COLORED) == detected(picture(SCENE), COLORED)
    assert answers(Picture.of(clear), "Is there a red circle in the picture?") == ["yes"]


def test_the_pictures_of_a_batch_are_kept_apart() -> None:
    question = ("Can a circle be seen here?",)
    items = [Asked(picture(Scene((one,))), question) for one in (RED_CIRCLE, BLUE_STAR)]
    given = dict(ExactJudge().ask(items))
    assert given[0] == (Answer("yes", yes=1.0, raw="yes"),)
    assert given[1] == (Answer("no", yes=0.0, raw="no"),)


def test_what_is_not_understood_is_missing() -> None:
    ((_, found),) = ExactJudge().ask([Asked(picture(SCENE), ("Is there a cat?", "Is it nice?"))])
    assert found == (Answer(None, NOT_UNDERSTOOD),) * 2


def test_a_blob_is_no_object() -> None:
    shown = picture(Scene((BLOB,)))
    assert answers(shown, "Are there any shapes in the picture?") == ["no"]
    assert answers(picture(Scene((RED_CIRCLE,))), "Are there any shapes in the picture?") == ["yes"]
    assert detected(shown, COLORED).boxes == {}


STAINED_CIRCLE = Object("circle stained red", "green", "plain", "large", (16, 48))
STAINED = Scene((STAINED_CIRCLE, BLUE_STAR, SMALL_CIRCLE))


def test_questions_about_a_shape_of_two_colors() -> None:
    """Its outline, size and place are known, and of color and texture that they are none we ask
    for."""
    asked = {
        "Is there a large circle in the picture?": "yes",
        "Are there exactly two circles in the picture?": "yes",
        "Are there exactly three shapes in the picture?": "yes",
        "Are there more circles than stars?": "yes",
        "Is the large circle to the left of the star?": "yes",
        "Is the large circle larger than the star?": "yes",
        "Is there a green circle in the picture?": "yes",
        "Is there a large green circle in the picture?": "no",
        "Is there a red circle in the picture?": "no",
        "Are there exactly two green circles in the picture?": "no",
        "Are the circles green?": "no",
        "Are there any plain circles in the picture?": "yes",
        "Are the circles plain?": "no",
        "Is the large circle striped?": "no",
        "Is the large circle plain?": "no",
    }
    found = answers(picture(STAINED), *asked)
    assert dict(zip(asked, found, strict=True)) == asked


def test_what_is_absent_is_not_there_in_two_colors_either() -> None:
    shown = picture(Scene((STAINED_CIRCLE,)))
    assert answers(shown, "Can a circle be seen here?", "Can a red circle be seen here?") == [
        "yes",
        "no",
    ]


def test_a_shape_of_two_colors_has_a_box_and_a_color_that_nobody_asks_for() -> None:
    found = detected(picture(STAINED), COLORED)
    assert sorted(map(str, found.colors["circle"])) == ["green", "mixed"]
    mixed = found.boxes["circle"][found.colors["circle"].index("mixed")]
    assert mixed[:4] == pytest.approx([3, 35, 29, 61], abs=1)


def test_every_word_for_no_color_is_one_of_the_detectors() -> None:
    assert set(NAMELESS.values()) == set(NO_SUCH_COLOR)
    assert not {*COLORS, *VOCABULARY["color"], *VOCABULARY["texture"]} & set(NO_SUCH_COLOR)


@pytest.mark.parametrize("side", [96, 192])
def test_boxes_are_tight_and_in_pixels(side: int) -> None:
    found = detected(picture(SCENE, side), COLORED)
    assert found.image_size == (side, side)
    assert sorted(found.boxes) == ["circle", "star"]
    boxes = {tuple(box[:4]) for box in found.boxes["circle"]}
    scale = side / 96
    for thing in (RED_CIRCLE, SMALL_CIRCLE):
        (x, y), reach = thing.center, thing.diameter / 2
        expected = np.array((x - reach, y - reach, x + reach, y + reach)) * scale
        assert min(np.abs(np.array(box) - expected).max() for box in boxes) <= scale
    assert all(0.9 < box[4] <= 1 for each in found.boxes.values() for box in each)


def test_only_the_colors_that_are_asked_for_are_named() -> None:
    assert set(detected(picture(SCENE), COLORED).colors) == {"circle"}
    assert sorted(map(str, detected(picture(SCENE), COLORED).colors["circle"])) == ["green", "red"]
    assert detected(picture(SCENE), "").colors == {}
    assert detected(picture(Scene((BLUE_STAR,))), COLORED).colors == {}


def test_a_picture_that_is_not_square_is_a_failure_with_a_reason() -> None:
    wide = Picture.of(Image.new("RGB", (96, 64), "white"))
    ((_, judged),) = ExactJudge().ask([Asked(wide, ("Is there a circle in the picture?",))])
    ((_, found),) = ExactDetector().ask([Asked(wide, (COLORED,))])
    for failure in (judged, found):
        assert isinstance(failure, Failure)
        assert failure.kind == "picture" and "96x64" in failure.reason


def test_the_detector_is_opened_by_name() -> None:
    assert isinstance(named("detectors", "exact").open(Terms({}), None), ExactDetector)
