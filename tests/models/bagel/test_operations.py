"""How many tensor operations a layer takes, which is what a GPU's launches cost; counted without
views, for one row and one branch. Joined matrices are the same numbers under their own names."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from tests.conftest import ROOT
from uig_cli.models.bagel import finite, text_decoding
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.decoder import MLP, Attention
from uig_cli.models.bagel.packing import Pack
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.bagel.prefill import picture_row, text_row

POCKET = ROOT / "uig_cli" / "pocket"
MOST_A_TOKEN, MOST_A_FLOW_STEP = 25, 50


class Counting(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if not func.is_view:
            self.found[str(func)] += 1
        return func(*args, **(kwargs or {}))


@pytest.fixture(scope="module")
def bagel() -> Bagel:
    return Bagel.load(Path(POCKET), "cpu")


def a_layer(bagel: Bagel, pack: Pack, *tokens: torch.Tensor) -> Counter[str]:
    """What the second layer adds to the first."""
    decoder = bagel.parts.network.decoder
    counts = []
    for layers in (1, 2):
        streams = pack.start(*tokens)
        with Counting() as counting:
            for number in range(layers):
                streams = decoder.layers[number](streams, pack, number)
        counts.append(counting.found)
    return counts[1] - counts[0]


def context(bagel: Bagel) -> Context:
    return bagel.parts.network.context(60)


@torch.inference_mode()
def test_a_token_of_text(bagel: Bagel) -> None:
    network = bagel.parts.network
    pack = network.decoder.pack([text_row(context(bagel), [5])])
    found = a_layer(bagel, pack, network.embed([5]))
    assert found.total() <= MOST_A_TOKEN, found
    assert found["aten.linear.default"] == 4  # queries, keys, values; out; gate, up; down


@torch.inference_mode()
def test_a_step_of_the_flow(bagel: Bagel) -> None:
    network = bagel.parts.network
    pack = network.decoder.pack([picture_row(context(bagel), latents=36)])
    found = a_layer(bagel, pack, network.markers(1), torch.randn(36, 128))
    assert found.total() <= MOST_A_FLOW_STEP, found


@torch.inference_mode()
def test_a_token_waits_for_the_device_once_and_brings_nothing_to_it(
    bagel: Bagel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ten more tokens add, of two texts side by side."""
    network, tokenizer = bagel.parts.network, bagel.parts.tokenizer
    read = finite.to_host
    brought, waits = [], []
    for limit in (11, 21):
        looked: list[int] = []

        def looking(numbers: torch.Tensor, looked: list[int] = looked) -> Any:
            looked.append(1)
            return read(numbers)

        monkeypatch.setattr(text_decoding, "to_host", looking)
        contexts = [context(bagel), context(bagel)]
        monkeypatch.setattr(tokenizer, "end", -7)  # so that neither comes to its end before
        with Counting() as counting:
            ids = text_decoding.decode(network, tokenizer, contexts, [limit, limit])
        assert [len(each) for each in ids] == [limit, limit]
        brought.append(sum(n for name, n in counting.found.items() if "lift" in name))
        waits.append(len(looked))
    assert waits == [10, 20]
    assert brought[0] == brought[1]  # where tokens will stand, once for each text


def test_joined_matrices_are_the_checkpoints(bagel: Bagel) -> None:
    """Each name holds what the file holds, and nothing is held twice."""
    from safetensors import safe_open

    network = bagel.parts.network
    named = dict(network.named_parameters())
    with safe_open(POCKET / "ema.safetensors", framework="pt") as opened:
        for name, parameter in named.items():
            assert torch.equal(parameter, opened.get_tensor(name).float()), name
    attention = next(one for one in network.modules() if isinstance(one, Attention))
    mlp = next(one for one in network.modules() if isinstance(one, MLP))
    for parts in (attention._parts(""), (mlp.gate_proj, mlp.up_proj)):
        stores = {part.weight.untyped_storage().data_ptr() for part in parts}
        assert len(stores) == 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@torch.inference_mode()
def test_joined_or_not_the_bytes_are_the_same(bagel: Bagel, dtype: torch.dtype) -> None:
    network = bagel.parts.network
    layer: Any = network.decoder.layers[0]
    attention, mlp = layer.self_attn, layer.mlp
    x = torch.randn(16, 128, generator=torch.Generator().manual_seed(0))
    joined = attention._project("", x, torch.float32), mlp(x)
    kept, attention._qkv = attention._qkv, {}
    gate_up, mlp._gate_up = mlp._gate_up, None
    apart = attention._project("", x, torch.float32), mlp(x)
    attention._qkv, mlp._gate_up = kept, gate_up
    assert all(torch.equal(one, other) for one, other in zip(joined, apart, strict=True))
    norm = layer.input_layernorm
    x = x.to(dtype)
    published = torch.nn.functional.rms_norm(x.float(), (128,), eps=norm.eps).to(dtype)
    assert torch.equal(norm(x), published * norm.weight)
