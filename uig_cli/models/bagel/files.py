"""A checkpoint folder's files: checked by their headers alone, and known by their content.

No torch here: a folder with a missing, cut off or wrongly shaped file is refused in milliseconds,
before anything else of a run is set up.
"""

import json
import os
import struct
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.models.bagel.config import BagelConfig, read_config
from uig_cli.models.bagel.layout import Shape, layout
from uig_cli.models.bagel.tokenizer import TextTokenizer

_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
_HASHED = (
    "llm_config.json", "vit_config.json", "ae_config.json", "uig_config.json", "vocab.json",
    "merges.txt", "tokenizer_config.json", "ema.safetensors", "ae.safetensors",
)  # fmt: skip


def check_folder(folder: Path) -> tuple[BagelConfig, TextTokenizer]:
    """Reads configuration and tokenizer, and checks that every tensor is there, whole and shaped.

    Raises UigError, one sentence that names the file and key, what was got and what was expected.
    """
    config = read_config(folder)
    tokenizer = TextTokenizer(folder)
    if tokenizer.n_tokens > config.language.vocab_size:
        raise UigError(
            f'{folder / "llm_config.json"}: "vocab_size" is {config.language.vocab_size}; expected '
            f"at least the {tokenizer.n_tokens} tokens of the folder's tokenizer"
        )
    for name, shapes in layout(config).items():
        _check_tensors(folder / name, shapes)
    return config, tokenizer


def read_header(file: Path) -> dict[str, Any]:
    """A safetensors file's header: key -> dtype, shape and place; the file must be whole."""
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            (length,) = struct.unpack("<Q", opened.read(8).ljust(8, b"\0"))
            text = opened.read(length) if 8 + length <= size else b""
    except FileNotFoundError:
        raise UigError(f"{file} is missing; expected a safetensors file, so get it again") from None
    except OSError as error:
        raise UigError(f"{file} cannot be read ({error.strerror}); give a readable one") from None
    if not text:
        raise UigError(f"{file} has {size} bytes, too few for its header; get it again")
    try:
        header: dict[str, Any] = json.loads(text)
        header.pop("__metadata__", None)
        end = 8 + length + max((entry["data_offsets"][1] for entry in header.values()), default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise UigError(f"{file} is not a safetensors file; get it again") from None
    if size < end:
        raise UigError(f"{file} is cut off: it has {size} bytes, expected {end}; get it again")
    return header


def _check_tensors(file: Path, shapes: dict[str, Shape]) -> None:
    header = read_header(file)
    for key, shape in shapes.items():
        entry = header.get(key)
        if entry is None:
            raise UigError(f"{file} has no tensor {key}; expected one of shape {list(shape)}")
        if entry["shape"] != list(shape):
            raise UigError(
                f"{file}: tensor {key} has shape {entry['shape']}; expected {list(shape)}"
            )
        dtype = entry["dtype"]
        start, end = entry["data_offsets"]
        if end - start != prod(shape) * _BYTES.get(dtype, -1):
            raise UigError(
                f"{file}: tensor {key} has {end - start} bytes of type {dtype}; expected "
                f"{prod(shape)} numbers of one of {', '.join(_BYTES)}"
            )


def content_hash(folder: Path) -> str:
    """The SHA-256 of all files that the model's answers depend on, wherever the folder lies."""
    whole = sha256()
    for file in (folder / name for name in _HASHED):
        if file.exists():
            whole.update(f"{file.name} {_file_hash(file)}\n".encode())
    return whole.hexdigest()


def cache_folder() -> Path:
    """$UIG_CACHE, else `uig` in the user's cache folder."""
    given = os.environ.get("UIG_CACHE")
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(given) if given else (Path(base) if base else Path.home() / ".cache") / "uig"


def _file_hash(file: Path) -> str:
    """SHA-256 of a file, remembered by path, size and time of change: hashing 29 GB takes long."""
    stat = file.stat()
    key = sha256(f"{file.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}".encode()).hexdigest()
    known = cache_folder() / "hashes" / key
    try:
        return known.read_text()
    except OSError:
        found = _hash(file)
    try:
        known.parent.mkdir(parents=True, exist_ok=True)
        partial = known.with_suffix(f".{os.getpid()}")
        partial.write_text(found)
        partial.replace(known)
    except OSError:  # a cache that cannot be written costs time, nothing else
        pass
    return found


def _hash(file: Path) -> str:
    import hashlib

    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
