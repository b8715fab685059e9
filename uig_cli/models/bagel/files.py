"""A checkpoint folder's files: checked by their headers alone, and known by their content.

No torch here: a folder with a missing, cut off or wrongly shaped file is refused in milliseconds,
before anything else of a run is set up.
"""

import json
import os
from math import prod
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.hashes import hash_of_files
from uig_cli.models.bagel.config import BagelConfig, read_config
from uig_cli.models.bagel.layout import AE, EMA, Shape, layout
from uig_cli.models.bagel.tokenizer import TextTokenizer

_LONGEST_HEADER = 100_000_000
_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
_CONFIGS = ("llm_config.json", "vit_config.json", "ae_config.json", "uig_config.json")
_TOKENIZER = ("vocab.json", "merges.txt", "tokenizer_config.json")


def check_folder(folder: Path) -> tuple[BagelConfig, TextTokenizer]:
    """Reads configuration and tokenizer, and checks that every tensor is there, whole and shaped.

    Raises UigError, one sentence that names the file and key, what was got and what was expected.
    """
    config, tokenizer = read_config(folder), TextTokenizer(folder)
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
            length = int.from_bytes(opened.read(8), "little")
            text = opened.read(min(length, size))
    except FileNotFoundError:
        raise UigError(f"{file} is missing; expected a safetensors file, get it again") from None
    except OSError as error:
        raise UigError(f"{file} cannot be read ({error.strerror}); give a readable one") from None
    header: dict[str, Any] = {}
    end = 8 + length
    try:
        if size >= end:
            header = json.loads(text)
            header.pop("__metadata__", None)
            end += max(entry["data_offsets"][1] for entry in header.values())
    except (ValueError, TypeError, LookupError, AttributeError):
        length = _LONGEST_HEADER + 1
    if length > _LONGEST_HEADER:
        raise UigError(f"{file} is not a safetensors file; get it again")
    if size < end:
        raise UigError(f"{file} is cut off: got {size} bytes, expected {end}; get it again")
    return header


def _check_tensors(file: Path, shapes: dict[str, Shape]) -> None:
    header = read_header(file)
    for key, shape in shapes.items():
        if key not in header:
            raise UigError(f"{file} has no tensor {key}; expected one of shape {list(shape)}")
        got, dtype = header[key]["shape"], header[key]["dtype"]
        start, end = header[key]["data_offsets"]
        if got != list(shape):
            raise UigError(f"{file}: tensor {key} has shape {got}; expected {list(shape)}")
        if end - start != prod(shape) * _BYTES.get(dtype, -1):
            raise UigError(
                f"{file}: tensor {key} is of type {dtype} in {end - start} bytes; expected "
                f"{prod(shape)} numbers of type {', '.join(_BYTES)}"
            )


def content_hash(folder: Path) -> str:
    """The SHA-256 of all files that the model's answers depend on, wherever the folder lies."""
    files = [folder / name for name in (*_CONFIGS, *_TOKENIZER, EMA, AE)]
    return hash_of_files([file for file in files if file.exists()])
