"""Fonts for texts inside pictures: Pillow's own, and for what it lacks those of this machine.

No character is drawn as a box. What no font here has is told in its place, as "[8 CJK characters]":
the page shows it, since browsers bring fonts of their own. Lines that run from right to left are
put into the order of drawing, with Arabic letters joined.
"""

import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path.home() / "Library/Fonts",
)
PREFERRED = (
    "notosanscjk", "sourcehansans", "notosans", "pingfang", "hiragino", "applesdgothic",
    "wqy", "droidsansfallback", "nanumgothic", "ipaexg", "dejavusans", "arialunicode", "unifont",
)  # fmt: skip
MOST_FONTS = 400
"""Font files that are looked at: a machine may have thousands."""


@dataclass
class Fonts:
    """Fonts of one size, in the order in which they are tried."""

    size: int
    files: Sequence[Path] = ()
    _opened: list[Font] = field(default_factory=list, repr=False)
    _of: dict[str, Font | None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._opened.append(ImageFont.load_default(self.size))
        self._waiting = iter(self.files)

    def of(self, character: str) -> Font | None:
        """The first font that has the character; None where none has."""
        if character not in self._of:
            self._of[character] = next(
                (font for font in self._all() if _has(font, character)), None
            )
        return self._of[character]

    def _all(self) -> Iterator[Font]:
        """Fonts are opened when those before them have failed."""
        yield from self._opened
        for path in self._waiting:
            try:
                font = ImageFont.truetype(str(path), self.size)
            except OSError:
                continue
            self._opened.append(font)
            yield font

    def parts(self, text: str) -> list[tuple[str, Font]]:
        """A line in the order of drawing, as pieces that one font has wholly."""
        plain = "".join(map(self._plainer, text))
        sure = "".join(self._told(kind, list(each)) for kind, each in groupby(plain, self._lacking))
        line = in_drawing_order(sure)
        # What joining has made of Arabic letters may be lacking where the letters were not.
        line = "".join(c if self.of(c) else "?" for c in line)
        return [("".join(each), font) for font, each in groupby(line, self.of) if font is not None]

    def _plainer(self, character: str) -> str:
        """A letter that no font has, without its accents where that is had."""
        if self.of(character) is not None:
            return character
        bare = unicodedata.normalize("NFKD", character)
        bare = "".join(c for c in bare if not unicodedata.combining(c))
        return bare if bare and all(self.of(c) for c in bare) else character

    def _lacking(self, character: str) -> str:
        """The script of a character that no font has; "" of all others."""
        if self.of(character) is not None:
            return ""
        return unicodedata.name(character, "UNKNOWN").split()[0]

    def _told(self, script: str, characters: Sequence[str]) -> str:
        if not script:
            return "".join(characters)
        name = script if script == "CJK" else script.capitalize()
        several = "s" if len(characters) > 1 else ""
        return f"[{len(characters)} {name} character{several}]"

    def length(self, text: str) -> float:
        """In pixels."""
        return sum(font.getlength(part) for part, font in self.parts(text))


@cache
def fonts_here(size: int) -> Fonts:
    """Those of this machine."""
    return Fonts(size, _files())


def in_drawing_order(text: str) -> str:
    """From left to right as it is drawn; Arabic letters in the forms that they have in words."""
    if not any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return text
    import arabic_reshaper
    from bidi import get_display

    shown = get_display(arabic_reshaper.ArabicReshaper().reshape(text))
    return shown if isinstance(shown, str) else shown.decode("utf-8")


def wrapped(text: str, fonts: Fonts, width: float) -> list[str]:
    """Lines that fit a width in pixels, broken at blanks, and inside words that do not fit."""
    lines, line = [], ""
    for word in text.split():
        while True:
            longer = f"{line} {word}" if line else word
            if fonts.length(longer) <= width:
                line = longer
                break
            if line:
                lines.append(line)
                line = ""
                continue
            fits = _fitting(word, fonts, width)
            lines.append(word[:fits])
            word = word[fits:]
            if not word:
                break
    return [*lines, line] if line else lines


def _fitting(word: str, fonts: Fonts, width: float) -> int:
    """How many of its characters fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if fonts.length(word[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _has(font: Font, character: str) -> bool:
    """Whether it is drawn as itself and not as the sign for what a font lacks."""
    if character.isspace():
        return True
    lacking = _mask(font, "\U0010ffff")
    shape = _mask(font, character)
    return shape != lacking and any(shape)


def _mask(font: Font, character: str) -> bytes:
    return bytes(font.getmask(character))


def _files() -> list[Path]:
    """Font files, the widest sets first; fewer where UIG_FONT names one, which is tried first."""
    found = [
        path
        for folder in FOLDERS
        if folder.is_dir()
        for pattern in ("*.ttc", "*.otf", "*.ttf")
        for path in sorted(folder.rglob(pattern))
    ]
    own = [Path(os.environ["UIG_FONT"])] if os.environ.get("UIG_FONT") else []
    return [*own, *sorted(found, key=_rank)[:MOST_FONTS]]


def _rank(path: Path) -> tuple[int, bool, str]:
    """Preferred families first, and of a family the regular face."""
    name = path.stem.lower().replace("-", "").replace("_", "").replace(" ", "")
    place = next((n for n, one in enumerate(PREFERRED) if name.startswith(one)), len(PREFERRED))
    plain = "regular" in name or not any(
        word in name for word in ("bold", "italic", "oblique", "light", "black", "mono", "serif")
    )
    return place, not plain, sys.intern(name)
