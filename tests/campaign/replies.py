"""Models and judge servers that misbehave, one command each, then shown.

A command ends in time, without a traceback, and never well where nothing was drawn; the folder can
be shown afterwards; with --json one object is all that stands on standard output.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.campaign.commands import QUICK, Ended, apart
from tests.campaign.odd_models import ODD
from tests.campaign.odd_servers import KEY, SERVERS
from tests.judge_server import serving

WORKS = {"Unordered", "PrintsAlot", "NumpyCost", "SurrogateThought", "LoopingText", "MarkupText",
         "OtherSize"}  # fmt: skip
"""Models whose pictures may be kept."""


def trials(count: int, seed: int) -> Iterator[str]:
    """count: how many of the models and servers; all of them behave the same each time."""
    with tempfile.TemporaryDirectory() as place:
        for name in list(ODD)[:count]:
            trouble = _model(Path(place) / name, name)
            yield f"model {name}: {trouble}" if trouble else ""
        for name in list(SERVERS)[: max(0, count - len(ODD))]:
            trouble = _server(Path(place) / name, name)
            yield f"server {name}: {trouble}" if trouble else ""


def _eval(out: Path, model: str, judge: str) -> list[object]:
    return [
        "eval", "tiif", "--set", "built-in", "--split", "short", "--limit", 3, "--rounds", 1,
        "--model", model, "--method", "uig", "--judge", judge, "--out", out, "--json",
    ]  # fmt: skip


def _model(out: Path, name: str) -> str:
    ended = apart(_eval(out, f"python:tests/campaign/odd_models.py:{name}", "self"))
    if ended.code == 0 and name not in WORKS:
        drawn = json.loads(ended.out)["pictures"] if ended.out else 0
        if not drawn:
            return "exit 0 with nothing drawn"
    return _after(ended, out)


def _server(out: Path, name: str) -> str:
    with serving(SERVERS[name]) as served:
        words = _eval(out, QUICK, f"openai:eye@{served.url}")
        ended = apart(words, 200, {"OPENAI_API_KEY": KEY})
    return _after(ended, out)


def _after(ended: Ended, out: Path) -> str:
    if ended.trouble:
        return ended.trouble
    if ended.out:
        try:
            json.loads(ended.out)
        except ValueError:
            return f"standard output is not one object: {ended.out[:100]!r}"
    if (out / "run.json").exists():
        shown = apart(["show", out])
        return shown.trouble or (f"show: exit {shown.code}" if shown.code else "")
    return ""
