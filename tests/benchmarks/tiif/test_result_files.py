"""Judge results, from trees and from lines; texts are made up."""

import json
from pathlib import Path
from typing import Any

import pytest

from uig_cli.benchmarks.tiif.result_files import Released, Result, read_released
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import Answer


def content(given: list[str], **more: Any) -> dict[str, Any]:
    asked = [f"Question {n}?" for n in range(len(given))]
    return {"questions": asked, "gt_answers": ["Yes"] * len(given), "model_pred": given, **more}


def put(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def lines(path: Path, *rows: object) -> Path:
    return put(path, "".join(json.dumps(row) + "\n" for row in rows))


def row(place: str, given: list[str], **more: Any) -> dict[str, Any]:
    return {"path": place, "content": content(given, **more)}


def only(path: Path) -> Released:
    (released,) = read_released(path)
    return released


def result(path: Path) -> Result | Failure:
    (found,) = only(path).results.values()
    return found


def test_a_tree_of_models(tmp_path: Path) -> None:
    put(tmp_path / "B" / "text" / "short" / "12.json", content(["yes"]))
    put(tmp_path / "B" / "style" / "long" / "003.json", content(["no"]))
    put(tmp_path / "A" / "text" / "long" / "0.json", content(["yes", "no"]))
    (tmp_path / "C" / "no dimension").mkdir(parents=True)
    first, second = read_released(tmp_path)
    assert (first.model, second.model) == ("A", "B")
    assert set(second.results) == {("short", "text", 12), ("long", "style", 3)}
    assert (first.strangers, first.copies) == ((), ())
    alone = only(tmp_path / "B")
    assert alone == second


def test_what_a_result_says(tmp_path: Path) -> None:
    said = content([" Yes", "no ", "NO", "maybe"], model_output="all of it")
    said["questions"][0] = "  Question 0? "
    said["gt_answers"][1] = " NO "
    found = result(put(tmp_path / "M" / "text" / "short" / "0.json", said).parents[3])
    assert isinstance(found, Result)
    assert found.wanted == {"Question 0?": "yes", "Question 1?": "no", "Question 2?": "yes",
                            "Question 3?": "yes"}  # fmt: skip
    assert [answer.answer for answer in found.answers.values()] == ["yes", "no", "no", None]
    assert found.answers["Question 3?"].status == "neither yes nor no"
    assert {answer.raw for answer in found.answers.values()} == {"all of it"}
    assert not found.cut


@pytest.mark.parametrize(
    ("output", "raw"),
    [
        ("Yes, it is\n  no, it is not", ["Yes, it is", "no, it is not"]),
        ("Sure:\nyes\n\nNO.", ["yes", "NO."]),
        ("yes\nnot at all", ["yes\nnot at all"] * 2),  # "not" is no answer
        ("yes\nno\nyes", ["yes\nno\nyes"] * 2),
        (None, ["", ""]),
        (7, ["", ""]),
    ],
)
def test_each_answer_has_its_own_line_where_there_are_as_many(
    tmp_path: Path, output: object, raw: list[str]
) -> None:
    said = content(["yes", "no"], model_output=output)
    found = result(put(tmp_path / "M" / "text" / "short" / "0.json", said).parents[3])
    assert [answer.raw for answer in found.answers.values()] == raw


@pytest.mark.parametrize("field", ["questions", "gt_answers", "model_pred"])
def test_lists_are_cut_to_the_shortest_and_it_is_told(tmp_path: Path, field: str) -> None:
    said = content(["yes", "no", "no"])
    said[field] = said[field][:2]
    found = result(put(tmp_path / "M" / "text" / "short" / "0.json", said).parents[3])
    assert list(found.answers) == ["Question 0?", "Question 1?"]
    assert len(found.wanted) == (3 if field == "model_pred" else 2)  # the third has no answer
    assert found.cut and found.asked == (0 if field == "model_pred" else 3)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("gt_answers", ["yes", "maybe"], "the result wants 'maybe' of a question, not yes or no"),
        ("gt_answers", ["true", "yes"], "the result wants 'true' of a question, not yes or no"),
        ("questions", ["Question 0?", " "], "the result holds an empty question"),
        ("questions", [], "the result holds no question with a wanted answer"),
        ("gt_answers", [], "the result holds no question with a wanted answer"),
    ],
)
def test_questions_that_are_none(tmp_path: Path, field: str, value: list[str], reason: str) -> None:
    said = content(["yes", "no"]) | {field: value}
    found = result(put(tmp_path / "M" / "text" / "short" / "0.json", said).parents[3])
    assert found == Failure("result", reason)


def test_a_question_answered_twice(tmp_path: Path) -> None:
    said = content(["yes", "yes", "no"])
    said["questions"] = ["A?", "A?", "B?"]
    path = put(tmp_path / "M" / "text" / "short" / "0.json", said).parents[3]
    assert [answer.answer for answer in result(path).answers.values()] == ["yes", "no"]
    said["model_pred"][1] = "no"
    put(path / "M" / "text" / "short" / "0.json", said)
    assert result(path).answers["A?"] == Answer(None, "both yes and no", raw="")
    said["gt_answers"][1] = "no"
    put(path / "M" / "text" / "short" / "0.json", said)
    assert result(path) == Failure("result", "the result wants both yes and no of one question")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([1], "the result is no JSON object"),
        ("{", "0.json cannot be read (Expecting"),
        (content(["yes"], attribute="style"), "the result says it is about ('style', 'short"),
        (content(["yes"], desc="long_description"), "the result says it is about ('text', 'long"),
        ({**content(["yes"]), "questions": "Question 0?"}, "is no list of texts"),
        ({**content(["yes"]), "gt_answers": [True]}, "is no list of texts"),
        ({"questions": [], "gt_answers": []}, "is no list of texts"),
    ],
)
def test_what_cannot_be_read_is_a_failure(tmp_path: Path, value: object, reason: str) -> None:
    found = result(put(tmp_path / "M" / "text" / "short" / "0.json", value).parents[3])
    assert isinstance(found, Failure)
    assert found.kind == "result" and reason in found.reason
    good = content(["yes"], attribute="text", desc="short_description")
    assert isinstance(
        result(put(tmp_path / "M" / "text" / "short" / "0.json", good).parents[3]), Result
    )


def test_a_link_out_of_the_tree_is_a_failure(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.json", content(["yes"]))
    place = tmp_path / "tree" / "M" / "text" / "short"
    place.mkdir(parents=True)
    (place / "0.json").symlink_to(secret)
    assert result(tmp_path / "tree") == Failure("result", "0.json is a link out of the folder")


def test_strangers_are_named_at_any_depth(tmp_path: Path) -> None:
    place = tmp_path / "M"
    put(place / "text" / "short" / "0.json", content(["yes"]))
    for name in ("text/short/0.json.bak", "text/short/one.json", "text/short/1234567.json",
                 "text/short_description/1.json", "colour/short/0.json", "notes.txt",
                 "text/short/deep/2.json"):  # fmt: skip
        put(place / name, "x")
    found = only(tmp_path)
    assert set(found.results) == {("short", "text", 0)}
    assert set(found.strangers) == {
        "text/short/0.json.bak", "text/short/one.json", "text/short/1234567.json",
        "text/short_description/1.json", "colour/short/0.json", "notes.txt",
        "text/short/deep/2.json",
    }  # fmt: skip


def test_two_files_of_a_tree_for_one_place(tmp_path: Path) -> None:
    place = tmp_path / "M" / "text" / "short"
    put(place / "7.json", content(["yes"]))
    put(place / "007.json", content(["yes"]))
    assert only(tmp_path).copies == ("text/short/7.json",)
    put(place / "7.json", content(["no"]))
    with pytest.raises(UigError, match=r"007\.json and .*7\.json are two different results"):
        read_released(tmp_path)


def test_a_stray_file_of_lines_hides_no_tree(tmp_path: Path) -> None:
    put(tmp_path / "M" / "text" / "short" / "0.json", content(["yes"]))
    put(tmp_path / "log.jsonl", "whatever\n")
    found = only(tmp_path)
    assert (found.model, found.strangers) == ("M", ("log.jsonl",))
    assert set(found.results) == {("short", "text", 0)}


def test_lines_of_models(tmp_path: Path) -> None:
    one = lines(tmp_path / "1.jsonl", row("x/y/B/text/short/4.json", ["yes"]),
                row("A/text/long/0.json", ["no"]))  # fmt: skip
    lines(tmp_path / "2.jsonl", row("B/text/long/5.json", ["no"]))
    first, second = read_released(tmp_path)
    assert (first.model, list(first.results)) == ("A", [("long", "text", 0)])
    assert (second.model, list(second.results)) == (
        "B",
        [("short", "text", 4), ("long", "text", 5)],
    )
    assert [released.model for released in read_released(one)] == ["A", "B"]
    assert isinstance(first.results["long", "text", 0], Result)


def test_lines_that_are_no_results_are_named(tmp_path: Path) -> None:
    bad = ("M/text/short/x.json", "M/colour/short/0.json", "M/text/middle/0.json", "short/0.json",
           "N/colour/short/0.json")  # fmt: skip
    path = lines(tmp_path / "r.jsonl", row("M/text/short/0.json", ["yes"]),
                 *({"path": place} for place in bad), {})  # fmt: skip
    found = only(path)
    assert [stranger.split(": ")[0] for stranger in found.strangers] == [
        f"{path}, line {number}" for number in range(2, 8)
    ]
    assert "'M/text/short/x.json'" in found.strangers[0]


def test_lines_twice(tmp_path: Path) -> None:
    same = row("M/text/short/0.json", ["yes"])
    path = lines(tmp_path / "r.jsonl", same, same)
    assert only(path).copies == (f"{path}, line 2",)
    lines(path, same, row("N/text/short/0.json", ["no"]), row("M/text/short/0.json", ["no"]))
    with pytest.raises(UigError, match=r"line 3: a second result for M text/short/0\.json.*line 1"):
        read_released(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[1]\n", "line 1: got list, expected an object"),
        ('{"path": 1}\n{\n', "line 2: got broken JSON"),
        ('{"path": "a/b/c"}\n', "got no TIIF judge results"),
    ],
)
def test_broken_lines(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UigError, match=says):
        read_released(put(tmp_path / "r.jsonl", text))


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UigError, match="got nothing, expected <model>"):
        read_released(tmp_path)
    (tmp_path / "short" / "text").mkdir(parents=True)
    with pytest.raises(UigError, match="got short, expected <model>"):
        read_released(tmp_path)
    (tmp_path / "r.jsonl").write_bytes(b"\xff")
    with pytest.raises(UigError, match="expected UTF-8 JSON lines"):
        read_released(tmp_path)
