"""The summary of official result files, beside the numbers that the official script gives."""

import json
import os
from pathlib import Path

import pytest

from tests.conftest import SHARED
from uig_cli.benchmarks.geneval.benchmark import benchmark
from uig_cli.stats.stratified import Tally

GIVEN = os.environ.get("UIG_GENEVAL_SUMMARY")
FIXTURES = SHARED / "fixtures" / "geneval"
FILES = (
    [Path(GIVEN)]
    if GIVEN
    else [FIXTURES / "summary_results.jsonl", FIXTURES / "summary_partial_results.jsonl"]
)


@pytest.mark.skipif(
    not all(path.exists() for path in FILES),
    reason="needs GenEval's summary fixtures (UIG_GENEVAL_SUMMARY)",
)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_golden_summary(path: Path) -> None:
    name = path.name.replace("results.jsonl", "expected.json")
    expected = json.loads(path.with_name(name).read_text("utf-8"))
    results = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    tallies = [Tally(one["metadata"], one["tag"], int(one["correct"]), 1, 0) for one in results]
    *tags, overall = benchmark.summary(tallies)
    assert {line.name for line in tags if line.score is not None} == set(expected["tasks"])
    for line in tags:
        if line.score is not None:
            task = expected["tasks"][line.name]
            assert (round(line.score * line.pictures), line.pictures) == (
                task["correct"],
                task["total"],
            )
            assert round(100 * line.score, 2) == task["percent"]
    assert (overall.pictures, overall.cases) == (
        expected["total_images"],
        expected["total_prompts"],
    )
    assert overall.score is not None and round(overall.score, 5) == expected["overall"]
