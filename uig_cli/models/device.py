"""Where networks run: --device as torch understands it."""

import torch

from uig_cli.errors import UigError


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
