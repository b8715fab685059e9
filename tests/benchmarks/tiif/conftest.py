import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"

Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def official() -> Path:
    folder = SHARED / "data" / "tiif"
    if not folder.is_dir():
        pytest.skip("TIIF's data are not here: expected them in ../shared/data/tiif")
    return folder


@pytest.fixture(scope="session")
def sample() -> Path:
    return SAMPLE


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the sample that a test may spoil."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "tiif"))


@pytest.fixture
def rewrite() -> Callable[[Path, Callable[[Rows], Rows]], None]:
    """Rewrites a JSON-lines file through a function of its rows."""

    def apply(path: Path, change: Callable[[Rows], Rows]) -> None:
        rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
        path.write_text("".join(json.dumps(row) + "\n" for row in change(rows)), "utf-8")

    return apply
