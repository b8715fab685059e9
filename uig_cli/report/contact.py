"""A contact sheet: one row per prompt and method, one column per step, words below the pictures.

It is for eyes: pictures are scaled to one width, and texts that are longer than their place end in
dots; the page of `uig report` has all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby, islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from uig_cli.files import write_changed
from uig_cli.loop.trace import Step
from uig_cli.models.protocol import Picture
from uig_cli.report.fonts import Fonts, fonts_here, wrapped
from uig_cli.results.rows import CaseTrace
from uig_cli.results.run import RunReader
from uig_cli.results.tables import Selection, Tables, stale

if TYPE_CHECKING:
    import pandas as pd

TILE = 224
GAP = 12
LINE = 15
CAPTION_LINES = 4
HEAD_LINES = 2
HEAD = HEAD_LINES * LINE + 8
MOST_ROWS = 40
FEW, MANY = 12, 300
RIGHT = 100.0
LOST = "#cf222e"
COLORS = {"match": "#1a7f37", "edit": "#9a6700", "unclear": "#57606a"}

FirstAndLast = Mapping[tuple[str, str, int], tuple[float, float]]
"""(method, case id, sample) -> percent of the first picture and of the last."""

Turns = Mapping[tuple[str, str, int, int], str]
"""(method, case id, sample, step) -> what became of the picture in that round, where one knows."""

SHEET = "contact-sheet.png"


def sheet_of(run: RunReader, tables: Tables, selection: Selection, *, worked: bool) -> Path | None:
    """The sheet of a run: of a user's own prompts all that it holds, those asked for just now
    first, else those of the scored ones that tell most."""
    if run.benchmark.needs:
        return scored_sheet(run, tables.steps, worked=worked)
    drawn = sorted(run.drawn(), key=lambda one: not selection.holds(one))
    return contact_sheet(drawn, run.folder.root / SHEET, unknown_words=run.manifest.unknown_words)


def scored_sheet(run: RunReader, steps: "pd.DataFrame", *, worked: bool = True) -> Path | None:
    """The sheet of the loops that tell most, by the first judge; None where there are none.

    worked: False where nothing was drawn or judged just now: then it is made only if it is gone or
    older than what it is made of.
    """
    path = run.folder.root / SHEET
    if not worked and not stale(path, run.folder):
        return path
    scores = first_and_last(steps)
    shown = telling(run.drawn(), scores)
    return contact_sheet(shown, path, scores, turns(steps)) if shown else None


def first_and_last(steps: "pd.DataFrame") -> FirstAndLast:
    """The scores of the first and the last picture by the first judge, where both are known."""
    who = ["method", "case", "sample"]
    judged = steps.sort_values("step", kind="stable").drop_duplicates([*who, "step"])
    before = judged.drop_duplicates(who, keep="first").set_index(who)["score"]
    after = judged.drop_duplicates(who, keep="last").set_index(who)["score"]
    both = before.to_frame("before").join(after.rename("after")).dropna()
    return {key: (first, last) for key, first, last in both.itertuples(name=None)}


def turns(steps: "pd.DataFrame") -> Turns:
    """What edits and returns did to pictures that are right in all, or not, by the first judge."""
    found: dict[tuple[str, str, int, int], str] = {}
    judged = steps.drop_duplicates(["method", "case", "sample", "step"])
    for (method, case, sample), rows in judged.groupby(["method", "case", "sample"], sort=False):
        before: bool | None = None
        for row in rows.sort_values("step").to_dict("records"):
            kept = _right(row["score"], row["missing"])
            other = isinstance(row["made_sha256"], str)
            made = _right(row["made_score"], 0) if other else kept
            told = [f"edit {_turned(before, made)}", f"return {_turned(made, kept)}"]
            words = ", ".join(one for one in told if not one.endswith(" "))
            if words and row["still_running"]:
                found[str(method), str(case), int(str(sample)), row["step"]] = words
            before = kept
    return found


def _right(score: float | None, missing: int) -> bool | None:
    """Whether a picture is right in all; None where that is not known."""
    known = score is not None and score == score and not missing
    return score == RIGHT if known else None


def _turned(before: bool | None, after: bool | None) -> str:
    if before is None or after is None or before == after:
        return ""
    return "repaired it" if after else "broke it"


def contact_sheet(
    drawn: Sequence[CaseTrace],
    path: Path,
    scores: FirstAndLast = MappingProxyType({}),
    turned: Turns = MappingProxyType({}),
    unknown_words: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Path:
    """Writes the sheet as PNG, at most MOST_ROWS rows and how many more there are, and returns its
    path. unknown_words: by case, those that the model does not know."""
    rows, left_out = drawn[:MOST_ROWS], len(drawn[MOST_ROWS:])
    columns = max((len(one.trace.steps) for one in rows), default=1)
    height = HEAD + TILE + CAPTION_LINES * LINE + GAP
    size = (columns * (TILE + GAP) + GAP, len(rows) * height + GAP + (LINE if left_out else 0))
    sheet = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    fonts = fonts_here(12)
    for index, one in enumerate(rows):
        top = GAP + index * height
        outside = unknown_words.get(one.case.id, ())
        heading = (_heading(one, scores.get(_key(one)), outside), "black")
        _words(pen, fonts, heading, (GAP, top), sheet.width - 2 * GAP, HEAD_LINES)
        for step in one.trace.steps:
            left = GAP + step.number * (TILE + GAP)
            _tile(sheet, pen, step, left, top + HEAD)
            caption, color = _caption(one, step, turned.get((*_key(one), step.number), ""))
            color = COLORS["unclear"] if outside else color  # no green for what it cannot judge
            place = (left, top + HEAD + TILE + 2)
            _words(pen, fonts, (caption, color), place, TILE, CAPTION_LINES)
    if left_out:
        told = (f"{left_out} more are not on this sheet", LOST)
        place = (GAP, sheet.height - LINE - GAP // 2)
        _words(pen, fonts, told, place, sheet.width, 1)
    content = BytesIO()
    sheet.save(content, format="PNG")
    write_changed(path, content.getvalue())
    return path


def telling(
    drawn: Iterable[CaseTrace], scores: FirstAndLast = MappingProxyType({})
) -> list[CaseTrace]:
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


def _key(one: CaseTrace) -> tuple[str, str, int]:
    return one.method, one.case.id, one.sample


def _pictures(one: CaseTrace) -> int:
    return len({step.picture for step in one.trace.steps if step.picture})


def _heading(one: CaseTrace, scores: tuple[float, float] | None, outside: Sequence[str]) -> str:
    """Above a row: whose it is, its scores, the prompt, and what of it the model does not know."""
    who = f"{one.method}, sample {one.sample}" if one.sample else one.method
    if scores:
        who += f", score {scores[0]:.0f} -> {scores[1]:.0f}"
    if outside:
        who += f", UNKNOWN WORDS {', '.join(outside)}"
    return f"{who}: {' '.join(one.case.prompt.split())}"


def _tile(sheet: Image.Image, pen: ImageDraw.ImageDraw, step: Step, left: int, top: int) -> None:
    """The picture kept, and in its corner the one made where that is another."""
    image = _image(step.picture)
    if image is None:
        pen.rectangle((left, top, left + TILE - 1, top + TILE - 1), outline=LOST)
        return
    sheet.paste(_scaled(image, TILE), (left, top))
    if step.returned and (made := _image(step.made)) is not None:
        small = _scaled(made, TILE // 3)
        corner = (left + TILE - small.width, top)
        sheet.paste(small, corner)
        pen.rectangle((*corner, left + TILE - 1, top + small.height - 1), outline=LOST)


def _scaled(image: Image.Image, side: int) -> Image.Image:
    scale = side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    smooth = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.LANCZOS
    return image.resize(size, smooth)


def _caption(one: CaseTrace, step: Step, turned: str) -> tuple[str, str]:
    """What stands below a tile, and its color."""
    if step.picture is None or _image(step.picture) is None:
        return f"missing: {step.failure.reason if step.failure else '?'}", LOST
    verdict = step.verdict or "not examined"
    earlier, again = (f(step.number) for f in (one.trace.returns_to, one.trace.comes_back_to))
    told = [
        verdict,
        "another kept than made" if step.returned and earlier is None else "",
        f"returned to {earlier}" if earlier is not None else "",
        f"comes back to {again}" if again is not None else "",
        turned,
        f"{len(step.candidates)} candidates" if step.candidates else "",
    ]
    words = f"{step.number}: {', '.join(filter(None, told))}"
    if step.instruction:
        words += f" - {step.instruction}"
    return words, COLORS.get(verdict, "#57606a")


def _words(
    pen: ImageDraw.ImageDraw,
    fonts: Fonts,
    words: tuple[str, str],
    place: tuple[int, int],
    width: float,
    most: int,
) -> None:
    """A text in its color, in at most so many lines below each other."""
    text, color = words
    left, top = place
    lines = wrapped(_plain(text), fonts, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    for number, line in enumerate(lines):
        across = float(left)
        for part, font in fonts.parts(line):
            pen.text((across, top + number * LINE), part, fill=color, font=font)
            across += font.getlength(part)


def _image(picture: Picture | None) -> Image.Image | None:
    """The picture's pixels; none, too, where its file is gone or damaged."""
    try:
        return picture.image.convert("RGB") if picture else None
    except OSError:
        return None


def _plain(text: str) -> str:
    """The text without what is no character of a line."""
    readable = "".join(character if character.isprintable() else " " for character in text)
    return readable.replace("\ufffd", "?")
