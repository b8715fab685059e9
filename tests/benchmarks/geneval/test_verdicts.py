"""GenEval's official results file: verdicts brought to their cases and samples."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from uig_cli.benchmarks.external import ExternalPictures
from uig_cli.benchmarks.geneval.benchmark import benchmark
from uig_cli.benchmarks.geneval.cases import cases_of
from uig_cli.benchmarks.geneval.prompts import generate
from uig_cli.benchmarks.geneval.verdicts import holds_verdicts, read_verdicts
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import Answer

PROMPTS = generate()
CASES = cases_of(PROMPTS)


def line(folder: int, sample: int, about: int, correct: object = True, **more: Any) -> Any:
    return {
        "filename": f"images/{folder:05d}/samples/{sample:04d}.png",
        "tag": PROMPTS[about]["tag"],
        "prompt": PROMPTS[about]["prompt"],
        "correct": correct,
        "reason": "" if correct else "expected cow>=1, found 0",
        "metadata": json.dumps(PROMPTS[about]),
        "details": "{}",
        **more,
    }


def written(folder: Path, lines: Sequence[Any]) -> Path:
    path = folder / "results.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    return path


def read(
    folder: Path, lines: Sequence[Any], pictures: ExternalPictures | None = None
) -> Mapping[tuple[int, int], str | None]:
    found = read_verdicts(written(folder, lines), CASES, pictures).by_place
    return {(int(case[-5:]), sample): one.answer for (case, sample), one in found.items()}


def here(*files: tuple[int, int, int, int]) -> ExternalPictures:
    """files: line and sample, and the numbers of folder and file."""
    return ExternalPictures("m", 1, {
        (f"geneval/{case:05d}", sample): Path(f"/x/{folder:05d}/samples/{number:05d}.png")
        for case, sample, folder, number in files
    })  # fmt: skip


def test_a_file_is_known_by_its_first_line(tmp_path: Path) -> None:
    assert holds_verdicts(written(tmp_path, [line(0, 0, 0)]))
    assert not holds_verdicts(written(tmp_path, [{"filename": "x", "detections": {}}]))


def test_verdicts_by_line_and_sample(tmp_path: Path) -> None:
    lines = [line(1, 1, 1), line(0, 1, 0, False), line(0, 0, 0), line(1, 0, 1, False)]
    assert read(tmp_path, lines) == {
        (0, 0): "yes", (0, 1): "no", (1, 0): "no", (1, 1): "yes"
    }  # fmt: skip
    found = read_verdicts(written(tmp_path, lines), CASES, None)
    assert found.by_place["geneval/00000", 1].raw == "expected cow>=1, found 0"


def test_a_case_is_found_by_its_metadata_and_folders_of_one_are_its_samples(tmp_path: Path) -> None:
    lines = [line(0, 0, 100), line(1, 0, 0, False), line(600, 7, 100, False)]
    assert read(tmp_path, lines) == {(100, 0): "yes", (0, 0): "no", (100, 1): "no"}


def test_the_pictures_that_are_here_say_which_sample_a_file_is(tmp_path: Path) -> None:
    """Also where the first of them was not judged."""
    lines = [line(3, 42, 3, False), line(4, 41, 4)]
    pictures = here((3, 0, 3, 41), (3, 1, 3, 42), (4, 0, 4, 41))
    assert read(tmp_path, lines, pictures) == {(3, 1): "no", (4, 0): "yes"}
    found = read_verdicts(written(tmp_path, [*lines, line(9, 0, 9)]), CASES, pictures)
    assert any("1 verdicts belong to no picture that is here" in note for note in found.notes)
    said = r"line 1: got a verdict on geneval/00005, but .*00004.* is a picture of geneval/00004;"
    with pytest.raises(UigError, match=said):
        read(tmp_path, [line(4, 41, 5)], pictures)


def test_what_belongs_nowhere_is_counted_and_repeats_are_told(tmp_path: Path) -> None:
    other = line(1, 0, 1, metadata=json.dumps({**PROMPTS[1], "prompt": "a cow"}))
    strange = line(2, 0, 2, filename="../../etc/passwd\n\x1b")
    lines = [line(0, 0, 0), line(0, 0, 0), other, strange]
    found = read_verdicts(written(tmp_path, lines), CASES, None)
    assert list(found.by_place) == [("geneval/00000", 0)]
    assert found.notes[0].startswith("results.jsonl holds verdicts")
    assert found.notes[1].startswith("2 verdicts belong to no case")
    assert found.notes[2].startswith("1 verdicts say again")
    assert not any(bad in note for note in found.notes for bad in ("\n", "\x1b"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line(0, 0, 0, 1)], "line 1: got no verdict .*correct is 1, not true or false"),
        ([line(0, 0, 0, "yes")], "correct is 'yes'"),
        ([line(0, 0, 0), {"filename": "x"}], "line 2: got no verdict .KeyError: 'correct'"),
        ([line(0, 0, 0, metadata="{")], "line 1: got no verdict"),
        ([line(0, 0, 0, metadata=[1])], "metadata has no prompt"),
        ([line(0, 0, 0, reason=3)], "are no texts"),
        ([line(0, 0, 0), line(0, 0, 0, False)], r"line 2: got another verdict on .*, line 1,"),
        ([line(0, 0, 0), line(0, 0, 1)], "line 2: got another verdict"),
        (
            [line(0, 0, 0, metadata=json.dumps({**PROMPTS[0], "prompt": "x"}))],
            "none of its verdicts belongs to a prompt of this set",
        ),
    ],
)
def test_refused(tmp_path: Path, lines: Sequence[Any], said: str) -> None:
    with pytest.raises(UigError, match=said) as error:
        read(tmp_path, lines)
    assert "\n" not in str(error.value)


def test_a_verdict_is_the_picture_s_one_line() -> None:
    case = CASES[200]
    (right,) = benchmark.judged(case, {"answers": [Answer("yes")]})
    (wrong,) = benchmark.judged(case, {"answers": [Answer("no", raw="because")]})
    (lost,) = benchmark.judged(case, {"answers": [Failure("missing", "no picture")]})
    (open_,) = benchmark.judged(case, {"answers": [Answer(None, "not judged yet")]})
    assert (right.correct, wrong.correct, lost.correct, open_.correct) == (True, False, None, None)
    assert wrong.raw == "because" and open_.status == "not judged yet"
    assert right.question == benchmark.verdict_text(case)
    assert len({benchmark.verdict_text(case) for case in CASES}) == len(CASES)
