"""Processes train together: shares of a batch, the gradient of all, the first one's files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.conftest import ROOT
from uig_cli.training.distributed import average_gradients, gathered, once, rank, share, size
from uig_cli.training.recipe import SMOKE_PLAN
from uig_cli.training.state_files import read_state

WORKER = """
import sys
from pathlib import Path
import torch
from uig_cli.training.distributed import average_gradients, gathered, once, rank, share, size

folder = Path(sys.argv[1])
with gathered():
    once(lambda: (folder / f"made-{rank()}").touch())
    assert [file.name for file in folder.glob("made-*")] == ["made-0"], "the first alone makes it"
    torch.manual_seed(0)
    module, batch = torch.nn.Linear(3, 2), torch.randn(8, 3)
    module(torch.stack(list(share(list(batch))))).square().mean().backward()
    average_gradients(module)
    torch.save(module.weight.grad, folder / f"gradient-{rank()}.pt")
"""


WHOLE = """
import sys
from pathlib import Path
import torch
from dataclasses import replace
from uig_cli.training.recipe import SMOKE_PLAN
from uig_cli.training.distributed import gathered
from uig_cli.training.make import make

torch.set_num_threads(1)
folder = Path(sys.argv[1])
with gathered():
    terms = tuple(replace(t, batch=dict.fromkeys(t.batch, 4)) for t in SMOKE_PLAN.network)
    plan = replace(SMOKE_PLAN, pictures=3, glances=3, network=terms)
    make(plan, folder / "states", folder / "checkpoint")
"""


def in_processes(number: int, script: str, folder: Path) -> None:
    worker = folder / "worker.py"
    worker.write_text(script, "utf-8")
    run = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    done = subprocess.run(
        [*run, "--nproc-per-node", str(number), str(worker), str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.slow
def test_two_processes_find_the_gradient_of_the_whole_batch(tmp_path: Path) -> None:
    in_processes(2, WORKER, tmp_path)
    torch.manual_seed(0)
    module, batch = torch.nn.Linear(3, 2), torch.randn(8, 3)
    module(batch).square().mean().backward()
    for number in (0, 1):
        found = torch.load(tmp_path / f"gradient-{number}.pt")
        torch.testing.assert_close(found, module.weight.grad)


@pytest.mark.slow
def test_three_processes_make_a_whole_checkpoint_and_find_it_made(tmp_path: Path) -> None:
    in_processes(3, WHOLE, tmp_path)
    written = {path: path.read_bytes() for path in (tmp_path / "checkpoint").iterdir()}
    assert {"ema.safetensors", "ae.safetensors", "vocab.json"} <= {path.name for path in written}
    last = read_state(tmp_path / "states" / "network-2.pt")
    assert last["step"] == SMOKE_PLAN.network[1].course.steps
    in_processes(3, WHOLE, tmp_path)
    assert {path: path.read_bytes() for path in written} == written


def test_alone_everything_is_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    done: list[str] = []
    with gathered():
        assert (rank(), size(), share([1, 2, 3])) == (0, 1, [1, 2, 3])
        once(lambda: done.append("once"))
        assert done == ["once"]
        module = torch.nn.Linear(1, 1, bias=False)
        module(torch.ones(1, 1)).sum().backward()
        average_gradients(module)
        assert module.weight.grad.item() == 1
