"""Commands under trial: in this process, where thousands are run, or in one of their own."""

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pandas as pd

from tests.conftest import ROOT

QUICK = "python:tests/models_for_tests.py:Quick"
UNFORESEEN = re.compile(r"Traceback|met what it did not expect")


@dataclass(frozen=True, slots=True)
class Ended:
    """code: None where it was still running when its time was up."""

    code: int | None
    out: str
    err: str

    @property
    def trouble(self) -> str:
        """What no command may do, whatever it is given."""
        if self.code is None:
            return "hangs"
        found = UNFORESEEN.search(self.out + self.err)
        return f"{found[0]}: {' '.join(self.err.split())[-300:]}" if found else ""


def evaluation(out: Path, *more: object, limit: int = 4) -> list[object]:
    """A small evaluation that draws, examines, edits and scores."""
    return [
        "eval", "geneval", "--set", "built-in", "--limit", limit, "--samples", 1, "--rounds", 2,
        "--model", QUICK, "--method", "direct", "--method", "uig", "--detector", "exact",
        "--out", out, "--quiet", *more,
    ]  # fmt: skip


def here(words: Sequence[object], seconds: int = 20) -> Ended:
    """A command in this process."""
    from uig_cli.app import main

    before, code = sys.argv, 0
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    out, err = _Captured(), _Captured()
    sys.argv = ["uig", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(err), _no_longer_than(seconds):
            main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except _TimeIsUp:
        return Ended(None, out.text, err.text)
    except Exception as error:
        return Ended(1, out.text, f"{err.text}\nTraceback: {type(error).__name__}: {error}")
    finally:
        sys.argv = before
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return Ended(code, out.text, err.text)


def apart(
    words: Sequence[object], seconds: float = 120, more: Mapping[str, str] | None = None
) -> Ended:
    """A command in a process of its own."""
    try:
        done = subprocess.run(
            command_line(words), cwd=ROOT, env={**os.environ, **(more or {})},
            capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Ended(None, "", "")
    return Ended(done.returncode, done.stdout, done.stderr)


def command_line(words: Sequence[object]) -> list[str]:
    return [sys.executable, "-m", "uig_cli", *map(str, words)]


def scores(run: Path) -> pd.DataFrame:
    """Every picture's score, and what makes it missing."""
    steps = pd.read_csv(run / "tables" / "steps.csv")
    return steps[["case", "method", "step", "score", "missing"]]


class _Captured(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    @property
    def text(self) -> str:
        self.flush()
        content = self.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue().decode("utf-8", "replace")


class _TimeIsUp(BaseException):
    pass


@contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
