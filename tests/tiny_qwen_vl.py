"""Qwen2.5-VL and Qwen3-VL checkpoints of a few thousand random weights, saved as real ones are."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2VLImageProcessorPil,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
)

MARKERS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>",
           "<|image_pad|>", "<|video_pad|>")  # fmt: skip


def tokenizer() -> PreTrainedTokenizerFast:
    """Bytes, four words made by merges, and Qwen's markers."""
    symbols = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("y", "e"), ("ye", "s"), ("n", "o"), ("Y", "e"), ("Ye", "s"), ("N", "o")]
    tokens = [*symbols, *("".join(pair) for pair in merges)]
    made = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(marker, special=True) for marker in MARKERS])
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<|im_end|>")


def save(folder: Path, kind: str, seed: int = 0) -> Path:
    """A checkpoint of that kind, which says yes or no to everything, by what it sees and reads."""
    words = tokenizer()
    ids = {marker: words.convert_tokens_to_ids(marker) for marker in MARKERS}
    text = {
        "vocab_size": len(words),
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "rope_scaling": {"rope_type": "default", "mrope_section": [1, 1, 2]},
        "max_position_embeddings": 2048,
    }
    marks: dict[str, Any] = {
        "image_token_id": ids["<|image_pad|>"],
        "video_token_id": ids["<|video_pad|>"],
        "vision_start_token_id": ids["<|vision_start|>"],
        "vision_end_token_id": ids["<|vision_end|>"],
    }
    torch.manual_seed(seed)
    if kind == "qwen2_5_vl":
        eye = {"depth": 2, "hidden_size": 32, "intermediate_size": 32, "num_heads": 2,
               "out_hidden_size": 32, "patch_size": 14, "fullatt_block_indexes": [1]}  # fmt: skip
        network = Qwen2_5_VLForConditionalGeneration(
            Qwen2_5_VLConfig(text_config=text, vision_config=eye, **marks)
        )
        patch = 14
    else:
        eye = {"depth": 2, "hidden_size": 32, "intermediate_size": 32, "num_heads": 2,
               "out_hidden_size": 32, "patch_size": 16, "deepstack_visual_indexes": [0],
               "num_position_embeddings": 64}  # fmt: skip
        network = Qwen3VLForConditionalGeneration(  # type: ignore[assignment]
            Qwen3VLConfig(text_config=text, vision_config=eye, **marks)
        )
        patch = 16
    with torch.no_grad():
        for parameter in network.parameters():  # the usual 0.02 says the same to everything
            if parameter.dim() > 1:
                parameter.normal_(0, 0.3)
    _made_to_answer(network, words)
    network.save_pretrained(folder)
    words.save_pretrained(folder)
    Qwen2VLImageProcessorPil(
        patch_size=patch, size={"shortest_edge": 4 * 28 * 28, "longest_edge": 16 * 28 * 28}
    ).save_pretrained(folder)
    return folder


@torch.no_grad()
def _made_to_answer(network: PreTrainedModel, words: PreTrainedTokenizerFast) -> None:
    """The last layer knows three tokens: yes against no by a random direction, and the end of the
    turn by coordinate 0, which nothing writes but the embeddings of the two words."""
    yes, no, end = (words.convert_tokens_to_ids(word) for word in ("yes", "no", "<|im_end|>"))
    head, decoder = network.lm_head.weight, network.model.language_model
    decoder.embed_tokens.weight[:, 0] = 0
    decoder.embed_tokens.weight[[yes, no], 0] = 100
    for layer in decoder.layers:
        layer.self_attn.o_proj.weight[0] = 0
        layer.mlp.down_proj.weight[0] = 0
    direction = 8 * head[0]
    direction[0] = 0
    head.zero_()
    head[yes], head[no], head[end, 0] = direction, -direction, 1000
