"""A contact sheet: one row per prompt and method, one column per step, words below the pictures.

It is for eyes: pictures are scaled to one width, texts are cut to what fits.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from textwrap import wrap
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFont

from uig_cli.files import put_in_place
from uig_cli.loop.trace import Step
from uig_cli.results.rows import Drawn

TILE = 224
GAP = 12
LINE = 15
CAPTION_LINES = 4
HEAD = 2 * LINE + 8
MOST_ROWS = 40
FEW, MANY = 12, 300
COLORS = {"match": "#1a7f37", "edit": "#9a6700", "unclear": "#57606a"}

Scores = Mapping[tuple[str, str, int], tuple[float, float]]
"""(method, case id, sample) -> percent of the first picture and of the last."""


def contact_sheet(
    drawn: Sequence[Drawn], path: Path, scores: Scores = MappingProxyType({})
) -> Path:
    """Writes the sheet as PNG, at most MOST_ROWS rows, and returns its path."""
    rows = drawn[:MOST_ROWS]
    columns = max((len(one.trace.steps) for one in rows), default=1)
    height = HEAD + TILE + CAPTION_LINES * LINE + GAP
    sheet = Image.new("RGB", (columns * (TILE + GAP) + GAP, len(rows) * height + GAP), "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(12)
    for index, one in enumerate(rows):
        top = GAP + index * height
        _head(pen, font, one, top, sheet.width, scores.get(_key(one)))
        for step in one.trace.steps:
            left = GAP + step.number * (TILE + GAP)
            _tile(sheet, pen, font, step, left, top + HEAD)
    with put_in_place(path) as half:
        sheet.save(half, format="PNG")
    return path


def telling(drawn: Iterable[Drawn], scores: Scores = MappingProxyType({})) -> list[Drawn]:
    """The FEW whose score changed most, up or down, among the first MANY of each method, and of
    equal ones those that changed their picture most often; in their order."""
    by_method = groupby(drawn, lambda one: one.method)
    first = [
        one
        for _, of_method in by_method
        for one in islice(of_method, MANY)
        if all(step.picture is None or step.picture.path for step in one.trace.steps)
    ]

    def change(n: int) -> tuple[float, int]:
        before, after = scores.get(_key(first[n]), (0.0, 0.0))
        return -abs(after - before), -_pictures(first[n])

    chosen = sorted(range(len(first)), key=change)[:FEW]
    return [first[n] for n in sorted(chosen)]


def _key(one: Drawn) -> tuple[str, str, int]:
    return one.method, one.case.id, one.sample


def _pictures(one: Drawn) -> int:
    return len({step.picture.sha256 for step in one.trace.steps if step.picture})


Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def _head(
    pen: ImageDraw.ImageDraw,
    font: Font,
    one: Drawn,
    top: int,
    width: int,
    scores: tuple[float, float] | None,
) -> None:
    room = max(20, (width - 2 * GAP) // 7)
    who = f"{one.method}, sample {one.sample}" if one.sample else one.method
    if scores:
        who += f", score {scores[0]:.0f} -> {scores[1]:.0f}"
    for number, line in enumerate(wrap(f"{who}: {' '.join(one.case.prompt.split())}", room)[:2]):
        pen.text((GAP, top + number * LINE), _plain(line), fill="black", font=font)


def _tile(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, font: Font, step: Step, left: int, top: int
) -> None:
    image = _image(step)
    if image is None:
        pen.rectangle((left, top, left + TILE - 1, top + TILE - 1), outline="#cf222e")
        words, color = f"missing: {step.failure.reason if step.failure else '?'}", "#cf222e"
    else:
        scale = TILE / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        smooth = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.LANCZOS
        sheet.paste(image.resize(size, smooth), (left, top))
        verdict = step.verdict or "not examined"
        words = f"{step.number}: {verdict}" + (f" - {step.instruction}" if step.instruction else "")
        color = COLORS.get(verdict, "#57606a")
    for number, line in enumerate(wrap(_plain(" ".join(words.split())), TILE // 6)):
        if number == CAPTION_LINES:
            break
        pen.text((left, top + TILE + 2 + number * LINE), line, fill=color, font=font)


def _image(step: Step) -> Image.Image | None:
    """The step's picture; none, too, where its file is gone or damaged."""
    try:
        return step.picture.image.convert("RGB") if step.picture else None
    except (OSError, SyntaxError):
        return None


def _plain(text: str) -> str:
    """The text without what fonts draw as boxes."""
    readable = "".join(character if character.isprintable() else " " for character in text)
    return readable.replace("\ufffd", "?")
