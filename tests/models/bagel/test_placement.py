"""Draw, examine and edit on a CUDA device that is not there: every tensor must be placed on it.

Under torch's FakeTensorMode operations are checked for shape, type and device without being run.
What crosses between host and device is replaced at the three functions that do it.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn
from torch._subclasses import FakeTensorMode
from torch.overrides import TorchFunctionMode

from tests.models.bagel.real import write_real_configs
from tests.tiny_bagel import write_tiny_checkpoint
from uig_cli.models.bagel import decoder
from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.checkpoint_extras import CheckpointExtras
from uig_cli.models.bagel.components import Components
from uig_cli.models.bagel.config import BagelConfig, read_config
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.bagel.settings import default_samplers
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Picture, Reply, Request, Said


class IndexingByOperations(TorchFunctionMode):
    """`x[...]`, `x.copy_(y)` and `torch.tensor(numbers)` as the operations that they stand for.

    As Python methods they ask for the device itself before any operation is dispatched, which a
    PyTorch built without CUDA refuses.
    """

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func is torch.Tensor.__getitem__:
            return index(*args)
        if func is torch.Tensor.copy_:
            return torch.ops.aten.copy_.default(*args)
        if func is torch.tensor:
            assert all(isinstance(number, int) for number in np.ravel(args[0]).tolist())
            return torch.empty(np.shape(args[0]), dtype=torch.long, **(kwargs or {}))
        return func(*args, **(kwargs or {}))


def index(x: Tensor, key: Any) -> Tensor:
    parts = list(key) if isinstance(key, tuple) else [key]
    if Ellipsis in parts:
        at, taken = parts.index(Ellipsis), sum(part is not None for part in parts) - 1
        parts[at : at + 1] = [slice(None)] * (x.dim() - taken)
    dim = 0
    for part in parts:
        if part is None:
            x = x.unsqueeze(dim)
        elif isinstance(part, int):
            x = x.select(dim, part)
            continue
        elif isinstance(part, slice):
            assert part.step is None
            x = torch.ops.aten.slice.Tensor(x, dim, part.start, part.stop)
        else:
            assert dim == 0 and len(parts) == 1, "only whole rows are picked by a tensor"
            x = torch.ops.aten.index.Tensor(x, [part])
        dim += 1
    return x


def replace_everywhere(patch: pytest.MonkeyPatch, name: str, new: Callable[..., Any]) -> None:
    for module in [m for n, m in sys.modules.items() if n.startswith("uig_cli.models.bagel")]:
        if hasattr(module, name):
            patch.setattr(module, name, new)


@pytest.fixture
def fake_cuda(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Crossings between host and device, for tensors without content."""

    def to_device(array: np.ndarray[Any, Any], device: torch.device) -> Tensor:
        assert device.type == "cuda"
        return torch.empty(array.shape, device=device)

    def to_host(numbers: Tensor) -> list[Any]:
        assert numbers.device.type == "cuda" and numbers.dim() == 1
        return [0] * len(numbers)

    def to_image(pixels: Tensor) -> Image.Image:
        assert pixels.device.type == "cuda" and pixels.dtype == torch.float32
        return Image.new("RGB", (pixels.shape[2], pixels.shape[1]))

    for name, new in (("to_device", to_device), ("to_host", to_host), ("to_image", to_image)):
        replace_everywhere(monkeypatch, name, new)
    with FakeTensorMode(), IndexingByOperations():
        yield


def on_fake_cuda(config: BagelConfig, tokenizer: TextTokenizer, dtype: torch.dtype) -> Bagel:
    with torch.device("meta"):
        network = Network(config, (tokenizer.vision_start, tokenizer.vision_end))
        autoencoder = Autoencoder(config.autoencoder)
    place(network, "cuda", dtype)
    place(autoencoder, "cuda", torch.float32)
    own = CheckpointExtras(default_samplers(config.parts.timestep_shift))
    return Bagel(Components(config, tokenizer, network, autoencoder, own), Path("nowhere"))


def place(module: nn.Module, device: str, dtype: torch.dtype) -> None:
    for key, parameter in list(module.named_parameters()):
        owner, _, name = key.rpartition(".")
        weight = torch.empty(parameter.shape, device=device, dtype=dtype)
        setattr(module.get_submodule(owner), name, nn.Parameter(weight, requires_grad=False))


def ask(model: Bagel, *requests: Request) -> list[Reply]:
    replies = dict(model.run(requests))
    return [replies[i] for i in range(len(requests))]


def draw_examine_edit(model: Bagel, size: tuple[int, int]) -> None:
    """Two of everything, with and without thoughts, sampling and choices."""
    key, picture = NoiseKey(0, "case"), Picture.of(Image.new("RGB", size))
    settings = {"num_timesteps": 3, "max_text_tokens": 3, "temperature": 0.5}
    drawn = ask(
        model,
        Draw("a red cube", key, size=size, sampler=settings),
        Draw("a blue cube", key, size=size, think="plan", sampler=settings),
    )
    said = ask(
        model,
        Look("what is it?", (picture,), think="reason", sampler={"max_text_tokens": 3}),
        Look("is it red?", (picture,), choices=("yes", "no"), sampler={"max_text_tokens": 3}),
    )
    edited = ask(
        model,
        Edit(picture, "make it red", key, think="plan", sampler=settings),
        Edit(picture, "make it blue", key, sampler=settings),
    )
    for reply in (*drawn, *edited):
        assert isinstance(reply, Drawn) and reply.picture.image.size == size
    assert all(isinstance(reply, Said) for reply in said)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[BagelConfig, TextTokenizer]:
    folder = tmp_path_factory.mktemp("tiny")
    write_tiny_checkpoint(folder)
    return read_config(folder), TextTokenizer(folder)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_every_tensor_is_on_the_device(
    tiny: tuple[BagelConfig, TextTokenizer], dtype: torch.dtype, fake_cuda: None
) -> None:
    draw_examine_edit(on_fake_cuda(*tiny, dtype), (64, 64))


def noise_on_the_host(model: Bagel, patch: pytest.MonkeyPatch) -> None:
    replace_everywhere(patch, "to_device", lambda array, device: torch.empty(array.shape))


def rope_on_the_host(model: Bagel, patch: pytest.MonkeyPatch) -> None:
    right = decoder.rope_table

    def wrong(positions: Tensor, head_dim: int, theta: float) -> tuple[Tensor, Tensor]:
        return right(torch.empty(len(positions)), head_dim, theta)

    patch.setattr(decoder, "rope_table", wrong)


def one_weight_on_the_host(model: Bagel, patch: pytest.MonkeyPatch) -> None:
    place(model.parts.network.time_embedder, "cpu", torch.bfloat16)


@pytest.mark.parametrize("misplace", [noise_on_the_host, rope_on_the_host, one_weight_on_the_host])
def test_a_misplaced_tensor_is_found(
    tiny: tuple[BagelConfig, TextTokenizer],
    misplace: Callable[[Bagel, pytest.MonkeyPatch], None],
    fake_cuda: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = on_fake_cuda(*tiny, torch.bfloat16)
    misplace(model, monkeypatch)
    with pytest.raises(RuntimeError, match="device"):
        draw_examine_edit(model, (64, 64))


@pytest.mark.slow
def test_real_sizes_at_1024(
    tiny: tuple[BagelConfig, TextTokenizer], tmp_path: Path, fake_cuda: None
) -> None:
    """The 7B configuration, with a small tokenizer, draws and edits 1024x1024 pictures."""
    write_real_configs(tmp_path)
    model = on_fake_cuda(read_config(tmp_path), tiny[1], torch.bfloat16)
    assert model.capabilities.size == (1024, 1024)
    draw_examine_edit(model, (1024, 1024))
