"""The workflow file of docs/ci.md does what it says: its own commands, run as they stand there."""

import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.conftest import ROOT

RECIPE = ROOT / "docs" / "recipes" / "regression.yml"


def steps() -> dict[str, str]:
    jobs = yaml.safe_load(RECIPE.read_text("utf-8"))["jobs"]
    return {step["name"]: step["run"] for step in jobs["regression"]["steps"] if "run" in step}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    assert words[0] == "uig"
    return subprocess.run(
        [sys.executable, "-m", "uig_cli", *words[1:]], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.slow
def test_the_recipe_draws_and_passes_its_gate(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    (folder / "results").mkdir(parents=True)
    for reference in (ROOT / "results").glob("reference-*.json"):
        (folder / "results" / reference.name).write_bytes(reference.read_bytes())
    drawn = run(steps()["draw and score"], folder)
    assert drawn.returncode == 0, drawn.stderr
    gated = run(steps()["gate"], folder)
    assert gated.returncode == 0, gated.stdout + gated.stderr
    assert "GATE PASSED tiif/short overall uig@final" in gated.stdout
    suite = ElementTree.parse(folder / "results" / "gate.xml").getroot()
    assert suite.find(".//testcase") is not None and suite.find(".//failure") is None
    assert "overall" in (folder / "results" / "gate.md").read_text("utf-8")


def test_the_page_shows_the_commands_of_the_recipe() -> None:
    page = " ".join((ROOT / "docs" / "ci.md").read_text("utf-8").split())
    gate = steps()["gate"].split(" --split")[0]
    assert gate in page
    assert "recipes/regression.yml" in page
