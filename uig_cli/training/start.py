"""The weights that training starts from.

Places must not drown: the tables of positions are waves of full size, tokens that carry content
begin no larger, and the eye's pictures are normalised so that the white ground is zero.
"""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.tiny import sincos_table
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.bagel.vision import VisionTransformer

LAST = ("o_proj", "out_proj", "down_proj")
"""What ends a residual branch."""


def begin(
    config: BagelConfig, tokenizer: TextTokenizer, seed: int, eye: Mapping[str, Tensor]
) -> Network:
    """A network with random weights and a trained eye (weights of its vision transformer).

    Embeddings are small, residual branches and velocities begin near nothing.
    """
    torch.manual_seed(seed)
    network = Network(config, (tokenizer.vision_start, tokenizer.vision_end))
    _randomise(network, config.language.num_hidden_layers)
    network.vit_model["vision_model"].load_state_dict(eye)
    return network


def begin_vision(config: BagelConfig) -> VisionTransformer:
    """An eye with random weights."""
    vision = VisionTransformer(config)
    _randomise(vision, config.vision_layers)
    return vision


@torch.no_grad()
def _randomise(module: nn.Module, layers: int) -> None:
    for name, weight in module.named_parameters():
        if "pos_embed" in name or "position_embedding" in name:
            weight.copy_(torch.from_numpy(sincos_table(*weight.shape)))
        elif name.endswith("bias") or name.startswith("llm2vae"):
            nn.init.zeros_(weight)
        elif weight.dim() == 1:
            nn.init.ones_(weight)
        elif "embed_tokens" in name or "lm_head" in name:
            nn.init.normal_(weight, std=0.05)
        else:
            depth = math.sqrt(2 * layers) if any(last in name for last in LAST) else 1.0
            nn.init.normal_(weight, std=1 / (depth * math.sqrt(weight.shape[1])))
