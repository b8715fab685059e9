"""What a shell offers: runs, their methods and cases, dimensions; and nothing where something is
wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from uig_cli import completions
from uig_cli.benchmarks import registry
from uig_cli.benchmarks.protocol import Source


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("results/tiif-a", "results/geneval-b", "other/mine"):
        folder = tmp_path / name
        (folder / "cases").mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps({"methods": ["direct", "uig:keep=best"]}))
        lines = [json.dumps({"id": f"{name}/{n}"}) for n in range(3)]
        (folder / "cases" / "0-of-1.jsonl").write_text("\n".join(lines) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def on_line(**values: object) -> Any:
    return SimpleNamespace(params=values)


def test_runs(here: Path) -> None:
    assert completions.runs("") == ["results/geneval-b", "results/tiif-a", "other/", "results/"]
    assert completions.runs("ti") == ["results/tiif-a"]
    assert completions.runs("results/g") == ["results/geneval-b"]
    assert completions.runs("other/") == ["other/mine"]
    assert completions.runs("nowhere/x") == []


def test_sides(here: Path) -> None:
    assert completions.sides("results/t") == ["results/tiif-a"]
    assert completions.sides("results/tiif-a:") == [
        "results/tiif-a:direct", "results/tiif-a:uig:keep=best",
    ]  # fmt: skip
    assert completions.sides("results/tiif-a:u") == ["results/tiif-a:uig:keep=best"]
    assert completions.sides("none:") == []


def test_cases(here: Path) -> None:
    run = on_line(run="results/tiif-a")
    assert completions.cases(run, "results/tiif-a/1") == ["results/tiif-a/1"]
    assert len(completions.cases(run, "")) == 3
    (here / "results/tiif-a/cases/0-of-1.jsonl").write_text("{no json")
    assert completions.cases(run, "") == [] == completions.cases(on_line(), "")


@pytest.mark.parametrize("name", ["tiif", "geneval"])
def test_cards_name_every_dimension_of_their_built_in_sets(name: str) -> None:
    benchmark = registry.benchmark(name)
    split = benchmark.card.splits[0] if benchmark.card.splits else None
    for chosen in ("built-in", "built-in-hard"):
        found = {case.dimension for case in benchmark.open(Source(split, chosen)).cases}
        assert found <= set(benchmark.card.dimensions)
    assert completions.dimensions(on_line(name=name), "co") == [
        one for one in benchmark.card.dimensions if one.startswith("co")
    ]
    assert completions.dimensions(on_line(name="other"), "") == []


def test_a_shell_is_answered(here: Path) -> None:
    """As bash asks: through the environment."""
    asked = {**os.environ, "_UIG_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    for line, wanted in (
        ("uig compare results/ti", "results/tiif-a"),
        ("uig show results/tiif-a", "results/tiif-a"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "uig_cli"],
            env={**asked, "COMP_WORDS": line},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert wanted in done.stdout.splitlines(), done.stderr
