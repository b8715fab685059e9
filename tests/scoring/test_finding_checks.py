"""Findings of anybody's scorer: words and numbers that mean something, or a failure."""

from typing import Any

import numpy as np
import pytest

from uig_cli.models.protocol import Failure
from uig_cli.scoring.finding_checks import finding_failure
from uig_cli.scoring.findings import Answer, Detections, Finding, Rating, TextLine, Transcript


def line(text: Any, confidence: Any) -> Transcript:
    return Transcript((TextLine("fine", 0.9, ()), TextLine(text, confidence, ())))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Answer("Yes"), "got 'Yes' as an answer, expected"),  # type: ignore[arg-type]
        (Answer(True), "got True as an answer, expected"),  # type: ignore[arg-type]
        (Answer(None), "got no answer, expected a status that says why"),
        (Answer("no", yes=float("nan")), "got nan as how likely yes is"),
        (Answer("no", yes=35.0), "got 35.0 as how likely yes is"),
        (line("tea", 93.0), "got 93.0 as the confidence of a line"),
        (line("tea", float("nan")), "got nan as the confidence of a line"),
        (line("tea", None), "got None as the confidence of a line"),
        (line(b"tea", 0.5), "got bytes as a line of text"),
    ],
)
def test_what_means_nothing_is_a_failure(found: Finding, said: str) -> None:
    failure = finding_failure(found)
    assert isinstance(failure, Failure) and failure.kind == "protocol"
    assert failure.reason.startswith(said)


@pytest.mark.parametrize(
    "found",
    [
        Answer("yes", yes=1.0000001), Answer(None, "refused"), Answer("no"), Rating(0.5),
        Answer("no", yes=np.float32(0.25)),  # type: ignore[arg-type]
        Detections({}, {}, (1, 1)), line("", 0), line("tea", 1), Transcript(()),
    ],
)  # fmt: skip
def test_everything_else_is_none(found: Finding) -> None:
    assert finding_failure(found) is None
