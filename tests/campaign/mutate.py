"""Every file of a run folder, damaged in every way that comes to mind, then shown and continued.

No command may end in a traceback or hang, and no number may change without a word. What nobody can
see is a line that is still one of ours with another value in it; such trials are told apart: the
mutation must then have left a whole line.
"""

import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from tests.campaign.commands import evaluation, here, scores

Mutation = Callable[[bytes, random.Random], bytes]


def trials(count: int, seed: int) -> Iterator[str]:
    """count: for each file."""
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole"
        assert here(evaluation(whole)).code == 0
        right = scores(whole)
        for name in _files(whole):
            for number in range(count):
                run = Path(place) / "run"
                shutil.rmtree(run, ignore_errors=True)
                shutil.copytree(whole, run, symlinks=True)
                how, unseen = _damage(run / name, random.Random(f"{seed}/{name}/{number}"))
                trouble = _trouble(run, right, unseen=unseen)
                yield f"{name} {number} {how}: {trouble}" if trouble else ""


def _files(run: Path) -> list[str]:
    """Of pictures that are drawn one is enough."""
    every = sorted(path for path in run.rglob("*") if path.is_file() and not path.is_symlink())
    drawn = [path for path in every if "drawn" in path.parts]
    kept = [path for path in every if "drawn" not in path.parts and path.name != ".lock"]
    return [str(path.relative_to(run)) for path in [*kept, *drawn[:1]]]


def _trouble(run: Path, right: pd.DataFrame, *, unseen: bool) -> str:
    shown = here(["show", run])
    if shown.trouble:
        return f"show {shown.trouble}"
    again = here(evaluation(run))
    if again.trouble:
        return f"eval {again.trouble}"
    if again.code == 0 and not unseen and not scores(run).equals(right):
        return "other numbers, exit 0"
    return ""


def _damage(file: Path, rng: random.Random) -> tuple[str, bool]:
    """What was done, and whether lines are whole still."""
    kinds: list[Callable[[Path, random.Random], None]] = [_flip, _cut, _lines, _empty, _replace]
    if file.suffix in (".json", ".jsonl"):
        kinds += [_field] * 6 + [_deep]
    how = rng.choice(kinds)
    before = file.read_bytes()
    how(file, rng)
    return how.__name__.strip("_"), how is _field or (
        how in (_flip, _lines) and _readable(file, before)
    )


def _readable(file: Path, before: bytes) -> bool:
    if not file.is_file() or file.suffix not in (".json", ".jsonl"):
        return False
    try:
        content = file.read_text("utf-8")
        parts = content.splitlines() if file.suffix == ".jsonl" else [content]
        return all(isinstance(json.loads(part), dict) for part in parts)
    except ValueError:
        return False


def _flip(file: Path, rng: random.Random) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(rng.choice((1, 1, 20))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    file.write_bytes(content)


def _cut(file: Path, rng: random.Random) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: rng.randrange(len(content))])


def _lines(file: Path, rng: random.Random) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    place = rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(place, lines[place])
    elif kind == 2:
        rng.shuffle(lines)
    else:
        lines.insert(place, rng.choice((b"\n", b"null\n", b"[]\n", b"7\n", b"{}\n", b"\0\n")))
    file.write_bytes(b"".join(lines))


def _empty(file: Path, rng: random.Random) -> None:
    file.write_bytes(rng.choice((b"", b"\0" * 100, b"\xff" * 100, b"\n" * 100)))


def _replace(file: Path, rng: random.Random) -> None:
    """By something that is no file of that kind."""
    file.unlink()
    kind = rng.randrange(5)
    if kind == 0:
        file.mkdir()
    elif kind == 1:
        os.mkfifo(file)
    elif kind == 2:
        file.symlink_to("nowhere")
    elif kind == 3:
        file.symlink_to(os.devnull)


def _deep(file: Path, rng: random.Random) -> None:
    with file.open("ab" if rng.random() < 0.5 else "wb") as opened:
        opened.write(rng.choice((b"[", b'{"a":')) * 100_000 + b"\n")


_ODD: tuple[Any, ...] = (
    None, True, -1, 0, 7, 1.5, 10**30, 1e308, "", "many", "\ud800", "x" * 300, "../../x", "9999-99",
    [], [1], {}, {"a": 1}, [[[[[]]]]], "2026-01-01T00:00:00+99:99", "0001-01-01T00:00:00",
)  # fmt: skip


def _field(file: Path, rng: random.Random) -> None:
    """One value, anywhere in an object, becomes another; or it is gone."""
    lines = file.read_text("utf-8").splitlines() if file.suffix == ".jsonl" else [file.read_text()]
    place = rng.randrange(len(lines))
    try:
        value = json.loads(lines[place])
    except ValueError:
        return
    holder, name = rng.choice(list(_places(value)))
    if rng.random() < 0.15:
        del holder[name]
    else:
        holder[name] = rng.choice(_ODD)
    lines[place] = json.dumps(value)
    file.write_text("\n".join(lines) + "\n")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in list(items):
        yield value, name
        if isinstance(inner, dict | list):
            yield from _places(inner)
