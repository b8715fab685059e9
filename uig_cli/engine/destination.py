"""Where a run goes: its usual name, whether it can be written, and how an old one is removed."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from uig_cli import registry
from uig_cli.engine.models import Loaded
from uig_cli.errors import UigError
from uig_cli.models.protocol import ROLES
from uig_cli.options import RunOptions
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import Drawing, digest
from uig_cli.runs.jsonl import Appender
from uig_cli.runs.manifest import locked
from uig_cli.templates import OF_0_1_0

WRITTEN = (
    "cases", "contact-sheet.png", "detections", "drawn", "inputs", "journal", "judgements",
    "pictures", "ratings", "faults", "tables", "transcripts",
)  # fmt: skip
"""What stands in a run folder beside run.json (docs/run-folder.md)."""


def default_folder(loaded: Loaded, drawing: Drawing) -> Path:
    """results/<benchmark>-<set>-<model>-<8 hex>: the same for the same way of drawing.

    Methods and selections have no part in it, so that adding some continues the run; nor have
    the judge's words. A folder that is called by a former hash of the prompts is gone on with.
    """
    return first_there([_usual(loaded, drawing, known) for known in drawing.benchmark.hashes])


def first_there(names: Sequence[Path]) -> Path:
    """The first of these folders that exists; the first one where none does."""
    return next((path for path in names if path.exists()), names[0])


def _usual(loaded: Loaded, drawing: Drawing, prompts: str) -> Path:
    models = loaded.models
    others = [models.described(role) for role in ROLES]
    fields = {
        "benchmark": drawing.benchmark.model_dump(include={"name", "version", "set"})
        | {"prompts": prompts},
        "models": others,
        "loop": [drawing.seed, drawing.size, drawing.rounds, drawing.verdict_parser],
        "templates": {
            name: kept.sha256
            for name, kept in drawing.templates.items()
            if not name.startswith("judge") and (name in OF_0_1_0 or kept.given)
        },
        "behaviour": drawing.behaviour,
    }
    model = registry.short_name("models", loaded.plan.models.model)
    parts = (drawing.benchmark.name, drawing.benchmark.set, model)
    named = "-".join(part for part in parts if part)
    cleaned = "".join(c if c.isalnum() or c in "._-" else "-" for c in named)
    return Path("results") / f"{cleaned[:60]}-{digest(fields)[:8]}"


def may_be_there(run: RunOptions, benchmark: str) -> bool:
    """Whether there may be a run to go on with; where it would be is known only once the models
    are loaded."""
    if run.fresh:
        return False
    if run.out is not None:
        return RunFolder(run.out).manifest.exists()
    return any(Path("results").glob(f"{benchmark}-*"))


def check_writable(root: Path) -> None:
    """Raises UigError if no run can be written at `root`."""
    if str(root) != str(root).encode("utf-8", "replace").decode():
        raise UigError(f"the output folder {root} is not UTF-8 text; give another --out.")
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
    """Removes a run: all that uig writes into its folder, run.json last.

    Raises UigError, with nothing removed, for a folder that is no run or holds something else,
    and while another process is writing.
    """
    if not _visible(folder.root):
        return
    if not folder.manifest.exists():
        raise UigError(
            f"--fresh would remove {folder.root}, which is no run folder; remove it yourself or "
            "give another --out."
        )
    with locked(folder):
        if strange := sorted(_visible(folder.root) - {*WRITTEN, folder.manifest.name}):
            raise UigError(
                f"--fresh would remove the run in {folder.root}, which holds {strange[0]} too, and "
                "that is not of a run; move it elsewhere or give another --out."
            )
        written = [folder.root / name for name in WRITTEN]
        for lines in sorted(found for path in written for found in path.rglob("*.jsonl")):
            Appender(lines).close()  # its lock is had by none but one who writes
        for path in written:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        folder.manifest.unlink(missing_ok=True)


def _visible(root: Path) -> set[str]:
    """The names in a folder that may not be there, hidden ones left out."""
    paths = root.iterdir() if root.exists() else ()
    return {path.name for path in paths if not path.name.startswith(".")}
