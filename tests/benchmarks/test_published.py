"""The list of published scores: whole, sourced, and matched with care."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ROOT
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.benchmarks.own import benchmark as own
from uig_cli.benchmarks.protocol import Benchmark, Source
from uig_cli.benchmarks.published import GAIN, Counterpart, Score, read_scores, same_judge
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.benchmarks.tiif.cases import OFFICIAL

LIST = ROOT / "benchmarks" / "published.csv"
COLUMNS = ["benchmark", "split", "judge", "model", "metric", "value", "source", "note"]


def published() -> list[Score]:
    """Whatever stands beside runs, of any benchmark."""
    parts = (tiif.published, geneval.published)
    return [score for part in parts if part for score in part.scores()]


def counterpart(benchmark: Benchmark, set_name: str, prompts: str, split: str) -> Counterpart:
    assert benchmark.published is not None
    return benchmark.published.counterpart(set_name, prompts, split)


def test_every_line_has_a_source_and_a_number_that_can_be() -> None:
    lines = LIST.read_text("utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    rows, scores = list(csv.DictReader(lines)), read_scores("\n".join(lines))
    assert len(rows) == len(lines) - 1, "a cell with a line break, or an empty line"
    assert len(rows) == len(scores) == len(set(scores)) > 200
    for row, score in zip(rows, scores, strict=True):
        assert list(row) == COLUMNS and None not in row.values(), row
        assert all(cell == cell.strip() for cell in row.values()), row
        assert score.benchmark and score.metric and score.source and score.model and score.judge
        assert score.metric.startswith(GAIN) or 0 <= score.value <= 100


def test_values_are_percent_whatever_was_published() -> None:
    kept = {replace(one, value=0): one.value for one in read_scores(LIST.read_text("utf-8"))}
    assert len(published()) > 200
    for score in published():
        times = 100 if score.benchmark == "geneval" else 1
        assert score.value == pytest.approx(times * kept[replace(score, value=0)])


def test_it_is_the_list_it_was_taken_from(shared: Path) -> None:
    given = shared / "facts" / "published.csv"
    if not given.is_file():
        pytest.skip("../shared holds no published scores")
    assert LIST.read_text("utf-8").splitlines() == given.read_text("utf-8").splitlines()


def test_numbers_known_from_elsewhere() -> None:
    known = {
        ("tiif-testmini", "long", "Qwen2.5-VL-72B", "Janus-Pro"): 61.10,
        ("geneval", "official prompts", "Mask2Former + CLIP", "BAGEL"): 82.0,
    }
    found = {
        (one.benchmark, one.split, one.judge, one.model): one.value
        for one in published()
        if one.metric == "overall"
    }
    assert known.items() <= found.items()


@pytest.mark.parametrize(
    ("names", "judge"),
    [
        ({"openai:gpt-4o-2024-11-20"}, "GPT-4o"),
        ({"GPT-4o"}, "GPT-4o"),
        ({"openai", "gpt-4o"}, "GPT-4o"),
        ({"openai:Qwen/Qwen2.5-VL-72B-Instruct@http://127.0.0.1:8000/v1"}, "Qwen2.5-VL-72B"),
        ({"hf:/models/Qwen2.5-VL-72B-Instruct/"}, "Qwen2.5-VL-72B"),
        ({"hf-Qwen2-5-VL-72B-Instruct", "hf", "0" * 64}, "Qwen2.5-VL-72B"),
        ({"openai-gpt-4o-2024-08-06"}, "GPT-4o"),
        ({"gpt-4o-mini"}, None),
        ({"Qwen2.5-VL-7B-Instruct"}, None),
        ({"Qwen2.5-VL-72B-Instruct-AWQ"}, None),
        ({"self"}, None),
        (set(), None),
    ],
)
def test_judges_by_any_of_their_names(names: set[str], judge: str | None) -> None:
    assert same_judge(names, ["GPT-4o", "Qwen2.5-VL-72B", "not stated"]) == judge


def test_which_prompts_belong_beside_which_scores() -> None:
    whole = counterpart(tiif, "testmini", OFFICIAL["testmini"], "long")
    assert (whole.benchmark, whole.split, whole.prompts) == ("tiif-testmini", "long", 277)
    assert whole.reasons == () and "temperature 1" in whole.note
    assert "set test" in counterpart(tiif, "test", OFFICIAL["test"], "long").reasons[0]
    assert "own prompts" in counterpart(tiif, "testmini", "0" * 64, "long").reasons[0]
    assert "built-in" in counterpart(tiif, "built-in", "0" * 64, "long").reasons[0]
    data = geneval.open(Source())
    plain = counterpart(geneval, data.set, data.prompts_hash, "")
    assert plain.split == "official prompts" and plain.prompts == len(data.cases) == 553
    assert plain.reasons == () and plain.note == ""
    assert counterpart(geneval, data.set, "0" * 64, "").reasons
    rewritten = counterpart(geneval, data.set, "0" * 64, "rewritten")
    assert rewritten.split == "rewritten prompts" and rewritten.reasons
    assert own.published is None


def test_another_checkpoint_of_the_official_detector() -> None:
    assert geneval.published is not None
    judges = ["Mask2Former + CLIP"]
    same, reason = geneval.published.same_scorer({"d"}, {"detector": "mask2former"}, judges)
    assert same == judges[0] and "another checkpoint" in reason
    assert geneval.published.same_scorer({"exact"}, {"detector": "exact"}, judges) == (None, "")


def test_official_sets_hold_as_many_prompts(shared: Path) -> None:
    data = tiif.open(Source(split="short", set="testmini", data=shared / "data" / "tiif"))
    found = counterpart(tiif, data.set, data.prompts_hash, "short")
    assert found.prompts == len(data.cases) and not found.reasons
