"""What safetensors files of any network say of themselves, and what people put in their place.

Only headers are read, so that a file of many gigabytes is looked at in milliseconds. What is no
such file has its own sentence: a pointer to a file, an adapter, a file of another kind; only a
file that is cut off is to be got again.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.files import open_plain
from uig_cli.plain_json import read_json

INDEX = ".index.json"
LONGEST_HEADER = 100_000_000
"""Bytes; as the safetensors format has it."""
_POINTER = b"version https://git-lfs"
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_QUANTISED = re.compile(
    r"\.(absmax|quant_map|quant_state\..*|SCB|weight_scale(_inv)?|scale_inv|qweight|qzeros|g_idx)$"
)


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """What a header says of a tensor."""

    dtype: str
    shape: tuple[int, ...]
    end: int


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
        entries = dict(_entries(read_json(header, unique_names=True)))
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


def shards(index: Path, content: Any) -> list[Path]:
    """The files that an index names; only names of files beside it are followed. content: what its
    JSON holds."""
    found = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(found, dict) or not found:
        raise UigError(f'{index} has no "weight_map"; expected a file name for each tensor.')
    names = dict.fromkeys(found.values())
    for name in names:
        if not isinstance(name, str) or Path(name).name != name or name in ("", ".", ".."):
            raise UigError(f"{index} names {told(name)}; expected names of files beside it alone.")
    if absent := [name for name in names if not (index.parent / name).exists()]:
        raise UigError(f"{index} names shards that are not there: {listed(absent)}; get them too.")
    return [index.parent / name for name in sorted(names)]


def instead_of_weights(folder: Path) -> str | None:
    """A sentence on what a folder holds that is no weights in safetensors; None where it holds
    nothing of the kind."""
    names = sorted(path.name for path in folder.iterdir())
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
    return None


def quantised(file: Path, keys: Iterable[str]) -> str | None:
    """A part of a sentence about weights that are quantised by numbers beside them."""
    if marks := [key for key in keys if _QUANTISED.search(key)]:
        return f"{file} is quantised, with numbers of its own beside the weights ({listed(marks)})"
    return None


def prefixed(file: Path, key: str, keys: Iterable[str]) -> str | None:
    """A sentence about keys that are the expected ones behind a prefix. key: one expected."""
    under = next((other for other in keys if other.endswith(f".{key}")), None)
    if under is None:
        return None
    return (
        f"{file}: its keys begin with {told(under.removesuffix(key))}, a prefix that training code "
        "leaves there; save the weights without it."
    )


def told(value: Any, most: int = 80) -> str:
    """A value, or a name, of somebody's file: as JSON, so that it stays on one line, and short."""
    text = json.dumps(value)
    return text if len(text) <= most else f"{text[:most]}..."


def listed(names: Iterable[str]) -> str:
    """How a note tells of names: their number and the first."""
    every = list(names)
    return told(every[0]) if len(every) == 1 else f"{len(every)}, the first being {told(every[0])}"
