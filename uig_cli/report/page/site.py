"""Writes the page of runs: index.html, gallery.html, what they load, and data as script files,
since a page that is opened from a disk may load nothing else.

Everything that comes from prompts, models, judges and files is hostile text: templates escape it,
scripts set it as text, and the security policy of both pages runs no script but their own.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli import __version__
from uig_cli.errors import UigError
from uig_cli.files import write_whole
from uig_cli.report.page.gallery import Gallery, data_files, gallery_of
from uig_cli.report.page.opened import open_all
from uig_cli.report.page.overview import Overview, overview_of
from uig_cli.report.page.pictures import PictureFiles, make_thumbnails
from uig_cli.report.page.rendering import asset, environment

ASSETS = ("page.css", "page.js", "gallery.js", "slider.js")
PAGES = ("index.html", "gallery.html")
MARK = "uig-page.json"
"""Beside index.html: what tells a page's folder from any other."""


@dataclass(frozen=True, slots=True)
class Site:
    """index: the file to open. cases, pictures: how many it shows; gone: pictures without a file;
    gaps: what is not shown, a sentence each."""

    index: Path
    cases: int
    pictures: int
    gone: int
    gaps: tuple[str, ...]


def write_site(roots: Sequence[Path], folder: Path, *, standing_alone: bool = False) -> Site:
    """Raises UigError where no run can be read, or the folder holds what is no page."""
    _check_free(folder)
    runs, gaps = open_all(roots)
    overview, gallery = overview_of(runs, gaps), gallery_of(runs)
    pictures = PictureFiles(folder, standing_alone)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / MARK, json.dumps({"uig": __version__}) + "\n")
    index = _write_data(gallery, pictures, folder)
    make_thumbnails(pictures.waiting)
    _write_pages(overview, gallery, index, folder)
    for figure in (figure for one in overview.scores for figure in one.figures):
        write_whole(folder / "figures" / f"{figure.name}.svg", figure.drawing + "\n")
    return Site(
        folder / "index.html",
        len(gallery.entries),
        pictures.shown,
        pictures.gone,
        overview.gaps,
    )


def _check_free(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UigError(f"{folder} is a file; give --out a folder for the page.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise UigError(
            f"{folder} holds files that are no page; give --out a new or an empty folder, or that "
            "of a page, which is made anew."
        )


def _write_data(gallery: Gallery, pictures: PictureFiles, folder: Path) -> list[dict[str, Any]]:
    """The cases, file by file; returns what the index holds of them."""
    data, index = folder / "data", list[dict[str, Any]]()
    data.mkdir(exist_ok=True)
    for old in data.glob("cases-*.js"):
        old.unlink()
    for number, (cases, entries) in enumerate(data_files(gallery, pictures)):
        index += entries
        write_whole(data / f"cases-{number}.js", _script("cases", number, cases))
    return index


def _write_pages(
    overview: Overview, gallery: Gallery, index: Sequence[Mapping[str, Any]], folder: Path
) -> None:
    held = {
        "columns": [
            {"label": one.label, "run": one.run.name, "method": one.method}
            for one in gallery.columns
        ],
        "judges": list(gallery.judges),
        "perFile": gallery.in_a_file,
        "steps": gallery.steps,
        "cases": index,
    }
    write_whole(folder / "data" / "index.js", _script("index", held))
    templates = environment()
    for name in PAGES:
        text = templates.get_template(f"{name}.j2").render(
            overview=overview,
            gallery=gallery,
            came_to=came_to(gallery, index),
            version=__version__,
            outcomes=OUTCOMES,
        )
        write_whole(folder / name, text)
    for name in ASSETS:
        write_whole(folder / "assets" / name, asset(name))


@dataclass(frozen=True, slots=True)
class CameTo:
    """How many loops of a column came to what, before one judge: (outcome, mark and words, count).
    column: its number, by which the gallery's filter knows it."""

    label: str
    column: int
    counts: tuple[tuple[str, str, int], ...]


def came_to(gallery: Gallery, index: Sequence[Mapping[str, Any]]) -> list[CameTo]:
    """Before the first judge; nothing where nobody has judged. A method that draws once came to
    nothing but what it began with."""
    if not gallery.judges:
        return []
    judge = gallery.judges[0]
    found = [dict.fromkeys(OUTCOMES, 0) for _ in gallery.columns]
    for case in index:
        by_column = {(one["column"], one["sample"]): one for one in case["loops"]}
        for (column, sample), loop in by_column.items():
            for outcome in _outcomes(loop, by_column.get((0, sample)), judge):
                found[column][outcome] += 1
    return [
        CameTo(
            one.label,
            number,
            tuple((name, OUTCOMES[name], count) for name, count in counts.items() if count),
        )
        for number, (one, counts) in enumerate(zip(gallery.columns, found, strict=True))
    ]


def _outcomes(loop: Mapping[str, Any], base: Mapping[str, Any] | None, judge: str) -> Iterator[str]:
    """As the gallery's filters tell them."""
    own = loop.get("outcomes", {}).get(judge)
    if own is not None:
        yield own
    if loop.get("returned"):
        yield "returned"
    other = (base or {}).get("outcomes", {}).get(judge)
    if base is loop or "missing" in (own, other) or None in (own, other):
        return
    right = [each in ("right", "repaired") for each in (other, own)]
    if right[0] != right[1]:
        yield "won" if right[1] else "lost"


OUTCOMES = {
    "repaired": "▲ repaired",
    "broken": "▼ broken",
    "right": "✓ right from the first on",
    "wrong": "✗ still wrong",
    "missing": "? missing",
    "returned": "↩ returned to an earlier picture",
    "won": "+ won: right here, wrong in the first column",
    "lost": "− lost: wrong here, right in the first column",
}
"""What a loop came to, as filters call it: a mark and words, never a color alone."""


def _script(name: str, *values: object) -> str:
    """A call of the page's own loader; ASCII alone, so that nothing in it ends a script."""
    told = ", ".join(
        json.dumps(value, ensure_ascii=True, separators=(",", ":")) for value in values
    )
    return f"uigPage.{name}({told});\n"
