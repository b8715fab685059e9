"""All that `ema.safetensors` holds: decoder, vision transformer, and what joins them."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.decoder import Decoder
from uig_cli.models.bagel.packing import apply_rows
from uig_cli.models.bagel.vision import TwoLayer, VisionTransformer, grid_positions, patchify

TIME_SIZE = 256


class PositionTable(nn.Module):
    """A learned table of side * side rows for the patches of a picture."""

    def __init__(self, side: int, size: int) -> None:
        super().__init__()
        self.side = side
        self.pos_embed = nn.Parameter(torch.empty(side * side, size))

    def ids(self, rows: int, columns: int) -> Tensor:
        return grid_positions(rows, columns, self.side, self.pos_embed.device)

    def forward(self, ids: Tensor) -> Tensor:
        return self.pos_embed[ids]


def time_frequencies(times: Tensor) -> Tensor:
    """[n] times in 0..1, taken as they are, to cosines and sines, [n, 256] in float32."""
    half = TIME_SIZE // 2
    steps = torch.arange(half, device=times.device, dtype=torch.float32)
    angles = times.float()[:, None] * torch.exp(-math.log(10000) * steps / half)
    return torch.cat((angles.cos(), angles.sin()), dim=-1)


class TimeEmbedder(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(TIME_SIZE, size), nn.SiLU(), nn.Linear(size, size))

    def forward(self, times: Tensor) -> Tensor:
        frequencies = time_frequencies(times).to(self.mlp[0].weight.dtype)
        return apply_rows(self.mlp, frequencies)


class Network(nn.Module):
    """BAGEL without its autoencoder. Parameter names are the keys of `ema.safetensors`.

    marker_ids: the tokens before and after every picture.
    """

    def __init__(self, config: BagelConfig, marker_ids: tuple[int, int]) -> None:
        super().__init__()
        self.config, self.marker_ids = config, marker_ids
        llm, parts = config.language, config.parts
        size = llm.hidden_size
        self.language_model = nn.Module()
        self.language_model.model = Decoder(llm)
        self.language_model.lm_head = nn.Linear(size, llm.vocab_size, bias=False)
        self.vae2llm = nn.Linear(config.latent_channels, size)
        self.llm2vae = nn.Linear(size, config.latent_channels)
        self.time_embedder = TimeEmbedder(size)
        self.latent_pos_embed = PositionTable(parts.max_latent_size, size)
        self.vit_model = nn.Module()
        self.vit_model.vision_model = VisionTransformer(config)
        self.connector = TwoLayer(config.vision.hidden_size, size, size)
        self.vit_pos_embed = PositionTable(parts.vit_max_num_patch_per_side, size)

    @property
    def decoder(self) -> Decoder:
        found: Decoder = self.language_model.model  # type: ignore[assignment]
        return found

    @property
    def device(self) -> torch.device:
        return self.vae2llm.weight.device

    @property
    def dtype(self) -> torch.dtype:
        return self.vae2llm.weight.dtype

    def context(self, capacity: int) -> Context:
        return Context.empty(self.config.language, capacity, self.device, self.dtype)

    def embed(self, ids: Sequence[int]) -> Tensor:
        """[tokens, hidden]."""
        return self.decoder.embed_tokens(torch.tensor(ids, device=self.device))  # type: ignore[no-any-return]

    def logits(self, hidden: Tensor) -> Tensor:
        """[tokens, vocabulary]: how likely each next token is after und tokens."""
        return apply_rows(self.language_model.lm_head, hidden)  # type: ignore[arg-type]

    def see(self, pixels: Tensor) -> Tensor:
        """One picture, [3, height, width] by the ViT rule, as tokens for the decoder."""
        patch = self.config.vision.patch_size
        _, height, width = pixels.shape
        ids = self.vit_pos_embed.ids(height // patch, width // patch)
        seen = self.vit_model.vision_model(patchify(pixels, patch).to(self.dtype), ids)  # type: ignore[operator]
        return self.connector(seen) + self.vit_pos_embed(ids)  # type: ignore[no-any-return]

    def markers(self, pictures: int) -> Tensor:
        """The embeddings around each of `pictures` pictures, start and end by turns."""
        return self.embed(self.marker_ids).repeat(pictures, 1)

    def places(self, grid: tuple[int, int]) -> Tensor:
        """What tells latent tokens their place in a grid of (rows, columns)."""
        return self.latent_pos_embed(self.latent_pos_embed.ids(*grid))  # type: ignore[no-any-return]
