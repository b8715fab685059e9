"""Bars on a terminal: several at once, in any order, with lines below; plain lines elsewhere."""

import io
import re
from collections.abc import Iterator

import pytest
from rich.console import Console

from uig_cli import console, live_display
from uig_cli.console import harmless
from uig_cli.live_display import LiveScreen


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a terminal of 140 columns was sent."""
    sent = io.StringIO()

    def terminal(stderr: bool) -> Console:
        return Console(file=sent, force_terminal=True, width=140)

    monkeypatch.setattr(live_display, "Console", terminal)
    monkeypatch.setattr(live_display, "TOLD_EVERY", 0.0)
    return sent


def test_bars_begin_and_end_in_any_order(shown: io.StringIO) -> None:
    screen = LiveScreen(harmless)
    drawing, scoring = screen.bar("drawing", 4, "loops"), screen.bar("scoring", 2, "pictures")
    first = drawing.__enter__()
    second = scoring.__enter__()
    first.tell(lambda: ["repaired: a red circle"])
    second.tell(lambda: ["uig so far: 40.0 → \x1b[31m60.0"])
    first.advance(2, "3 pictures")
    second.advance(1)
    drawing.__exit__(None, None, None)
    second.advance(1)
    scoring.__exit__(None, None, None)
    text = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", shown.getvalue())
    for told in ("drawing", "2/4 loops", "3 pictures", "repaired: a red circle", "2/2 pictures"):
        assert told in text, told
    assert "uig so far: 40.0 → \\x1b[31m60.0" in text  # nobody's text reaches the terminal raw
    with screen.bar("again", 1, "x") as bar:  # the screen comes back
        bar.advance()
    assert "again" in shown.getvalue()


def test_lines_are_worked_out_when_it_is_time(
    monkeypatch: pytest.MonkeyPatch, shown: io.StringIO
) -> None:
    monkeypatch.setattr(live_display, "TOLD_EVERY", 1000.0)
    asked = []

    def lines() -> Iterator[str]:
        asked.append(1)
        yield "x"

    with LiveScreen(harmless).bar("drawing", 9, "loops") as bar:
        bar.tell(lines)
        for _ in range(9):
            bar.advance()
    assert len(asked) <= 1


def test_a_plain_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("uig_cli.console.time.monotonic", lambda: now[0])
    with console.progress("scoring", 100, "pictures") as bar:
        bar.tell(lambda: ["uig so far: 40.0 → 60.0, 7 cases", "12 replies"])
        for _ in range(100):
            now[0] += 0.5
            bar.advance(1, "exact")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == (
        "scoring: 30/100 pictures in 15.0s, 35.0s left, exact; uig so far: 40.0 → 60.0, 7 cases; "
        "12 replies"
    )
    assert len(lines) == 4 and lines[-1].startswith("scoring: 100/100 pictures in 50.0s, exact")
