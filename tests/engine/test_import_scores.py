"""What is brought into a run: kept once, and refused where it says something else."""

from pathlib import Path

import pytest
from PIL import Image

from uig_cli.benchmarks.external import ExternalAnswers, ExternalDetections
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.cases import Case
from uig_cli.engine.import_scores import Kept, keep_answers, keep_detections, whose
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.records import Records
from uig_cli.scoring.findings import Answer, Detections

YES, NO, OPEN = Answer("yes"), Answer("no"), Answer(None, "neither yes nor no")
RED, BLUE = (Picture.of(Image.new("RGB", (64, 64), color)) for color in ("red", "blue"))
JUDGE = ("J", {"judge": "J"})


def answers(root: Path, found: dict[str, dict[str, Answer] | Failure], kept: Kept) -> Records:
    home = keep_answers(RunFolder(root), JUDGE, ExternalAnswers("M", found), kept)
    return Records(home, "answers")


def test_answers_are_kept_once_and_what_was_open_is_filled(tmp_path: Path) -> None:
    kept: Kept = {("a", 0): RED, ("b", 0): BLUE, ("c", 0): Failure("missing", "no picture")}
    first = answers(tmp_path, {"a": {"A?": YES, "B?": OPEN}, "b": Failure("result", "torn"),
                               "c": {"A?": NO}, "d": {"A?": NO}}, kept)  # fmt: skip
    assert first.found(RED.sha256, "A?") == YES and first.found(RED.sha256, "B?") == OPEN
    assert first.found(BLUE.sha256, "A?").status == "not judged yet"
    (file,) = (tmp_path / "judgements" / "J").glob("*.jsonl")
    before = file.read_bytes()
    answers(tmp_path, {"a": {"A?": Answer("yes", raw="in other words"), "B?": OPEN}}, kept)
    assert file.read_bytes() == before
    again = answers(tmp_path, {"a": {"A?": YES, "B?": NO}, "b": {"A?": NO}}, kept)
    assert again.found(RED.sha256, "B?") == again.found(BLUE.sha256, "A?") == NO
    assert file.read_bytes().startswith(before)


@pytest.mark.parametrize("other", [NO, OPEN])
def test_other_answers_under_the_same_name_are_refused(tmp_path: Path, other: Answer) -> None:
    kept: Kept = {("a", 0): RED, ("b", 0): BLUE}
    answers(tmp_path, {"a": {"A?": YES, "B?": YES}, "b": {"A?": YES}}, kept)
    (file,) = (tmp_path / "judgements" / "J").glob("*.jsonl")
    before = file.read_bytes()
    with pytest.raises(UigError, match=r"holds other answers by J for 1 places, e\.g\. b sample 0"):
        answers(tmp_path, {"a": {"A?": YES, "C?": YES}, "b": {"A?": other}}, kept)
    with pytest.raises(UigError, match="for 2 places"):
        answers(tmp_path, {"a": {"A?": NO, "B?": NO}, "b": {"A?": NO}}, kept)
    assert file.read_bytes() == before
    # Under another name they are somebody else's.
    found = ExternalAnswers("M", {"b": {"A?": NO}})
    home = keep_answers(RunFolder(tmp_path), ("K", {"judge": "K"}), found, kept)
    assert Records(home, "answers").found(BLUE.sha256, "A?") == NO


def test_one_picture_in_two_places_has_one_answer(tmp_path: Path) -> None:
    kept: Kept = {("a", 0): RED, ("b", 0): RED}
    found = answers(tmp_path, {"a": {"A?": YES}, "b": {"A?": YES, "B?": NO}}, kept)
    assert found.found(RED.sha256, "B?") == NO
    with pytest.raises(
        UigError, match="a sample 0 and b sample 0 hold the same picture, and their"
    ):
        answers(tmp_path / "other", {"a": {"A?": YES}, "b": {"A?": NO}}, kept)


def case(line: int, *colors: str) -> Case:
    include = [{"class": "dog", "count": 1, "color": color} for color in colors]
    return Case(f"geneval/{line}", "", "", "colors", (), {"tag": "colors", "include": include})


def dogs(*scores: float) -> Detections:
    return Detections({"dog": [[1, 1, 9, 9, score] for score in scores]}, {}, (64, 64))


CASES = [case(0), case(1, "red")]
KEPT: Kept = {("geneval/0", 0): RED, ("geneval/1", 0): BLUE, ("geneval/1", 1): Failure("m", "")}


def detections(root: Path, found: ExternalDetections, kept: Kept = KEPT) -> Records:
    home = keep_detections(RunFolder(root), ("D", {"detector": "D"}), geneval, CASES, found, kept)
    return Records(home, "detections")


def test_detections_by_place_and_by_picture(tmp_path: Path) -> None:
    found = detections(tmp_path, ExternalDetections(
        {("geneval/0", 0): dogs(0.5), ("geneval/1", 1): dogs(0.1)},
        {(BLUE.sha256, "dog"): dogs(0.7), (BLUE.sha256, ""): dogs(0.2), ("x", ""): dogs(0.3)},
    ))  # fmt: skip
    assert found.found(RED.sha256, "") == dogs(0.5)
    assert found.found(BLUE.sha256, "dog") == dogs(0.7)
    assert isinstance(found.found(BLUE.sha256, ""), Failure)


def test_other_detections_under_the_same_name_are_refused(tmp_path: Path) -> None:
    one = ExternalDetections({("geneval/0", 0): dogs(0.5)}, {})
    detections(tmp_path, one)
    detections(tmp_path, one)
    with pytest.raises(UigError, match=r"detections by D for 1 places, e\.g\. geneval/0"):
        detections(tmp_path, ExternalDetections({("geneval/0", 0): dogs(0.6)}, {}))
    more = ExternalDetections({("geneval/0", 0): dogs(0.5), ("geneval/1", 0): dogs(0.6)}, {})
    assert detections(tmp_path, more).found(BLUE.sha256, "dog") == dogs(0.6)


def test_one_picture_in_two_places_has_one_set_of_boxes(tmp_path: Path) -> None:
    kept: Kept = {("geneval/0", 0): RED, ("geneval/0", 1): RED}
    same = {place: dogs(0.5) for place in kept}
    assert detections(tmp_path, ExternalDetections(same, {}), kept).found(RED.sha256, "")
    other = ExternalDetections({**same, ("geneval/0", 1): dogs(0.6)}, {})
    with pytest.raises(UigError, match="0 sample 0 and geneval/0 sample 1 hold the same picture"):
        detections(tmp_path / "other", other, kept)
    twice = ExternalDetections({("geneval/0", 0): dogs(0.5)}, {(RED.sha256, ""): dogs(0.6)})
    with pytest.raises(UigError, match="their detections differ"):
        detections(tmp_path / "twice", twice)


def test_detections_of_other_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UigError, match="none of the detections is about one of these pictures"):
        detections(tmp_path, ExternalDetections({}, {("x", ""): dogs(0.5)}))
    nothing: Kept = {("geneval/0", 0): Failure("missing", "no picture")}
    assert detections(tmp_path, ExternalDetections({}, {}), nothing)


def test_whose_findings_these_are(tmp_path: Path) -> None:
    assert whose(tmp_path, "judge", "J") == ("J", {"judge": "J", "origin": "elsewhere"})
    assert whose(tmp_path, "detector", None) == (
        "unnamed", {"detector": "unnamed", "origin": "elsewhere"},
    )  # fmt: skip
    (tmp_path / "identity.json").write_text('{"judge": "GPT"}')
    assert whose(tmp_path, "judge", None) == (tmp_path.name, {"judge": "GPT"})
    assert whose(tmp_path / "results.jsonl", "judge", None) == (tmp_path.name, {"judge": "GPT"})
    assert whose(tmp_path, "judge", "J")[1] == {"judge": "J", "origin": "elsewhere"}
