"""The sizes and constants of a BAGEL checkpoint, read from its JSON files and checked.

`llm_config.json` and `vit_config.json` are in every checkpoint. What the published code sets in
code (autoencoder sizes, position table sides, picture sizes) is read from `ae_config.json` and
`uig_config.json` where a checkpoint has them; the defaults below are those of BAGEL-7B-MoT.
"""

import json
from dataclasses import dataclass, fields
from math import inf
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from uig_cli import plain_json
from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.models.bagel.architecture import (
    AE_SIZES,
    LLM,
    OWN,
    VIT,
    Json,
    check_done,
    rope_theta,
    unread_settings,
    wrong,
)

T = TypeVar("T")

MOST_BYTES = 100_000_000
"""Of a JSON file; the index of a large model's shards has one."""


@dataclass(frozen=True, slots=True)
class LanguageConfig:
    """The decoder, in the names of transformers' Qwen2 configuration."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    intermediate_size: int
    vocab_size: int
    rope_theta: float
    rms_norm_eps: float
    max_position_embeddings: int = 32768

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads


@dataclass(frozen=True, slots=True)
class VisionConfig:
    """The SigLIP transformer; `num_hidden_layers` as in the file, one more than is used."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    patch_size: int
    image_size: int

    @property
    def positions(self) -> int:
        return (self.image_size // self.patch_size) ** 2


@dataclass(frozen=True, slots=True)
class AutoencoderConfig:
    """The convolutional autoencoder; `ch_mult` has one entry per resolution, finest first."""

    ch: int = 128
    ch_mult: tuple[int, ...] = (1, 2, 4, 4)
    num_res_blocks: int = 2
    z_channels: int = 16
    in_channels: int = 3
    out_ch: int = 3
    scale_factor: float = 0.3611
    shift_factor: float = 0.1159

    @property
    def widths(self) -> list[int]:
        return [self.ch * factor for factor in self.ch_mult]

    @property
    def downsample(self) -> int:
        return int(2 ** (len(self.ch_mult) - 1))


@dataclass(frozen=True, slots=True)
class PictureRule:
    """How a picture is resized (see `images.fit`) and normalised: (x/255 - mean) / std."""

    max_size: int
    min_size: int
    stride: int
    max_pixels: int = 1806336
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.5, 0.5, 0.5)


@dataclass(frozen=True, slots=True)
class PartsConfig:
    """How the parts are put together, in the names of `uig_config.json`."""

    latent_patch_size: int = 2
    max_latent_size: int = 64
    vit_max_num_patch_per_side: int = 70
    vit_layers_dropped: int = 1
    timestep_shift: float = 3.0


@dataclass(frozen=True, slots=True)
class BagelConfig:
    """Everything about a checkpoint but its weights and its tokenizer."""

    language: LanguageConfig
    vision: VisionConfig
    autoencoder: AutoencoderConfig
    parts: PartsConfig
    vae_rule: PictureRule
    vit_rule: PictureRule

    @property
    def stride(self) -> int:
        """Pixels along one side of a latent token."""
        return self.autoencoder.downsample * self.parts.latent_patch_size

    @property
    def latent_channels(self) -> int:
        """Numbers per latent token: patch row, patch column, channel."""
        return self.parts.latent_patch_size**2 * self.autoencoder.z_channels

    @property
    def patch_pixels(self) -> int:
        """Numbers per ViT patch."""
        return self.vision.patch_size**2 * 3

    @property
    def max_side(self) -> int:
        """The longest side that the table of latent positions covers, in pixels."""
        return self.stride * self.parts.max_latent_size

    @property
    def vision_layers(self) -> int:
        return self.vision.num_hidden_layers - self.parts.vit_layers_dropped


_REAL_RULES = {
    "vae_transform": {"max_size": 1024, "min_size": 512, "stride": 16},
    "vit_transform": {"max_size": 980, "min_size": 224, "stride": 14},
}


def read_config(folder: Path) -> BagelConfig:
    """A checkpoint folder's configuration, checked; errors name file, key, got and expected."""
    files = read_files(folder)
    for name, found in files.items():
        check_done(folder / name, found)
    language = rope_theta(folder / LLM, files[LLM])
    config = BagelConfig(
        language=_build(LanguageConfig, folder / LLM, language),
        vision=_build(VisionConfig, folder / VIT, files[VIT]),
        autoencoder=_build(AutoencoderConfig, folder / AE_SIZES, files[AE_SIZES]),
        parts=_build(PartsConfig, folder / OWN, files[OWN]),
        vae_rule=_rule("vae_transform", files[OWN], folder / OWN),
        vit_rule=_rule("vit_transform", files[OWN], folder / OWN),
    )
    _check(config, folder)
    _check_agreement(config, files, folder)
    return config


def read_files(folder: Path) -> dict[str, Json]:
    """The folder's four configurations by file name; the two that are ours may be absent."""
    found = {name: read_json(folder / name) for name in (LLM, VIT)}
    for name in (AE_SIZES, OWN):
        found[name] = read_json(folder / name) if (folder / name).exists() else {}
    return found


def unread(folder: Path) -> dict[str, list[str]]:
    """By file, the keys that nothing reads."""
    files, of_rules = read_files(folder), _names(PictureRule)
    read = {LLM: LanguageConfig, VIT: VisionConfig, AE_SIZES: AutoencoderConfig, OWN: PartsConfig}
    keys = {name: unread_settings(name, files[name], _names(of)) for name, of in read.items()}
    for rule in _REAL_RULES:
        keys[OWN] += [f"{rule}.{key}" for key in files[OWN].get(rule, {}) if key not in of_rules]
    return {name: found for name, found in keys.items() if found}


def read_json(file: Path) -> Json:
    """A file's JSON object; an error names the file, and the line where the JSON breaks."""
    try:
        found = plain_json.read_json(read_plain(file, MOST_BYTES), any_numbers=True)
    except OSError as error:
        raise UigError(
            f"{file} cannot be read ({error.strerror}); expected a BAGEL checkpoint folder with "
            "llm_config.json, vit_config.json, two safetensors files and Qwen2 tokenizer files."
        ) from None
    except ValueError as error:
        raise UigError(f"{file} is not valid JSON ({error}); copy the checkpoint again.") from None
    if not isinstance(found, dict):
        raise UigError(f"{file} holds a {type(found).__name__}; expected a JSON object.")
    return found


def _names(cls: type[Any]) -> set[str]:
    return {field.name for field in fields(cls)}


def _build(cls: type[T], file: Path, found: Json) -> T:
    """An instance of the dataclass `cls` from the values under its field names."""
    hints, known = get_type_hints(cls), _names(cls)
    values = {key: _value(hints[key], found[key], key, file) for key in known & found.keys()}
    try:
        return cls(**values)
    except TypeError:
        missing = ", ".join(sorted(known - found.keys()))
        raise UigError(f"{file} lacks a value; expected one for each of: {missing}.") from None


def _rule(name: str, extras: Json, file: Path) -> PictureRule:
    given = extras.get(name, {})
    if not isinstance(given, dict):
        raise wrong(file, name, given, "an object such as " + json.dumps(_REAL_RULES[name]))
    return _build(PictureRule, file, {**_REAL_RULES[name], **given})


def _value(hint: Any, got: Any, key: str, file: Path) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(got, list) or not got:
            raise wrong(file, key, got, "a list of numbers")
        return tuple(_value(get_args(hint)[0], item, key, file) for item in got)
    right = int if hint is int else int | float
    if isinstance(got, bool) or not isinstance(got, right) or not 0 <= _as_float(got) < inf:
        expected = "a whole number" if hint is int else "a finite number from 0 up"
        raise wrong(file, key, got, expected)
    return hint(got)


def _as_float(number: int | float) -> float:
    try:
        return float(number)
    except OverflowError:
        return inf


def _check(config: BagelConfig, folder: Path) -> None:
    """Refuses sizes that do not fit each other, before they surface as a tensor error."""
    llm, vit, parts = config.language, config.vision, config.parts
    side, vae_rule, vit_rule = parts.vit_max_num_patch_per_side, config.vae_rule, config.vit_rule
    for name, key, got, factor in (
        ("llm", "hidden_size", llm.hidden_size, 2 * llm.num_attention_heads),
        ("llm", "num_attention_heads", llm.num_attention_heads, llm.num_key_value_heads),
        ("vit", "hidden_size", vit.hidden_size, vit.num_attention_heads),
        ("ae", "ch", config.autoencoder.ch, 32),
        ("uig", "vae_transform stride", vae_rule.stride, config.stride),
        ("uig", "vit_transform stride", vit_rule.stride, vit.patch_size),
    ):
        if got < 1 or factor < 1 or got % factor:
            raise wrong(folder / f"{name}_config.json", key, got, f"a multiple of {factor}")
    for name, key, got, most in (
        ("uig", "vae_transform max_size", vae_rule.max_size, config.max_side),
        ("uig", "vit_transform max_size", vit_rule.max_size, side * vit.patch_size),
        ("uig", "vit_max_num_patch_per_side", side, vit.image_size // vit.patch_size),
        ("uig", "vit_layers_dropped", parts.vit_layers_dropped, vit.num_hidden_layers - 1),
    ):
        if got > most:
            raise wrong(folder / f"{name}_config.json", key, got, f"at most {most}")


def _check_agreement(config: BagelConfig, files: dict[str, Json], folder: Path) -> None:
    """Refuses numbers that would make every answer NaN, and those that say the same of a checkpoint
    and differ."""
    rules = (("vae_transform std", config.vae_rule), ("vit_transform std", config.vit_rule))
    for name, key, got in (
        (LLM, "rope_theta", config.language.rope_theta),
        (AE_SIZES, "scale_factor", config.autoencoder.scale_factor),
        (OWN, "timestep_shift", config.parts.timestep_shift),
        *((OWN, key, number) for key, rule in rules for number in rule.std),
    ):
        if got == 0:
            raise wrong(folder / name, key, got, "a number above 0")
    for name, key, follows in (
        (LLM, "head_dim", config.language.head_dim),
        (AE_SIZES, "downsample", config.autoencoder.downsample),
        (OWN, "vae_latent_downsample_total", config.stride),
    ):
        said = files[name].get(key)
        if said is not None and said != follows:
            raise wrong(folder / name, key, said, f"{follows}, which the other settings make it")
