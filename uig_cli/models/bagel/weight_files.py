"""Where a checkpoint's weights lie, and what lies in their place where they do not.

The published folder holds `ema.safetensors`; exports of training runs hold `model.safetensors`, or
shards with an index. All three are read. What else people put there has its own sentence: a file
of another kind, a pointer to a file, an adapter; only a file that is cut off is to be got again.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.models.bagel.config import read_json
from uig_cli.models.bagel.layout import AE, EMA
from uig_cli.models.safetensors_headers import (
    INDEX,
    TensorEntry,
    instead_of_weights,
    listed,
    read_header,
    shards,
)

MODEL = "model.safetensors"


@dataclass(frozen=True, slots=True)
class WeightFiles:
    """named: the file that errors name, an index where there are shards. places: the file of each
    tensor; files: all of them, and the index."""

    named: Path
    entries: Mapping[str, TensorEntry]
    places: Mapping[str, Path]
    files: Sequence[Path]


def find_network(folder: Path) -> list[Path]:
    """The file of the network's weights, or an index and its shards. Raises UigError with what is
    there instead."""
    for name in (EMA, MODEL):
        if os.path.lexists(folder / name):
            return [folder / name]
    for name in (EMA, MODEL):
        if (index := folder / (name + INDEX)).exists():
            return [index, *shards(index, read_json(index))]
    raise UigError(_instead(folder))


def open_weights(files: Sequence[Path]) -> WeightFiles:
    """The headers of weights that lie in one file, or in the shards of an index. Raises UigError
    for a file that is not whole, and for a tensor that stands in two."""
    named, *shards = files
    entries: dict[str, TensorEntry] = {}
    places: dict[str, Path] = {}
    for file in shards or [named]:
        header = read_header(file)
        if twice := entries.keys() & header.keys():
            raise UigError(f"{file} has tensors that another shard has too: {listed(twice)}.")
        entries |= header
        places |= dict.fromkeys(header, file)
    return WeightFiles(named, entries, places, files)


def _instead(folder: Path) -> str:
    """Why a folder has no weights: a sentence that names what it has."""
    if there := instead_of_weights(folder):
        return there
    names = sorted(path.name for path in folder.iterdir())
    expected = f"expected {EMA}, {MODEL}, or shards with {MODEL}{INDEX}"
    other = [name for name in names if name.endswith(".safetensors") and name != AE]
    if not other:
        return f"{folder / EMA}: No such file; {expected}."
    dtypes = sorted({entry.dtype for entry in read_header(folder / other[0]).values()})
    return (
        f"{folder} has no weights under a name that is read; {expected}. There is {listed(other)}, "
        f"with tensors of {' and '.join(dtypes)}: give it that name if it is the whole network."
    )
