"""The list of published scores: whole, sourced, and matched with care."""

import csv
from pathlib import Path

import pytest

from tests.conftest import ROOT
from uig_cli.benchmarks.geneval import benchmark as geneval
from uig_cli.benchmarks.protocol import Source
from uig_cli.benchmarks.published import GAIN, counterpart, same_judge, scores
from uig_cli.benchmarks.tiif import OFFICIAL

LIST = ROOT / "benchmarks" / "published.csv"
COLUMNS = ["benchmark", "split", "judge", "model", "metric", "value", "source", "note"]


def test_every_line_has_a_source_and_a_number_that_can_be() -> None:
    lines = LIST.read_text("utf-8").splitlines()
    assert lines[0] == ",".join(COLUMNS)
    rows = list(csv.DictReader(lines))
    assert len(rows) == len(lines) - 1, "a cell with a line break, or an empty line"
    assert len(rows) == len(scores()) > 200
    assert len(set(scores())) == len(scores())
    for row, score in zip(rows, scores(), strict=True):
        assert list(row) == COLUMNS and None not in row.values(), row
        assert all(cell == cell.strip() for cell in row.values()), row
        assert score.benchmark and score.metric and score.source and score.model and score.judge
        if score.metric.startswith(GAIN):
            continue
        assert 0 <= score.value <= 100
        share = 100 if row["benchmark"] == "geneval" else 1
        assert score.value == pytest.approx(float(row["value"]) * share)


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
        (s.benchmark, s.split, s.judge, s.model): s.value for s in scores() if s.metric == "overall"
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
    whole = counterpart("tiif", "testmini", OFFICIAL["testmini"], "long")
    assert whole and (whole.benchmark, whole.split, whole.prompts) == ("tiif-testmini", "long", 277)
    assert whole.reasons == ()
    full = counterpart("tiif", "test", OFFICIAL["test"], "long")
    assert full and "set test" in full.reasons[0]
    own = counterpart("tiif", "testmini", "0" * 64, "long")
    assert own and "own prompts" in own.reasons[0]
    built_in = counterpart("tiif", "built-in", "0" * 64, "long")
    assert built_in and "built-in" in built_in.reasons[0]
    data = geneval.open(Source())
    plain = counterpart("geneval", data.set, data.prompts_hash, "")
    assert plain and plain.split == "official prompts" and plain.prompts == len(data.cases) == 553
    assert plain.reasons == ()
    rewritten = counterpart("geneval", data.set, "0" * 64, "rewritten")
    assert rewritten and rewritten.split == "rewritten prompts" and rewritten.reasons
    assert counterpart("prompts", "", "", "") is None


def test_official_sets_hold_as_many_prompts(shared: Path) -> None:
    from uig_cli.benchmarks.tiif import benchmark as tiif

    data = tiif.open(Source(split="short", set="testmini", data=shared / "data" / "tiif"))
    found = counterpart("tiif", data.set, data.prompts_hash, "short")
    assert found and found.prompts == len(data.cases) and not found.reasons
