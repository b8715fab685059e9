"""SIGKILL at a random moment, in one process or in one of two shards; then the same command again.

Nothing that is journalled may be drawn twice, no half file may stay, and the tables must be those
of a run that nobody disturbed.
"""

import json
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.campaign.commands import apart, command_line, evaluation, scores
from tests.conftest import ROOT

LIMIT = 12
LONGEST = 4.0
"""Seconds after which a command is killed at the latest; undisturbed it takes about three."""


def trials(count: int, seed: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole"
        done = apart(evaluation(whole, limit=LIMIT))
        assert done.code == 0, done.err
        for number in range(count):
            yield _trial(Path(place) / str(number), whole, random.Random(f"{seed}/{number}"))


def _trial(run: Path, whole: Path, rng: random.Random) -> str:
    shards = ["--shard", f"{rng.randrange(2)}/2"] if rng.random() < 0.5 else []
    _killed(evaluation(run, *shards, limit=LIMIT), rng.uniform(0.3, LONGEST))
    for shard in (["--shard", "0/2"], ["--shard", "1/2"]) if shards else ([],):
        again = apart(evaluation(run, *shard, limit=LIMIT))
        if again.trouble or again.code != 0:
            return again.trouble or f"exit {again.code}: {again.err[-300:]}"
    if not scores(run).equals(scores(whole)):
        return "other tables than those of an undisturbed run"
    if half := [path.name for path in run.rglob(".*") if path.name != ".lock"]:
        return f"half files stayed: {half[:3]}"
    return _twice(run)


def _killed(words: list[object], seconds: float) -> None:
    process = subprocess.Popen(
        command_line(words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _twice(run: Path) -> str:
    lines = [
        json.loads(line) for file in run.glob("journal/*.jsonl")
        for line in file.read_text("utf-8").splitlines()
    ]  # fmt: skip
    shared = len(list(run.glob("journal/*.jsonl"))) > 1  # shards may both need a picture
    keys = Counter(line["key"] for line in lines)
    twice = [key for key, times in keys.items() if times > 1]
    return f"{len(twice)} requests were journalled twice" if twice and not shared else ""
