"""Where golden data lies, and small models that every test may use."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of golden data beside the repository; tests that need it are skipped without."""
    if not SHARED.is_dir():
        pytest.skip("golden data ../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
def colors_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example of docs/adding-a-model.md as a Python file."""
    text = (ROOT / "docs" / "adding-a-model.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    path = tmp_path_factory.mktemp("model") / "colors.py"
    path.write_text(code, "utf-8")
    return path
