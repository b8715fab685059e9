"""How much work is to come: every method rehearsed, before anything is written."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from uig_cli.console import how_many
from uig_cli.engine.capabilities import most_passes
from uig_cli.engine.models import Loaded
from uig_cli.loop.rehearse import rehearsal
from uig_cli.loop.trace import Trace, pictures_of
from uig_cli.models.protocol import Cost, Look, Request
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.identity import Drawing


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most that a run can take. passes: decoder passes, None where a model cannot tell;
    bytes: of all pictures, uncompressed. scored: how many pictures there are to score."""

    pictures: int
    passes: int | None
    bytes: int
    scored: int

    def __str__(self) -> str:
        pictures = how_many(self.pictures, "picture")
        return pictures if self.passes is None else f"{pictures} and {self.passes:,} decoder passes"


def estimate(loaded: Loaded, drawing: Drawing, loops: int, *, candidates: bool) -> Estimate:
    """Rehearses every method; UigError where a model cannot be asked."""

    def cost_of(request: Request) -> Cost:
        (passes,) = most_passes([request], loaded.models.by_role)
        return Cost(passes=passes or 0, tokens=_most_tokens(request))

    rehearsed = [rehearsal(of, drawing.method_settings(of), cost_of) for of in loaded.methods]
    asked = [request for requests, _ in rehearsed for request in requests]
    scored = loops * sum(to_score(*one, candidates=candidates) for one in rehearsed)
    pictures = loops * sum(not isinstance(request, Look) for request in asked)
    most = most_passes(asked, loaded.models.by_role)
    known = [passes for passes in most if passes is not None]
    drawer = loaded.models.by_role.get("draw")
    width, height = drawing.size or (drawer.capabilities.size if drawer else None) or (0, 0)
    passes = loops * sum(known) if len(known) == len(asked) else None
    return Estimate(pictures, passes, pictures * width * height * 3, scored)


def _most_tokens(request: Request) -> int:
    """The most text that a request can bring, where its settings say so."""
    limit = request.sampler.get("max_text_tokens")
    speaks = isinstance(request, Look) or bool(request.think)
    return limit if speaks and isinstance(limit, int) else 0


def to_score(asked: Sequence[Request], trace: Trace, *, candidates: bool) -> int:
    """The most pictures that a loop leaves to be scored. Which it keeps when they are real nobody
    knows: it may be another one at every step."""
    drawn = sum(not isinstance(request, Look) for request in asked)
    told = len(pictures_of(trace.steps, candidates=candidates))
    return max(told, min(len(trace.steps), drawn))


def tight_disk(folder: RunFolder, coming: Estimate) -> str:
    """A sentence where the disk may be too small for the pictures to come, else nothing."""
    free = shutil.disk_usage(folder.root).free
    if coming.bytes <= free:
        return ""
    return (
        f"the pictures may take up to {coming.bytes / 1e9:.1f} GB, {free / 1e9:.1f} GB are free; a "
        "run that fills the disk stops and can go on later."
    )
