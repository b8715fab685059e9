"""Texts in pictures: no boxes, whatever the script; right to left where that is how one reads."""

from pathlib import Path

import pytest
from PIL import ImageFont

from tests.browser.hostile import ARABIC, CHINESE, HEBREW, JAPANESE, KOREAN, TEXTS
from uig_cli.report.fonts import Fonts, fonts_here, in_drawing_order, wrapped


def made_font(folder: Path, characters: str) -> Path:
    """A font that has these characters alone, each a square of its own size."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs = {".notdef": (0, 0)} | {
        f"u{ord(c):04X}": (ord(c), n) for n, c in enumerate(sorted(set(characters)), 1)
    }
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({code: name for name, (code, _) in glyphs.items() if code})
    drawn = {}
    for name, (_, number) in glyphs.items():
        pen, side = TTGlyphPen(None), 300 + 20 * number
        for n, corner in enumerate(((0, 0), (0, side), (side, side), (side, 0))):
            (pen.lineTo if n else pen.moveTo)(corner)
        pen.closePath()
        drawn[name] = pen.glyph()
    builder.setupGlyf(drawn)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": "Made", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=900)
    builder.setupPost()
    path = folder / f"made-{len(glyphs)}.ttf"
    builder.save(path)
    return path


def covered(path: Path) -> set[int]:
    from fontTools.ttLib import TTFont

    return set(TTFont(path).getBestCmap() or {})


CJK = CHINESE + JAPANESE + KOREAN


def test_each_script_is_drawn_with_a_font_that_has_it(tmp_path: Path) -> None:
    """Glyphs are counted: every character of every piece is in the table of its font."""
    import matplotlib

    dejavu = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    made = made_font(tmp_path, CJK)
    fonts = Fonts(12, [dejavu, made])
    has = {"DejaVu Sans": covered(dejavu), "Made": covered(made)}
    used = set()
    for text in (HEBREW, ARABIC, CHINESE, JAPANESE, KOREAN, "a red ○ 円"[:7]):
        parts = fonts.parts(text)
        assert sum(len(part) for part, _ in parts) >= len(text) - 4  # joined letters are fewer
        for part, font in parts:
            assert isinstance(font, ImageFont.FreeTypeFont)
            name = font.getname()[0]
            used.add(name)
            if name in has:
                assert {ord(c) for c in part if not c.isspace()} <= has[name]
    assert {"DejaVu Sans", "Made"} <= used


def test_what_no_font_has_is_told_in_its_place() -> None:
    fonts = Fonts(12)
    assert (
        "".join(part for part, _ in fonts.parts("red 蓝色方块 end")) == "red [4 CJK characters] end"
    )
    assert "".join(part for part, _ in fonts.parts("원")) == "[1 Hangul character]"
    assert "".join(part for part, _ in fonts.parts("plain é")) == "plain e"


@pytest.mark.parametrize("text", TEXTS)
def test_no_box_is_drawn_with_the_fonts_of_this_machine(text: str) -> None:
    fonts = fonts_here(12)
    for part, font in fonts.parts("".join(c for c in text if c.isprintable())):
        boxes = bytes(font.getmask("\U0010ffff"))
        assert all(bytes(font.getmask(c)) != boxes for c in part if not c.isspace())


def test_right_to_left() -> None:
    assert in_drawing_order("abc 12") == "abc 12"
    assert in_drawing_order("אבג") == "גבא"
    assert in_drawing_order("red אבג 12") == "red 12 גבא"
    joined = in_drawing_order("دائرة")
    assert joined != "دائرة"[::-1] and all("\ufb50" <= c <= "\ufeff" for c in joined)


@pytest.mark.parametrize("text", ["one two three four five six seven", "x" * 90, HEBREW, "a " * 40])
def test_lines_fit_and_lose_nothing(text: str) -> None:
    fonts = fonts_here(12)
    lines = wrapped(text, fonts, 80)
    assert all(fonts.length(line) <= 80 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_damaged_font_is_passed_over(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttf"
    bad.write_bytes(b"no font")
    assert Fonts(12, [bad, made_font(tmp_path, "蓝")]).of("蓝") is not None
