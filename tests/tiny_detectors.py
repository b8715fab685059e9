"""Tiny random Mask2Former and CLIP checkpoints in the real folder layout, made in a second.

Their findings mean nothing; everything around them is real. The class and mask heads are sharpened,
so that some objects pass GenEval's threshold and boxes differ.
"""

from pathlib import Path

import torch
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPTokenizer,
    Mask2FormerConfig,
    Mask2FormerForUniversalSegmentation,
    Mask2FormerImageProcessorPil,
    SwinConfig,
)

CLASSES = 80


def write_tiny_mask2former(folder: Path, *, classes: int = CLASSES, seed: int = 0) -> Path:
    """Writes a Mask2Former with a Swin backbone; returns `folder`, made if needed."""
    config = Mask2FormerConfig(
        backbone_config=SwinConfig(  # type: ignore[call-arg]
            image_size=64,
            embed_dim=8,
            depths=[1, 1, 1, 1],
            num_heads=[1, 1, 1, 1],
            window_size=2,
            out_features=["stage1", "stage2", "stage3", "stage4"],
        ),
        feature_size=32,
        mask_feature_size=32,
        hidden_dim=32,
        encoder_feedforward_dim=16,
        dim_feedforward=16,
        encoder_layers=1,
        decoder_layers=2,
        num_attention_heads=2,
        num_queries=8,
        id2label={i: f"label {i}" for i in range(classes)},
        label2id={f"label {i}": i for i in range(classes)},
    )
    torch.manual_seed(seed)
    model = Mask2FormerForUniversalSegmentation(config).eval()
    with torch.no_grad():
        model.class_predictor.weight.mul_(100)
        decoder = model.model.transformer_module.decoder
        decoder.mask_predictor.mask_embedder.layers[-1].layers[0].weight.mul_(1000)
    model.save_pretrained(folder)
    processor = Mask2FormerImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 96})
    processor.save_pretrained(folder)
    return folder


def write_tiny_clip(folder: Path, *, seed: int = 0) -> Path:
    """Writes a CLIP whose tokenizer knows single letters; returns `folder`, made if needed."""
    letters = "abcdefghijklmnopqrstuvwxyz-"
    tokens = [*letters, *(f"{letter}</w>" for letter in letters)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    tokenizer = CLIPTokenizer(
        vocab={token: i for i, token in enumerate(tokens)}, merges=[], model_max_length=64
    )
    tower = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1}
    config = CLIPConfig(
        text_config={
            **tower,
            "num_attention_heads": 2,
            "vocab_size": len(tokens),
            "max_position_embeddings": 64,
            "bos_token_id": tokenizer.bos_token_id,
            "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": tokenizer.pad_token_id,
        },
        vision_config={**tower, "num_attention_heads": 2, "image_size": 32, "patch_size": 16},
        projection_dim=8,
    )
    torch.manual_seed(seed)
    CLIPModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CLIPImageProcessorPil(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    ).save_pretrained(folder)
    return folder
