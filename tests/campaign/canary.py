"""A key that must stay where it is: in the environment.

Servers echo it in every place that they fill. Afterwards it stands in no file of the run or of the
cache, in nothing that was printed, and while the command ran in no process's list of arguments.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.campaign.commands import QUICK, command_line
from tests.campaign.odd_servers import KEY, SERVERS
from tests.conftest import ROOT
from tests.judge_server import serving


def trials(count: int, seed: int) -> Iterator[str]:
    """count: how many of the servers."""
    echoing = [name for name in SERVERS if name.startswith("key-")]
    rest = [name for name in SERVERS if not name.startswith("key-")]
    with tempfile.TemporaryDirectory() as place:
        for name in [*echoing, *rest][:count]:
            trouble = _trial(Path(place) / name, name)
            yield f"server {name}: {trouble}" if trouble else ""


def _trial(place: Path, name: str) -> str:
    place.mkdir()
    with serving(SERVERS[name]) as served:
        words = [
            "eval", "tiif", "--set", "built-in", "--split", "short", "--limit", 2,
            "--method", "direct", "--model", QUICK, "--judge", f"openai:eye@{served.url}",
            "--out", place / "r",
        ]  # fmt: skip
        more = {"OPENAI_API_KEY": KEY, "UIG_CACHE": str(place / "cache"), "UIG_DEBUG": "1"}
        process = subprocess.Popen(
            command_line(words), cwd=ROOT, env={**os.environ, **more}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        arguments = Path(f"/proc/{process.pid}/cmdline")
        listed = arguments.read_bytes() if arguments.exists() else b""
        printed, _ = process.communicate(timeout=200)
        asked = any(KEY in heard.headers.get("Authorization", "") for heard in served.heard)
    secret = KEY.encode()
    if not asked:
        return "the server never saw the key: nothing was tried"
    files = [path for path in place.rglob("*") if path.is_file()]
    found = [path.name for path in files if secret in path.read_bytes()]
    if found or secret in printed or secret in listed:
        return f"the key stands in {found or 'what was printed or listed'}"
    return ""
