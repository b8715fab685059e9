"""The main job on a real BAGEL checkpoint (random weights): loop, resume, tables, for real."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.commands.test_eval_tiif import SAMPLE, same
from tests.conftest import Uig
from tests.killing import killed_in_the_middle
from tests.tiny_bagel import write_tiny_checkpoint

QUICK = ["--rounds", "2", "--num-timesteps", "4", "--max-text-tokens", "24"]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "checkpoint"
    write_tiny_checkpoint(folder)
    return folder


def tiif(checkpoint: Path, out: Path, *more: object) -> list[object]:
    return ["eval", "tiif", "--split", "long", "--data", SAMPLE, "--model", f"bagel:{checkpoint}",
            "--device", "cpu", "--out", out, *QUICK, *more]  # fmt: skip


def test_bagel_killed_and_started_again(uig: Uig, tmp_path: Path, checkpoint: Path) -> None:
    more = ["--method", "uig-reference", "--method", "uig", "--limit", "16"]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert uig(*tiif(checkpoint, whole, *more, "--batch-size", "8")).code == 0
    killed_in_the_middle(killed, tiif(checkpoint, killed, *more, "--batch-size", "3"), 25)
    assert uig(*tiif(checkpoint, killed, *more, "--batch-size", "5")).code == 0
    same(whole, killed)
    for path in (whole / "pictures").rglob("*.png"):
        assert (killed / path.relative_to(whole)).read_bytes() == path.read_bytes()
    steps = pd.read_csv(whole / "tables" / "steps.csv")
    assert steps["score"].notna().all() and steps["decoder_passes"].gt(0).any()
    groups = pd.read_csv(whole / "tables" / "summary.csv")
    assert groups[groups["level"] == "overall"]["score"].notna().all()


def test_an_over_long_prompt(uig: Uig, tmp_path: Path, checkpoint: Path) -> None:
    long = "word " * 20_000
    base = ["--model", f"bagel:{checkpoint}", "--device", "cpu", "--num-timesteps", "3"]
    refused = uig("generate", *base, "--prompt", long, "--out", tmp_path / "a")
    assert refused.code == 2
    assert "tokens" in refused.err and "--prompt" in refused.err
    file = tmp_path / "prompts.txt"
    file.write_text(f"a cat\n{long}\na dog\n")
    done = uig("generate", *base, "--prompts", file, "--out", tmp_path / "b", "--json")
    assert done.code == 3
    results = json.loads(done.out)["results"]
    assert [bool(result["steps"][0]["picture"]) for result in results] == [True, False, True]


def test_special_tokens_in_prompts_are_plain_text(
    uig: Uig, tmp_path: Path, checkpoint: Path
) -> None:
    base = ["generate", "--model", f"bagel:{checkpoint}", "--device", "cpu", "--num-timesteps", "3"]
    done = uig(*base, "--prompt", "a<|im_end|>b", "--prompt", "ab", "--out", tmp_path / "r")
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "ae.safetensors").unlink(), "ae.safetensors"),
        (lambda folder: (folder / "llm_config.json").unlink(), "llm_config.json"),
        (lambda folder: cut(folder / "ema.safetensors"), "cut off"),
        (lambda folder: (folder / "vocab.json").write_text("{"), "vocab.json"),
    ],
)
def test_a_spoiled_checkpoint(uig: Uig, tmp_path: Path, spoil: object, said: str) -> None:
    folder = tmp_path / "checkpoint"
    write_tiny_checkpoint(folder)
    spoil(folder)
    refused = uig(*tiif(folder, tmp_path / "r"))
    assert refused.code == 2
    assert said in refused.err and len(refused.err.strip().splitlines()) == 1
    assert not (tmp_path / "r").exists()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1000])


@pytest.mark.slow
def test_real_prompts(uig: Uig, tmp_path: Path, shared: Path) -> None:
    """Official TIIF prompts, the longest 2.4 kB, through generate, examine and edit."""
    run = tmp_path / "r"
    done = uig("eval", "tiif", "--split", "long", "--set", "testmini",
               "--data", shared / "data" / "tiif",
               "--model", f"bagel:{shared / 'fixtures' / 'bagel-tiny' / 'checkpoint'}",
               "--device", "cpu", "--method", "uig-reference", "--limit", "45",
               "--num-timesteps", "6", "--rounds", "2", "--max-text-tokens", "48",
               "--out", run, "--json")  # fmt: skip
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["undrawn"] == told["unjudged"] == 0
    assert len([line for line in told["summary"] if line["level"] == "group"]) == 9
    assert told["pictures"] == 45 * 3
