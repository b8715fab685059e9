"""How much work is to come: every method rehearsed, before anything is written."""

import shutil
from dataclasses import dataclass

from uig_cli.console import say
from uig_cli.engine.models import Loaded
from uig_cli.loop.rehearse import rehearse
from uig_cli.models.protocol import Look
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import Drawing


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most that a run can take. passes: decoder passes, None where a model cannot tell;
    bytes: of all pictures, uncompressed."""

    pictures: int
    passes: int | None
    bytes: int

    def __str__(self) -> str:
        decoder = "" if self.passes is None else f" and {self.passes:,} decoder passes"
        return f"{self.pictures:,} pictures{decoder}"


def estimate(loaded: Loaded, drawing: Drawing, loops: int) -> Estimate:
    """Rehearses every method; UigError where a model refuses a setting."""
    asked = [r for of in loaded.methods for r in rehearse(of, drawing.method_settings(of))]
    pictures = loops * sum(not isinstance(request, Look) for request in asked)
    known = [
        most(request)
        for request in asked
        if (most := loaded.models.by_role[request.role].capabilities.passes) is not None
    ]
    drawer = loaded.models.by_role.get("draw")
    width, height = drawing.size or (drawer.capabilities.size if drawer else None) or (0, 0)
    passes = loops * sum(known) if len(known) == len(asked) else None
    return Estimate(pictures, passes, pictures * width * height * 3)


def warn_of_disk(folder: RunFolder, coming: Estimate) -> None:
    free = shutil.disk_usage(folder.root).free
    if coming.bytes > free:
        say(
            f"note: the pictures may take up to {coming.bytes / 1e9:.1f} GB, {free / 1e9:.1f} GB "
            "are free; a run that fills the disk stops and can go on later."
        )
