"""The tensors of a checkpoint: every key of its two files and the shape that belongs to it.

Written out, so that a folder can be checked without building the model or importing torch.
"""

from collections.abc import Iterator

from uig_cli.models.bagel.config import AutoencoderConfig, BagelConfig

EMA, AE = "ema.safetensors", "ae.safetensors"
EXPERTS = ("", "_moe_gen")
TIME_SIZE = 256

Shape = tuple[int, ...]
Tensors = Iterator[tuple[str, Shape]]


def layout(config: BagelConfig) -> dict[str, dict[str, Shape]]:
    """File name -> key -> shape."""
    return {name: dict(tensors) for name, tensors in lazy_layout(config).items()}


def lazy_layout(config: BagelConfig) -> dict[str, Tensors]:
    """The same one after the other: a configuration may name any number of layers."""
    return {EMA: _ema(config), AE: _autoencoder(config.autoencoder)}


def _biased(name: str, *shape: int) -> Tensors:
    """A linear layer, a convolution or a norm."""
    yield f"{name}.weight", shape
    yield f"{name}.bias", shape[:1]


def _ema(config: BagelConfig) -> Tensors:
    llm, vit, parts = config.language, config.vision, config.parts
    size = llm.hidden_size
    language, vision = "language_model.model", "vit_model.vision_model"
    yield f"{language}.embed_tokens.weight", (llm.vocab_size, size)
    yield "language_model.lm_head.weight", (llm.vocab_size, size)
    for e in EXPERTS:
        yield f"{language}.norm{e}.weight", (size,)
        for n in range(llm.num_hidden_layers):
            yield from _decoder_layer(f"{language}.layers.{n}", e, config)
    yield from _biased("vae2llm", size, config.latent_channels)
    yield from _biased("llm2vae", config.latent_channels, size)
    yield from _biased("time_embedder.mlp.0", size, TIME_SIZE)
    yield from _biased("time_embedder.mlp.2", size, size)
    yield "latent_pos_embed.pos_embed", (parts.max_latent_size**2, size)
    yield "vit_pos_embed.pos_embed", (parts.vit_max_num_patch_per_side**2, size)
    yield from _biased("connector.fc1", size, vit.hidden_size)
    yield from _biased("connector.fc2", size, size)
    yield from _biased(f"{vision}.embeddings.patch_embedding", vit.hidden_size, config.patch_pixels)
    yield f"{vision}.embeddings.position_embedding.weight", (vit.positions, vit.hidden_size)
    for n in range(config.vision_layers):
        layer = f"{vision}.encoder.layers.{n}"
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            yield from _biased(f"{layer}.self_attn.{name}", vit.hidden_size, vit.hidden_size)
        yield from _biased(f"{layer}.layer_norm1", vit.hidden_size)
        yield from _biased(f"{layer}.layer_norm2", vit.hidden_size)
        yield from _biased(f"{layer}.mlp.fc1", vit.intermediate_size, vit.hidden_size)
        yield from _biased(f"{layer}.mlp.fc2", vit.hidden_size, vit.intermediate_size)
    yield from _biased(f"{vision}.post_layernorm", vit.hidden_size)


def _decoder_layer(layer: str, e: str, config: BagelConfig) -> Tensors:
    llm = config.language
    size, d, inner = llm.hidden_size, llm.head_dim, llm.intermediate_size
    kv = llm.num_key_value_heads * d
    yield from _biased(f"{layer}.self_attn.q_proj{e}", size, size)
    yield from _biased(f"{layer}.self_attn.k_proj{e}", kv, size)
    yield from _biased(f"{layer}.self_attn.v_proj{e}", kv, size)
    yield f"{layer}.self_attn.o_proj{e}.weight", (size, size)
    yield f"{layer}.self_attn.q_norm{e}.weight", (d,)
    yield f"{layer}.self_attn.k_norm{e}.weight", (d,)
    yield f"{layer}.mlp{e}.gate_proj.weight", (inner, size)
    yield f"{layer}.mlp{e}.up_proj.weight", (inner, size)
    yield f"{layer}.mlp{e}.down_proj.weight", (size, inner)
    yield f"{layer}.input_layernorm{e}.weight", (size,)
    yield f"{layer}.post_attention_layernorm{e}.weight", (size,)


def _res_block(name: str, inner: int, out: int) -> Tensors:
    yield from _biased(f"{name}.norm1", inner)
    yield from _biased(f"{name}.conv1", out, inner, 3, 3)
    yield from _biased(f"{name}.norm2", out)
    yield from _biased(f"{name}.conv2", out, out, 3, 3)
    if inner != out:
        yield from _biased(f"{name}.nin_shortcut", out, inner, 1, 1)


def _autoencoder(config: AutoencoderConfig) -> Tensors:
    widths, blocks = config.widths, config.num_res_blocks
    first, last = widths[0], widths[-1]
    yield from _biased("encoder.conv_in", config.ch, config.in_channels, 3, 3)
    yield from _biased("decoder.conv_in", last, config.z_channels, 3, 3)
    for i, width in enumerate(widths):
        finer, coarser = ([config.ch, *widths][i], [*widths, last][i + 1])
        for j in range(blocks):
            yield from _res_block(f"encoder.down.{i}.block.{j}", width if j else finer, width)
        for j in range(blocks + 1):
            yield from _res_block(f"decoder.up.{i}.block.{j}", width if j else coarser, width)
        if i > 0:
            yield from _biased(f"encoder.down.{i - 1}.downsample.conv", finer, finer, 3, 3)
            yield from _biased(f"decoder.up.{i}.upsample.conv", width, width, 3, 3)
    for part in ("encoder", "decoder"):
        yield from _res_block(f"{part}.mid.block_1", last, last)
        yield from _res_block(f"{part}.mid.block_2", last, last)
        yield from _biased(f"{part}.mid.attn_1.norm", last)
        for name in ("q", "k", "v", "proj_out"):
            yield from _biased(f"{part}.mid.attn_1.{name}", last, last, 1, 1)
    yield from _biased("encoder.norm_out", last)
    yield from _biased("encoder.conv_out", 2 * config.z_channels, last, 3, 3)
    yield from _biased("decoder.norm_out", first)
    yield from _biased("decoder.conv_out", config.out_ch, first, 3, 3)
