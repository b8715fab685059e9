"""The real data, where they are at hand; no text of theirs stands here."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from uig_cli.benchmarks.protocol import Data, Source
from uig_cli.benchmarks.tiif.benchmark import benchmark
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS, GROUPS
from uig_cli.benchmarks.tiif.mini import SCATTERED


@pytest.fixture(scope="module")
def mini(official: Path) -> Data:
    return benchmark.open(Source(data=official))


@pytest.fixture(scope="module")
def full(official: Path) -> Data:
    return benchmark.open(Source(data=official, set="test"))


def mini_places(data: Data) -> dict[str, list[int]]:
    """Per dimension the full-set lines of the short testmini cases, in testmini's order."""
    places: dict[str, list[int]] = {}
    for case in data.cases:
        if case.split == "short":
            lines = places.setdefault(case.dimension, [])
            assert case.facts["mini_line"] == len(lines)
            lines.append(int(case.id.rsplit("/", 1)[1]))
    return places


def test_counts(mini: Data, full: Data) -> None:
    for data, prompts, questions in ((mini, 277, 1446), (full, 2538, 12160)):
        assert len(data.cases) == 2 * prompts
        assert len({case.id for case in data.cases}) == 2 * prompts
        assert sum(len(case.questions) for case in data.cases) == 2 * questions
        assert "TIIF-Bench" in data.card
    wanted = Counter(q.wanted for case in full.cases for q in case.questions)
    assert wanted == {"yes": 2 * (9443 + 2388), "no": 2 * 329}
    assert {case.dimension for case in mini.cases} == set(DIMENSIONS)
    assert [len(names) for names in GROUPS.values()] == [4, 4, 4, 8, 8, 8, 1, 1, 1]


def test_always_yes_is_named(mini: Data) -> None:
    assert "97.0 %" in mini.card


def test_mini_lines_by_the_full_set_and_by_the_known_numbers_agree(
    official: Path, mini: Data, tmp_path: Path
) -> None:
    expected = json.loads((official / "testmini_to_test_index.json").read_text())
    assert mini_places(mini) == expected
    for name in ("testmini_prompts", "testmini_eval_prompts"):
        shutil.copytree(official / name, tmp_path / name)
    alone = benchmark.open(Source(data=tmp_path))
    assert alone == mini
    assert set(SCATTERED) == {name for name, lines in expected.items() if lines != sorted(lines)}


def test_a_mini_case_is_its_full_case(mini: Data, full: Data) -> None:
    by_id = {case.id: case for case in full.cases}
    for case in mini.cases:
        whole = by_id[case.id]
        assert (case.prompt, case.questions) == (whole.prompt, whole.questions)
        assert case.facts["line"] == whole.facts["line"]


def test_the_one_slip_is_named_and_nothing_else(mini: Data, full: Data) -> None:
    assert mini.warnings == ()
    (warning,) = full.warnings
    assert "comparison lines 23-39 and 41-70" in warning
    assert "47 of 75" in warning


def test_questions_are_stripped_prompts_are_not(full: Data) -> None:
    assert all(q.text == q.text.strip() for case in full.cases for q in case.questions)
    padded = [case.id for case in full.cases if case.prompt != case.prompt.strip()]
    assert padded == ["tiif/short/shape+3d/13", "tiif/long/action+3d/50"]


def test_no_case_has_a_problem(full: Data) -> None:
    assert [case.id for case in full.cases if case.problem] == []
    longest = max(full.cases, key=lambda case: len(case.prompt))
    assert len(longest.prompt) == 2478
    assert longest.id in {"tiif/short/real_world/22", "tiif/long/real_world/22"}


@pytest.mark.parametrize("set_name", ["testmini", "test"])
def test_the_official_prompts_in_another_order_are_told(
    official: Path, tmp_path: Path, set_name: str
) -> None:
    for name in (f"{set_name}_prompts", f"{set_name}_eval_prompts"):
        shutil.copytree(official / name, tmp_path / name)
    for path in tmp_path.glob("*/numeracy_*"):
        first, *rest = path.read_bytes().removesuffix(b"\n").split(b"\n")
        path.write_bytes(b"\n".join([*rest, first]) + b"\n")
    data = benchmark.open(Source(data=tmp_path, set=set_name))
    assert f"official prompts of {set_name} in another order" in data.warnings[-1]
    assert "not the official set" in data.card
    (prompts,) = tmp_path.glob("*_prompts/text_prompts.jsonl")
    prompts.write_bytes(prompts.read_bytes().replace(b" a ", b" one "))
    warnings = benchmark.open(Source(data=tmp_path, set=set_name)).warnings
    assert not any("another order" in text for text in warnings)
