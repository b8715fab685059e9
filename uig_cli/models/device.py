"""Where networks run: --device as torch understands it, and what is special about GPUs."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import torch

from uig_cli.errors import UigError

# Without this, GPUs round the numbers that convolutions multiply to 10 bits (TF32).
exact = partial(torch.backends.cudnn.flags, enabled=True, allow_tf32=False)


def find_device(name: str) -> torch.device:
    """The device of that name; "auto" is a GPU where there is one."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kind, _, number = name.partition(":")
    if name == "cpu":
        return torch.device("cpu")
    if kind != "cuda" or not (number.isdecimal() or name == "cuda"):
        raise UigError(f'--device "{name}" is unknown; give auto, cpu, cuda or cuda:N.')
    if int(number or 0) >= torch.cuda.device_count():
        raise UigError(
            f'--device "{name}" is not there: torch {torch.__version__} finds '
            f"{torch.cuda.device_count()} CUDA devices; give another, or cpu."
        )
    return torch.device("cuda", int(number or 0))


@contextmanager
def fitting(what: str, device: torch.device) -> Iterator[None]:
    """Around the loading of a network: raises UigError where the GPU's memory does not suffice."""
    try:
        yield
    except torch.OutOfMemoryError:
        free, whole = (size / 2**30 for size in torch.cuda.mem_get_info(device))
        raise UigError(
            f"{what} does not fit into the memory of {device} ({free:.1f} of {whole:.1f} GiB are "
            "left); end what else runs there, or give a larger device, or --device cpu."
        ) from None
