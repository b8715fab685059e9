"""One tiny checkpoint for all tests of BAGEL."""

from pathlib import Path

import pytest

from tests.tiny_bagel import write_tiny_checkpoint
from uig_cli.models.bagel.pipeline import Bagel


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bagel") / "checkpoint"
    write_tiny_checkpoint(folder)
    return folder


@pytest.fixture(scope="session")
def bagel(checkpoint: Path) -> Bagel:
    return Bagel.load(checkpoint, "cpu")
