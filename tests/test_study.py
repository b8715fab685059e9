"""docs/study.md says what results/study.json holds, and that is what comes out."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Uig
from tests.study.__main__ import FEW, KEPT, REFERENCE
from tests.study.cells import HARD
from tests.study.document import DOCUMENT, filled
from tests.study.tables import tables

FOUND = json.loads(KEPT.read_text("utf-8"))


def test_the_document_shows_what_was_found() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text == filled(text, tables(FOUND))
    assert text.count("<!-- end -->") == 13


def test_what_was_confirmed_where_nobody_had_looked() -> None:
    """Against uig, and against best-of-n of the same work case by case and on average: intervals
    above zero over all hard prompts, by Holm over the six comparisons too."""
    confirmed = FOUND["confirmed"]
    for one in confirmed["hard and unseen"]["differences"].values():
        assert one["low"] > 0 and one["holm"] < 0.05
    assert len(confirmed["chosen"]) == 2 and len(confirmed["seeds"]) == 3


@pytest.mark.slow
def test_the_same_pictures_come_out(uig: Uig, tmp_path: Path) -> None:
    """A few cases of the first seed, drawn again: right or wrong at each step, as was kept."""
    methods = [word for name in REFERENCE for word in ("--method", name)]
    done = uig("eval", "tiif", *HARD.words, *methods, "--limit", FEW, "--out", tmp_path / "r",
               "--quiet")  # fmt: skip
    assert done.code == 0, done.err
    steps = pd.read_parquet(tmp_path / "r" / "tables" / "steps.parquet")
    strict = steps[steps["judge"] == "strict"].sort_values("step")
    assert len(FOUND["reference"]) == FEW
    for case, by_method in FOUND["reference"].items():
        for method, right in by_method.items():
            rows = strict[(strict["case"] == case) & (strict["method"] == method)]
            assert [int(score == 100) for score in rows["score"]] == right, (case, method)
