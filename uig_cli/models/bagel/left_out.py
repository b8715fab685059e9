"""Whether a configuration uses what the weights hold: a part left out is never left out in silence.

Layers beyond those used, and tensors inside parts that are used, would change every picture. Both
are refused; what stands beside the network is for a note.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.layout import AE
from uig_cli.models.safetensors_headers import listed

_RUN = (
    r"language_model\.model\.layers\.[0-9]+\.(?!self_attn\.rotary_emb\.)",
    r"vit_model\.vision_model\.encoder\.layers\.[0-9]+\.",
)
_RUN_AE = (r"(encoder|decoder|quant_conv|post_quant_conv)\.",)
"""Where every tensor takes part in the work; rope's frequencies are computed, not read."""


def check_layers(file: Path, keys: Collection[str], config: BagelConfig) -> None:
    """Raises UigError where the file holds other numbers of layers than would be used."""
    for beginning, what, used, setting in _counts(file.name == AE, config):
        pattern = re.compile(re.escape(beginning) + r"\.([0-9]+)\.")
        held = len({found[1] for found in map(pattern.match, keys) if found})
        if held not in (0, used):  # without any the first missing tensor says more
            raise UigError(f"{file} holds {held} {what}, {used} would be used: {setting}.")


def check_parts(file: Path, left: Sequence[str], read: Collection[str]) -> None:
    """Raises UigError for tensors that are not read and belong to parts that run. left: the keys of
    those not read."""
    runs = re.compile("|".join(_RUN_AE if file.name == AE else _RUN))
    inside = [key for key in left if runs.match(key) or _owner(key, read)]
    if inside:
        raise UigError(
            f"{file} has tensors that belong to parts of the network and are not read: "
            f"{listed(inside)}; expected none, as answers would be others without them; merge "
            "adapters into the weights, or give the files that belong to this configuration."
        )


def _counts(autoencoder: bool, config: BagelConfig) -> Iterator[tuple[str, str, int, str]]:
    """How keys begin, what is counted, how many are used, and by which setting."""
    if autoencoder:
        levels, blocks = len(config.autoencoder.ch_mult), config.autoencoder.num_res_blocks
        listed_widths = f'"ch_mult" lists {levels} in ae_config.json; list one for each level'
        yield "encoder.down", "levels", levels, listed_widths
        told = f'"num_res_blocks" is {blocks} in ae_config.json; set it to what the file holds'
        yield "encoder.down.0.block", "blocks a level", blocks, told
        return
    layers, seeing = config.language.num_hidden_layers, config.vision.num_hidden_layers
    told = f'"num_hidden_layers" is {layers} in llm_config.json; set it to what the file holds'
    yield "language_model.model.layers", "language layers", layers, told
    dropped = config.parts.vit_layers_dropped
    told = (
        f'"num_hidden_layers" is {seeing} in vit_config.json, and "vit_layers_dropped", {dropped} '
        "in uig_config.json or by default, is taken off; set them so that the file's remain"
    )
    yield (
        "vit_model.vision_model.encoder.layers", "vision layers", config.vision_layers, told,
    )  # fmt: skip


def _owner(key: str, read: Collection[str]) -> bool:
    """Whether a module or a tensor that is read has this tensor inside it: a bias, an adapter, the
    scale of a quantised weight."""
    return any(f"{module}.weight" in read or module in read for module in _modules(key))


def _modules(key: str) -> Iterable[str]:
    parts = key.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))
