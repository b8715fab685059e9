"""What a checkpoint's settings may ask for: each is done as its file says, or refused by name.

A configuration can describe a network that is built otherwise than this one. Keys of which one
value is done are listed with it; null is as if they were not there. Keys that change no answer
are listed too; any other is told in a note.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.models.safetensors_headers import told

Json = dict[str, Any]

LLM, VIT, AE_SIZES, OWN = "llm_config.json", "vit_config.json", "ae_config.json", "uig_config.json"

_UNTIED: Mapping[str, tuple[Any, ...]] = {"qk_norm": (True,), "tie_word_embeddings": (False,)}
_DONE: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    LLM: {
        **_UNTIED,
        "model_type": ("qwen2",),
        "hidden_act": ("silu", "swish"),
        "attention_bias": (True,),
        "mlp_bias": (False,),
        "is_causal": (True,),
        "use_sliding_window": (False,),
        "partial_rotary_factor": (1,),
        "attn_logit_softcapping": (),
        "final_logit_softcapping": (),
        "quantization_config": (),
    },
    VIT: {
        "model_type": ("siglip_vision_model",),
        "hidden_act": ("gelu_pytorch_tanh",),
        "layer_norm_eps": (1e-6,),
        "num_channels": (3,),
        "rope": (False,),
        "quantization_config": (),
    },
    AE_SIZES: {
        "in_channels": (3,),
        "out_ch": (3,),
        "double_z": (True,),
        "attn_resolutions": ([],),
        "quantization_config": (),
    },
    OWN: {
        **_UNTIED,
        "layer_module": ("Qwen2MoTDecoderLayer",),
        "vit_rope": (False,),
        "connector_act": ("gelu_pytorch_tanh",),
        "interpolate_pos": (False,),
    },
}
"""By file: the values of a key that are done; none where it must not be set."""

_OF_HUGGING_FACE = (
    "_name_or_path", "architectures", "attention_dropout", "dtype", "initializer_range",
    "model_type", "torch_dtype", "transformers_version",
)  # fmt: skip
_HARMLESS: Mapping[str, tuple[str, ...]] = {
    LLM: (
        *_OF_HUGGING_FACE, "bos_token_id", "eos_token_id", "pad_token_id", "layer_module",
        "max_window_layers", "sliding_window", "use_cache", "head_dim", "layer_types",
        "rope_parameters", "rope_scaling",
    ),
    VIT: (*_OF_HUGGING_FACE, "vision_use_head"),
    AE_SIZES: ("resolution", "downsample"),
    OWN: (
        "dtype", "samplers", "vae_latent_downsample_total", "vae_transform", "vit_transform",
        "words", "world",
    ),
}  # fmt: skip
"""By file: keys that change no answer, or that are looked at elsewhere."""


def check_done(file: Path, found: Json) -> None:
    """Raises UigError for a key whose value is not done. Only for files of the names above."""
    for key, done in _DONE[file.name].items():
        got = found.get(key)
        if got is not None and not any(_equal(got, value) for value in done):
            raise wrong(file, key, got, " or ".join(map(json.dumps, done)) or "it not to be set")
    layers = found.get("layer_types")
    same = isinstance(layers, list) and all(layer == "full_attention" for layer in layers)
    if file.name == LLM and layers is not None and not same:
        raise wrong(file, "layer_types", layers, '"full_attention" for every layer')


def rope_theta(file: Path, found: Json) -> Json:
    """The configuration with its `rope_theta` in its place, where newer exporters put it into
    `rope_parameters`. Raises UigError for rope that is scaled, or of two bases."""
    for key in ("rope_scaling", "rope_parameters"):
        if not _plain_rope(found.get(key)):
            raise wrong(file, key, found[key], 'null or {"rope_type": "default"}')
    inner = (found.get("rope_parameters") or {}).get("rope_theta")
    if inner is None:
        return found
    if found.get("rope_theta", inner) != inner:
        expected = f"the {told(inner)} of its rope_parameters, or no such key"
        raise wrong(file, "rope_theta", found["rope_theta"], expected)
    return {**found, "rope_theta": inner}


def unread_settings(name: str, found: Json, read: Iterable[str]) -> list[str]:
    """Keys of that file that nothing knows. read: those that sizes are read from."""
    known = {*read, *_DONE[name], *_HARMLESS[name]}
    return [key for key in found if key not in known]


def wrong(file: Path, key: str, got: Any, expected: str) -> UigError:
    return UigError(f'{file}: "{key}" is {told(got)}; expected {expected}.')


def _equal(got: Any, value: Any) -> bool:
    """As JSON tells them apart: true is not 1."""
    return bool(got == value) and isinstance(got, bool) == isinstance(value, bool)


def _plain_rope(given: Any) -> bool:
    """Whether it asks for nothing but a base: newer files hold that here, older ones null."""
    if given is None:
        return True
    if not isinstance(given, dict):
        return False
    rest = {key: value for key, value in given.items() if value is not None}
    kinds = [rest.pop("rope_type", "default"), rest.pop("type", "default")]
    rest.pop("rope_theta", None)
    plain = kinds == ["default"] * 2 and rest.pop("partial_rotary_factor", 1) == 1
    return plain and not rest
