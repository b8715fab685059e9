"""Curves and bars for papers, with matplotlib (the extra `plot`): the same that the page draws."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from uig_cli.errors import UigError
from uig_cli.report.curves import BarChart, Chart, Curve, Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".svg", ".png", ".pdf")
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
WIDTH = 5.5
"""Inches, one column of most proceedings; texts are set for that width."""


@dataclass(frozen=True, slots=True)
class PlotFile:
    """boxes: whether the font lacks characters of a name, which are boxes then."""

    content: bytes
    boxes: bool


def plot(chart: Chart | BarChart, path: Path) -> PlotFile:
    """The figure's file, in the format that the path's end names. Raises UigError for another end,
    and where matplotlib is not installed."""
    if path.suffix.lower() not in SUFFIXES:
        raise UigError(f"got --out {path}, expected a name that ends in {', '.join(SUFFIXES)}.")
    try:
        import matplotlib as mpl
    except ModuleNotFoundError as error:
        raise UigError(
            "figures need matplotlib, which is not installed; add it with `pip install "
            "'uig[plot]'`. `uig report` draws the same curves without it."
        ) from error
    from matplotlib.figure import Figure

    with (
        warnings.catch_warnings(record=True) as said,
        mpl.rc_context(
            {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "uig", "pdf.fonttype": 42}
        ),
    ):
        rows = len(chart.groups) * len(chart.labels) if isinstance(chart, BarChart) else 0
        figure = Figure(figsize=(WIDTH, max(3.4, 0.16 * rows + 1)), layout="constrained")
        axes = figure.subplots()
        if isinstance(chart, BarChart):
            _bars(axes, chart)
        else:
            _curves(axes, chart)
        content = BytesIO()
        # Without a date, equal scores make equal files.
        metadata = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}
        kind = path.suffix.lower()[1:]
        figure.savefig(content, format=kind, dpi=200, metadata=metadata.get(kind))
    return PlotFile(content.getvalue(), any("missing from font" in str(w.message) for w in said))


def _curves(axes: "Axes", chart: Chart) -> None:
    """Each with its 95 % band."""
    from matplotlib.ticker import MaxNLocator

    for number, curve in enumerate(chart.curves):
        xs = [point.x for point in curve.points]
        (line,) = axes.plot(
            xs,
            [point.score for point in curve.points],
            marker=MARKS[number % len(MARKS)],
            markersize=4,
            label=_plain(curve.label),
        )
        low, high = _band(curve)
        if len(low) > 1 and len(low) == len(xs):
            axes.fill_between(xs, low, high, color=line.get_color(), alpha=0.12, linewidth=0)
    axes.set(xlabel=chart.across, ylabel="score, percent")
    if all(point.x == int(point.x) < 50 for curve in chart.curves for point in curve.points):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)


def _band(curve: Curve) -> tuple[list[float], list[float]]:
    known = [(p.low, p.high) for p in curve.points if p.low is not None and p.high is not None]
    return [low for low, _ in known], [high for _, high in known]


def _bars(axes: "Axes", chart: BarChart) -> None:
    """A group of bars for each group; one that is missing leaves a gap."""
    many = len(chart.labels)
    thick = 0.8 / many
    for number, label in enumerate(chart.labels):
        points = [found[number] for found in chart.bars]
        places = [row + (number - (many - 1) / 2) * thick for row in range(len(points))]
        known = [(y, one) for y, one in zip(places, points, strict=True) if one is not None]
        axes.barh(
            [y for y, _ in known],
            [one.score for _, one in known],
            height=thick * 0.92,
            xerr=[[_below(one) for _, one in known], [_above(one) for _, one in known]],
            error_kw={"elinewidth": 0.8},
            label=_plain(label),
        )
    axes.set_yticks(range(len(chart.groups)), [_plain(name) for name in chart.groups])
    axes.invert_yaxis()
    axes.set(xlabel="score, percent", xlim=(0, 100))
    axes.spines[["top", "right"]].set_visible(False)
    axes.figure.legend(loc="outside upper left", frameon=False, fontsize=8)


def _below(point: Point) -> float:
    return 0.0 if point.low is None else point.score - point.low


def _above(point: Point) -> float:
    return 0.0 if point.high is None else point.high - point.score


def _plain(text: str) -> str:
    """Without formulas: a dollar sign begins none, an underscore at the start hides no curve."""
    return "\u200b" * text.startswith("_") + text.replace("$", r"\$")
