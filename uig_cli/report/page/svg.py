"""Curves and bars as SVG, drawn without a library: what stands in the page can be saved as it is.

Each method has a color and a mark of its own, so that no curve is told by its color alone; texts
and lines take the color of the text around them, in a light page and in a dark one.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import floor, log10

from uig_cli.console import harmless
from uig_cli.report.curves import BarChart, Chart, Curve, Point

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 48
COLORS = ("#3b82c4", "#d9782d", "#2f9e6e", "#b1568f", "#8a7fd1", "#a58b2a", "#c2504f", "#5f8a99")
MARKS = ("circle", "square", "triangle", "diamond")
ROW = 18
"""Pixels of a line of a legend."""


def curves(chart: Chart) -> str:
    """Each with its 95 % band."""
    drawn = [curve for curve in chart.curves if curve.points]
    xs = [point.x for curve in drawn for point in curve.points]
    ys = [y for curve in drawn for point in curve.points for y in _reach(point)]
    across, up = _scale(xs, LEFT, WIDTH - RIGHT), _scale(ys, HEIGHT - BOTTOM, TOP)
    parts = [
        *_grid(ys, up),
        *_ticks(xs, across, HEIGHT - BOTTOM),
        _text(WIDTH / 2, HEIGHT - 8, chart.across, "middle"),
        _turned(14, (HEIGHT - BOTTOM) / 2, "score, percent"),
    ]
    parts += [_band(curve, n, across, up) for n, curve in enumerate(drawn)]
    for number, curve in enumerate(drawn):
        parts += _line(curve, number, across, up)
    parts += _legend([curve.label for curve in drawn], HEIGHT)
    return _whole(chart.title, parts, HEIGHT + ROW * len(drawn))


def bars(chart: BarChart) -> str:
    """A row of bars for each group, from 0 to 100, with the interval as a line through each end."""
    thick, gap, room = 12, 14, 150
    each = thick * len(chart.labels) + gap
    height = TOP + each * len(chart.groups) + BOTTOM
    across = _scale([0, 100], room, WIDTH - RIGHT)
    parts = [*_ticks([0, 100], across, height - BOTTOM, whole_lines=TOP)]
    parts.append(_text(WIDTH / 2, height - 8, "score, percent", "middle"))
    for row, (name, found) in enumerate(zip(chart.groups, chart.bars, strict=True)):
        top = TOP + row * each
        parts.append(_text(room - 8, top + each / 2, _short(name, 20), "end"))
        for number, point in enumerate(found):
            y = top + gap / 2 + number * thick
            parts += _bar(point, number, across, y, thick - 2)
    parts += _legend(chart.labels, height)
    return _whole(chart.title, parts, height + ROW * len(chart.labels))


Scale = Callable[[float], float]


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    """From what is drawn to pixels, with a little room at both ends."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = (high - low) or 1.0
    return lambda value: start + (value - low + 0.03 * span) / (1.06 * span) * (end - start)


def _reach(point: Point) -> tuple[float, ...]:
    ends = (point.low, point.high)
    return (point.score, *(y for y in ends if y is not None))


def _round_values(values: Sequence[float]) -> list[float]:
    """About five round values between the least and the greatest."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    rough = (high - low) / 5 or 1.0
    power = 10 ** floor(log10(rough))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough)
    if step < 1 and all(value == int(value) for value in values):
        step = 1.0
    first = -(-low // step) * step
    found = [first + n * step for n in range(12)]
    return [value for value in found if value <= high + 1e-9]


def _grid(values: Sequence[float], up: Scale) -> Iterator[str]:
    for value in _round_values(values):
        y = up(value)
        yield _stroke(LEFT, y, WIDTH - RIGHT, y, 0.15)
        yield _text(LEFT - 6, y + 4, f"{value:g}", "end")


def _ticks(
    values: Sequence[float], across: Scale, bottom: float, whole_lines: float | None = None
) -> Iterator[str]:
    for value in _round_values(values):
        x = across(value)
        top = bottom if whole_lines is None else whole_lines
        yield _stroke(x, top, x, bottom + 4, 0.4 if whole_lines is None else 0.15)
        yield _text(x, bottom + 18, f"{value:,.6g}", "middle")


def _band(curve: Curve, number: int, across: Scale, up: Scale) -> str:
    known = [p for p in curve.points if p.low is not None and p.high is not None]
    if len(known) < 2:
        return ""
    over = [(across(p.x), up(p.high or 0)) for p in known]
    under = [(across(p.x), up(p.low or 0)) for p in reversed(known)]
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in (*over, *under))
    return f'<polygon points="{corners}" fill="{_color(number)}" fill-opacity="0.12"/>'


def _line(curve: Curve, number: int, across: Scale, up: Scale) -> Iterator[str]:
    places = [(across(point.x), up(point.score)) for point in curve.points]
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield (f'<polyline points="{corners}" fill="none" stroke="{_color(number)}" stroke-width="2"/>')
    for (x, y), point in zip(places, curve.points, strict=True):
        yield _mark(x, y, number, f"{curve.label}: {_told(point)}")


def _told(point: Point) -> str:
    sure = "" if point.low is None else f" [{point.low:.1f}, {point.high:.1f}]"
    return f"{point.score:.1f}{sure}"


def _mark(x: float, y: float, number: int, told: str) -> str:
    """A point, which says its value where one points at it."""
    color, r = _color(number), 4.0
    told = f"<title>{_escaped(told)}</title>" if told else ""
    match MARKS[number % len(MARKS)]:
        case "circle":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{color}">{told}</circle>'
        case "square":
            corners = [(-r, -r), (r, -r), (r, r), (-r, r)]
        case "triangle":
            corners = [(0, -r - 1), (r + 1, r), (-r - 1, r)]
        case _:
            corners = [(0, -r - 2), (r + 2, 0), (0, r + 2), (-r - 2, 0)]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{points}" fill="{color}">{told}</polygon>'


def _bar(point: Point | None, number: int, across: Scale, y: float, thick: float) -> Iterator[str]:
    start = across(0)
    if point is None:
        yield _text(start + 4, y + thick - 1, "missing", "start")
        return
    end = across(point.score)
    told = f"<title>{_escaped(_told(point))}</title>"
    yield (
        f'<rect x="{start:.1f}" y="{y:.1f}" width="{max(0.0, end - start):.1f}" height="{thick}" '
        f'fill="{_color(number)}">{told}</rect>'
    )
    if point.low is not None and point.high is not None:
        middle = y + thick / 2
        yield _stroke(across(point.low), middle, across(point.high), middle, 0.9)


def _legend(labels: Sequence[str], top: float) -> Iterator[str]:
    for number, label in enumerate(labels):
        y = top + number * ROW + 4
        yield _mark(LEFT, y, number, "")
        yield _text(LEFT + 12, y + 4, _short(label, 84), "start")


def _color(number: int) -> str:
    return COLORS[number % len(COLORS)]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">'
        f"{_escaped(text)}</text>"
    )


def _turned(x: float, y: float, text: str) -> str:
    return (
        f'<text transform="translate({x:.1f} {y:.1f}) rotate(-90)" text-anchor="middle" '
        f'fill="currentColor">{_escaped(text)}</text>'
    )


def _stroke(x1: float, y1: float, x2: float, y2: float, opacity: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" '
        f'stroke-opacity="{opacity}"/>'
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _escaped(text: str) -> str:
    return escape(harmless(text))


def _whole(title: str, parts: Sequence[str], height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12"><title>{_escaped(title)}</title>'
        f"{''.join(parts)}</svg>"
    )
