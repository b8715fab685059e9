"""Whether a file holds the tensors that a configuration asks for, and in a form that is read.

The first tensor that is missing or of another shape rarely tells what is wrong: keys may carry a
prefix, whole parts may have been left out, weights may be quantised, a table may be of another size
than the configuration says. Each of these is told by its own name.
"""

from collections.abc import Mapping, Sequence
from math import isqrt
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.models.bagel.architecture import LLM, OWN
from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.layout import Shape, Tensors
from uig_cli.models.bagel.left_out import check_layers, check_parts
from uig_cli.models.bagel.weight_files import WeightFiles
from uig_cli.models.safetensors_headers import TensorEntry, prefixed, quantised

_DTYPES = ("BF16", "F16", "F32", "F64")
_SEEING = ("connector", "vit_model", "vit_pos_embed")
_SQUARE = {
    "latent_pos_embed.pos_embed": "max_latent_size",
    "vit_pos_embed.pos_embed": "vit_max_num_patch_per_side",
}
"""Tables of positions, and the setting whose square is their length."""


def check_tensors(weights: WeightFiles, tensors: Tensors, config: BagelConfig) -> Sequence[str]:
    """The keys of tensors that are not read. Raises UigError, one sentence, for what is missing or
    another than expected."""
    file, entries = weights.named, weights.entries
    check_layers(file, entries, config)
    if found := quantised(file, entries):
        raise UigError(
            f"{found}; quantised weights are not read: get those in {' or '.join(_DTYPES)}."
        )
    read: set[str] = set()
    for key, shape in tensors:
        read.add(key)
        if key not in entries:
            raise _missing(file, key, shape, entries)
        _check_tensor(file, key, shape, entries[key])
    left = [key for key in entries if key not in read]
    check_parts(file, left, read)
    return left


def _check_tensor(file: Path, key: str, shape: Shape, got: TensorEntry) -> None:
    if got.dtype not in _DTYPES:
        raise UigError(f"{file}: tensor {key} is {got.dtype}; expected {' or '.join(_DTYPES)}.")
    if got.shape != shape:
        raise UigError(
            f"{file}: tensor {key} has shape {list(got.shape)}; expected {list(shape)}"
            f"{_setting(key, got.shape, shape)}."
        )


def _setting(key: str, got: Shape, shape: Shape) -> str:
    """Which setting would fit a table of another length."""
    if got[1:] != shape[1:] or not got:
        return ""
    if key.endswith(("embed_tokens.weight", "lm_head.weight")):
        return f', "vocab_size" in {LLM}'
    if key not in _SQUARE:
        return ""
    name, side = _SQUARE[key], isqrt(got[0])
    fits = f": set it to {side} in {OWN}, if the file is right" if side**2 == got[0] else ""
    return f', the square of "{name}"{fits}'


def _missing(file: Path, key: str, shape: Shape, entries: Mapping[str, TensorEntry]) -> UigError:
    """What a missing tensor is a sign of."""
    if found := prefixed(file, key, entries):
        return UigError(found)
    parts = {name.partition(".")[0] for name in entries}
    if key.partition(".")[0] in _SEEING and key.partition(".")[0] not in parts:
        gone = " and ".join(part for part in _SEEING if part not in parts)
        return UigError(
            f"{file} has no tensors of {gone}, with which the model sees; where training left them "
            "as they were, add them from the checkpoint that it began with."
        )
    return UigError(f"{file} has no tensor {key}; expected one of shape {list(shape)}.")
