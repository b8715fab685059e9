"""How the scores of a run's first and last pictures are found for its contact sheet."""

import pandas as pd

from uig_cli.report.contact import first_and_last


def test_scores_are_of_the_first_judge_and_of_both_ends() -> None:
    rows = [
        ("uig", "a", 0, 1, "exact", 100.0),
        ("uig", "a", 0, 0, "exact", 25.0),
        ("uig", "a", 0, 0, "self", 75.0),
        ("uig", "a", 0, 1, "self", 0.0),
        ("uig", "unjudged", 0, 0, "exact", None),
        ("uig", "unjudged", 0, 1, "exact", 50.0),
        ("direct", "a", 1, 0, "exact", 50.0),
    ]
    steps = pd.DataFrame(rows, columns=["method", "case", "sample", "step", "judge", "score"])
    assert first_and_last(steps) == {
        ("uig", "a", 0): (25.0, 100.0),
        ("direct", "a", 1): (50.0, 50.0),
    }
    assert first_and_last(steps.iloc[:0]) == {}
