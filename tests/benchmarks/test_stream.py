"""Cases as a streaming data set of the `datasets` library, without any network."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from uig_cli.benchmarks.protocol import Source
from uig_cli.benchmarks.stream import stream
from uig_cli.benchmarks.tiif.benchmark import benchmark
from uig_cli.cases import Case


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))


def test_tiif_streams_in_order() -> None:
    datasets = pytest.importorskip("datasets")
    cases = benchmark.open(Source(data=ROOT / "tests" / "data" / "tiif-sample")).cases
    streamed = stream(cases)
    assert isinstance(streamed, datasets.IterableDataset)
    rows = list(streamed)
    assert [row["id"] for row in rows] == [case.id for case in cases]
    assert rows[3]["prompt"] == cases[3].prompt
    assert rows[3]["questions"] == [question.text for question in cases[3].questions]
    assert rows[3]["wanted"] == [question.wanted for question in cases[3].questions]
    assert len(list(streamed.skip(150))) == 6
    assert list(streamed) == rows


def test_cases_without_questions_have_empty_lists() -> None:
    (row,) = stream([Case("geneval/00000", "a photo of a bench", dimension="single_object")])
    assert (row["questions"], row["wanted"], row["split"]) == ([], [], "")
