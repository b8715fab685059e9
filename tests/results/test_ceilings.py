"""The best choice among a method's pictures: a ceiling, by the judge that it is read by."""

import pandas as pd

from tests.compare.sides import OneDimension
from uig_cli.results.ceilings import best_of_traces


def row(case: str, step: int, score: float | None, **more: object) -> dict[str, object]:
    return {
        "method": "uig", "split": "", "judge": "exact", "case": case, "sample": 0, "dimension": "d",
        "step": step, "score": score, "asked": 4, "made_score": None, **more,
    }  # fmt: skip


def test_the_best_of_each_trace_kept_or_made() -> None:
    steps = pd.DataFrame(
        [
            row("a", 0, 25.0), row("a", 1, 75.0), row("a", 2, 50.0),
            row("b", 0, 25.0), row("b", 1, 25.0, made_score=100.0), row("b", 2, 0.0),
            row("c", 0, None), row("c", 1, None), row("c", 2, None),
            row("a", 0, 25.0, method="direct"), row("a", 0, 25.0, judge=None),
        ]
    )  # fmt: skip
    benchmark: object = OneDimension()
    found = best_of_traces(steps, benchmark)  # type: ignore[arg-type]
    assert found == {("uig", "", "exact"): 87.5}
