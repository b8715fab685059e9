"""Checkpoints of transformers from a local folder: complete, safetensors only, known by content.

Nothing is fetched and no code of the folder runs. Weights that a folder lacks are an error here,
where transformers would go on with random numbers; so are layers that its configuration leaves out.
"""

import re
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from transformers import AutoImageProcessor, PreTrainedModel
from transformers.utils import logging

from uig_cli.errors import UigError
from uig_cli.files import hash_of_files, read_plain
from uig_cli.models.device import fitting
from uig_cli.models.safetensors_headers import (
    INDEX,
    instead_of_weights,
    prefixed,
    quantised,
    read_header,
    shards,
)
from uig_cli.plain_json import read_json

WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
CONTENT = (".json", ".safetensors", ".txt")
"""Suffixes of the files that a checkpoint's results depend on."""

_IN_LAYER = re.compile(r".*\.[0-9]+\..*\.(weight|bias)")
"""Weights of numbered layers; what else is left over is buffers and heads of other tasks."""

Network = TypeVar("Network", bound=PreTrainedModel)

LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}


def checked_folder(option: str, folder: str, model_type: str) -> Path:
    """The folder, if it looks like a checkpoint of that type. option: what the user gave it by."""
    path = Path(folder)
    expected = f"expected the folder of a {model_type} checkpoint"
    if not path.is_dir():
        raise UigError(f"{option}: {folder} is no folder; {expected}; give the right path.")
    try:
        config = read_json(read_plain(path / "config.json"))
        found = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UigError(
            f"{option}: {folder} has no readable config.json with a model_type; {expected}; "
            "give the right path or download it again."
        ) from error
    if found != model_type:
        raise UigError(f"{option}: {folder} holds a {found} model; {expected}; give another path.")
    if config.get("quantization_config") is not None:
        raise UigError(
            f"{option}: {folder} holds a quantised model, which is not read; get its weights in "
            "bfloat16 or float32."
        )
    check_weights(option, path)
    if not (path / "preprocessor_config.json").is_file():
        raise UigError(
            f"{option}: {folder} has no preprocessor_config.json; {expected}; download that file "
            "too."
        )
    return path


def check_weights(option: str, folder: Path) -> None:
    """Raises UigError, one sentence, for weights that are not there, or are no weights."""
    found = next((folder / name for name in WEIGHTS if (folder / name).exists()), None)
    if found is None:
        there = instead_of_weights(folder) or (
            f"{folder} has no weights; expected model.safetensors; download that file too."
        )
        raise UigError(f"{option}: {there}")
    try:
        keys = _keys(found)
    except UigError as error:
        raise UigError(f"{option}: {error}") from None
    if marked := quantised(found, keys):
        raise UigError(
            f"{option}: {marked}; quantised weights are not read: get those in bfloat16 or float32."
        )


def _keys(weights: Path) -> set[str]:
    """The names of the tensors in a file, or in the shards of an index."""
    if weights.name.endswith(INDEX):
        try:
            content = read_json(read_plain(weights))
        except (OSError, ValueError) as error:
            raise UigError(
                f"{weights} is no readable JSON ({_first_line(error)}); download it again."
            ) from None
        return {key for file in shards(weights, content) for key in read_header(file)}
    return set(read_header(weights))


def load_network(
    kind: type[Network],
    option: str,
    folder: Path,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
) -> Network:
    """The network, ready to infer; UigError where its files do not make one."""
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        loaded: Any = kind.from_pretrained(
            folder,
            use_safetensors=True,
            dtype=dtype,
            ignore_mismatched_sizes=True,
            output_loading_info=True,
            **LOCAL,
        )
    except ImportError as error:
        raise UigError(f"{option}: {folder} cannot be loaded: {_first_line(error)}") from error
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as error:
        raise UigError(
            f"{option}: {folder} cannot be loaded ({_first_line(error)}); expected a complete "
            f"{kind.__name__} checkpoint; download it again."
        ) from error
    network, info = loaded
    if mismatched := sorted(info["mismatched_keys"]):
        key, got, expected = mismatched[0]
        raise UigError(
            f"{option}: {folder} has {key} of shape {list(got)}, expected {list(expected)} by its "
            "config.json; download both again."
        )
    # The loss keeps a buffer that inference has no use for.
    missing = sorted(key for key in info["missing_keys"] if not key.startswith("criterion."))
    if missing:
        weights = next(folder / name for name in WEIGHTS if (folder / name).exists())
        if behind := prefixed(weights, missing[0], info["unexpected_keys"]):
            raise UigError(f"{option}: {behind}")
        raise UigError(
            f"{option}: {folder} lacks {len(missing)} weights of {kind.__name__}, the first being "
            f"{missing[0]}; expected a complete checkpoint; download it again."
        )
    if unused := sorted(key for key in info["unexpected_keys"] if _IN_LAYER.fullmatch(key)):
        raise UigError(
            f"{option}: {folder} holds {len(unused)} weights of layers that its config.json does "
            f"not use, the first being {unused[0]}; expected all layers in use; download both "
            "again."
        )
    with fitting(f"{option}: {folder}", device):
        ready: Network = network.eval().to(device)
    return ready


def load_processor(option: str, folder: Path) -> Any:
    """What turns PIL pictures into the network's input, without torchvision."""
    try:
        return AutoImageProcessor.from_pretrained(  # type: ignore[no-untyped-call]
            folder, backend="pil", **LOCAL
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UigError(
            f"{option}: {folder}/preprocessor_config.json cannot be used ({_first_line(error)}); "
            "download it again."
        ) from error


def content_hash(folder: Path) -> str:
    """SHA-256 over the names and contents of the files that matter."""
    return hash_of_files([path for path in sorted(folder.iterdir()) if path.suffix in CONTENT])


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
