"""A small checkpoint with random weights, in the real layout: for tests.

What it draws and says means nothing. Files and weights are made here from a seed; nothing was
trained or downloaded.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers.pre_tokenizers import ByteLevel

from uig_cli.models.bagel.config import read_config
from uig_cli.models.bagel.layout import Shape, layout
from uig_cli.models.bagel.tokenizer import END, START, VISION_END, VISION_START

_MERGES = (
    "y e,ye s,Y e,Ye s,n o,N o,Ġ t,h e,Ġ a,i n,r e,Ġt he,o n,e r,a t,Ġ s,n d,Ġa nd,o r,Ġ c,i s,Ġ o"
)

_CONFIGS = {
    "llm_config.json": {
        "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 128, "vocab_size": 320,
        "rope_theta": 1e6, "rms_norm_eps": 1e-6, "max_position_embeddings": 16384,
    },
    "vit_config.json": {
        "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4,
        "intermediate_size": 96, "patch_size": 14, "image_size": 84,
    },
    "ae_config.json": {"ch": 32, "ch_mult": [1, 1, 1, 1], "num_res_blocks": 1},
    "uig_config.json": {
        "max_latent_size": 8, "vit_max_num_patch_per_side": 6,
        "vae_transform": {"max_size": 64, "min_size": 32, "stride": 16},
        "vit_transform": {"max_size": 70, "min_size": 28, "stride": 14},
    },
}  # fmt: skip


def write_tiny_checkpoint(folder: Path, seed: int = 0) -> None:
    """Writes a checkpoint that draws 64x64 pictures; equal seeds give equal files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**_CONFIGS, **_tokenizer_files()}.items():
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        (folder / name).write_text(text, encoding="utf-8")
    random = np.random.Generator(np.random.Philox(key=seed))
    for name, shapes in layout(read_config(folder)).items():
        save_file({k: _weight(random, k, shape) for k, shape in shapes.items()}, folder / name)


def _tokenizer_files() -> dict[str, object]:
    merges = _MERGES.split(",")
    tokens = [*sorted(ByteLevel.alphabet()), *(merge.replace(" ", "") for merge in merges)]
    special = ("<|endoftext|>", START, END, VISION_START, VISION_END)
    added = {str(len(tokens) + i): {"content": token} for i, token in enumerate(special)}
    return {
        "vocab.json": {token: i for i, token in enumerate(tokens)},
        "merges.txt": "\n".join(merges) + "\n",
        "tokenizer_config.json": {"added_tokens_decoder": added},
    }


def sincos_table(places: int, size: int) -> NDArray[np.float32]:
    """The position table that training starts from: [places, size], of a square of places.

    Columns in the first half, rows in the second, each as sines then cosines.
    """
    side, quarter = round(places**0.5), size // 4
    down, across = np.divmod(np.arange(places), side)
    frequencies = 10000.0 ** (-np.arange(quarter) / quarter)
    angles = [place[:, None] * frequencies for place in (across, down)]
    waves = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    return np.concatenate(waves, axis=1).astype(np.float32)


def _weight(random: np.random.Generator, key: str, shape: Shape) -> NDArray[np.float32]:
    """Random numbers of a size that keeps signals neither vanishing nor exploding."""
    if "pos_embed" in key:
        return sincos_table(*shape)
    normal = random.standard_normal(shape, dtype=np.float32)
    if len(shape) == 1:
        return np.float32("norm" in key and key.endswith("weight")) + np.float32(0.1) * normal
    fan_in = shape[-1] if len(shape) == 2 else int(np.prod(shape[1:]))
    spread = 1.0 if "embed" in key else 1.5 / np.sqrt(fan_in)
    return np.float32(spread) * normal
