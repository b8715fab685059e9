"""Which case a folder of GenEval's layout holds pictures of."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from uig_cli.benchmarks.external import ExternalPictures
from uig_cli.benchmarks.geneval.cases import cases_of
from uig_cli.benchmarks.geneval.folders import read_folders
from uig_cli.benchmarks.geneval.prompts import generate
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure

PROMPTS = generate()
CASES = cases_of(PROMPTS)


def tree(root: Path, folders: Mapping[int, Any], samples: Sequence[int] = (0,)) -> Path:
    """folders: by number the metadata, or the line whose they are."""
    for number, about in folders.items():
        place = root / f"{number:05d}"
        (place / "samples").mkdir(parents=True)
        for sample in samples:
            Image.new("RGB", (8, 8)).save(place / "samples" / f"{sample:05d}.png")
        told = PROMPTS[about] if isinstance(about, int) else about
        (place / "metadata.jsonl").write_text(json.dumps(told))
    return root


def read(root: Path, samples: int | None = None) -> ExternalPictures:
    (found,) = read_folders(root, CASES, None, samples)
    return found


def there(found: ExternalPictures) -> dict[tuple[int, int], str]:
    """(line, sample) -> folder and file of each picture that is here."""
    return {
        (int(case[-5:]), sample): f"{file.parents[1].name}/{file.name}"
        for (case, sample), file in found.files.items()
        if isinstance(file, Path)
    }


def test_in_the_order_of_the_set(tmp_path: Path) -> None:
    found = read(tree(tmp_path, {0: 0, 7: 7}, (0, 1)))
    assert there(found) == {
        (0, 0): "00000/00000.png", (0, 1): "00000/00001.png",
        (7, 0): "00007/00000.png", (7, 1): "00007/00001.png",
    }  # fmt: skip
    assert found.samples == 2 and found.notes == ()
    lost = found.files["geneval/00001", 0]
    assert isinstance(lost, Failure) and lost.reason == "no folder"


def test_in_another_order(tmp_path: Path) -> None:
    found = read(tree(tmp_path, {0: 100, 1: 101, 100: 0, 2: 552}))
    assert there(found) == {
        (100, 0): "00000/00000.png", (101, 0): "00001/00000.png",
        (0, 0): "00100/00000.png", (552, 0): "00002/00000.png",
    }  # fmt: skip
    (note,) = found.notes
    assert note.startswith("4 folders are not called by the line of their prompt")
    lost = found.files["geneval/00001", 0]
    assert isinstance(lost, Failure) and lost.reason == "no folder"


def test_key_order_and_an_empty_exclude_are_no_other_prompt(tmp_path: Path) -> None:
    about = {**dict(reversed(list(PROMPTS[3].items()))), "exclude": [], "caption": "x"}
    assert there(read(tree(tmp_path, {3: about}))) == {(3, 0): "00003/00000.png"}


def test_folders_of_one_prompt_are_its_samples(tmp_path: Path) -> None:
    """As of a prompt file that holds each line several times, in any order."""
    lines = [5, 9, 2, 9, 5, 2, 2, 9]
    found = read(tree(tmp_path, dict(enumerate(lines))))
    assert there(found) == {
        (2, 0): "00002/00000.png", (2, 1): "00005/00000.png", (2, 2): "00006/00000.png",
        (5, 0): "00000/00000.png", (5, 1): "00004/00000.png",
        (9, 0): "00001/00000.png", (9, 1): "00003/00000.png", (9, 2): "00007/00000.png",
    }  # fmt: skip
    assert found.samples == 3 and "3 cases have several folders" in found.notes[0]


def test_a_folder_in_another_s_place_spoils_nobody_elses(tmp_path: Path) -> None:
    """Where most folders are called by their line, that line's own folder counts."""
    found = read(tree(tmp_path, {0: 0, 1: 1, 2: 1, 3: 3, 9: 4, 600: 5}))
    assert there(found) == {
        (0, 0): "00000/00000.png", (1, 0): "00001/00000.png", (3, 0): "00003/00000.png",
        (4, 0): "00009/00000.png", (5, 0): "00600/00000.png",
    }  # fmt: skip
    lost = found.files["geneval/00002", 0]
    assert isinstance(lost, Failure) and lost.kind == "other prompt"


def test_another_prompt_for_the_same_is_missing_with_that_reason(tmp_path: Path) -> None:
    found = read(tree(tmp_path, {0: 0, 1: {**PROMPTS[1], "prompt": "a cow"}}))
    lost = found.files["geneval/00001", 0]
    assert isinstance(lost, Failure) and "holds another prompt" in lost.reason
    with pytest.raises(UigError, match="none of its 1 folders"):
        read(tree(tmp_path / "other", {1: {**PROMPTS[1], "prompt": "a cow"}}))


def test_what_nobody_reads_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path, {0: 0, 1: 1}, (0, 1))
    for name in ("00000/0000.png", "00001/old/x.txt", "more/deep/a.PNG", "notes.txt",
                 "00000/grid.png", "00001/samples/0002.jpg"):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (note,) = read(root).notes
    assert note.startswith("4 files or folders stand for no case")
    assert there(read(root, samples=1)).keys() == {(0, 0), (1, 0)}
    assert read(root, samples=1).notes[0].startswith("6 files")


def test_what_is_called_like_a_folder_and_is_none(tmp_path: Path) -> None:
    outside = tree(tmp_path / "outside", {3: 3})
    (outside / "00003" / "secret.txt").touch()
    folder = tree(tmp_path / "inside", {0: 0, 7: 7})
    os.mkfifo(folder / "00001")
    (folder / "00002").write_text("no folder")
    (folder / "00003").symlink_to(outside / "00003")
    (folder / "00004").symlink_to(folder)
    found = read(folder)
    assert there(found) == {(0, 0): "00000/00000.png", (7, 0): "00007/00000.png"}
    told = " ".join(found.notes)
    assert "4 files or folders" in told and "00001, 00002, 00003" in told
