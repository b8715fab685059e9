"""A disk that is full at some moment: a file system in memory, of another size each time.

It needs a namespace of its own, which an ordinary user of most Linux machines may make. A run that
fills the disk must say so in a sentence; given more room it goes on, to the tables of a run that
had room from the start.
"""

import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.campaign.commands import UNFORESEEN, apart, command_line, evaluation, scores
from tests.conftest import ROOT

LIMIT = 12
SMALLEST, LARGEST = 16, 220
"""Kilobytes; the whole run takes more than the largest."""


def trials(count: int, seed: int) -> Iterator[str]:
    if shutil.which("unshare") is None or subprocess.run(_inside("true"), check=False).returncode:
        yield "left out: no file system can be made here without the rights of an administrator"
        return
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole"
        assert apart(evaluation(whole, limit=LIMIT)).code == 0
        for number in range(count):
            size = random.Random(f"{seed}/{number}").randint(SMALLEST, LARGEST)
            yield _trial(Path(place) / str(number), whole, size)


def _trial(kept: Path, whole: Path, kilobytes: int) -> str:
    kept.mkdir()
    command = " ".join(map(repr, command_line(evaluation(Path("$0/disk/r"), limit=LIMIT))))
    command = command.replace("'$0/disk/r'", '"$0/disk/r"')
    script = (
        f'mkdir "$0/disk" && mount -t tmpfs -o size={kilobytes}k tmpfs "$0/disk" && {{ {command}; '
        'code=$?; cp -a "$0/disk/r" "$0/r" 2> /dev/null; exit $code; }'
    )
    done = subprocess.run(
        [*_inside("sh", "-c", script), str(kept)], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    told = f"{kilobytes} kB: "
    if UNFORESEEN.search(done.stderr):
        return told + done.stderr[-300:]
    if done.returncode == 0 or "disk is full" not in done.stderr:
        return f"{told}exit {done.returncode} without a word of a full disk: {done.stderr[-200:]}"
    again = apart(evaluation(kept / "r", limit=LIMIT))
    if again.code != 0:
        return f"{told}cannot go on: {again.err[-300:]}"
    return "" if scores(kept / "r").equals(scores(whole)) else f"{told}other tables"


def _inside(*words: str) -> list[str]:
    return ["unshare", "--user", "--map-root-user", "--mount", *words]
