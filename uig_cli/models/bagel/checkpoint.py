"""A checkpoint folder's files: checked by their headers alone, and known by their content.

No torch here: a folder with a missing, cut off or wrongly shaped file is refused in milliseconds,
before anything else of a run is set up.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.files import hash_of_files
from uig_cli.models.bagel.architecture import AE_SIZES, LLM, OWN, VIT, listed, wrong
from uig_cli.models.bagel.config import BagelConfig, read_config, read_json, unread
from uig_cli.models.bagel.layout import AE, EMA, Tensors, lazy_layout
from uig_cli.models.bagel.left_out import check_layers, check_parts
from uig_cli.models.bagel.tokenizer import TextTokenizer

_DTYPES = ("BF16", "F16", "F32", "F64")
_CONFIGS = (LLM, VIT, AE_SIZES, OWN)
_TOKENIZER = ("vocab.json", "merges.txt", "tokenizer_config.json")


@dataclass(frozen=True, slots=True)
class CheckedFolder:
    """notes: what the folder holds and nothing reads, a part of a sentence each."""

    config: BagelConfig
    tokenizer: TextTokenizer
    notes: tuple[str, ...]


def check_folder(folder: Path) -> CheckedFolder:
    """Reads configuration and tokenizer, and checks that every tensor is there, whole and shaped,
    and that the configuration uses every layer.

    Raises UigError, one sentence that names the file and key, what was got and what was expected.
    """
    config, tokenizer = read_config(folder), TextTokenizer(folder)
    if tokenizer.n_tokens > config.language.vocab_size:
        raise UigError(
            f'{folder / "llm_config.json"}: "vocab_size" is {config.language.vocab_size}; expected '
            f"at least the {tokenizer.n_tokens} tokens of the folder's tokenizer."
        )
    _check_named_ids(folder, tokenizer.n_tokens)
    notes = [
        f"{name} has settings that are not read: {listed(u)}" for name, u in unread(folder).items()
    ]
    for name, tensors in lazy_layout(config).items():
        left = _check_tensors(folder / name, tensors, config)
        notes += [f"{name} has tensors that are not read: {listed(left)}"] if left else []
    return CheckedFolder(config, tokenizer, tuple(notes))


def _check_named_ids(folder: Path, n_tokens: int) -> None:
    """Raises UigError where the weights know tokens that the tokenizer has not: it is another's."""
    found = read_json(folder / LLM)
    for key in ("bos_token_id", "eos_token_id"):
        named = found.get(key)
        for one in named if isinstance(named, list) else [named]:
            if isinstance(one, int) and one >= n_tokens:
                raise wrong(
                    folder / LLM, key, one,
                    f"one of the {n_tokens} tokens of the folder's tokenizer, which seems to be "
                    "another model's; get the one that belongs to these weights",
                )  # fmt: skip


def read_header(file: Path) -> dict[str, Any]:
    """A safetensors file's header: key -> dtype, shape and place; the file must be whole."""
    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            length = int.from_bytes(opened.read(8), "little")
            end = 8 + length
            header: dict[str, Any] = json.loads(opened.read(length)) if end <= size else {}
        header.pop("__metadata__", None)
        end += max((entry["data_offsets"][1] for entry in header.values()), default=0)
    except OSError as error:
        raise UigError(f"{file} cannot be read ({error.strerror}); get it again.") from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise UigError(f"{file} is not a safetensors file; get it again.") from None
    if size < end:
        raise UigError(f"{file} is cut off: got {size} bytes, expected {end}; get it again.")
    return header


def _check_tensors(file: Path, tensors: Tensors, config: BagelConfig) -> Sequence[str]:
    """The keys of those that are not read."""
    header = read_header(file)
    check_layers(file, header, config)
    read: set[str] = set()
    for key, shape in tensors:
        read.add(key)
        if key not in header:
            raise UigError(f"{file} has no tensor {key}; expected one of shape {list(shape)}.")
        got, dtype = header[key]["shape"], header[key]["dtype"]
        if got != list(shape):
            raise UigError(f"{file}: tensor {key} has shape {got}; expected {list(shape)}.")
        if dtype not in _DTYPES:
            raise UigError(f"{file}: tensor {key} is {dtype}; expected {' or '.join(_DTYPES)}.")
    left = [key for key in header if key not in read]
    check_parts(file, left, read)
    return left


def content_hash(folder: Path) -> str:
    """The SHA-256 of all files that the model's answers depend on, wherever the folder lies."""
    files = [folder / name for name in (*_CONFIGS, *_TOKENIZER, EMA, AE)]
    return hash_of_files([file for file in files if file.exists()])
