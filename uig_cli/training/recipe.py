"""The sizes of pocket, as the JSON files of its checkpoint, and the plan of its training.

Pocket is BAGEL made small: 36 latent tokens per picture (8 x down, 2 x 2 patches) and 36 ViT
patches of 16 pixels on the same grid (two periods of a texture); four patches make a cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uig_cli.models.bagel.config import BagelConfig, read_config
from uig_cli.shapes.descriptions import KNOWN
from uig_cli.training.state_files import write_json

Sizes = Mapping[str, Mapping[str, Any]]
"""File name -> content."""

POCKET: Sizes = {
    "llm_config.json": {
        "hidden_size": 128, "num_hidden_layers": 6, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 384, "vocab_size": 1024,
        "rope_theta": 1e4, "rms_norm_eps": 1e-6, "max_position_embeddings": 2048,
    },
    "vit_config.json": {
        "hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4,
        "intermediate_size": 384, "patch_size": 16, "image_size": 96,
    },
    "ae_config.json": {
        "ch": 32, "ch_mult": [1, 1, 2, 2], "num_res_blocks": 1, "z_channels": 8,
        "scale_factor": 1.0, "shift_factor": 0.0,
    },
    "uig_config.json": {
        "max_latent_size": 6, "vit_max_num_patch_per_side": 6, "timestep_shift": 3.0,
        "vae_transform": {"max_size": 96, "min_size": 96, "stride": 16},
        "vit_transform": {
            "max_size": 96, "min_size": 96, "stride": 16, "mean": [1.0] * 3, "std": [0.5] * 3,
        },
        "samplers": {
            "draw": {"num_timesteps": 25, "text_scale": 6.0, "max_text_tokens": 100},
            "look": {"max_text_tokens": 160},
            "edit": {
                "num_timesteps": 25, "text_scale": 2.0, "image_scale": 1.5,
                "max_text_tokens": 100,
            },
        },
        "world": "draws only shapes",
        "words": sorted(KNOWN),
    },
}  # fmt: skip
"""The autoencoder's scale and shift are filled in when it is trained. To the eye white is zero; as
in BAGEL, its last layer is left out (`vit_layers_dropped`), so 4 layers are 3."""

SMOKE: Sizes = {
    **POCKET,
    "llm_config.json": {
        **POCKET["llm_config.json"],
        "hidden_size": 64, "num_hidden_layers": 2, "intermediate_size": 96,
    },
    "vit_config.json": {
        **POCKET["vit_config.json"],
        "hidden_size": 32, "num_hidden_layers": 2, "intermediate_size": 48,
    },
    "ae_config.json": {**POCKET["ae_config.json"], "ch_mult": [1, 1, 1, 1]},
}  # fmt: skip
"""The same layout, so small that it can be trained for seconds in the tests."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One training: Muon and AdamW, linear warm-up, then a cosine down to a hundredth of `rate`.

    average: decay of the exponential average of the weights, which is what is kept in the end.
    decay: of weights, not of norms, biases and tables, nor of the time embedder and the patch
    embedding. log_every, save_every: in steps, the
    second a multiple of the first, so that no line of the log is broken off.
    """

    steps: int
    rate: float
    warmup: int = 200
    decay: float = 0.01
    average: float = 0.999
    clip: float = 1.0
    log_every: int = 50
    save_every: int = 250


@dataclass(frozen=True, slots=True)
class Phase:
    """A course of the network; batch: how many sequences of each lesson a step takes."""

    course: Schedule
    batch: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides the weights.

    network: terms, each beginning with the averaged weights of the one before. pictures, glances:
    batches of autoencoder and eye. pool: how many drawings and how many edits have their latents
    prepared. drop: how often a drawing or an edit goes without its text, and an edit without its
    picture.
    """

    sizes: Sizes
    autoencoder: Schedule
    eye: Schedule
    network: tuple[Phase, ...]
    seed: int = 0
    pictures: int = 4
    glances: int = 32
    pool: Mapping[str, int] = field(default_factory=lambda: {"draw": 24_000, "edit": 12_000})
    drop: float = 0.1


PLAN = Plan(
    sizes=POCKET,
    autoencoder=Schedule(steps=7_500, rate=2e-3, average=0.998),
    eye=Schedule(steps=1_500, rate=1e-3),
    network=(
        Phase(
            Schedule(steps=5_500, rate=3e-3, warmup=100, average=0.998),
            {"draw": 18, "edit": 10, "examine": 32, "ask": 3},
        ),
        Phase(
            Schedule(steps=4_300, rate=2e-3, warmup=100, average=0.998),
            {"draw": 10, "edit": 8, "examine": 40, "ask": 5},
        ),
        Phase(
            Schedule(steps=4_000, rate=2e-3, warmup=100, average=0.998),
            {"draw": 10, "edit": 8, "examine": 42, "ask": 4},
        ),
    ),
)
"""The recipe of pocket; docs/training-pocket.md tells how the weights in the package came about."""

SMOKE_PLAN = Plan(
    sizes=SMOKE,
    autoencoder=Schedule(steps=12, rate=2e-3, warmup=2, average=0.5, log_every=1, save_every=4),
    eye=Schedule(steps=6, rate=2e-3, warmup=2, average=0.5, log_every=1, save_every=3),
    network=(
        Phase(
            Schedule(steps=24, rate=3e-3, warmup=2, average=0.5, log_every=1, save_every=4),
            {"draw": 4, "edit": 2, "examine": 2, "ask": 2},
        ),
        Phase(
            Schedule(steps=4, rate=2e-3, warmup=2, average=0.5, log_every=1, save_every=2),
            {"draw": 2, "edit": 2, "examine": 4, "ask": 2},
        ),
    ),
    pictures=2,
    glances=2,
    pool={"draw": 8, "edit": 4},
)


def write_sizes(sizes: Sizes, folder: Path) -> BagelConfig:
    """Writes the configuration files into a folder and reads them back, checked."""
    for name, content in sizes.items():
        write_json(folder / name, content)
    return read_config(folder)
