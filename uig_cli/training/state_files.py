"""Files that are whole or not there: written beside their place, then moved into it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """`write` gets a name beside `file`; only when it has finished does `file` appear."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.part")
    write(beside)
    beside.replace(file)


def write_text(file: Path, text: str) -> None:
    write_whole(file, lambda beside: beside.write_text(text, encoding="utf-8"))


def write_json(file: Path, content: object) -> None:
    write_text(file, json.dumps(content, indent=1) + "\n")


def write_state(file: Path, state: object) -> None:
    write_whole(file, lambda beside: torch.save(state, beside))


def read_state(file: Path) -> Any:
    """What `write_state` wrote: tensors and plain values; None if there is no such file."""
    return torch.load(file, weights_only=True) if file.exists() else None
