"""The Qwen2-shaped decoder with two experts per layer ("mixture of transformers").

Text, image markers and ViT tokens go through the understanding expert (plain parameter names),
latent tokens through the generation expert (`_moe_gen`). Both meet in the same attention.

Products of the same tokens are one product: a checkpoint's matrices for queries, keys and values,
and for gate and up, are joined once it is loaded (`join`), and stay parameters of their own names,
as views. While a network is trained they are joined anew for each pass.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from uig_cli.models.bagel.config import LanguageConfig
from uig_cli.models.bagel.layout import EXPERTS
from uig_cli.models.bagel.packing import Pack, PackRow, QueriesKeysValues

Streams = list[Tensor]
"""One tensor [tokens, hidden] per expert that has tokens in the pass, see `packing.Pack`."""


class RMSNorm(nn.Module):
    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normed in float32 and brought back to the type of x before it is weighed, as published;
        rms_norm does the first two by itself."""
        return F.rms_norm(x, (x.shape[-1],), eps=self.eps) * self.weight


def join(parts: Sequence[nn.Linear]) -> tuple[Tensor, Tensor | None]:
    """Weights and biases of layers over the same tokens as those of one layer, which the parts'
    parameters point into from now on."""
    sizes = [part.out_features for part in parts]
    weight, bias = _joined(parts)
    for part, own in zip(parts, torch.split(weight, sizes), strict=True):
        part.weight = nn.Parameter(own, requires_grad=False)
    if bias is not None:
        for part, own in zip(parts, torch.split(bias, sizes), strict=True):
            part.bias = nn.Parameter(own, requires_grad=False)
    return weight, bias


def _joined(parts: Sequence[nn.Linear]) -> tuple[Tensor, Tensor | None]:
    biases: list[Tensor] = [part.bias for part in parts if part.bias is not None]
    weights: list[Tensor] = [part.weight for part in parts]
    return torch.cat(weights), torch.cat(biases) if biases else None


def rope_table(positions: Tensor, head_dim: int, theta: float) -> tuple[Tensor, Tensor]:
    """Cosine and sine, each [tokens, head_dim] in float32, of rope in the halves convention."""
    half = torch.arange(0, head_dim, 2, device=positions.device, dtype=torch.float32)
    angles = positions.float()[:, None] * (1.0 / theta ** (half / head_dim))
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def turning(cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor]:
    """The table as `rotate` takes it, for tokens of several heads: the sine has the sign that the
    half of x gets which it meets, once for all layers."""
    first, second = sin.chunk(2, dim=-1)
    return cos[:, None], torch.cat((-first, second), dim=-1)[:, None]


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x * cos + (-second half, first half) * sine."""
    return x * cos + x.roll(x.shape[-1] // 2, dims=-1) * sin


def each_expert(module: nn.Module, part: str, streams: Streams) -> Streams:
    """Sends every expert's tokens through its own `part` of a module."""
    return [getattr(module, f"{part}{e}")(x) for e, x in zip(EXPERTS, streams, strict=False)]


class Attention(nn.Module):
    """Grouped-query attention, with a norm over each head's query and key before rope."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        size, d, eps = config.hidden_size, config.head_dim, config.rms_norm_eps
        self.heads, self.kv_heads = config.num_attention_heads, config.num_key_value_heads
        self.d = d
        for e in EXPERTS:
            self.add_module(f"q_proj{e}", nn.Linear(size, self.heads * d))
            self.add_module(f"k_proj{e}", nn.Linear(size, self.kv_heads * d))
            self.add_module(f"v_proj{e}", nn.Linear(size, self.kv_heads * d))
            self.add_module(f"o_proj{e}", nn.Linear(self.heads * d, size, bias=False))
            self.add_module(f"q_norm{e}", RMSNorm(d, eps))
            self.add_module(f"k_norm{e}", RMSNorm(d, eps))
        self._qkv: dict[str, tuple[Tensor, Tensor | None, Tensor]] = {}

    def join(self) -> None:
        """Of weights that change no more."""
        for e in EXPERTS:
            self._qkv[e] = (*join(self._parts(e)), self._norms(e))

    def remember(self, streams: Streams, pack: Pack, layer: int) -> list[QueriesKeysValues]:
        """Writes keys and values into every row's context; returns each row's queries, and all
        its keys and values."""
        dtype = streams[0].dtype
        # The published code lifts queries and keys to float32 where latents take part.
        work = torch.float32 if len(streams) > 1 else dtype
        packed = [self._project(e, x, work) for e, x in zip(EXPERTS, streams, strict=False)]
        qkv = pack.in_sequence(packed)
        both = self.heads + self.kv_heads
        turned = rotate(qkv[:, :both], *pack.rope)
        qkv = torch.cat((turned, qkv[:, both:]), dim=1).to(dtype)
        found = []
        for row, new in zip(pack.rows, torch.split(qkv, pack.lengths), strict=True):
            queries = new[:, : self.heads].transpose(0, 1).unsqueeze(0)
            found.append((queries, *row.context.write(layer, new[:, self.heads :])))
        return found

    def forward(self, streams: Streams, pack: Pack, layer: int) -> Streams:
        attended = pack.attend(self.remember(streams, pack, layer))
        return each_expert(self, "o_proj", pack.by_expert(attended))

    def _project(self, expert: str, x: Tensor, work: torch.dtype) -> Tensor:
        """Queries, keys (both normed) and values: [tokens, heads + 2 * kv_heads, head_dim]."""
        if expert in self._qkv:
            weight, bias, norms = self._qkv[expert]
        else:
            (weight, bias), norms = _joined(self._parts(expert)), self._norms(expert)
        qkv = F.linear(x, weight, bias).to(work).view(len(x), -1, self.d)
        both = self.heads + self.kv_heads
        eps = getattr(self, f"q_norm{expert}").eps
        normed = F.rms_norm(qkv[:, :both], (self.d,), eps=eps) * norms
        return torch.cat((normed, qkv[:, both:]), dim=1)

    def _parts(self, expert: str) -> list[nn.Linear]:
        return [getattr(self, f"{name}_proj{expert}") for name in "qkv"]

    def _norms(self, expert: str) -> Tensor:
        """The weights of the norms of all heads: [heads + kv_heads, head_dim]."""
        queries, keys = (getattr(self, f"{name}_norm{expert}").weight for name in "qk")
        return torch.cat((queries.expand(self.heads, -1), keys.expand(self.kv_heads, -1)))


class MLP(nn.Module):
    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)
        self._gate_up: Tensor | None = None

    def join(self) -> None:
        """Of weights that change no more."""
        self._gate_up, _ = join((self.gate_proj, self.up_proj))

    def forward(self, x: Tensor) -> Tensor:
        joined = self._gate_up
        if joined is None:
            joined, _ = _joined((self.gate_proj, self.up_proj))
        gate, up = F.linear(x, joined).chunk(2, dim=-1)
        out: Tensor = self.down_proj(F.silu(gate) * up)
        return out


class DecoderLayer(nn.Module):
    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.self_attn = Attention(config)
        for e in EXPERTS:
            self.add_module(f"mlp{e}", MLP(config))
            for norm in ("input_layernorm", "post_attention_layernorm"):
                self.add_module(f"{norm}{e}", RMSNorm(config.hidden_size, config.rms_norm_eps))

    def forward(self, streams: Streams, pack: Pack, layer: int) -> Streams:
        attended = self.self_attn(each_expert(self, "input_layernorm", streams), pack, layer)
        streams = [x + a for x, a in zip(streams, attended, strict=True)]
        fed = each_expert(self, "mlp", each_expert(self, "post_attention_layernorm", streams))
        return [x + f for x, f in zip(streams, fed, strict=True)]

    def remember(self, streams: Streams, pack: Pack, layer: int) -> None:
        """The part of the layer that contexts keep."""
        self.self_attn.remember(each_expert(self, "input_layernorm", streams), pack, layer)


class Decoder(nn.Module):
    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.num_hidden_layers))
        for e in EXPERTS:
            self.add_module(f"norm{e}", RMSNorm(config.hidden_size, config.rms_norm_eps))

    def join(self) -> None:
        """Joins the matrices of every layer; called once, when all weights are in place."""
        for module in self.modules():
            if isinstance(module, Attention | MLP):
                module.join()

    def pack(self, rows: Sequence[PackRow]) -> Pack:
        return Pack(rows, self.rope([p for r in rows for p in r.positions]))

    def rope(self, positions: Sequence[int]) -> tuple[Tensor, Tensor]:
        """What turns the queries and keys of tokens there, [tokens, 1, head_dim] each."""
        weight = self.embed_tokens.weight
        places = torch.tensor(positions, device=weight.device)
        cos, sin = rope_table(places, self.config.head_dim, self.config.rope_theta)
        return turning(cos.to(weight.dtype), sin.to(weight.dtype))

    def forward(self, pack: Pack, *tokens: Tensor) -> Streams:
        """Hidden states after the final norm of each expert's `tokens`: those of understanding
        and, if the rows have latents, those of generation.

        New keys and values lie behind each row's past; `pack.advance()` would keep them.
        """
        streams = pack.start(*tokens)
        for index, layer in enumerate(self.layers):
            streams = layer(streams, pack, index)
        normed = each_expert(self, "norm", streams)
        return [x[: len(t)] for x, t in zip(normed, tokens, strict=True)]

    def fill(self, pack: Pack, *tokens: Tensor) -> None:
        """Reads tokens into their contexts; of the last layer only what contexts keep is run."""
        streams = pack.start(*tokens)
        *layers, last = self.layers
        for index, layer in enumerate(layers):
            streams = layer(streams, pack, index)
        assert isinstance(last, DecoderLayer)
        last.remember(streams, pack, len(layers))
        pack.advance()


class LanguageModel(nn.Module):
    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.model = Decoder(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
