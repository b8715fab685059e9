"""Where a run goes: its usual name, whether it can be written, and how an old one is removed."""

import os
import shutil
from pathlib import Path

from uig_cli.engine.models import Loaded
from uig_cli.errors import UigError
from uig_cli.models.protocol import ROLES
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import Drawing, digest


def default_folder(loaded: Loaded, drawing: Drawing) -> Path:
    """results/<benchmark>-<set>-<model>-<8 hex>: the same for the same way of drawing.

    Methods and selections have no part in it, so that adding some continues the run; nor have
    the judge's words.
    """
    asked, models = loaded.asked, loaded.models
    others = [models.described(role) for role in ROLES]
    fields = {
        "benchmark": drawing.benchmark.model_dump(exclude={"card"}),
        "models": others,
        "loop": [drawing.seed, drawing.size, drawing.rounds, drawing.reading],
        "templates": {
            n: kept.sha256 for n, kept in drawing.templates.items() if not n.startswith("judge")
        },
        "behaviour": drawing.behaviour,
    }
    model = Path(asked.model).name.split(":")[-1]
    parts = (drawing.benchmark.name, drawing.benchmark.set, model)
    named = "-".join(part for part in parts if part)
    cleaned = "".join(c if c.isalnum() or c in "._-" else "-" for c in named)
    return Path("results") / f"{cleaned[:60]}-{digest(fields)[:8]}"


def check_writable(root: Path) -> None:
    """Raises UigError if no run can be written at `root`."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe = root / f".uig-can-write-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise UigError(
            f"cannot write to the output folder {root} ({error.strerror}); give another --out."
        ) from error


def remove(folder: RunFolder) -> None:
    """Removes a run, and nothing that is not one."""
    if not folder.root.exists() or not any(folder.root.iterdir()):
        return
    if not folder.manifest.exists():
        raise UigError(
            f"--fresh would remove {folder.root}, which is no run folder; remove it yourself or "
            "give another --out."
        )
    for path in folder.root.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
