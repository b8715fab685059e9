"""Golden data of BAGEL: where they lie, how they are read, how exactly they must be met."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor

from uig_cli.models.bagel.config import read_config
from uig_cli.models.bagel.flow import FlowSettings
from uig_cli.models.bagel.layout import AE, layout
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.protocol import Draw, Edit, Picture

ROOT = Path(__file__).resolve().parents[1]
KINDS = {"draw": "gen_think", "edit": "gen_think", "look": "vlm_think"}


def _folder() -> Path:
    given = os.environ.get("UIG_BAGEL_FIXTURE")
    shared = ROOT.parent / "shared" / "fixtures" / "bagel-tiny"
    if given:
        return Path(given)
    return shared if shared.is_dir() else ROOT / "tests" / "data" / "bagel-tiny"


FOLDER = _folder()
CHECKPOINT, GOLDEN = FOLDER / "checkpoint", FOLDER / "golden"
HAS_AUTOENCODER = (CHECKPOINT / AE).exists()
"""The reduced set leaves it out: it is most of the bytes. What it made of pictures to edit stands
in `source_latents` tensors there, and what it makes of finished latents is not compared."""


@cache
def facts(name: str) -> Any:
    """A golden JSON file, by its path without the ending."""
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@cache
def tensors(name: str) -> dict[str, Tensor]:
    """The tensors that belong to a golden JSON file, if any do."""
    file = GOLDEN / f"{name}.safetensors"
    return load_file(file) if file.exists() else {}


def golden_picture(name: str) -> Image.Image:
    """A golden picture. Its levels stand in a tensor and in a PNG, or in the PNG alone; where both
    are there they must be the same."""
    file, levels = GOLDEN / f"{name}.png", tensors(name).get("image_uint8")
    if levels is None:
        return Image.open(file).convert("RGB")
    picture = Image.fromarray(levels.numpy())
    if file.exists():
        assert np.array_equal(np.asarray(picture), np.asarray(Image.open(file).convert("RGB")))
    return picture


def names(folder: str) -> list[str]:
    return sorted(file.stem for file in (GOLDEN / folder).glob("*.json"))


def picture(name: str) -> Picture:
    image = Image.open(GOLDEN / name)
    image.load()
    return Picture.of(image)


@cache
def bagel(device: str = "cpu", dtype: str = "float32") -> Bagel:
    if HAS_AUTOENCODER:
        return Bagel.load(CHECKPOINT, device, dtype)
    with TemporaryDirectory() as folder:
        for file in CHECKPOINT.iterdir():
            shutil.copyfile(file, Path(folder) / file.name)
        shapes = layout(read_config(CHECKPOINT))[AE]
        save_file({key: torch.zeros(shape) for key, shape in shapes.items()}, f"{folder}/{AE}")
        return Bagel.load(Path(folder), device, dtype)


def system_prompt(role: str, think: bool) -> str | None:
    prompts: dict[str, str] = facts("tokenizer")["system_prompts"]
    return prompts[KINDS[role]] if think else None


def flow_of(params: Mapping[str, Any]) -> FlowSettings:
    low, high = params["cfg_interval"]
    return FlowSettings(
        num_timesteps=params["num_timesteps"],
        shift=params["timestep_shift"],
        text_scale=params["cfg_text_scale"],
        image_scale=params["cfg_img_scale"],
        interval=(low, high),
        renorm=params["cfg_renorm_type"],
        renorm_min=params["cfg_renorm_min"],
    )


def sampler_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings under their names in a request."""
    found: dict[str, Any] = {}
    if "num_timesteps" in params:
        flow = flow_of(params)
        found = {name: getattr(flow, name) for name in flow.__dataclass_fields__}
    if "max_think_token_n" in params:
        found["max_text_tokens"] = params["max_think_token_n"]
    return found


@dataclass(frozen=True)
class Replay:
    """Stands in for a noise key: gives recorded noise, by stage."""

    recorded: Mapping[str, Tensor]

    def normal(self, stage: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        found = self.recorded[stage].numpy()
        assert found.shape == shape, f"noise {stage}: asked for {shape}, recorded {found.shape}"
        return found

    def bits(self, stage: str) -> int:
        raise AssertionError("greedy decoding draws no random numbers")


def picture_request(facts: Any, noise: Replay, source: Picture | None) -> Draw | Edit:
    """The request behind a picture case or a pipeline's call; `source` is what it edits."""
    size = facts.get("image_hw") or facts["params"].get("image_shapes")
    text = facts["text"] if "text" in facts else facts["text_in"]
    common: dict[str, Any] = {
        "noise": noise,
        "think": system_prompt("draw", facts["think"]),
        "special_tokens": True,
        "sampler": sampler_of(facts["params"]),
    }
    if source is not None:
        return Edit(source, text, **common)
    return Draw(text, size=(size[1], size[0]), **common)


def case_request(facts: Any, table: Mapping[str, Tensor]) -> Draw | Edit:
    """The request behind a picture case, with its recorded noise."""
    recorded = {"first": table["init_noise"], "edit-init": table["init_noise"]}
    if facts["image"]:
        recorded["edit-encode"] = table["vae_encode_noise"]
    source = picture(facts["image"]) if facts["image"] else None
    return picture_request(facts, Replay(recorded), source)


class Recording:
    """Greedy text settings that keep what was predicted: logits and tokens, step by step."""

    def __init__(self, max_text_tokens: int) -> None:
        self.max_text_tokens, self.temperature = max_text_tokens, 0.0
        self.logits: list[Tensor] = []
        self.tokens: list[int] = []

    def pick(self, seeds: Any) -> Any:
        def choose(logits: Tensor, rows: Any) -> tuple[Tensor, list[int]]:
            tokens = logits.argmax(dim=-1)
            found: list[int] = tokens.tolist()
            self.logits.append(logits[0].float().cpu())
            self.tokens.append(found[0])
            return tokens, found

        return choose

    def fed(self, start: int, end: int) -> list[int]:
        return [start, *(t for t in self.tokens if t != end)]


def near(got: Tensor, expected: Tensor, tolerance: float, what: str) -> None:
    """Fails unless shapes agree and no value is off by more than `tolerance`."""
    got, expected = got.detach().float().cpu(), expected.float()
    assert got.shape == expected.shape, f"{what}: {tuple(got.shape)}, not {tuple(expected.shape)}"
    off = (got - expected).abs().max().item() if got.numel() else 0.0
    assert off <= tolerance, f"{what}: off by {off:.2e}, allowed {tolerance:.0e}"


def same_levels(got: Image.Image, expected: Image.Image, most: int, share: float) -> None:
    """Fails if an 8-bit value is off by more than `most`, or more than `share` of them are off."""
    assert got.size == expected.size
    off = np.abs(np.asarray(got, dtype=int) - np.asarray(expected.convert("RGB"), dtype=int))
    assert off.max() <= most, f"off by {off.max()} levels, allowed {most}"
    assert (off > 0).mean() <= share, f"{(off > 0).mean():.2%} of values are off"
