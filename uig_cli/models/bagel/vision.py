"""The SigLIP vision transformer on pictures of any size, and the MLP that leads on from it.

No resizing of the position table: a patch at (row, column) has position row * side + column for
every picture, with the side of the full table. Patches are vectors (row, column, channel).
"""

import torch.nn.functional as F
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig, VisionConfig

EPS = 1e-6


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
        size = config.hidden_size
        self.heads = config.num_attention_heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (
            nn.Linear(size, size) for _ in "qkvo"
        )

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            project(x).view(len(x), self.heads, -1).transpose(0, 1).unsqueeze(0)
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        attended = F.scaled_dot_product_attention(q, k, v).squeeze(0).transpose(0, 1)
        out: Tensor = self.out_proj(attended.flatten(1))
        return out


class TwoLayer(nn.Module):
    """fc2(gelu(fc1 x)) with the tanh form of gelu: a vision layer's MLP, and the connector."""

    def __init__(self, size: int, inner: int, out: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(size, inner), nn.Linear(inner, out)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc2(F.gelu(self.fc1(x), approximate="tanh"))
        return out


class VisionLayer(nn.Module):
    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(size, EPS), nn.LayerNorm(size, EPS)
        self.self_attn = VisionAttention(config)
        self.mlp = TwoLayer(size, config.intermediate_size, size)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        out: Tensor = x + self.mlp(self.layer_norm2(x))
        return out


class VisionTransformer(nn.Module):
    def __init__(self, config: BagelConfig) -> None:
        super().__init__()
        vision, size = config.vision, config.vision.hidden_size
        layers = (VisionLayer(vision) for _ in range(config.vision_layers))
        self.embeddings = nn.ModuleDict(
            {
                "patch_embedding": nn.Linear(config.patch_pixels, size),
                "position_embedding": nn.Embedding(vision.positions, size),
            }
        )
        self.encoder = nn.ModuleDict({"layers": nn.Sequential(*layers)})
        self.post_layernorm = nn.LayerNorm(size, EPS)

    def forward(self, patches: Tensor, positions: Tensor) -> Tensor:
        """[tokens, patch pixels] and [tokens] of one picture to [tokens, hidden]."""
        x = self.embeddings["patch_embedding"](patches)
        x = x + self.embeddings["position_embedding"](positions)
        seen: Tensor = self.post_layernorm(self.encoder["layers"](x))
        return seen
