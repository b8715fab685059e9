"""The campaign's own parts: they run, and they can find a fault."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign import mutate, parsers
from tests.campaign.__main__ import PARTS, table
from tests.campaign.commands import evaluation, here, scores
from tests.campaign.odd_models import ODD
from tests.campaign.parts import CampaignPart, run


def test_what_goes_wrong_is_counted_said_and_kept() -> None:
    def trials(count: int, seed: int) -> Iterator[str]:
        yield from ("" if number % 2 else f"fault {number}" for number in range(count))

    said: list[str] = []
    found = run(CampaignPart("odd", "what is odd", trials, 5, 1), 5, 7, said.append)
    assert (found.trials, found.wrong, found.seed) == (5, 3, 7)
    assert found.told == ("fault 0", "fault 2", "fault 4")
    assert said[1] == "odd seed 7 trial 2: fault 2"
    assert list(table([found]))[-1].startswith("| `odd` | what is odd | 5 | 3 |")


def test_a_reader_that_raises_anything_else_is_a_fault() -> None:
    assert "ZeroDivisionError" in vars(parsers)["_given"]("odd", lambda text: 1 / 0, "x")
    assert "ValueError" in vars(parsers)["_given"]("odd", int, "x")
    assert vars(parsers)["_given"]("sound", int, "1") == ""


def test_every_way_to_damage_a_file_damages_it(tmp_path: Path) -> None:
    content = '{"a": {"b": [1, 2, 3]}, "c": "d"}\n' * 5
    changed = 0
    for number in range(60):
        file = tmp_path / f"{number}.jsonl"
        file.write_text(content)
        vars(mutate)["_damage"](file, random.Random(number))
        changed += not file.is_file() or file.read_bytes() != content.encode()
    assert changed > 50


def test_a_command_here_ends_as_one_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = here(evaluation(tmp_path / "r", limit=2))
    assert (done.code, done.trouble) == (0, "")
    assert set(scores(tmp_path / "r")["method"]) == {"direct", "uig"}
    assert here(["show", tmp_path / "nowhere"]).code == 2


@pytest.mark.parametrize("name", ["HugePasses", "OddKind", "Unordered"])
def test_odd_models_can_be_named(tmp_path: Path, name: str) -> None:
    model = f"python:tests/campaign/odd_models.py:{name}"
    done = here(["generate", "--prompt", "a", "--model", model, "--out", tmp_path / "r", "--quiet"])
    assert name in ODD and done.code in (0, 3) and not done.trouble


def test_parts_have_names_of_their_own() -> None:
    assert len({part.name for part in PARTS}) == len(PARTS) == 7
