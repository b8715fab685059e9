"""Files that a user names for results: one sentence where they cannot be written."""

from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.files import write_given
from uig_cli.streams import write_bytes

_STANDARD = Path("/dev/stdout")


def write_named(option: str, path: Path, content: bytes) -> None:
    """option: what the path was given by."""
    try:
        if path == _STANDARD:  # which is moved apart while a command runs
            write_bytes(content)
        else:
            write_given(path, content)
    except OSError as error:
        raise UigError(
            f"cannot write {path} ({error.strerror}); give {option} a file in a folder you may "
            "write to."
        ) from error
