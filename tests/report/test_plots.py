"""Curves and bars: what they show is what the tables hold; figures are files that open."""

from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from tests.browser.hostile import MARKUP
from tests.conftest import ROOT, Uig
from uig_cli.report.curves import BarChart, Chart, Curve, Point, score_by_cost, score_by_round
from uig_cli.report.page import svg
from uig_cli.report.page.opened import open_all, plotted

HOSTILE = ROOT / "tests" / "browser" / "hostile.py"


@pytest.fixture
def run(uig: Uig, tmp_path: Path) -> Path:
    asked = (f"{HOSTILE}:BENCHMARK", "--model", f"{HOSTILE}:Hostility", "--judge", "self")
    words = ("--method", "direct", "--method", "uig", "--out", tmp_path / "run", "--quiet")
    assert uig("eval", *asked, *words).code == 0
    return tmp_path / "run"


def test_curves_are_the_tables(run: Path) -> None:
    opened, _ = open_all([run])
    chart = score_by_round(plotted(opened), "", "self")
    assert [one.label for one in chart.curves] == ["direct", "uig"]
    summary = pd.read_csv(run / "tables" / "summary.csv", dtype={"step": str})
    rows = summary[(summary["level"] == "overall") & (summary["method"] == "uig")]
    by_step = rows.set_index("step")
    for point in chart.curves[1].points:
        row = by_step.loc[str(int(point.x))]
        assert (point.score, point.low, point.high) == pytest.approx(
            (row["score"], row["low"], row["high"])
        )
    cost = score_by_cost(plotted(opened), "", "self")
    assert cost.across == "pictures per case"  # this model counts no work
    assert [point.x for point in cost.curves[1].points] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("kind", ["rounds", "cost", "groups"])
@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_figures_open(uig: Uig, run: Path, tmp_path: Path, kind: str, suffix: str) -> None:
    out = tmp_path / f"figure.{suffix}"
    done = uig("plot", run, "--kind", kind, "--out", out)
    assert done.code == 0, done.err
    content = out.read_bytes()
    match suffix:
        case "svg":
            assert ElementTree.fromstring(content).tag.endswith("svg")
        case "png":
            with Image.open(out) as image:
                assert image.width > 800
        case _:
            assert content.startswith(b"%PDF")
    uig("plot", run, "--kind", kind, "--out", out)
    assert out.read_bytes() == content


def test_what_cannot_be_plotted(uig: Uig, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    for words, told in (
        (("--out", tmp_path / "a.gif"), "ends in .svg, .png, .pdf"),
        (("--out", out, "--kind", "pie"), 'unknown kind "pie"'),
        (("--out", out, "--judge", "nobody"), 'unknown judge "nobody"'),
    ):
        done = uig("plot", run, *words)
        assert done.code == 2 and told in done.err, done.err
    assert not out.exists()


def test_a_drawing_is_xml_whatever_names_hold() -> None:
    points = (Point(0, 50.0, 40.0, 60.0), Point(1, 55.0, None, None), Point(2, 70.0, 60.0, 75.0))
    chart = Chart(MARKUP, MARKUP, (Curve(MARKUP, points), Curve("\u0000\u202e", points[:1])))
    bars = BarChart(MARKUP, (MARKUP, "b"), ("x", MARKUP), ((points[0], None), (points[1], None)))
    for drawing in (svg.curves(chart), svg.bars(bars), svg.curves(Chart("", "", ()))):
        root = ElementTree.fromstring(drawing)
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert "script" not in names and "img" not in names
    assert "missing" in svg.bars(bars)


def test_every_curve_has_a_mark_of_its_own() -> None:
    """Not told apart by color alone."""
    points = (Point(0, 1.0, None, None), Point(1, 2.0, None, None))
    drawn = svg.curves(Chart("", "", tuple(Curve(str(n), points) for n in range(4))))
    assert drawn.count("<circle") == 3 and drawn.count("<rect") == 0
    assert drawn.count("<polygon") == 9
