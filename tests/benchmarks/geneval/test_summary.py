"""The official summary, text and numbers."""

import json
import os
from pathlib import Path

import pytest

from uig_cli.benchmarks.geneval.benchmark import benchmark
from uig_cli.benchmarks.geneval.summary import (
    Result,
    as_text,
    case_scores,
    read_results,
    summarize,
)
from uig_cli.errors import UigError
from uig_cli.stats.stratified import Tally

SHARED = Path(__file__).parents[4] / "shared" / "fixtures" / "geneval"
GIVEN = os.environ.get("UIG_GENEVAL_SUMMARY")
FILES = (
    [Path(GIVEN)]
    if GIVEN
    else [SHARED / "summary_results.jsonl", SHARED / "summary_partial_results.jsonl"]
)


@pytest.mark.skipif(
    not all(path.exists() for path in FILES),
    reason="needs GenEval's summary fixtures (UIG_GENEVAL_SUMMARY)",
)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_golden_summary(path: Path) -> None:
    name = path.name.replace("results.jsonl", "expected.json")
    expected = json.loads(path.with_name(name).read_text("utf-8"))
    results = read_results(path)
    summary = summarize(results)
    if "official_text" in expected:
        assert as_text(summary) == expected["official_text"]
    assert summary.images.total == expected["total_images"]
    assert summary.prompts.total == expected["total_prompts"]
    assert round(100 * summary.images.mean, 2) == expected["percent_correct_images"]
    assert round(100 * summary.prompts.mean, 2) == expected["percent_correct_prompts"]
    assert list(summary.tags) == list(expected["tasks"])
    for tag, task in expected["tasks"].items():
        share = summary.tags[tag]
        assert (share.correct, share.total) == (task["correct"], task["total"])
        assert round(100 * share.mean, 2) == task["percent"]
    assert round(summary.overall, 5) == expected["overall"]
    if "overall_exact" in expected:
        assert summary.overall == pytest.approx(expected["overall_exact"], abs=1e-15)

    tallies = [Tally(one.prompt, one.tag, int(one.correct), 1, 0) for one in results]
    assert benchmark.summary(tallies)[-1].score == pytest.approx(summary.overall, abs=1e-12)


RESULTS = [
    Result("counting", "a", True),
    Result("colors", "b", False),
    Result("counting", "a", False),
    Result("counting", "c", False),
]


def test_by_hand() -> None:
    assert as_text(summarize(RESULTS)) == (
        "Summary\n=======\nTotal images: 4\nTotal prompts: 3\n% correct images: 25.00%\n"
        "% correct prompts: 33.33%\n\nTask breakdown\n==============\n"
        "counting         = 33.33% (1 / 3)\ncolors           = 0.00% (0 / 1)\n\n"
        "Overall score (avg. over tasks): 0.16667\n"
    )
    assert case_scores(RESULTS) == {"a": 0.5, "b": 0.0, "c": 0.0}


@pytest.mark.parametrize(
    "line",
    [
        '{"tag": "colors", "correct": true',
        '{"tag": "colors", "correct": true}',
        '["tag"]',
        '{"tag": "colors", "metadata": "{}", "correct": "yes"}',
        "",
    ],
)
def test_a_line_that_is_no_result(tmp_path: Path, line: str) -> None:
    path = tmp_path / "results.jsonl"
    good = '{"tag": "colors", "metadata": "{}", "correct": true}'
    path.write_text(f"{good}\n{line}\n", "utf-8")
    with pytest.raises(UigError, match=r"results\.jsonl, line 2: got"):
        read_results(path)


def test_nothing_to_summarize(tmp_path: Path) -> None:
    with pytest.raises(UigError, match="cannot read"):
        read_results(tmp_path / "none.jsonl")
    with pytest.raises(UigError, match="no results"):
        summarize([])
