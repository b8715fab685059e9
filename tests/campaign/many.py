"""Many prompts in one run: all are drawn, and memory grows little beside what a few take."""

import resource
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tests.campaign.commands import QUICK, command_line
from tests.conftest import ROOT

FEW = 500
MOST_MEGABYTES = 1_500


def trials(count: int, seed: int) -> Iterator[str]:
    """count: prompts; one trial each for drawing them and for finding nothing left to do."""
    with tempfile.TemporaryDirectory() as place:
        prompts = Path(place) / "prompts.txt"
        prompts.write_text("".join(f"picture {number} of {seed}\n" for number in range(count)))
        run = Path(place) / "r"
        words = ["generate", "--prompts", prompts, "--model", QUICK, "--out", run, "--quiet"]
        for told in ("draws", "finds nothing to do"):
            done = subprocess.run(
                command_line(words), cwd=ROOT, capture_output=True, text=True, check=False
            )
            megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            if done.returncode != 0 or "Traceback" in done.stderr:
                yield f"{told}: exit {done.returncode}: {done.stderr[-300:]}"
            elif len(pd.read_csv(run / "tables" / "steps.csv")) != count:
                yield f"{told}: not a row for each prompt"
            elif megabytes > MOST_MEGABYTES:
                yield f"{told}: took {megabytes:.0f} MB"
            else:
                yield ""
