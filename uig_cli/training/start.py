"""The weights that training starts from.

Nothing must drown. The tables of positions are waves of full size and of lengths that tell the
places of a small grid apart; to the eye the white ground is zero; and words begin as large as what
the first layer adds to them, or they would be lost in the mean of their neighbours.
"""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.bagel.vision import VisionTransformer

LAST = ("o_proj", "out_proj", "down_proj")
"""What ends a residual branch."""


def begin(
    config: BagelConfig, tokenizer: TextTokenizer, seed: int, eye: Mapping[str, Tensor]
) -> Network:
    """A network with random weights and a trained eye (weights of its vision transformer).

    Residual branches begin small, velocities at nothing.
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


def waves(places: int, size: int) -> Tensor:
    """Sines and cosines of a square's columns and rows: [places, size], mean square 1/2.

    Their lengths go from two and a half places to four sides. The usual ones, up to 60,000
    places, would be all but the same everywhere on a grid of 6 or 12.
    """
    side, quarter = math.isqrt(places), size // 4
    shortest, longest = 2.5, 4.0 * side
    lengths = shortest * (longest / shortest) ** torch.linspace(0, 1, quarter)
    at = torch.arange(places)
    angles = [2 * math.pi * each[:, None] / lengths for each in (at % side, at // side)]
    return torch.cat([wave(angle) for angle in angles for wave in (torch.sin, torch.cos)], dim=1)


@torch.no_grad()
def _randomise(module: nn.Module, layers: int) -> None:
    for name, weight in module.named_parameters():
        if "pos_embed" in name or "position_embedding" in name:
            weight.copy_(waves(*weight.shape))
        elif name.endswith("bias") or name.startswith("llm2vae"):
            nn.init.zeros_(weight)
        elif weight.dim() == 1:
            nn.init.ones_(weight)
        elif "embed_tokens" in name:
            nn.init.normal_(weight)
        elif "lm_head" in name:
            nn.init.normal_(weight, std=0.05)
        else:
            depth = math.sqrt(2 * layers) if any(last in name for last in LAST) else 1.0
            nn.init.normal_(weight, std=1 / (depth * math.sqrt(weight.shape[1])))
