"""The list of published scores: whole, sourced, found in a wheel, and matched with care."""

import csv
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from uig_cli.benchmarks.geneval import benchmark as geneval
from uig_cli.benchmarks.protocol import Source
from uig_cli.benchmarks.published import GAIN, counterpart, same_judge, scores
from uig_cli.benchmarks.tiif import OFFICIAL


def test_every_line_has_a_source_and_a_number_that_can_be() -> None:
    rows = list(
        csv.DictReader((ROOT / "results" / "published.csv").read_text("utf-8").splitlines())
    )
    assert len(rows) == len(scores()) > 200
    assert len(set(scores())) == len(scores())
    for row, score in zip(rows, scores(), strict=True):
        assert score.source and score.model and score.judge
        if score.metric.startswith(GAIN):
            continue
        assert 0 <= score.value <= 100
        share = 100 if row["benchmark"] == "geneval" else 1
        assert score.value == pytest.approx(float(row["value"]) * share)


def test_it_is_the_list_it_was_taken_from(shared: Path) -> None:
    given = (shared / "facts" / "published.csv").read_text("utf-8")
    kept = (ROOT / "results" / "published.csv").read_text("utf-8")
    assert set(given.splitlines()) <= set(kept.splitlines())


def test_numbers_known_from_elsewhere() -> None:
    known = {
        ("tiif-testmini", "long", "Qwen2.5-VL-72B", "Janus-Pro"): 61.10,
        ("geneval", "official prompts", "Mask2Former + CLIP", "BAGEL"): 82.0,
    }
    found = {
        (s.benchmark, s.split, s.judge, s.model): s.value for s in scores() if s.metric == "overall"
    }
    assert known.items() <= found.items()


@pytest.mark.parametrize(
    ("names", "judge"),
    [
        ({"openai:gpt-4o-2024-11-20"}, "GPT-4o"),
        ({"GPT-4o"}, "GPT-4o"),
        ({"openai", "gpt-4o"}, "GPT-4o"),
        ({"openai:Qwen/Qwen2.5-VL-72B-Instruct@http://127.0.0.1:8000/v1"}, "Qwen2.5-VL-72B"),
        ({"hf:/models/Qwen2.5-VL-72B-Instruct/"}, "Qwen2.5-VL-72B"),
        ({"hf-Qwen2-5-VL-72B-Instruct", "hf", "0" * 64}, "Qwen2.5-VL-72B"),
        ({"openai-gpt-4o-2024-08-06"}, "GPT-4o"),
        ({"gpt-4o-mini"}, None),
        ({"Qwen2.5-VL-7B-Instruct"}, None),
        ({"Qwen2.5-VL-72B-Instruct-AWQ"}, None),
        ({"self"}, None),
        (set(), None),
    ],
)
def test_judges_by_any_of_their_names(names: set[str], judge: str | None) -> None:
    assert same_judge(names, ["GPT-4o", "Qwen2.5-VL-72B", "not stated"]) == judge


def test_which_prompts_belong_beside_which_scores() -> None:
    whole = counterpart("tiif", "testmini", OFFICIAL["testmini"], "long")
    assert whole and (whole.benchmark, whole.split, whole.prompts) == ("tiif-testmini", "long", 277)
    assert whole.reasons == ()
    full = counterpart("tiif", "test", OFFICIAL["test"], "long")
    assert full and "set test" in full.reasons[0]
    own = counterpart("tiif", "testmini", "0" * 64, "long")
    assert own and "own prompts" in own.reasons[0]
    built_in = counterpart("tiif", "built-in", "0" * 64, "long")
    assert built_in and "built-in" in built_in.reasons[0]
    data = geneval.open(Source())
    plain = counterpart("geneval", data.set, data.prompts_hash, "")
    assert plain and plain.split == "official prompts" and plain.prompts == len(data.cases) == 553
    assert plain.reasons == ()
    rewritten = counterpart("geneval", data.set, "0" * 64, "rewritten")
    assert rewritten and rewritten.split == "rewritten prompts" and rewritten.reasons
    assert counterpart("prompts", "", "", "") is None


def test_official_sets_hold_as_many_prompts(shared: Path) -> None:
    from uig_cli.benchmarks.tiif import benchmark as tiif

    data = tiif.open(Source(split="short", set="testmini", data=shared / "data" / "tiif"))
    found = counterpart("tiif", data.set, data.prompts_hash, "short")
    assert found and found.prompts == len(data.cases) and not found.reasons


@pytest.mark.slow
def test_a_wheel_holds_the_list(tmp_path: Path) -> None:
    """Built from a copy, so that nothing is left in the checkout."""
    pytest.importorskip("setuptools", minversion="77", reason="the build needs setuptools 77")
    source = tmp_path / "source"
    for name in ("uig_cli", "benchmarks", "prompts"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=ignore)
    (source / "results").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "results/published.csv"):
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
               "--wheel-dir", str(tmp_path), str(source)]  # fmt: skip
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        held = packed.read("uig_cli/benchmarks/published.csv").decode("utf-8")
    assert held == (ROOT / "results" / "published.csv").read_text("utf-8")
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"uig_cli"}
