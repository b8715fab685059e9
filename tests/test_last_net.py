"""What nobody foresaw is told in a sentence that says what to report, and is no traceback."""

import pytest

from tests.conftest import Uig
from uig_cli import api


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("a slip\nof ours"), RecursionError(), MemoryError(), KeyError("x")]
)
def test_the_last_net(uig: Uig, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*given: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(api, "generate", fails)
    ended = uig("generate", "--prompt", "a cat")
    assert ended.code == 1 and ended.out == ""
    assert ended.err.count("\n") == 1 and "Traceback" not in ended.err
    name = type(error).__name__
    assert f"met what it did not expect ({name} at test_last_net.py:" in ended.err
    assert "Please report this line and the command" in ended.err and "UIG_DEBUG=1" in ended.err


def test_debugging_shows_where(uig: Uig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "generate", lambda *given, **more: {}["x"])
    monkeypatch.setenv("UIG_DEBUG", "1")
    ended = uig("generate", "--prompt", "a cat")
    assert ended.code == 1 and "Traceback" in ended.err
