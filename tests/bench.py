"""make bench: how fast, how much memory, on this machine. Prints Markdown tables; tests nothing.

Times are medians of a few runs in one process; compare rows of one table, not tables of two days.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import torch
from PIL import Image

from tests.conftest import SHARED
from tests.judge_server import Heard, said, serving
from tests.judge_server import Reply as ServerReply
from tests.tiny_bagel import write_tiny_checkpoint
from uig_cli.loop.methods import method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.protocol import Picture, Reply
from uig_cli.scoring.protocol import Asked
from uig_cli.scoring.registry import named
from uig_cli.scoring.terms import Terms
from uig_cli.templates import load_all

PROMPT = "a small green tree next to a large yellow house"


def timed(work: Callable[[], object], runs: int = 3) -> float:
    work()
    found = []
    for _ in range(runs):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return median(found)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    head = list(head)
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(f"{x:.3g}" if isinstance(x, float) else str(x) for x in row) + " |")
    print()


def loops(bagel: Bagel, settings: MethodSettings, batch: int) -> Callable[[], None]:
    """`batch` whole loops of uig-reference, their requests answered together."""

    def run() -> None:
        talks = [
            method("uig-reference").run(DrawTask(f"case/{i}", PROMPT), settings)
            for i in range(batch)
        ]
        waiting = {i: next(talk)[0] for i, talk in enumerate(talks)}
        while waiting:
            order = list(waiting)
            replies: dict[int, Reply] = dict(bagel.run([waiting[i] for i in order]))
            for place, i in enumerate(order):
                try:
                    waiting[i] = talks[i].send([replies[place]])[0]
                except StopIteration:
                    del waiting[i]

    return run


def settings_of(size: tuple[int, int], points: int, tokens: int, rounds: int) -> MethodSettings:
    flow = {"num_timesteps": points, "max_text_tokens": tokens}
    samplers = {"draw": flow, "edit": flow, "look": {"max_text_tokens": tokens}}
    return MethodSettings(load_all({}), rounds, "reference", size, samplers)  # type: ignore[arg-type]


def bagel_rows(bagel: Bagel, name: str, device: str, dtype: str) -> None:
    print(f"### The loop: draw, then two rounds of examine and edit ({name})\n")
    rows = []
    cases = (((64, 64), 8, 24, (1, 8)), ((128, 128), 50, 200, (1,)))
    for threads in (1, 2) if device == "cpu" else (1,):
        torch.set_num_threads(threads)
        for size, points, tokens, batches in cases:
            if bagel.capabilities.max_side and max(size) > bagel.capabilities.max_side:
                continue
            for batch in batches:
                work = loops(bagel, settings_of(size, points, tokens, 2), batch)
                seconds = timed(work, 3 if points < 20 else 1) / batch
                picture = f"{size[0]}x{size[1]}"
                rows.append((device, dtype, threads, picture, points, tokens, batch, seconds))
    head = ("device", "dtype", "threads", "picture", "timesteps", "text tokens", "batch",
            "seconds per prompt")  # fmt: skip
    table(head, rows)


def commands() -> None:
    print("### Commands\n")

    def run(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

    rows = [
        ("python -c pass", timed(run("-c", "pass"), 5)),
        ("uig --help", timed(run("-m", "uig_cli", "--help"), 5)),
        ("uig eval --help", timed(run("-m", "uig_cli", "eval", "--help"), 5)),
    ]
    table(("command", "seconds"), rows)


def engine(folder: Path) -> None:
    """What `uig` itself costs: a model that answers at once."""
    print("### What uig costs by itself (553 GenEval prompts, a model that answers at once)\n")
    model = f"python:{Path(__file__).with_name('models_for_tests.py')}:Quick"
    words = [sys.executable, "-m", "uig_cli", "eval", "geneval", "--model", model, "--method",
             "uig", "--samples", "1", "--detector", "none", "--rounds", "2", "--quiet", "--json",
             "--out", str(folder / "run")]  # fmt: skip
    rows = []
    for what in ("from nothing", "nothing to do"):
        start = perf_counter()
        done = subprocess.run(words, check=True, capture_output=True)
        seconds = perf_counter() - start
        pictures = json.loads(done.stdout)["pictures"]
        rows.append((what, pictures, seconds, 1000 * seconds / pictures))
    table(("run", "pictures", "seconds", "ms per picture"), rows)


def pages(folder: Path) -> None:
    """What a page takes to make: every round's picture, text and answer of so many cases."""
    print("### A page of a run (five rounds, a direct picture beside them, texts that mean harm)\n")
    hostile = Path(__file__).parent / "browser" / "hostile.py"
    rows = []
    for cases, side in ((264, 16), (1000, 16), (100, 512)):
        run = folder / f"page-{cases}-{side}"
        more = {"UIG_TEST_CASES": str(cases), "UIG_TEST_SIDE": str(side)}
        environment = {**os.environ, **more, "PYTHONPATH": str(Path(__file__).parents[1])}
        words = [sys.executable, "-m", "uig_cli"]
        drawn = [*words, "eval", f"{hostile}:BENCHMARK", "--model", f"{hostile}:Hostility",
                 "--judge", "self", "--method", "direct", "--method", "uig", "--links", "none",
                 "--quiet", "--out", str(run)]  # fmt: skip
        subprocess.run(drawn, check=True, env=environment, capture_output=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = perf_counter()
        page = [*words, "report", str(run), "--quiet"]
        subprocess.run(page, check=True, env=environment, capture_output=True)
        seconds = perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(file.stat().st_size for file in (run / "page").rglob("*") if file.is_file())
        rows.append(
            (cases, f"{side} x {side}", seconds, after.ru_utime - before.ru_utime, size / 1e6)
        )
    table(("cases", "pictures", "seconds", "CPU seconds", "MB without pictures"), rows)


def judging() -> None:
    """What many requests at a time save: 554 pictures, a server that answers after 200 ms."""
    print(
        "### A remote judge (554 pictures of 64x64, four questions each, 0.2 s a reply, loopback)\n"
    )

    def reply(heard: Heard) -> ServerReply:
        return replace(said("\n".join("yes" for _ in heard.questions)), pause=0.2)

    questions = ("Is it red?", "Is it round?", "Is there one?", "Is it on the left?")
    noise = np.random.default_rng(0)
    items = [
        Asked(Picture.of(Image.fromarray(noise.integers(0, 255, (64, 64, 3), np.uint8))), questions)
        for _ in range(554)
    ]
    rows, one_by_one = [], 0.0
    with serving(reply) as served:
        for concurrency, count in ((1, 20), (16, 554), (64, 554)):
            terms = Terms(load_all({}), concurrency=concurrency)
            judge = named("judges", f"openai:eye@{served.url}").open(terms, None)
            start = perf_counter()
            answered = sum(isinstance(found, tuple) for _, found in judge.ask(items[:count]))
            seconds = perf_counter() - start
            one_by_one = one_by_one or 554 * seconds / count
            rows.append((concurrency, answered, seconds, one_by_one / (seconds * 554 / count)))
    table(("concurrency", "pictures judged", "seconds", "times as fast as one by one"), rows)


def main() -> None:
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), platform.processor(),
    )  # fmt: skip
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
    print(f"{cpu}, {os.cpu_count()} cores; GPU: {gpu}; torch {torch.__version__}\n")
    commands()
    with tempfile.TemporaryDirectory() as scratch:
        engine(Path(scratch))
        pages(Path(scratch))
        judging()
        golden = SHARED / "fixtures" / "bagel-tiny" / "checkpoint"
        checkpoint, name = golden, "bagel-tiny"
        if not golden.is_dir():
            checkpoint, name = Path(scratch) / "checkpoint", "tiny random checkpoint"
            write_tiny_checkpoint(checkpoint)
        bagel_rows(Bagel.load(checkpoint, "cpu"), name, "cpu", "float32")
        if torch.cuda.is_available():
            bagel_rows(Bagel.load(checkpoint, "cuda"), name, "cuda", "bfloat16")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
