"""The tensors of a checkpoint: every key of its two files and the shape that belongs to it.

Written out, so that a folder can be checked without building the model, or loading torch.
"""

from collections.abc import Iterator

from uig_cli.models.bagel.config import AutoencoderConfig, BagelConfig

Shape = tuple[int, ...]
EMA, AE = "ema.safetensors", "ae.safetensors"
EXPERTS = ("", "_moe_gen")


def layout(config: BagelConfig) -> dict[str, dict[str, Shape]]:
    """File name -> key -> shape."""
    return {EMA: dict(_ema(config)), AE: dict(_autoencoder(config.autoencoder))}


def _linear(name: str, out: int, inner: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (out, inner)
    yield f"{name}.bias", (out,)


def _norm(name: str, size: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (size,)
    yield f"{name}.bias", (size,)


def _ema(config: BagelConfig) -> Iterator[tuple[str, Shape]]:
    llm, vit, parts = config.language, config.vision, config.parts
    size = llm.hidden_size
    yield "language_model.model.embed_tokens.weight", (llm.vocab_size, size)
    yield "language_model.lm_head.weight", (llm.vocab_size, size)
    for n in range(llm.num_hidden_layers):
        yield from _decoder_layer(f"language_model.model.layers.{n}", config)
    for e in EXPERTS:
        yield f"language_model.model.norm{e}.weight", (size,)
    yield from _linear("vae2llm", size, config.latent_channels)
    yield from _linear("llm2vae", config.latent_channels, size)
    yield from _linear("time_embedder.mlp.0", size, 256)
    yield from _linear("time_embedder.mlp.2", size, size)
    yield "latent_pos_embed.pos_embed", (parts.max_latent_size**2, size)
    yield "vit_pos_embed.pos_embed", (parts.vit_max_num_patch_per_side**2, size)
    yield from _linear("connector.fc1", size, vit.hidden_size)
    yield from _linear("connector.fc2", size, size)
    vision = "vit_model.vision_model"
    pixels = vit.patch_size**2 * 3
    yield from _linear(f"{vision}.embeddings.patch_embedding", vit.hidden_size, pixels)
    yield f"{vision}.embeddings.position_embedding.weight", (vit.positions, vit.hidden_size)
    for n in range(config.vision_layers):
        layer = f"{vision}.encoder.layers.{n}"
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            yield from _linear(f"{layer}.self_attn.{name}", vit.hidden_size, vit.hidden_size)
        yield from _norm(f"{layer}.layer_norm1", vit.hidden_size)
        yield from _norm(f"{layer}.layer_norm2", vit.hidden_size)
        yield from _linear(f"{layer}.mlp.fc1", vit.intermediate_size, vit.hidden_size)
        yield from _linear(f"{layer}.mlp.fc2", vit.hidden_size, vit.intermediate_size)
    yield from _norm(f"{vision}.post_layernorm", vit.hidden_size)


def _decoder_layer(layer: str, config: BagelConfig) -> Iterator[tuple[str, Shape]]:
    llm = config.language
    size, d, inner = llm.hidden_size, llm.head_dim, llm.intermediate_size
    kv = llm.num_key_value_heads * d
    for e in EXPERTS:
        yield from _linear(f"{layer}.self_attn.q_proj{e}", size, size)
        yield from _linear(f"{layer}.self_attn.k_proj{e}", kv, size)
        yield from _linear(f"{layer}.self_attn.v_proj{e}", kv, size)
        yield f"{layer}.self_attn.o_proj{e}.weight", (size, size)
        yield f"{layer}.self_attn.q_norm{e}.weight", (d,)
        yield f"{layer}.self_attn.k_norm{e}.weight", (d,)
        yield f"{layer}.mlp{e}.gate_proj.weight", (inner, size)
        yield f"{layer}.mlp{e}.up_proj.weight", (inner, size)
        yield f"{layer}.mlp{e}.down_proj.weight", (size, inner)
        yield f"{layer}.input_layernorm{e}.weight", (size,)
        yield f"{layer}.post_attention_layernorm{e}.weight", (size,)


def _conv(name: str, out: int, inner: int, kernel: int = 3) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (out, inner, kernel, kernel)
    yield f"{name}.bias", (out,)


def _res_block(name: str, inner: int, out: int) -> Iterator[tuple[str, Shape]]:
    yield from _norm(f"{name}.norm1", inner)
    yield from _conv(f"{name}.conv1", out, inner)
    yield from _norm(f"{name}.norm2", out)
    yield from _conv(f"{name}.conv2", out, out)
    if inner != out:
        yield from _conv(f"{name}.nin_shortcut", out, inner, 1)


def _middle(name: str, size: int) -> Iterator[tuple[str, Shape]]:
    yield from _res_block(f"{name}.block_1", size, size)
    yield from _norm(f"{name}.attn_1.norm", size)
    for part in ("q", "k", "v", "proj_out"):
        yield from _conv(f"{name}.attn_1.{part}", size, size, 1)
    yield from _res_block(f"{name}.block_2", size, size)


def _autoencoder(config: AutoencoderConfig) -> Iterator[tuple[str, Shape]]:
    widths = [config.ch * m for m in config.ch_mult]
    last = len(widths) - 1
    yield from _conv("encoder.conv_in", config.ch, config.in_channels)
    yield from _conv("decoder.conv_in", widths[last], config.z_channels)
    for i, width in enumerate(widths):
        finer, coarser = (widths[i - 1] if i else config.ch), widths[min(i + 1, last)]
        for j in range(config.num_res_blocks):
            yield from _res_block(f"encoder.down.{i}.block.{j}", width if j else finer, width)
        for j in range(config.num_res_blocks + 1):
            yield from _res_block(f"decoder.up.{i}.block.{j}", width if j else coarser, width)
        if i < last:
            yield from _conv(f"encoder.down.{i}.downsample.conv", width, width)
        if i > 0:
            yield from _conv(f"decoder.up.{i}.upsample.conv", width, width)
    for part in ("encoder", "decoder"):
        yield from _middle(f"{part}.mid", widths[last])
    yield from _norm("encoder.norm_out", widths[last])
    yield from _conv("encoder.conv_out", 2 * config.z_channels, widths[last])
    yield from _norm("decoder.norm_out", widths[0])
    yield from _conv("decoder.conv_out", config.out_ch, widths[0])
