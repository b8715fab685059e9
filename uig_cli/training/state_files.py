"""What training keeps between its steps: JSON, and states of tensors and plain values."""

import json
from pathlib import Path
from typing import Any

import torch

from uig_cli.files import put_in_place, write_whole


def write_json(file: Path, content: object) -> None:
    write_whole(file, json.dumps(content, indent=1) + "\n")


def write_state(file: Path, state: object) -> None:
    with put_in_place(file) as half:
        torch.save(state, half)


def read_state(file: Path) -> Any:
    """What `write_state` wrote: tensors and plain values; None if there is no such file."""
    return torch.load(file, weights_only=True) if file.exists() else None
