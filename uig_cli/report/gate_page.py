"""A comparison, and its gate, as one HTML file that can be mailed or clicked on in CI: it holds all
that it shows, the pictures of the worst changes too, and loads and runs nothing."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from uig_cli import __version__
from uig_cli.compare.comparison import Change, Comparison
from uig_cli.report.gate_report import Gate
from uig_cli.report.page.page_tables import (
    ComparedLine,
    PageTable,
    claim_of,
    differences_of,
    rounds_of,
)
from uig_cli.report.page.rendering import allowed, asset, environment
from uig_cli.runs.case_store import kept_cases
from uig_cli.runs.folder import RunFolder

SHOWN_CHANGES = 20
SIDE = 320
"""Pixels of the longest side of a picture: forty of them stay far below MOST_BYTES."""
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A picture that is not right any more. before, after: as addresses that hold it, "" where no
    picture is at hand."""

    case: str
    prompt: str
    told: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """One comparison. changes: the worst of the `lost` pictures; won: those that went up."""

    title: str
    claim: ComparedLine
    tables: tuple[PageTable, ...]
    changes: tuple[ShownChange, ...]
    lost: int
    won: int


def gate_page(
    comparisons: Sequence[Comparison], remarks: Sequence[str], gate: Gate | None
) -> bytes:
    """At most MOST_BYTES, with fewer pictures where there are many comparisons."""
    css = asset("page.css")
    prompts: dict[str, Mapping[str, str]] = {}
    parts = [_part(one, prompts) for one in comparisons]
    template = environment().get_template("gate.html.j2")
    title = gate.line if gate else "Comparison"
    for shown in (SHOWN_CHANGES, 8, 2, 0):
        fewer = [_with(part, shown) for part in parts]
        text = template.render(
            title=title,
            gate=gate,
            notes=[*([next(gate.details())] if gate else []), *remarks],
            parts=fewer,
            css=css,
            policy=allowed(css),
            version=__version__,
        )
        if len(page := text.encode("utf-8")) <= MOST_BYTES:
            return page
    return page


def _part(one: Comparison, prompts: dict[str, Mapping[str, str]]) -> ComparedPart:
    rounds = (
        (one.before.label, one.rounds_before),
        (one.after.label, one.rounds_after),
    )
    return ComparedPart(
        f"{one.where}: {one.before.label} → {one.after.label}",
        claim_of(one),
        (differences_of(one), *(rounds_of(name, found) for name, found in rounds if found)),
        tuple(_changes(one, prompts)),
        len(one.newly_wrong),
        len(one.newly_right),
    )


def _with(part: ComparedPart, most: int) -> ComparedPart:
    return replace(part, changes=part.changes[:most])


def _changes(one: Comparison, prompts: dict[str, Mapping[str, str]]) -> Iterator[ShownChange]:
    for change in one.newly_wrong[:SHOWN_CHANGES]:
        sample = f", sample {change.sample}" if change.sample else ""
        yield ShownChange(
            case=f"{change.case}{sample}",
            prompt=_prompt(one, change, prompts),
            told=f"{change.dimension}: {100 * change.before:.0f} → {100 * change.after:.0f} %",
            before=_inlined(change.picture_before),
            after=_inlined(change.picture_after),
        )


def _prompt(one: Comparison, change: Change, known: dict[str, Mapping[str, str]]) -> str:
    """From the folder of either side; a reference file has none."""
    for side in (one.after, one.before):
        name = side.results.name
        if name not in known:
            folder = RunFolder(Path(name))
            is_run = Path(name).is_dir()
            known[name] = {case.id: case.prompt for case in kept_cases(folder)} if is_run else {}
        if change.case in known[name]:
            return known[name][change.case]
    return ""


def _inlined(path: str | None) -> str:
    try:
        with Image.open(path or "") as found:
            image = found.convert("RGB")
    except (OSError, ValueError):
        return ""
    times = SIDE // max(image.size)
    if times > 1:  # a small picture in its own pixels, not blurred
        size = (image.width * times, image.height * times)
        image = image.resize(size, Image.Resampling.NEAREST)
    image.thumbnail((SIDE, SIDE))
    content = BytesIO()
    image.save(content, format="WEBP", quality=82)
    return f"data:image/webp;base64,{b64encode(content.getvalue()).decode('ascii')}"
