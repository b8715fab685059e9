"""The contact sheet shows first what changed, and only pictures that are there."""

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
from PIL import Image

from uig_cli.cases import Case
from uig_cli.loop.trace import Step, Trace
from uig_cli.models.protocol import Picture, pixel_hash
from uig_cli.report.contact import FEW, GAP, TILE, contact_sheet, telling, turns
from uig_cli.results.rows import CaseTrace


def drawn(name: str, folder: Path, *shades: int) -> CaseTrace:
    steps = []
    for number, shade in enumerate(shades):
        path = folder / f"{name}-{number}.png"
        image = Image.new("RGB", (8, 8), (shade, 0, 0))
        image.save(path)
        picture = Picture.at(path, pixel_hash(image), (8, 8))
        steps.append(Step(number, picture, verdict="edit", instruction="darker"))
    return shown_as(f"a {name}", steps)


def shown_as(prompt: str, steps: list[Step]) -> CaseTrace:
    trace = Trace(tuple(steps))
    return CaseTrace(Case(f"prompt/{prompt}", prompt), "uig", 0, trace, trace.steps)


def test_what_changed_most_is_shown_in_its_order(tmp_path: Path) -> None:
    still = [drawn(f"still{n}", tmp_path, 5, 5) for n in range(20)]
    moved = [drawn(f"moved{n}", tmp_path, 1, 2, 3) for n in range(5)]
    shown = telling([*still[:10], *moved, *still[10:]])
    assert len(shown) == FEW
    assert [one for one in shown if one in moved] == moved
    assert shown[:7] == still[:7] and shown[7:] == moved


def test_what_changed_its_score_comes_before_what_only_changed(tmp_path: Path) -> None:
    moved = [drawn(f"moved{n}", tmp_path, 1, 2, 3) for n in range(FEW)]
    better, worse = drawn("better", tmp_path, 1, 2), drawn("worse", tmp_path, 1, 2)
    scores = {(one.method, one.case.id, 0): (50.0, 50.0) for one in moved}
    scores |= {("uig", better.case.id, 0): (0.0, 100.0), ("uig", worse.case.id, 0): (75.0, 25.0)}
    shown = telling([*moved, better, worse], scores)
    assert shown == [*moved[: FEW - 2], better, worse]
    assert contact_sheet([better], tmp_path / "s.png", scores).read_bytes() != (
        contact_sheet([better], tmp_path / "n.png").read_bytes()
    )


def test_pictures_that_nobody_has_are_left_out(tmp_path: Path) -> None:
    assert telling([shown_as("a", [Step(0, Picture.unseen("a"))])]) == []


def test_a_sheet_has_a_row_per_prompt_and_a_column_per_step(tmp_path: Path) -> None:
    rows = [drawn("one", tmp_path, 10, 20, 30), drawn("two", tmp_path, 40)]
    with Image.open(contact_sheet(rows, tmp_path / "sheet.png")) as sheet:
        colors = {color for _, color in sheet.getcolors(1 << 20)}
    assert {(10, 0, 0), (20, 0, 0), (30, 0, 0), (40, 0, 0)} <= colors


def test_a_damaged_picture_is_a_missing_one(tmp_path: Path) -> None:
    row = drawn("one", tmp_path, 10, 20)
    whole = (tmp_path / "one-1.png").read_bytes()
    (tmp_path / "one-1.png").write_bytes(whole[:40])
    with Image.open(contact_sheet([row], tmp_path / "sheet.png")) as sheet:
        colors = {color for _, color in sheet.getcolors(1 << 20)}
    assert {(10, 0, 0), (0xCF, 0x22, 0x2E)} <= colors and (20, 0, 0) not in colors


def test_a_returned_step_shows_what_was_made_in_its_corner(tmp_path: Path) -> None:
    one = drawn("one", tmp_path, 10, 200)
    first, second = one.trace.steps
    returned = shown_as("a one", [first, replace(second, picture=first.picture)])
    with Image.open(contact_sheet([returned], tmp_path / "sheet.png")) as sheet:
        left = GAP + TILE + GAP
        tile = sheet.convert("RGB").crop((left, 0, left + TILE, sheet.height))
    colors = {color: count for count, color in tile.getcolors(1 << 20) or ()}
    assert colors[(10, 0, 0)] > 4 * colors[(200, 0, 0)] > 0


def test_what_a_round_did_is_read_from_the_scores() -> None:
    rows = [
        ("keep", "a", 0, 0, 100.0, 0, None, None),
        ("keep", "a", 0, 1, 100.0, 0, "made", 50.0),
        ("keep", "a", 0, 2, 50.0, 0, "made", 100.0),
        ("keep", "a", 0, 3, 100.0, 0, None, None),
        ("keep", "b", 0, 0, 0.0, 0, None, None),
        ("keep", "b", 0, 1, 100.0, 1, None, None),
    ]
    columns = ["method", "case", "sample", "step", "score", "missing", "made_sha256", "made_score"]
    steps = pd.DataFrame(rows, columns=columns).assign(still_running=True)
    assert turns(steps) == {
        ("keep", "a", 0, 1): "edit broke it, return repaired it",
        ("keep", "a", 0, 2): "return broke it",
        ("keep", "a", 0, 3): "edit repaired it",
    }


def test_a_sheet_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    row = drawn("one", tmp_path, 10, 20)
    path = contact_sheet([row], tmp_path / "sheet.png")
    os.utime(path, (1, 1))
    assert contact_sheet([row], path).stat().st_mtime == 1
