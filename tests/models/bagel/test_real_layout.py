"""BAGEL-7B-MoT's own layout: keys and shapes as its files have them, written down by hand."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch

from tests.models.bagel.real import LLM, VIT, write_real_configs
from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.config import BagelConfig, read_config
from uig_cli.models.bagel.layout import AE, EMA, layout
from uig_cli.models.bagel.network import Network

H, Q, KV, HEAD, MLP, HV, IV = 3584, 3584, 512, 128, 18944, 1152, 4304


def real_config() -> BagelConfig:
    with TemporaryDirectory() as folder:
        write_real_configs(Path(folder))
        return read_config(Path(folder))


def linear(name: str, out: int, into: int, bias: bool = True) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (out, into)} | ({f"{name}.bias": (out,)} if bias else {})


def norm(name: str) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (HV,), f"{name}.bias": (HV,)}


def expected() -> dict[str, tuple[int, ...]]:
    """The table of the description, row by row."""
    found: dict[str, tuple[int, ...]] = {
        "language_model.model.embed_tokens.weight": (152064, H),
        "language_model.lm_head.weight": (152064, H),
        "latent_pos_embed.pos_embed": (64 * 64, H),
        "vit_pos_embed.pos_embed": (70 * 70, H),
        "vit_model.vision_model.embeddings.position_embedding.weight": (4900, HV),
    }
    for e in ("", "_moe_gen"):
        found[f"language_model.model.norm{e}.weight"] = (H,)
        for n in range(28):
            layer = f"language_model.model.layers.{n}"
            found |= linear(f"{layer}.self_attn.q_proj{e}", Q, H)
            found |= linear(f"{layer}.self_attn.k_proj{e}", KV, H)
            found |= linear(f"{layer}.self_attn.v_proj{e}", KV, H)
            found |= linear(f"{layer}.self_attn.o_proj{e}", H, Q, bias=False)
            found[f"{layer}.self_attn.q_norm{e}.weight"] = (HEAD,)
            found[f"{layer}.self_attn.k_norm{e}.weight"] = (HEAD,)
            found |= linear(f"{layer}.mlp{e}.gate_proj", MLP, H, bias=False)
            found |= linear(f"{layer}.mlp{e}.up_proj", MLP, H, bias=False)
            found |= linear(f"{layer}.mlp{e}.down_proj", H, MLP, bias=False)
            found[f"{layer}.input_layernorm{e}.weight"] = (H,)
            found[f"{layer}.post_attention_layernorm{e}.weight"] = (H,)
    found |= linear("vae2llm", H, 64) | linear("llm2vae", 64, H)
    found |= linear("time_embedder.mlp.0", H, 256) | linear("time_embedder.mlp.2", H, H)
    found |= linear("connector.fc1", H, HV) | linear("connector.fc2", H, H)
    vision = "vit_model.vision_model"
    found |= linear(f"{vision}.embeddings.patch_embedding", HV, 14 * 14 * 3)
    found |= norm(f"{vision}.post_layernorm")
    for n in range(26):
        layer = f"{vision}.encoder.layers.{n}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            found |= linear(f"{layer}.self_attn.{part}", HV, HV)
        found |= norm(f"{layer}.layer_norm1") | norm(f"{layer}.layer_norm2")
        found |= linear(f"{layer}.mlp.fc1", IV, HV) | linear(f"{layer}.mlp.fc2", HV, IV)
    return found


def test_keys_and_shapes_are_those_of_the_real_file() -> None:
    assert {k: tuple(v) for k, v in layout(real_config())[EMA].items()} == expected()


def test_the_modules_take_every_key() -> None:
    config = real_config()
    with torch.device("meta"):
        network, autoencoder = Network(config, (0, 1)), Autoencoder(config.autoencoder)
    for module, file in ((network, EMA), (autoencoder, AE)):
        shapes = {key: tuple(p.shape) for key, p in module.named_parameters()}
        assert shapes == {k: tuple(v) for k, v in layout(config)[file].items()}


def test_the_real_autoencoder() -> None:
    shapes = layout(real_config())[AE]
    for key, shape in {
        "encoder.conv_in.weight": (128, 3, 3, 3),
        "encoder.down.1.block.0.nin_shortcut.weight": (256, 128, 1, 1),
        "encoder.down.2.downsample.conv.weight": (512, 512, 3, 3),
        "encoder.mid.attn_1.proj_out.weight": (512, 512, 1, 1),
        "encoder.conv_out.weight": (32, 512, 3, 3),
        "decoder.conv_in.weight": (512, 16, 3, 3),
        "decoder.up.0.block.2.conv2.weight": (128, 128, 3, 3),
        "decoder.up.3.upsample.conv.bias": (512,),
        "decoder.conv_out.weight": (3, 128, 3, 3),
    }.items():
        assert tuple(shapes[key]) == shape, key
    assert "encoder.down.3.downsample.conv.weight" not in shapes
    assert "decoder.up.0.upsample.conv.weight" not in shapes


def test_the_real_picture_rules() -> None:
    config = real_config()
    assert (config.stride, config.max_side, config.latent_channels) == (16, 1024, 64)
    assert (config.vae_rule.max_size, config.vit_rule.max_size) == (1024, 980)
    assert config.vision_layers == 26


@pytest.mark.parametrize("key", ["hidden_size", "num_attention_heads", "rope_theta"])
def test_a_missing_value_is_named(tmp_path: Path, key: str) -> None:
    from uig_cli.errors import UigError

    (tmp_path / "llm_config.json").write_text(
        json.dumps({k: v for k, v in LLM.items() if k != key})
    )
    (tmp_path / "vit_config.json").write_text(json.dumps(VIT))
    with pytest.raises(UigError, match=key):
        read_config(tmp_path)
