"""Whole commands over the seam: nothing but data crosses it, and signals end a run promptly."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from tests.engine.doubles import Pickled

QUICK = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"
FUNCTIONS = """
from dataclasses import replace
from tests.models_for_tests import Quick
class Functions(Quick):
    capabilities = replace(Quick.capabilities, passes=lambda request: 3, world="draws noise",
                           strange=lambda prompts: [p for p in prompts if "cat" in p])
"""
SLEEPS = """
import time
from tests.models_for_tests import Quick
class Sleeps(Quick):
    def run(self, requests):
        (__import__("pathlib").Path(__file__).parent / "asleep").touch()
        time.sleep(60)
        yield from super().run(requests)
"""


def journal(run: Path) -> list[Any]:
    lines = [json.loads(line) for line in (run / "journal" / "0-of-1.jsonl").open("rb")]
    for line in lines:
        del line["at"]
        line.get("cost", {}).pop("seconds", None)
    return lines


def pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("model_worker", "answers"):
        monkeypatch.setattr(f"uig_cli.engine.{room}.InProcess", Pickled)
    monkeypatch.setattr(Pickled, "crossed", 0)


@pytest.mark.parametrize("model", [QUICK, "pocket"])
def test_a_worker_that_is_told_everything_by_pickle(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    words = ["eval", "tiif", "--set", "built-in", "--split", "short", "--limit", "4", "--rounds",
             "1", "--judge", "self", "--model", model]  # fmt: skip
    assert uig(*words, "--out", tmp_path / "plain").code == 0
    pickled(monkeypatch)
    done = uig(*words, "--out", tmp_path / "pickled")
    assert done.code == 0, done.err
    assert Pickled.crossed > 10
    assert journal(tmp_path / "plain") == journal(tmp_path / "pickled")
    for name in ("questions", "summary"):
        plain, other = (
            pd.read_csv(tmp_path / run / "tables" / f"{name}.csv") for run in ("plain", "pickled")
        )
        pd.testing.assert_frame_equal(plain, other)


def test_functions_of_a_model_are_asked_before_a_run(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.py").write_text(FUNCTIONS)
    pickled(monkeypatch)
    done = uig("refine", "--model", f"python:{tmp_path / 'm.py'}:Functions", "--prompt", "a cat",
               "--prompt", "a dog", "--rounds", "1", "--out", tmp_path / "r")  # fmt: skip
    assert done.code == 0, done.err
    assert "at most 4 pictures and 24 decoder passes" in done.err  # draw, look, edit, look: twice
    assert "draws noise; words that it does not know stand beside 1 prompt\n" in done.err
    assert done.out.count("no word of it: a cat") == done.out.count("no word of it") == 1


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("num_timesteps=1", "got 1, expected a number from 2 up"),
        ("renorm=much", 'got "much", expected global or channel or text_channel'),
    ],
)
def test_what_a_setting_may_be_is_checked_before_a_run(
    uig: Uig, tmp_path: Path, setting: str, said: str
) -> None:
    words = ["generate", "--prompt", "a red circle", "--sampler", setting]
    refused = uig(*words, "--out", tmp_path / "r")
    assert refused.code == 2 and said in refused.err
    assert not (tmp_path / "r" / "run.json").exists()


def stopped(words: list[object], ready: Path, size: int, number: int) -> tuple[int, str, float]:
    """Starts a command, sends it a signal once a file has so many bytes; its exit code, what it
    said, and how many seconds it took to end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "uig_cli", *map(str, words)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (ready.exists() and ready.stat().st_size >= size):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(number)
    began = time.monotonic()
    _, told = process.communicate(timeout=60)
    return process.returncode, told, time.monotonic() - began


def test_a_signal_while_the_model_is_at_work(uig: Uig, tmp_path: Path) -> None:
    words: list[object] = ["eval", "tiif", "--set", "built-in", "--split", "short", "--limit", "12",
                           "--rounds", "1", "--out"]  # fmt: skip
    lines = tmp_path / "r" / "journal" / "0-of-1.jsonl"
    ended, told, took = stopped([*words, tmp_path / "r"], lines, 1000, signal.SIGINT)
    assert ended == 130 and "same command again" in told and "Traceback" not in told
    assert took < 10
    finished = {line["key"] for line in journal(tmp_path / "r")}
    assert uig(*words, tmp_path / "r").code == 0
    keys = [line["key"] for line in journal(tmp_path / "r")]
    assert finished < set(keys) and len(keys) == len(set(keys))


def test_a_signal_while_the_model_cannot_hear_it(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(SLEEPS)
    model = f"python:{tmp_path / 'm.py'}:Sleeps"
    words = ["generate", "--prompt", "a", "--model", model, "--out", tmp_path / "r"]
    ended, told, took = stopped(words, tmp_path / "asleep", 0, signal.SIGTERM)
    assert ended == 143 and "Traceback" not in told
    assert took < 20
