"""The SigLIP vision transformer on pictures of any size, and the connector into the decoder.

No resizing of the position table: a patch at (row, column) has position row * side + column for
every picture, with the side of the full table. Patches are vectors (row, column, channel).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig, VisionConfig

EPS = 1e-6


def grid_positions(rows: int, columns: int, side: int, device: torch.device) -> Tensor:
    """Row * side + column for a grid, row by row: [rows * columns]."""
    down = torch.arange(rows, device=device) * side
    return (down[:, None] + torch.arange(columns, device=device)).flatten()


def patchify(x: Tensor, patch: int) -> Tensor:
    """[channels, height, width] to [tokens, patch * patch * channels], channel fastest."""
    channels, height, width = x.shape
    grid = x.reshape(channels, height // patch, patch, width // patch, patch)
    return grid.permute(1, 3, 2, 4, 0).reshape(-1, patch * patch * channels)


def unpatchify(tokens: Tensor, rows: int, columns: int, patch: int) -> Tensor:
    """The inverse of `patchify`: [channels, rows * patch, columns * patch]."""
    grid = tokens.reshape(rows, columns, patch, patch, -1)
    return grid.permute(4, 0, 2, 1, 3).reshape(-1, rows * patch, columns * patch)


class VisionAttention(nn.Module):
    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.heads = config.num_attention_heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            self.add_module(name, nn.Linear(config.hidden_size, config.hidden_size))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            getattr(self, name)(x).unflatten(-1, (self.heads, -1)).transpose(0, 1).unsqueeze(0)
            for name in ("q_proj", "k_proj", "v_proj")
        )
        attended = F.scaled_dot_product_attention(q, k, v).squeeze(0).transpose(0, 1).flatten(1)
        return self.out_proj(attended)  # type: ignore[no-any-return, operator]


class TwoLayer(nn.Module):
    """fc2(gelu(fc1 x)) with the tanh form of gelu: a vision layer's MLP, and the connector."""

    def __init__(self, size: int, inner: int, out: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(size, inner), nn.Linear(inner, out)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))  # type: ignore[no-any-return]


class VisionLayer(nn.Module):
    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(size, EPS), nn.LayerNorm(size, EPS)
        self.self_attn = VisionAttention(config)
        self.mlp = TwoLayer(size, config.intermediate_size, size)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))  # type: ignore[no-any-return]


class VisionTransformer(nn.Module):
    def __init__(self, config: BagelConfig) -> None:
        super().__init__()
        vision = config.vision
        size, pixels = vision.hidden_size, vision.patch_size**2 * 3
        self.embeddings = nn.Module()
        self.embeddings.patch_embedding = nn.Linear(pixels, size)
        self.embeddings.position_embedding = nn.Embedding(vision.positions, size)
        self.encoder = nn.Module()
        self.encoder.layers = nn.ModuleList(
            VisionLayer(vision) for _ in range(config.vision_layers)
        )
        self.post_layernorm = nn.LayerNorm(size, EPS)

    def forward(self, patches: Tensor, positions: Tensor) -> Tensor:
        """[tokens, patch pixels] and [tokens] of one picture to [tokens, hidden]."""
        x = self.embeddings.patch_embedding(patches)
        x = x + self.embeddings.position_embedding(positions)
        for layer in self.encoder.layers:
            x = layer(x)
        return self.post_layernorm(x)  # type: ignore[no-any-return]
