"""Where a checkpoint's weights lie, and what lies in their place where they do not.

The published folder holds `ema.safetensors`; exports of training runs hold `model.safetensors`, or
shards with an index. All three are read. What else people put there has its own sentence: a file
of another kind, a pointer to a file, an adapter; only a file that is cut off is to be got again.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.files import open_plain
from uig_cli.models.bagel.architecture import listed, told
from uig_cli.models.bagel.config import read_json
from uig_cli.models.bagel.layout import AE, EMA
from uig_cli.plain_json import read_json as parsed

MODEL = "model.safetensors"
INDEX = ".index.json"
LONGEST_HEADER = 100_000_000
"""Bytes; as the safetensors format has it."""
_POINTER = b"version https://git-lfs"
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """What a header says of a tensor."""

    dtype: str
    shape: tuple[int, ...]
    end: int


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
            return [index, *_shards(index)]
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


def read_header(file: Path) -> dict[str, TensorEntry]:
    """A safetensors file's header; the file must be whole."""
    try:
        with open_plain(file) as opened:
            size = os.fstat(opened.fileno()).st_size
            begin = opened.read(len(_POINTER))
            length = int.from_bytes(begin[:8], "little")
            opened.seek(8)
            header = opened.read(length) if length <= LONGEST_HEADER else b""
    except OSError as error:
        raise UigError(
            f"{file} cannot be read ({error.strerror}); expected a safetensors file there."
        ) from None
    if begin == _POINTER:
        raise UigError(
            f"{file} is a Git LFS pointer of {size} bytes, not the weights themselves; fetch them "
            "with `git lfs pull`."
        )
    if size < 8 or len(header) < length <= LONGEST_HEADER:
        raise _cut_off(file, size, 8 + length)
    try:
        entries = dict(_entries(parsed(header, unique_names=True)))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        reason = f" ({error})" if isinstance(error, ValueError) else ""
        raise UigError(
            f"{file} is not a safetensors file: its header is none{reason}; save the weights with "
            "safetensors."
        ) from None
    end = 8 + length + max((entry.end for entry in entries.values()), default=0)
    if size < end:
        raise _cut_off(file, size, end)
    return entries


def _cut_off(file: Path, size: int, expected: int) -> UigError:
    return UigError(f"{file} is cut off: got {size} bytes, expected {expected}; get it again.")


def _entries(header: Any) -> Iterator[tuple[str, TensorEntry]]:
    """Raises ValueError, TypeError, LookupError or AttributeError for what is no header."""
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        dtype, shape, (_, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        if not isinstance(dtype, str) or any(type(side) is not int for side in (*shape, end)):
            raise ValueError(f"what it says of tensor {told(key)} is not what such a header says")
        yield key, TensorEntry(dtype, tuple(shape), end)


def _shards(index: Path) -> list[Path]:
    """The files that an index names; only names of files beside it are followed."""
    found = read_json(index).get("weight_map")
    if not isinstance(found, dict) or not found:
        raise UigError(f'{index} has no "weight_map"; expected a file name for each tensor.')
    names = dict.fromkeys(found.values())
    for name in names:
        if not isinstance(name, str) or Path(name).name != name or name in ("", ".", ".."):
            raise UigError(f"{index} names {told(name)}; expected names of files beside it alone.")
    if absent := [name for name in names if not (index.parent / name).exists()]:
        raise UigError(f"{index} names shards that are not there: {listed(absent)}; get them too.")
    return [index.parent / name for name in sorted(names)]


def _instead(folder: Path) -> str:
    """Why a folder has no weights: a sentence that names what it has."""
    names = sorted(path.name for path in folder.iterdir())
    expected = f"expected {EMA}, {MODEL}, or shards with {MODEL}{INDEX}"
    if any(name.startswith("adapter_") for name in names):
        return (
            f"{folder} holds an adapter (LoRA) alone, and no weights to add it to; merge it into "
            "its base first and save the whole."
        )
    for ending, kind, what_to_do in (
        ((".gguf",), "a GGUF file", "uig reads safetensors: get the weights in that format"),
        (_PICKLED, "pickled weights", "they may run code and are never unpickled: convert them to "
         "safetensors with a program that you trust"),
    ):  # fmt: skip
        if found := [name for name in names if name.lower().endswith(ending)]:
            return f"{folder} holds {kind} ({listed(found)}); {what_to_do}."
    other = [name for name in names if name.endswith(".safetensors") and name != AE]
    if not other:
        return f"{folder / EMA}: No such file; {expected}."
    dtypes = sorted({entry.dtype for entry in read_header(folder / other[0]).values()})
    return (
        f"{folder} has no weights under a name that is read; {expected}. There is {listed(other)}, "
        f"with tensors of {' and '.join(dtypes)}: give it that name if it is the whole network."
    )
