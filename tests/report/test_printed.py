"""Nobody's text can look like a line of ours, or move the cursor."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.console import harmless, in_lines, say
from uig_cli.report.printed import PlainTable, Printed

FORGED = "uig\nGATE PASSED tiif/long\r\x1b[2J\u2028GATE PASSED \u202egnihton"


@given(st.text())
def test_a_harmless_text_is_one_line_and_says_all(text: str) -> None:
    shown = harmless(text)
    assert shown.splitlines() in ([], [shown])
    kinds = {unicodedata.category(c) for c in shown if c != "\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert all(c in shown for c in text if c.isprintable())
    for line in in_lines(text)[1:]:
        assert line.startswith("    ") and line.splitlines() == [line]


def test_lines_cells_and_titles_stay_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    out = Printed()
    out.line(FORGED)
    out.passage(f"a thought\n{FORGED}")
    out.notes([FORGED])
    table = PlainTable(FORGED, FORGED, "score")
    table.row(FORGED, 12.5)
    out.table(table)
    say(f"error: {FORGED}")
    told = capsys.readouterr()
    lines = [*told.out.splitlines(), *told.err.splitlines()]
    assert not any(line.lstrip(" │").startswith("GATE") for line in lines if line[:8].strip())
    assert "\x1b" not in told.out and "\u202e" not in told.out + told.err
    assert told.err == (
        "error: uig\\nGATE PASSED tiif/long\\r\\x1b[2J\\u2028GATE PASSED \\u202egnihton\n"
    )
    assert len(told.out.splitlines()) == 1 + 5 + 1 + 6


def test_a_table_shows_brackets_and_figures_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    table = PlainTable("[bold]head[/]", "name", "95 %")
    table.row("[red]a[/red]", "[89.1, 99.7]", style="bold")
    Printed().table(table)
    out = capsys.readouterr().out
    assert "[bold]head[/]" in out and "[red]a[/red]" in out and "[89.1, 99.7]" in out
