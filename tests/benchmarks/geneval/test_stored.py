"""Detections from files: which picture a line is about, and what is refused by file and line."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from uig_cli.benchmarks.external import ExternalDetections, ImportRequest
from uig_cli.benchmarks.geneval.cases import cases_of, open_data
from uig_cli.benchmarks.geneval.folders import read_folders
from uig_cli.benchmarks.geneval.layout import GenEvalLayout, detections_line
from uig_cli.benchmarks.geneval.plausible import vocabulary
from uig_cli.benchmarks.geneval.stored import read_detections
from uig_cli.benchmarks.protocol import Source
from uig_cli.errors import UigError
from uig_cli.scoring.findings import Detections

PROMPTS = [
    {
        "tag": "single_object",
        "include": [{"class": name, "count": 1}],
        "prompt": f"a photo of {name}",
    }
    for name in ("dog", "cat", "computer mouse")
]
CASES = cases_of(PROMPTS)
NAMES = vocabulary("full")
BOX = [4, 4, 60, 60, 0.95]


def line(filename: str | None, *boxes: Any, name: str = "dog", **more: Any) -> dict[str, Any]:
    named = {} if filename is None else {"filename": filename}
    found = {name: list(boxes or [BOX])}
    return {**named, "image_size": [64, 64], "detections": found, "colors_by_object": {}, **more}


def put(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def read(tmp_path: Path, *rows: object, pictures: Path | None = None) -> ExternalDetections:
    file = put(tmp_path / "d.jsonl", *rows)
    there = read_folders(pictures, CASES, None, None)[0] if pictures else None
    return read_detections(file, CASES, NAMES, there)


def refused(tmp_path: Path, *rows: object, pictures: Path | None = None) -> str:
    with pytest.raises(UigError) as caught:
        read(tmp_path, *rows, pictures=pictures)
    return str(caught.value)


def draw(root: Path, line: int, *names: str, size: tuple[int, int] = (64, 64)) -> Path:
    place = root / f"{line:05d}"
    (place / "samples").mkdir(parents=True, exist_ok=True)
    (place / "metadata.jsonl").write_text(json.dumps(PROMPTS[line]))
    for number, name in enumerate(names):
        Image.new("RGB", size, (line, number, 0)).save(place / "samples" / name)
    return root


def test_places_by_file_name(tmp_path: Path) -> None:
    found = read(tmp_path, line("x/00000/samples/0000.png"), line("00001/samples/00001.png"),
                 line("00001/samples/00000.png"))  # fmt: skip
    assert set(found.by_place) == {
        ("geneval/00000", 0), ("geneval/00001", 1), ("geneval/00001", 0),
    }  # fmt: skip
    (note,) = found.notes
    assert note.startswith("no line of d.jsonl says of which prompt it is")
    told = [line(f"0000{n}/samples/0000.png", metadata=PROMPTS[n]) for n in range(2)]
    assert read(tmp_path, *told).notes == ()


def test_folders_counted_from_one_are_refused(tmp_path: Path) -> None:
    rows = [line(f"0000{n}/samples/0000.png") for n in (1, 2, 3)]
    said = refused(tmp_path, *rows)
    assert "line 3: got '00003/samples/0000.png' and no folder 00000" in said
    assert read(tmp_path, line("00003/samples/0000.png"), *rows, line("0/samples/0000.png"))
    assert read(tmp_path, *rows[:2])


def test_detections_on_other_words_are_not_those_of_the_set(tmp_path: Path) -> None:
    other = {**PROMPTS[0], "prompt": "a dog, in other words"}
    said = refused(tmp_path, line("00000/samples/0000.png", metadata=other))
    assert "got metadata of another prompt than that of geneval/00000" in said
    assert "belongs to a prompt of this set" in refused(tmp_path, line(None, metadata=other))
    silent = {name: PROMPTS[0][name] for name in ("tag", "include")}
    assert read(tmp_path, line("00000/samples/0000.png", metadata=silent)).by_place


@pytest.mark.parametrize(
    ("files", "samples"),
    [
        (["0001", "0002"], {"0001": 0, "0002": 1}),  # counted from one
        (["1234", "77"], {"77": 0, "1234": 1}),  # seeds
        (["0000", "999999999"], {"0000": 0, "999999999": 1}),
        (["0000", "0001"], {"0000": 0, "0001": 1}),
    ],
)
def test_numbers_that_are_no_row_are_ranks_as_in_folders(
    tmp_path: Path, files: list[str], samples: dict[str, int]
) -> None:
    rows = [line(f"00000/samples/{name}.png", [0, 0, int(name) % 50 + 2, 9, 0.9]) for name in files]
    alone = read(tmp_path, *rows).by_place
    folder = draw(tmp_path / "p", 0, *(f"{name}.png" for name in files))
    beside = read(tmp_path, *rows, pictures=folder).by_place
    for found in (alone, beside):
        assert {
            name: found["geneval/00000", sample].boxes["dog"][0][2]
            for name, sample in samples.items()
        } == {name: int(name) % 50 + 2 for name in files}
    (pictures,) = read_folders(folder, CASES, None, None)
    for name, sample in samples.items():
        assert pictures.files["geneval/00000", sample] == folder / "00000/samples" / f"{name}.png"


def test_a_picture_without_detections_shifts_nobody(tmp_path: Path) -> None:
    folder = draw(tmp_path / "p", 0, "11.png", "22.png", "33.png")
    rows = [line(f"00000/samples/{n}.png", [0, 0, n, 9, 0.9]) for n in (33, 11)]
    found = read(tmp_path, *rows, pictures=folder).by_place
    assert {sample: seen.boxes["dog"][0][2] for (_, sample), seen in found.items()} == {
        0: 11,
        2: 33,
    }


def test_lines_without_a_file_name_go_by_their_metadata(tmp_path: Path) -> None:
    text = json.dumps(PROMPTS[1])
    found = read(tmp_path, line(None, metadata=PROMPTS[1]), line(None, metadata=text),
                 line(None, metadata={**PROMPTS[1], "tag": "counting"}))  # fmt: skip
    assert set(found.by_place) == {("geneval/00001", 0), ("geneval/00001", 1)}
    assert found.notes[0].startswith("1 stored detections belong to no case: ")


def test_metadata_of_another_prompt_than_the_file_names(tmp_path: Path) -> None:
    right = line("00001/samples/0000.png", metadata=json.dumps(PROMPTS[1]))
    assert set(read(tmp_path, right).by_place) == {("geneval/00001", 0)}
    wrong = line("00001/samples/0000.png", metadata=json.dumps(PROMPTS[2]))
    assert "line 2: got metadata of another prompt than that of geneval/00001" in refused(
        tmp_path, line("00000/samples/0000.png"), wrong
    )


def test_lines_about_pictures_that_are_not_here(tmp_path: Path) -> None:
    folder = draw(tmp_path / "p", 0, "0000.png")
    rows = [line("00000/samples/0000.png"), line("00000/samples/0001.png"), line("00002/x.png")]
    found = read(tmp_path, *rows, pictures=folder)
    assert set(found.by_place) == {("geneval/00000", 0)}
    assert found.notes == (
        "2 stored detections belong to no picture that is here: '00000/samples/0001.png', "
        "'00002/x.png'.",
    )
    assert "none of its lines is about a picture that is here" in refused(
        tmp_path, *rows[1:], pictures=folder
    )
    assert "none of its lines belongs to a prompt" in refused(tmp_path, line("00007/samples/0.png"))


def test_detections_of_other_pictures_are_told_by_their_size(tmp_path: Path) -> None:
    folder = draw(tmp_path / "p", 0, "0000.png", size=(64, 32))
    told = refused(tmp_path, line("00000/samples/0000.png"), pictures=folder)
    assert "d.jsonl, line 1: got image_size [64, 64] for a picture of 64x32" in told
    row = line("00000/samples/0000.png", [0, 0, 60, 30, 0.9], image_size=[64, 32])
    assert read(tmp_path, row, pictures=folder).by_place["geneval/00000", 0].image_size == (64, 32)
    # Where a line tells no size, the picture does.
    del row["image_size"]
    assert read(tmp_path, row, pictures=folder).by_place["geneval/00000", 0].image_size == (64, 32)
    row["detections"]["dog"][0][3] = 60
    assert "beyond a picture of 64x32" in refused(tmp_path, row, pictures=folder)
    assert read(tmp_path, row).by_place["geneval/00000", 0].image_size == (0, 0)


def test_a_picture_on_its_side_counts_upright(tmp_path: Path) -> None:
    folder = draw(tmp_path / "p", 0, "0000.png")
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (64, 32)).save(folder / "00000/samples/0000.png", exif=exif)
    row = line(
        "00000/samples/0000.png", image_size=[32, 64], detections={"dog": [[0, 0, 9, 60, 1]]}
    )
    assert read(tmp_path, row, pictures=folder).by_place
    assert "for a picture of 32x64" in refused(
        tmp_path, line("00000/samples/0000.png", image_size=[64, 32]), pictures=folder
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (line("00000/samples/0000.png", name="mouse"), 'the class "mouse", which is none of'),
        (line("00000/samples/0000.png", [9, 4, 5, 60, 0.9]), "look like x, y, width, height; exp"),
        (line("00000/samples/0000.png", [4, 4, 60, 60, 95]), "its scores look like percent"),
        (line("00000/samples/0000.png", [4, 4, 60, True, 0.9]), "true, 0.9], which is not five"),
        (line("00000/samples/0000.png", [4, 4, float("nan"), 60, 0.9]), "not finite"),
        (line("00000/samples/0000.png", image_size=[0, 0]), "leave it out where it is not known"),
        (line("00000/samples/0000.png", image_size=[0, 64]), "leave it out where it is not known"),
        (line("00000/samples/0000.png", image_size=[64, -64]), "which is no size of pictures"),
        (line("00000/samples/0000.png", colors_by_object={"dog": ["grey"]}), 'the color "grey"'),
        (line("00000/samples/0000.png", colors_by_object={"dog": []}), "got 0 colors for 1 boxes"),
        (line(None), "neither filename nor metadata"),
        ({"filename": "00000/samples/0000.png"}, "KeyError: 'detections'"),
        (line("00007/samples/0000.png", name="Dog"), 'did you mean "dog"?'),  # of no case, too
        ({"picture": "ab", "about": "", "detections": {"boxes": {"mouse": []}, "colors": {},
          "image_size": [9, 9]}}, 'the class "mouse"'),
        ([1], "got list, expected an object"),
    ],
)  # fmt: skip
def test_what_nobody_can_have_seen_is_refused_by_line(tmp_path: Path, row: Any, told: str) -> None:
    said = refused(tmp_path, line("00001/samples/0000.png"), row)
    assert said.startswith(f"{tmp_path / 'd.jsonl'}, line 2: got ") and told in said
    assert "\n" not in said


def test_two_lines_about_one_picture(tmp_path: Path) -> None:
    same = line("00000/samples/0000.png")
    found = read(tmp_path, same, {**same, "filename": "images/00000/samples/0.png"})
    assert found.notes[0] == "1 stored detections say again what other lines of d.jsonl say."
    told = refused(tmp_path, same, line("00000/samples/0000.png", [4, 4, 60, 61, 0.95]))
    assert "d.jsonl, line 2: got other detections of '00000/samples/0000.png' than " in told
    assert told.count("d.jsonl, line 1") == 1
    seen = {"boxes": {"dog": [BOX]}, "colors": {}, "image_size": [64, 64]}
    own = {"picture": "ab", "about": "", "detections": seen}
    other = {**own, "detections": {**seen, "boxes": {}}}
    assert read(tmp_path, own, {**own, "about": "dog"}, own).notes[0].startswith("1 stored")
    assert "got other detections of a picture than" in refused(tmp_path, own, other)


def test_failures_of_a_run_are_no_detections(tmp_path: Path) -> None:
    failed = {"picture": "ab", "about": "", "failure": {"kind": "memory", "reason": "none"}}
    found = read(tmp_path, failed, line("00000/samples/0000.png"))
    assert (found.by_picture, len(found.by_place)) == ({}, 1)


def test_a_line_of_ours_comes_back(tmp_path: Path) -> None:
    for size in ((64, 64), (0, 0)):
        seen = Detections({"dog": [BOX]}, {"dog": ["red"]}, size)
        found = read(tmp_path, detections_line(CASES[1], 3, seen))
        assert found.by_place == {("geneval/00001", 0): seen}


def test_two_things_for_one_place_in_folders(tmp_path: Path) -> None:
    folder = draw(tmp_path / "p", 0, "0000.png", "0001.png")
    first = folder / "00000/samples/0000.png"
    second = folder / "00000/samples/00000.png"
    second.write_bytes(first.read_bytes())
    (found,) = read_folders(folder, CASES, None, None)
    assert found.samples == 2 and found.files["geneval/00000", 0] in (first, second)
    assert found.notes[0].startswith("1 are copies of others for the same place: 00000/samples/")
    Image.new("RGB", (64, 64), "red").save(second)
    with pytest.raises(UigError, match=r"0000\.png and .*0000\.png stand for the same place"):
        read_folders(folder, CASES, None, None)
    second.unlink()
    draw(folder, 0)
    again = folder / "0"
    (again / "samples").mkdir(parents=True)
    for name in ("metadata.jsonl", "samples/0000.png", "samples/0001.png"):
        (again / name).write_bytes((folder / "00000" / name).read_bytes())
    (found,) = read_folders(folder, CASES, None, None)
    assert found.notes[0].startswith("1 are copies of others")
    (again / "samples/0001.png").unlink()
    with pytest.raises(UigError, match=r"/0 and .*/00000 stand for the same place"):
        read_folders(folder, CASES, None, None)


def test_the_layout_names_the_classes_of_its_set(tmp_path: Path) -> None:
    asked = ImportRequest(
        judged=put(tmp_path / "d.jsonl", line("00000/samples/0.png", name="star"))
    )
    data, (model,) = GenEvalLayout().read(Source(set="built-in"), asked)
    assert model.detections and len(model.detections.by_place) == 1
    assert data.cases == open_data(Source(set="built-in")).cases
    with pytest.raises(UigError, match='the class "star", which is none of the 80'):
        GenEvalLayout().read(Source(), asked)
