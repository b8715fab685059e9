"""Where golden data lies, and small models that every test may use."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, and no clock: a busy machine must not fail a property. New
# examples are looked for with HYPOTHESIS_PROFILE=random.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of golden data beside the repository; tests that need it are skipped without."""
    if not SHARED.is_dir():
        pytest.skip("golden data ../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
def colors_file() -> Path:
    """The example of docs/adding-a-model.md."""
    return ROOT / "docs" / "examples" / "model.py"


@pytest.fixture(autouse=True)
def _as_in_a_new_process() -> Iterator[None]:
    """What plug-ins a test knew of is no other test's affair."""
    from uig_cli import registry

    yield
    registry.forget()


@dataclass(frozen=True)
class Said:
    """What a command left behind. code: its exit code."""

    code: int
    out: str
    err: str


Uig = Callable[..., Said]


@pytest.fixture
def uig(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Uig]:
    """Runs a `uig` command in this process, as the console script would."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*words: object) -> Said:
        from uig_cli import registry
        from uig_cli.app import main

        registry.forget()
        monkeypatch.setattr(sys, "argv", ["uig", *map(str, words)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        out, err = capsys.readouterr()
        return Said(code, out, err)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)
