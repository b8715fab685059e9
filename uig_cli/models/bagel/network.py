"""All that `ema.safetensors` holds: decoder, vision transformer, and what joins them."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.decoder import Decoder, LanguageModel
from uig_cli.models.bagel.layout import TIME_SIZE
from uig_cli.models.bagel.packing import apply_rows
from uig_cli.models.bagel.vision import TwoLayer, VisionTransformer, patchify


class PositionTable(nn.Module):
    """Learned rows for side * side places; smaller pictures use the table's upper left corner."""

    def __init__(self, side: int, size: int) -> None:
        super().__init__()
        self.side = side
        self.pos_embed = nn.Parameter(torch.empty(side * side, size))

    def ids(self, rows: int, columns: int) -> Tensor:
        """Row * side + column, row by row: [rows * columns]."""
        down, across = (torch.arange(n, device=self.pos_embed.device) for n in (rows, columns))
        return (down[:, None] * self.side + across).flatten()

    def forward(self, rows: int, columns: int) -> Tensor:
        return self.pos_embed[self.ids(rows, columns)]


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
        dtype = next(self.mlp.parameters()).dtype
        return apply_rows(self.mlp, time_frequencies(times).to(dtype))


class Network(nn.Module):
    """BAGEL without its autoencoder. Parameter names are the keys of `ema.safetensors`.

    marker_ids: the tokens before and after every picture.
    """

    def __init__(self, config: BagelConfig, marker_ids: tuple[int, int]) -> None:
        super().__init__()
        self.config, self.marker_ids = config, marker_ids
        size, parts = config.language.hidden_size, config.parts
        self.language_model = LanguageModel(config.language)
        self.vit_model = nn.ModuleDict({"vision_model": VisionTransformer(config)})
        self.connector = TwoLayer(config.vision.hidden_size, size, size)
        self.vae2llm = nn.Linear(config.latent_channels, size)
        self.llm2vae = nn.Linear(size, config.latent_channels)
        self.time_embedder = TimeEmbedder(size)
        self.latent_pos_embed = PositionTable(parts.max_latent_size, size)
        self.vit_pos_embed = PositionTable(parts.vit_max_num_patch_per_side, size)

    @property
    def device(self) -> torch.device:
        return self.vae2llm.weight.device

    @property
    def dtype(self) -> torch.dtype:
        return self.vae2llm.weight.dtype

    @property
    def decoder(self) -> Decoder:
        return self.language_model.model

    def context(self, room: int = 0) -> Context:
        """An empty context with room for so many tokens."""
        context = Context.empty(self.config.language, self.device, self.dtype)
        context.reserve(room)
        return context

    def embed(self, ids: Sequence[int]) -> Tensor:
        """[tokens, hidden]."""
        found: Tensor = self.decoder.embed_tokens(torch.tensor(ids, device=self.device))
        return found

    def markers(self, pictures: int) -> Tensor:
        """The embeddings around each of `pictures` pictures, start and end by turns."""
        return self.embed(self.marker_ids).repeat(pictures, 1)

    def logits(self, hidden: Tensor) -> Tensor:
        """[tokens, vocabulary]: what may follow each token of the understanding expert."""
        return apply_rows(self.language_model.lm_head, hidden)

    def see(self, pixels: Tensor) -> Tensor:
        """One picture, [3, height, width] by the ViT rule, as tokens for the decoder."""
        patch = self.config.vision.patch_size
        grid = pixels.shape[1] // patch, pixels.shape[2] // patch
        patches = patchify(pixels, patch).to(self.dtype)
        seen = self.vit_model["vision_model"](patches, self.vit_pos_embed.ids(*grid))
        tokens: Tensor = self.connector(seen) + self.vit_pos_embed(*grid)
        return tokens

    def place(self, latents: Tensor, time: Tensor, places: Tensor) -> Tensor:
        """Latent tokens for the decoder: [tokens, numbers], embedded time, rows of the table."""
        return apply_rows(self.vae2llm, latents.to(self.dtype)) + time + places
