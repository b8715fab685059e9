"""RUN[:METHOD[@STEP]]: the run is the longest part that exists."""

from pathlib import Path

import pytest

from uig_cli.compare.pairing import parse
from uig_cli.errors import UigError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("run", "run:uig", "a:b/c"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "run", "method", "step"),
    [
        ("run", "run", None, None),
        ("run:direct", "run", "direct", None),
        ("run:uig", "run:uig", None, None),
        ("run:uig:uig@2", "run:uig", "uig", 2),
        ("a:b/c:uig@final", "a:b/c", "uig", None),
        ("run:best-of-n:n=4,score=verdict@1", "run", "best-of-n:n=4,score=verdict", 1),
        ("run:best-of-n:judge=hf:a@b", "run", "best-of-n:judge=hf:a@b", None),
        ("gone:uig@1", "gone", "uig", 1),
        ("gone:best-of-n:n=4", "gone", "best-of-n:n=4", None),
    ],
)
def test_a_side(here: Path, text: str, run: str, method: str | None, step: int | None) -> None:
    assert parse(text) == (Path(run), method, step)


@pytest.mark.parametrize("text", ["run:", "run:uig@x", "run:@1", "run:uig@"])
def test_what_is_no_side(here: Path, text: str) -> None:
    with pytest.raises(UigError, match="expected RUN"):
        parse(text)
