"""A tiny model works on one thread by itself, unless the user said how many."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

GENERATE = ["generate", "--prompt", "a red circle", "--num-timesteps", "2", "--quiet"]


def threads(out: Path, code: str, **environment: str) -> int:
    """torch's threads after a run of uig in a process of its own, as run.json records them."""
    inherited = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    words = [*GENERATE, "--model", "pocket", "--out", str(out)]
    program = (
        f"import sys; {code}\nfrom uig_cli.app import main; sys.argv = {['uig', *words]!r}; main()"
    )
    subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**inherited, **environment}, check=True
    )
    return int(json.loads((out / "run.json").read_text())["host"]["torch_threads"])


@pytest.mark.parametrize(
    ("code", "environment", "expected"),
    [
        ("pass", {}, 1),
        ("pass", {"OMP_NUM_THREADS": "2"}, 2),
        ("import torch; torch.set_num_threads(2)", {}, 2),
    ],
)
def test_threads_of_a_tiny_model(
    tmp_path: Path, code: str, environment: dict[str, str], expected: int
) -> None:
    assert threads(tmp_path / "r", code, **environment) == expected
