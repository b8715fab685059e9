"""Findings of scorers that anybody may have written: nothing is kept that cannot be."""

import json
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.test_scoring import ask, items, picture
from tests.scoring_for_tests import Toy
from uig_cli.models.protocol import Failure
from uig_cli.runs.records import Records
from uig_cli.scoring.finding_checks import LONGEST, validate_failure, validate_finding
from uig_cli.scoring.findings import (
    Answer,
    Detections,
    Finding,
    Rating,
    Spoken,
    TextLine,
    Transcript,
)
from uig_cli.scoring.kinds import Kind

CORNERS = ((0, 0), (9, 0), (9, 9), (0, 9))


def answer(**fields: Any) -> Answer:
    return Answer(**{"answer": "yes", **fields})


def seen(box: Any = (1, 2, 3, 4, 0.5), color: Any = "red", size: Any = (64, 64)) -> Detections:
    return Detections({"cat": [box]}, {"cat": [color]}, size)


def read(confidence: Any = 0.9, text: Any = "OPEN", corners: Any = CORNERS) -> Transcript:
    return Transcript((TextLine(text, confidence, corners),))


def rated(value: Any, **fields: Any) -> Rating:
    """One whose value was changed behind the back of its own check."""
    found = Rating(0.5, **fields)
    object.__setattr__(found, "value", value)
    return found


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (answer(yes=nan), "numbers: the numbers of a likelihood of yes are not finite"),
        (answer(yes=np.float32(inf)), "numbers: the numbers of a likelihood"),
        (answer(yes=10**400), "numbers: the numbers of a likelihood"),
        (answer(yes=7), "numbers: got a likelihood of yes of 7, expected 0 to 1"),
        (answer(yes="0.5"), "protocol: got str as likelihood of yes"),
        (answer(answer="Yes"), 'protocol: got the answer "Yes", expected yes, no or None'),
        (answer(answer=True), "protocol: got bool as answer"),
        (answer(answer=None), 'protocol: got nothing with the status "answered"'),
        (answer(status="refused"), "protocol: got 'yes' with the status \"refused\""),
        (answer(status=None), "protocol: got NoneType as status"),
        (answer(raw=b"yes"), "protocol: got bytes as raw text"),
        (answer(by=3), "protocol: got int as place that answered"),
        (answer(votes=(-1, 2)), "numbers: got -1 as votes, expected 0 or more"),
        (answer(votes=(1, 2, 3)), "protocol: Answer: too many values"),
        (answer(votes=(1.5, 2)), "protocol: got float as number of votes"),
        (answer(usage=(0, 10**30)), "numbers: got 1e+30 as usage"),
        (answer(usage={"in": 3}), "protocol: got dict as usage"),
        (answer(replies=("yes",)), "protocol: got str as reply"),
        (answer(replies=(Spoken(3),)), "protocol: got int as text of a reply"),  # type: ignore[arg-type]
        (rated(nan), "numbers: the numbers of a rating are not finite"),
        (rated(1.5), "numbers: got a rating of 1.5"),
        (rated(0.5, status="refused"), 'protocol: got 0.5 with the status "refused"'),
        (rated(None), 'protocol: got nothing with the status "answered"'),
        (seen(box=(1, 2, 3, 4, nan)), "numbers: the numbers of a box of cat are not finite"),
        (seen(box=5), "protocol: Detections: 'int' object is not iterable"),
        (seen(box=("1", 2, 3, 4, 5)), "protocol: got str as number of a box of cat"),
        (seen(color=(255, 0, 0)), "protocol: got tuple as color"),
        (seen(size=(64.0, 64)), "protocol: got float as side of an image"),
        (read(confidence=nan), "numbers: the numbers of a confidence are not finite"),
        (read(confidence=97), "numbers: got a confidence of 97"),
        (read(text=None), "protocol: got NoneType as text of a line"),
        (read(corners=((0, inf),)), "numbers: the numbers of a corner"),
        (read(corners=(3,)), "protocol: got int as corner"),
        (Transcript("OPEN"), "protocol: got str as lines of text"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_a_failure(found: Finding, said: str) -> None:
    failure = validate_finding(found)
    assert isinstance(failure, Failure), failure
    assert f"{failure.kind}: {failure.reason}".startswith(said)


@pytest.mark.parametrize(
    "found",
    [
        answer(), answer(answer="no", yes=0.25, votes=(1, 2), usage=(3, 4), by="m", raw="No."),
        Answer(None, "refused", raw="I cannot."), Answer(None, "a tie, 1 to 1", votes=(1, 1)),
        Rating(0.0), Rating(None, "refused"), seen(), seen(color=None), read(), Transcript(()),
    ],
)  # fmt: skip
def test_what_can_be_stays_as_it_is(found: Finding) -> None:
    kept = validate_finding(found)
    assert type(kept) is type(found)
    if isinstance(found, Detections):
        assert isinstance(kept, Detections) and kept.to_json() == found.to_json()
    else:
        assert kept == found


def test_numbers_of_numpy_are_written_as_numbers(tmp_path: Path) -> None:
    found: dict[Kind, Finding] = {
        "answers": answer(yes=np.float32(1 + 1e-7), votes=(np.int64(2), 1), usage=[1, np.int8(2)]),
        "ratings": Rating(np.float32(0.5)),  # type: ignore[arg-type]
        "detections": seen(box=np.arange(5, dtype=np.float32), size=(np.int64(8), 8)),
        "texts": read(np.float32(0.5), corners=np.zeros((4, 2)).tolist()),
    }
    for kind, one in found.items():
        _, kept = ask(Toy("s", kind, lambda shown, text, one=one: one), items(1, "a"),
                      tmp_path / kind)  # fmt: skip
        assert type(kept.found(picture(0).sha256, "a")) is type(one)
    kept_answer = Records(tmp_path / "answers", "answers").found(picture(0).sha256, "a")
    assert kept_answer == Answer("yes", yes=1.0, votes=(2, 1), usage=(1, 2))


def test_nothing_that_cannot_be_is_journalled(tmp_path: Path) -> None:
    """Not even beside what is fine: the picture is asked about again."""
    said = {"a?": Answer("yes", yes=0.9), "b?": Answer("no", yes=nan)}
    _, kept = ask(Toy("eye", "answers", lambda shown, text: said[text]), items(2), tmp_path)
    lines = (tmp_path / "0-of-1.jsonl").read_text()
    assert ":NaN" not in lines
    told = [json.loads(line) for line in lines.splitlines()]
    assert {(one["answer"], one["status"].split(":")[0]) for one in told} == {(None, "numbers")}
    assert kept.wanting(picture(0).sha256, ("a?", "b?")) == ("a?", "b?")


def test_texts_are_bounded() -> None:
    found = validate_finding(Answer(None, "x" * 10**6, raw="y" * (LONGEST + 9), by="z" * 10**5))
    assert isinstance(found, Answer)
    assert len(found.status) == len(found.by) == 1000 and found.status.endswith("...")
    assert "[... 9 characters left out ...]" in found.raw and len(found.raw) < LONGEST + 99
    assert len(validate_failure(Failure("judge", "x" * 10**6)).reason) == 1000
    odd = validate_failure(Failure("judge", None))  # type: ignore[arg-type]
    assert odd.reason == "got the failure ('judge', None), expected texts"
