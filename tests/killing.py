"""Commands that are killed in the middle, as schedulers and people do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT


def killed_in_the_middle(
    out: Path, words: list[object], lines: int, more: Mapping[str, str] | None = None
) -> None:
    """Starts the command, and kills it with SIGKILL once the journal holds so many lines.

    more: environment variables.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "uig_cli", *map(str, words)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **(more or {})},
    )  # fmt: skip
    journal = out / "journal" / "0-of-1.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if journal.exists() and journal.read_bytes().count(b"\n") >= lines:
            break
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
