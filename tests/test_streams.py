"""Output whatever the terminal's encoding is, and where standard output is closed or full."""

import os
import subprocess
import sys
from pathlib import Path

UIG = [sys.executable, "-c", "from uig_cli.app import main; main()"]
PRINTS = r"""
import sys
from uig_cli import streams
streams.make_sound()
print("55.0 \u2013 a \u201cquoted\u201d cat, \u732b, half a pair \ud83d")
print("to error \u732b", file=sys.stderr)
"""


def said(encoding: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", PRINTS],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode(encoding), done.stderr.decode(encoding)


def test_what_an_encoding_lacks_is_shown_as_near_as_it_comes() -> None:
    out, error = said("ascii")
    assert out == '55.0 - a "quoted" cat, \\u732b, half a pair \\ud83d\n'
    assert error == "to error \\u732b\n"
    assert said("latin-1")[0] == out
    assert said("utf-8")[0] == "55.0 – a “quoted” cat, 猫, half a pair \\ud83d\n"


def test_a_closed_standard_output_takes_no_file_and_no_exit_code(tmp_path: Path) -> None:
    """A file that is opened later must not become file 1, into which others print."""
    script = (
        "import os; from uig_cli import streams; streams.make_sound();"
        "file = open('journal', 'w'); print('lost'); os.write(1, b'lost'); assert file.fileno() > 2"
    )
    for closed in (">&-", "<&- >&- 2>&-"):
        subprocess.run(
            ["sh", "-c", f'exec "$0" "$@" {closed}', sys.executable, "-c", script],
            cwd=tmp_path,
            check=True,
        )
        assert (tmp_path / "journal").read_bytes() == b""
    shown = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', *UIG, "--version"], check=False)
    assert shown.returncode == 0


def test_a_full_standard_output_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        shown = subprocess.run(
            [*UIG, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert shown.returncode == 1
    assert shown.stderr.startswith("error: the disk is full") and shown.stderr.count("\n") == 1
