"""What the study runs: settings with headroom, seeds, methods. A cell is a run folder of its own,
so that whatever is stopped goes on where it was."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

FOLDER = ROOT / "results" / "study"
"""Of run folders; what comes of them is kept in results/study.json."""

SEEDS, FRESH_SEEDS = (0, 1, 2), (3, 4, 5)
"""For choosing among methods, and for confirming what was chosen."""

LOOKS = ("look.max_text_tokens=256", "look.stop_repetition=3")

PLAIN = ("direct", "uig", "redraw", "uig-empty", "uig-partner")
SCORES = ("denials", "pocket-faults", "p-match", "verdict")
KEEPING = tuple(f"uig:keep={keep},score={score}" for keep in ("best", "accept") for score in SCORES)
RIVALS = tuple(
    f"best-of-n:budget={budget},score={score}" for budget in ("uig", "uig-mean") for score in SCORES
)
CURVE = ("best-of-n:n=6,score=denials",)
METHODS = (*PLAIN, *KEEPING, *RIVALS, *CURVE)
"""Those of the study."""

MORE = (
    "uig:keep=accept,repair=redraw,score=pocket-faults",
    "uig:keep=accept,repair=auto,score=pocket-faults",
    "redraw:keep=accept,score=pocket-faults",
    "think",
    "decompose",
    "uig-reference",
    "uig:style=all",
    "uig:style=worst",
    "uig:style=description",
)
"""What `--full` adds."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A set and the sampler settings that leave headroom on it."""

    name: str
    told: str
    benchmark: str
    words: tuple[str, ...]


HARD = Setting(
    "hard",
    "built-in-hard, long wording, drawn in 25 timesteps, edited in 10",
    "tiif",
    ("--set", "built-in-hard", "--split", "long", "--sampler", "edit.num_timesteps=10",
     *(word for look in LOOKS for word in ("--sampler", look))),
)  # fmt: skip
WEAK = Setting(
    "weak",
    "built-in, 88 lines, long wording, drawn in 4 timesteps, edited in 10 (--preset weak-drawing)",
    "tiif",
    ("--set", "built-in", "--split", "long", "--limit", "88", "--preset", "weak-drawing"),
)
UNSEEN = Setting(
    "unseen",
    "lines 24-47 of each family of built-in-hard, as hard otherwise",
    f"{ROOT / 'tests' / 'study' / 'unseen.py'}:BENCHMARK",
    HARD.words,
)
SETTINGS = {one.name: one for one in (HARD, WEAK, UNSEEN)}


@dataclass(frozen=True, slots=True)
class Variant:
    """A change that is no method's: its name in folders, what it changes, by which words."""

    name: str = ""
    told: str = ""
    words: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("uig",)


AS_CHOSEN = Variant()
ORACLE = Variant("oracle", "examined by who knows", ("--examiner", "oracle"), ("direct", "uig"))
"""Examined by whoever knows what was asked for."""

OTHERWISE = ROOT / "tests" / "study" / "examine-otherwise.txt"

FULL = (
    Variant("more", "other methods", (), MORE),
    Variant("rounds", "6 rounds", ("--rounds", "6"), ("uig", "uig:keep=best,score=denials")),
    Variant("thoughts", "thoughts kept in instructions", ("--verdict", "reference")),
    Variant("wording", "examined in other words", ("--template", f"examine={OTHERWISE}")),
)
"""What `--full` runs beside the study."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One run."""

    setting: Setting
    seed: int
    methods: tuple[str, ...]
    variant: Variant = AS_CHOSEN

    @property
    def folder(self) -> Path:
        words = (self.setting.name, self.variant.name, str(self.seed))
        return FOLDER / "-".join(word for word in words if word)

    def command(self) -> list[str]:
        methods = [word for method in self.methods for word in ("--method", method)]
        return [
            sys.executable, "-m", "uig_cli", "eval", self.setting.benchmark, *self.setting.words,
            *methods, *self.variant.words, "--seed", str(self.seed), "--out", str(self.folder),
            "--links", "none", "--quiet",
        ]  # fmt: skip


def study_cells() -> Iterator[Cell]:
    """The cells by which methods are chosen, those of a seed side by side."""
    for seed in SEEDS:
        for setting in (HARD, WEAK):
            yield Cell(setting, seed, METHODS)
            yield Cell(setting, seed, ORACLE.methods, ORACLE)


def full_cells() -> Iterator[Cell]:
    """What `--full` adds."""
    for seed in SEEDS:
        for setting in (HARD, WEAK):
            for variant in FULL:
                yield Cell(setting, seed, variant.methods, variant)


def confirming_cells(methods: Sequence[str]) -> Iterator[Cell]:
    """The cells that confirm: new seeds, and lines that nobody has looked at."""
    for seed in FRESH_SEEDS:
        for setting in (HARD, WEAK, UNSEEN):
            yield Cell(setting, seed, tuple(methods))


def run_all(cells: Iterable[Cell], processes: int = 2) -> None:
    """Each in a process of its own, one thread each. Raises RuntimeError for one that fails."""

    def run(cell: Cell) -> None:
        done = subprocess.run(
            cell.command(),
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{cell.folder.name}: {done.stderr.strip()[-400:]}")
        print(f"{cell.folder.name}: done", flush=True)

    FOLDER.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(run, cells))
