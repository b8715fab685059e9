"""A picture's file that is not what was kept: missing with its reason, the others go on, and the
same command draws it again."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from tests.conftest import Uig

Damage = Callable[[Path, Path], None]


def flip(file: Path, other: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    replace(file, bytes(content))


def replace(file: Path, content: bytes) -> None:
    """Even the time of change says nothing of it."""
    times = file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def swap(file: Path, other: Path) -> None:
    replace(file, other.read_bytes())


def blacken(file: Path, other: Path) -> None:
    times = file.stat()
    with Image.open(file) as image:
        size = image.size
    Image.new("RGB", size).save(file)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def bomb(file: Path, other: Path) -> None:
    Image.new("1", (30_000, 30_000)).save(file)


def folder(file: Path, other: Path) -> None:
    file.unlink()
    file.mkdir()


def pipe(file: Path, other: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def lead_nowhere(file: Path, other: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere.png")


def cut(file: Path, other: Path) -> None:
    replace(file, file.read_bytes()[:-200])


DAMAGES: list[Damage] = [flip, swap, blacken, bomb, folder, pipe, lead_nowhere, cut]


def command(run: Path) -> list[object]:
    model = "python:tests/models_for_tests.py:Quick"
    words = ["eval", "geneval", "--set", "built-in", "--limit", "4", "--samples", "1", "--quiet"]
    return [*words, "--model", model, "--method", "direct", "--detector", "exact", "--out", run]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import subprocess
    import sys

    run = tmp_path_factory.mktemp("sound") / "r"
    subprocess.run([sys.executable, "-m", "uig_cli", *map(str, command(run))], check=True)
    return run


def scores(run: Path) -> pd.Series:
    steps = pd.read_csv(run / "tables" / "steps.csv")
    return steps[steps["judge"] == "exact"].set_index("case")["score"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_picture_is_missing_and_the_same_command_draws_it_again(
    uig: Uig, sound: Path, tmp_path: Path, damage: Damage
) -> None:
    run = tmp_path / "r"
    shutil.copytree(sound, run, symlinks=True)
    shutil.rmtree(run / "detections")
    before = scores(run)
    file, other = sorted(run.glob("drawn/*/*/*.png"))[:2]
    damage(file, other)
    rejudged = uig("rejudge", run, "--detector", "exact", "--quiet")
    assert rejudged.code == 3 and "Traceback" not in rejudged.err
    after = scores(run)
    assert after.isna().sum() == 1
    assert (after.dropna() == before[after.notna()]).all()
    official = ["export", run, "--layout", "official", "--out", tmp_path / "official"]
    for words in (["show", run], ["compare", f"{run}:direct", f"{run}:direct"], official):
        assert "Traceback" not in uig(*words).err
    again = uig(*[word for word in command(run) if word != "--quiet"])
    assert again.code == 0, again.err
    assert "1 picture drawn again" in again.err and "with the same pixels" in again.err
    assert scores(run).equals(before)


def test_other_pixels_count_from_then_on_and_are_scored_anew(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a model without fixed noise draws is another picture each time."""
    own, run = tmp_path / "own.py", tmp_path / "r"
    own.write_text(
        "import os\nimport numpy as np\nfrom PIL import Image\n"
        "from tests.models_for_tests import Quick\n"
        "from uig_cli.models.protocol import Draw, Drawn, Edit, Picture\n"
        "class Mine(Quick):\n"
        "    def run(self, requests):\n"
        "        for index, reply in super().run(requests):\n"
        "            if isinstance(requests[index], Draw):\n"
        "                pixels = np.frombuffer(os.urandom(64 * 64 * 3), np.uint8)\n"
        "                image = Image.fromarray(pixels.reshape(64, 64, 3))\n"
        "                reply = Drawn(Picture.of(image), cost=reply.cost)\n"
        "            yield index, reply\n"
    )
    words = ["eval", "tiif", "--set", "built-in", "--split", "short", "--limit", "3",
             "--model", f"python:{own}:Mine", "--method", "uig", "--judge", "exact",
             "--rounds", "2", "--out", run]  # fmt: skip
    assert uig(*words).code == 0
    file, other = sorted(run.glob("drawn/*/*/round-0.draw.*.png"))[:2]
    lines = sum(map(len, map(str.splitlines, [f.read_text() for f in run.glob("journal/*")])))
    swap(file, other)
    os.utime(file, (file.stat().st_mtime + 5,) * 2)
    again = uig(*words)
    assert again.code == 0 and "1 came out with other pixels" in again.err
    steps = pd.read_csv(run / "tables" / "steps.csv")
    assert steps["score"].notna().all()
    journal = [json.loads(x) for f in run.glob("journal/*") for x in f.read_text().splitlines()]
    new = journal[lines:]
    assert new[0]["revision"] == 1 and new[0]["picture"]["path"].endswith(".2.png")
    assert {line["role"] for line in new[1:]} == {"look", "edit"}
    assert all(line["pictures"] for line in new[1:])
    assert "drawn again" not in uig(*words).err
