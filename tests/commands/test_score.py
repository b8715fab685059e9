"""uig score: official layouts in, normal runs out, and back again."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from tests.commands.test_eval_geneval import detector  # noqa: F401 (a fixture)
from tests.conftest import ROOT, SHARED, Said, Uig
from uig_cli.results.official import write_official
from uig_cli.results.run import open_run

MODELS = ROOT / "tests" / "models_for_tests.py"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"
QUICK = f"python:{MODELS}:Quick"


def table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(run / "tables" / f"{name}.csv", dtype={"step": str})


def scores(run: Path, method: str, judge: str | None = None) -> pd.DataFrame:
    """The final summary of a method, without the names that another run gives things."""
    summary = table(run, "summary")
    summary = summary if judge is None else summary[summary["judge"] == judge]
    chosen = summary[(summary["method"] == method) & (summary["step"] == "final")]
    return chosen.drop(columns=["method", "judge", "step"]).reset_index(drop=True)


def eval_tiif(uig: Uig, out: Path, *more: object) -> Said:
    return uig("eval", "tiif", "--data", SAMPLE, "--model", QUICK, "--out", out, *more)


@pytest.fixture
def tree(uig: Uig, tmp_path: Path) -> Path:
    """Pictures of one model in TIIF's layout, and its run in `drawn`."""
    assert eval_tiif(uig, tmp_path / "drawn", "--method", "direct").code == 0
    write_official(open_run(tmp_path / "drawn"), tmp_path / "tree")
    return tmp_path / "tree"


def test_a_tiif_run_comes_back_the_same(uig: Uig, tmp_path: Path, tree: Path) -> None:
    drawn, out = tmp_path / "drawn", tmp_path / "out"
    back = uig("score", "tiif", tree, "--data", SAMPLE, "--judgements", tree / "results" / "self",
               "--out", out)  # fmt: skip
    assert back.code == 0, back.err
    pd.testing.assert_frame_equal(scores(out, "external"), scores(drawn, "direct"))
    same = ["case", "sample", "score", "asked", "correct", "missing", "size", "sha256"]
    pd.testing.assert_frame_equal(table(out, "steps")[same], table(drawn, "steps")[same])
    answers = ["case", "number", "question", "wanted", "answer", "correct"]
    pd.testing.assert_frame_equal(
        table(out, "questions")[answers], table(drawn, "questions")[answers]
    )
    identity = json.loads((out / "run.json").read_text())["drawing"]["models"]["draw"]
    assert (identity["kind"], identity["name"]) == ("pictures from elsewhere", "Quick-direct")
    assert len(identity["pictures"]) == 64
    # Brought pictures lie where drawn ones do, byte for byte; links show them.
    paths = table(out, "steps").drop_duplicates("picture")["picture"]
    assert all(path.startswith("drawn/") for path in paths)
    given = {path.read_bytes() for path in tree.glob("*/*/*/*.png")}
    assert {(out / path).read_bytes() for path in paths} == given
    links = list((out / "pictures" / "external").rglob("step-0.png"))
    assert len(links) == len(paths) and all(link.is_symlink() for link in links)
    # A damaged one comes back from its own file.
    (out / paths[0]).write_bytes(b"")
    assert uig("score", "tiif", tree, "--data", SAMPLE, "--judge", "none", "--out", out).code == 0
    assert (out / paths[0]).read_bytes() in given
    # The judge keeps its identity, and the run is judged again like any other.
    kept = [json.loads((run / "judgements" / "self" / "identity.json").read_text())
            for run in (drawn, out)]  # fmt: skip
    assert kept[0] == kept[1]
    again = uig("rejudge", out, "--judge", "self", "--model", QUICK)
    assert again.code == 0, again.err
    assert uig("show", out, "--json").code == 0


def test_pictures_are_judged_and_more_of_them_continue_the_run(
    uig: Uig, tmp_path: Path, tree: Path
) -> None:
    out = tmp_path / "out"
    gone = tree / "style" / "Quick-direct" / "short_description" / "0.png"
    aside = tmp_path / "0.png"
    shutil.move(gone, aside)
    words = ["score", "tiif", tree, "--data", SAMPLE, "--out", out, "--judge", "self",
             "--model", QUICK]  # fmt: skip
    first = uig(*words)
    assert first.code == 3 and "1 picture missing: missing: no picture" in first.err
    assert "style 1" in json.loads((out / "run.json").read_text())["notes"][-1]
    judged = (out / "judgements" / "self" / "0-of-1.jsonl").read_text().splitlines()
    shutil.move(aside, gone)
    assert uig(*words).code == 0
    lines = (out / "judgements" / "self" / "0-of-1.jsonl").read_text().splitlines()
    assert lines[: len(judged)] == judged and len(lines) > len(judged)
    pd.testing.assert_frame_equal(scores(out, "external"), scores(tmp_path / "drawn", "direct"))
    Image.new("RGB", (16, 16), "red").save(gone)
    refused = uig(*words)
    assert (
        refused.code == 2 and "other pictures for 1 places, e.g. tiif/short/style/" in refused.err
    )
    assert uig(*words, "--fresh").code == 0
    gone.unlink()
    assert uig("show", out).code == 0  # the run has its own copies


def test_hostile_tiif_folders(uig: Uig, tmp_path: Path, tree: Path) -> None:
    place = tree / "negation" / "Quick-direct" / "short_description"
    (place / "0.png").unlink()
    (place / "0.png").symlink_to(ROOT / "docs" / "images" / "shapes.png")
    long = tree / "negation" / "Quick-direct" / "long_description"
    (long / "0.png").unlink()
    (long / "0.png").write_bytes(b"no picture")
    (long / "1.png").rename(long / "one.png")
    (place / "99.png").write_bytes(b"")
    shutil.copy(place / "1.png", place / "1.jpg")
    os.mkfifo(tree / "text" / "Quick-direct" / "long_description" / "7.png")
    done = uig("score", "tiif", tree, "--data", SAMPLE, "--judge", "none", "--out", tmp_path / "o",
               "--json")  # fmt: skip
    assert done.code == 3, done.err
    steps = table(tmp_path / "o", "steps").set_index("case")["failure"].dropna()
    assert steps["tiif/short/negation/0"] == "picture: 0.png is a link out of the folder"
    assert steps["tiif/long/negation/0"] == "picture: 0.png is no picture that can be read"
    assert steps["tiif/long/negation/1"] == "missing: no picture"
    assert len(steps) == 3
    notes = json.loads(done.out)["runs"][0]["notes"]
    (note,) = [note for note in notes if "left out" in note]
    assert note.startswith("3 files")
    (note,) = [note for note in notes if "copies" in note]
    assert note.startswith("1 are copies") and note.endswith("short_description/1.jpg.")
    Image.new("RGB", (16, 16)).save(place / "1.jpg")
    twice = uig("score", "tiif", tree, "--data", SAMPLE, "--judge", "none", "--out", tmp_path / "o")
    assert twice.code == 2 and f"{place / '1.png'} and {place / '1.jpg'} stand for" in twice.err


def test_other_folders_are_refused_in_one_sentence(uig: Uig, tmp_path: Path) -> None:
    (tmp_path / "some" / "model").mkdir(parents=True)
    for words, expected in (
        (["tiif", tmp_path / "some"], "holds no pictures in TIIF's layout: got model"),
        (["tiif", "--judgements", tmp_path / "some"], "holds no judge results"),
        (["geneval", tmp_path / "some", "--detector", "none"], "GenEval's layout: got model"),
        (["tiif"], "nothing to score"),
        (["tiif", tmp_path / "none"], "is no folder"),
        (["geneval", "--judgements", tmp_path], "Is a directory"),
        (["tiif", "--detections", tmp_path], "tiif takes no --detections"),
        (["tiif", tmp_path / "some", "--threshold", "0.5"], "a setting of GenEval's rules"),
        (["tiif", "--judgements", tmp_path, "--judge", "self"], "needs the pictures"),
    ):
        refused = uig("score", *words, "--data", SAMPLE) if words[0] == "tiif" else uig(
            "score", *words)  # fmt: skip
        assert refused.code == 2, words
        assert expected in refused.err and len(refused.err.strip().splitlines()) == 1


def test_both_numberings_of_scattered_lines(uig: Uig, tmp_path: Path, shared: Path) -> None:
    """Pictures of testmini numbered by its own lines and by the full set's are the same cases."""
    index = json.loads((shared / "data" / "tiif" / "testmini_to_test_index.json").read_text())
    for by in ("testmini", "test"):
        for mini, line in enumerate(index["style"]):
            number = mini if by == "testmini" else line
            place = tmp_path / by / "style" / "m" / "short_description"
            place.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 8), (mini, 0, 0)).save(place / f"{number}.png")
    found = {}
    for by in ("testmini", "test"):
        out = tmp_path / f"run-{by}"
        done = uig("score", "tiif", tmp_path / by, "--data", shared / "data" / "tiif", "--split",
                   "short", "--dimension", "style", "--judge", "none", "--out", out)  # fmt: skip
        assert done.code == 0, done.err
        assert f"by the lines of {by}, as their numbers show" in (out / "run.json").read_text()
        found[by] = table(out, "steps")[["case", "sha256"]]
    pd.testing.assert_frame_equal(found["testmini"], found["test"])


RESULTS = Path(os.environ.get("UIG_TIIF_RESULTS") or SHARED / "fixtures" / "tiif")
EXPECTED = Path(os.environ.get("UIG_TIIF_EXPECTED") or RESULTS / "expected_scores.json")


@pytest.mark.parametrize("with_data", [True, False])
def test_released_results_give_the_expected_scores(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_data: bool
) -> None:
    if not EXPECTED.is_file():
        pytest.skip("released judge results are not here (UIG_TIIF_RESULTS, UIG_TIIF_EXPECTED)")
    data = SHARED / "data" / "tiif"
    if with_data and not data.is_dir():
        pytest.skip("TIIF's data are not here: expected ../shared/data/tiif")
    monkeypatch.setenv("UIG_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("UIG_TIIF_DATA", raising=False)
    for judge, models in json.loads(EXPECTED.read_text())["judges"].items():
        place = RESULTS / judge if (RESULTS / judge).is_dir() else RESULTS
        done = uig("score", "tiif", "--judgements", place, "--judged-by", judge, "--out",
                   tmp_path / judge, "--allow-missing", "1", "--json",
                   *(["--data", data] if with_data else []))  # fmt: skip
        assert done.code == 0, done.err
        told = json.loads(done.out)
        runs = {run["model"]: run for run in told["runs"]}
        assert set(runs) >= set(models)
        for name, expected in models.items():
            (official,) = runs[name]["official"].values()
            agree(official, expected, name)
            assert runs[name]["undrawn"] == expected["files_missing"]
        if len({expected["files"] for expected in models.values()}) > 1:
            assert "scored on different prompts" in told["notes"][0]


def agree(got: Any, expected: Any, where: str) -> None:
    if isinstance(expected, dict):
        assert set(got) == set(expected), where
        for key, value in expected.items():
            agree(got[key], value, f"{where}/{key}")
    elif isinstance(expected, float):
        assert got == pytest.approx(expected, rel=0, abs=1e-9), where
    else:
        assert got == expected, where


def result(model: str, answers: list[str], **more: Any) -> dict[str, Any]:
    """A result line about the first short negation prompt of the sample."""
    path = SAMPLE / "testmini_eval_prompts" / "negation_eval_prompts.jsonl"
    row = json.loads(path.read_text("utf-8").splitlines()[0])
    content = {"attribute": "negation", "desc": "short_description",
               "questions": row["yn_question_list"], "gt_answers": row["yn_answer_list"],
               "model_pred": answers, "model_output": "\n".join(answers), **more}  # fmt: skip
    return {"path": f"{model}/negation/short/0.json", "content": content}


def score_lines(uig: Uig, tmp_path: Path, *lines: object) -> Said:
    file = tmp_path / "results.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return uig("score", "tiif", "--judgements", file, "--data", SAMPLE, "--split", "short",
               "--dimension", "negation", "--out", tmp_path / "out", "--json")  # fmt: skip


def test_hostile_results(uig: Uig, tmp_path: Path) -> None:
    wanted = result("m", [])["content"]["gt_answers"]
    doubtful = ["maybe", *(answer.lower() for answer in wanted[1:])]
    strange = {"path": "m/../../etc/passwd", "content": {}}
    done = score_lines(uig, tmp_path, result("m", doubtful), strange)
    assert done.code == 3, done.err
    (run,) = json.loads(done.out)["runs"]
    assert run["summary"][-1]["score"] == 100 and run["unjudged"] == 1 and run["undrawn"] == 1
    questions = table(tmp_path / "out", "questions")
    assert questions["status"].iloc[0] == "neither yes nor no"

    changed = score_lines(uig, tmp_path, result("m", ["no"] * len(wanted)))
    assert changed.code == 2 and "other pictures" in changed.err
    twice = score_lines(uig, tmp_path, result("m", doubtful), result("m", ["no"] * len(wanted)))
    assert twice.code == 2 and "a second result for m" in twice.err
    shutil.rmtree(tmp_path / "out")
    other = result("m", ["yes"], questions=["Another question?"], gt_answers=["yes"])
    told = score_lines(uig, tmp_path, other)
    assert told.code == 3 and "ask other questions than the set" in told.out
    (tmp_path / "results.jsonl").write_text("[1]\n")
    broken = uig("score", "tiif", "--judgements", tmp_path / "results.jsonl", "--data", SAMPLE)
    assert broken.code == 2 and "line 1: got list" in broken.err


def eval_geneval(uig: Uig, out: Path, *more: object) -> Said:
    return uig("eval", "geneval", "--model", QUICK, "--method", "direct", "--limit", "12",
               "--samples", "2", "--out", out, *more)  # fmt: skip


def test_a_geneval_run_comes_back_the_same(
    uig: Uig,
    tmp_path: Path,
    detector: list[str],  # noqa: F811
) -> None:
    drawn, tree = tmp_path / "drawn", tmp_path / "tree"
    assert eval_geneval(uig, drawn, *detector).code == 0
    write_official(open_run(drawn), tree)
    stored = tree / "detections" / "mask2former" / "detections.jsonl"
    base = ["score", "geneval", tree, "--limit", "12"]
    for words in (["--detections", stored], detector):
        out = tmp_path / f"out-{len(words)}"
        back = uig(*base, *words, "--out", out)
        assert back.code == 0, back.err
        mine = scores(drawn, "direct")
        answered = ["level", "name", "score", "low", "high", "cases", "answered"]
        pd.testing.assert_frame_equal(scores(out, "external")[answered], mine[answered])
        identity = (out / "detections" / "mask2former" / "identity.json").read_bytes()
        assert identity == (drawn / "detections" / "mask2former" / "identity.json").read_bytes()
    lines = [json.loads(line) for line in (tree / "results" / "mask2former.jsonl").open()]
    assert len(lines) == 24
    assert {"filename", "tag", "prompt", "correct", "reason", "metadata", "details"} == set(
        lines[0]
    )
    # Without the pictures the stored detections still give the same scores.
    alone = uig("score", "geneval", "--detections", stored, "--out", tmp_path / "alone",
                "--limit", "12")  # fmt: skip
    assert alone.code == 0, alone.err
    pd.testing.assert_frame_equal(scores(tmp_path / "alone", "external")[answered], mine[answered])


def test_rules_are_applied_again_without_a_detector(
    uig: Uig,
    tmp_path: Path,
    detector: list[str],  # noqa: F811
) -> None:
    run = tmp_path / "run"
    assert eval_geneval(uig, run, *detector).code == 0
    (boxes,) = (run / "detections").glob("*/*.jsonl")
    before = boxes.read_bytes()
    strict = uig("rejudge", run, "--threshold", "0.999", "--counting-threshold", "0.999")
    assert strict.code == 0, strict.err
    assert boxes.read_bytes() == before
    (other,) = [path.parent for path in (run / "detections").glob("*/identity.json")
                if path.parent != boxes.parent]  # fmt: skip
    identity = json.loads((other / "identity.json").read_text())
    assert identity["rule threshold"] == "0.999" and identity["detector"] == "mask2former"
    questions = table(run, "questions")
    raw = questions[questions["judge"] == other.name].set_index("case")["raw"]
    assert raw.str.contains("found 0").all()
    assert not questions[questions["judge"] == boxes.parent.name]["raw"].equals(raw)
    # The official settings, spelled out, are no other rules.
    same = uig("rejudge", run, "--detector", "none", "--threshold", "0.3", "--max-overlap", "1")
    assert same.code == 0, same.err
    assert len(list((run / "detections").iterdir())) == 2
    # A run made elsewhere takes them at once, also from a run's own file.
    tree = tmp_path / "tree"
    write_official(open_run(run), tree)
    out = tmp_path / "out"
    done = uig("score", "geneval", tree, "--detections", boxes, "--limit", "12", "--threshold",
               "0.999", "--counting-threshold", "0.999", "--out", out)  # fmt: skip
    assert done.code == 0, done.err
    found = table(out, "questions")
    pd.testing.assert_series_equal(
        found[found["judge"] == other.name]["raw"].dropna().reset_index(drop=True),
        raw.reset_index(drop=True),
    )


def test_hostile_geneval_folders(uig: Uig, tmp_path: Path) -> None:
    run, tree = tmp_path / "run", tmp_path / "tree"
    assert eval_geneval(uig, run, "--detector", "none").code == 0
    write_official(open_run(run), tree)
    names = sorted(path.name for path in tree.iterdir() if path.name.isdigit())
    (tree / names[0] / "samples" / "00001.png").unlink()
    (tree / names[1] / "samples" / "00000.png").write_bytes(b"")
    shutil.copy(tree / names[3] / "metadata.jsonl", tree / names[2] / "metadata.jsonl")
    (tree / names[4] / "metadata.jsonl").write_text("[")
    (tree / names[5] / "samples" / "grid.jpg").write_bytes(b"")
    (tree / "99999").mkdir()
    done = uig("score", "geneval", tree, "--detector", "none", "--out",
               tmp_path / "out", "--json")  # fmt: skip
    assert done.code == 3
    steps = table(tmp_path / "out", "steps")
    failures = steps.dropna(subset=["failure"]).set_index(["case", "sample"])["failure"]
    assert failures[f"geneval/{names[0]}", 1] == "missing: no picture"
    assert failures[f"geneval/{names[1]}", 0].startswith("picture: 00000.png is no picture")
    assert failures[f"geneval/{names[2]}", 0].startswith("other prompt: ")
    assert failures[f"geneval/{names[4]}", 0].startswith("metadata: ")
    assert len(failures) == len(steps) - 24 + 6
    notes = json.loads(done.out)["runs"][0]["notes"]
    assert any(note.startswith("2 files or folders") for note in notes)
    other = uig("score", "geneval", tree, "--set", "built-in", "--detector", "none", "--out",
                tmp_path / "other")  # fmt: skip
    assert other.code == 2 and "none of its 13 folders was drawn from a prompt of this set" in (
        other.err
    )


@pytest.fixture
def few(uig: Uig, tmp_path: Path) -> Path:
    """Four pictures in TIIF's layout, negation 0 and 1 in both splits, and their run in `drawn`."""
    words = ["--dimension", "negation", "--limit", "4", "--method", "direct", "--judge", "none"]
    assert eval_tiif(uig, tmp_path / "drawn", *words).code == 0
    write_official(open_run(tmp_path / "drawn"), tmp_path / "tree")
    return tmp_path / "tree"


def scoring_few(tmp_path: Path) -> list[object]:
    return ["score", "tiif", tmp_path / "tree", "--data", SAMPLE, "--dimension", "negation",
            "--limit", "4", "--judge", "none", "--out", tmp_path / "o"]  # fmt: skip


def test_pictures_are_kept_as_they_are_seen(uig: Uig, tmp_path: Path, few: Path) -> None:
    place = few / "negation" / "Quick-direct" / "long_description"
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (24, 16), "red").save(place / "0.png", exif=exif)
    Image.new("I;16", (16, 16), 3000).save(place / "1.png")
    done = uig(*scoring_few(tmp_path))
    assert done.code == 0, done.err
    steps = table(tmp_path / "o", "steps").set_index("case")
    sideways, deep = (steps.loc[f"tiif/long/negation/{n}", "picture"] for n in (0, 1))
    with Image.open(tmp_path / "o" / sideways) as image:
        assert image.size == (16, 24)
    with Image.open(tmp_path / "o" / deep) as image:
        assert image.convert("RGB").getpixel((0, 0)) == (11, 11, 11)


def test_one_broken_picture_spoils_nobody_elses(uig: Uig, tmp_path: Path, few: Path) -> None:
    broken = few / "negation" / "Quick-direct" / "long_description" / "0.png"
    Image.new("RGB", (16, 16)).save(broken, exif=b"garbage!")
    assert uig(*scoring_few(tmp_path)).code == 3
    failures = table(tmp_path / "o", "steps").set_index("case")["failure"].dropna()
    assert list(failures.index) == ["tiif/long/negation/0"]
    assert failures.iloc[0].startswith("picture: 0.png cannot be read")


@pytest.mark.usefixtures("few")
def test_a_damaged_picture_of_the_run_is_brought_again(uig: Uig, tmp_path: Path) -> None:
    assert uig(*scoring_few(tmp_path)).code == 0
    steps = table(tmp_path / "o", "steps")
    picture = tmp_path / "o" / steps["picture"].iloc[0]
    picture.write_bytes(picture.read_bytes()[:40])
    assert uig(*scoring_few(tmp_path)).code == 0
    pd.testing.assert_frame_equal(table(tmp_path / "o", "steps"), steps)
    with Image.open(picture) as image:
        image.load()


def test_whoever_changes_an_exported_picture_leaves_the_run_as_it_is(
    tmp_path: Path, few: Path
) -> None:
    before = {file: file.read_bytes() for file in (tmp_path / "drawn").rglob("*.png")}
    for exported in few.rglob("*.png"):
        with exported.open("r+b") as file:
            file.truncate(40)
    assert {file: file.read_bytes() for file in before} == before


def verdict_lines(tree: Path, scored: str) -> list[dict[str, Any]]:
    return [json.loads(text) for text in (tree / "results" / f"{scored}.jsonl").open()]


def test_official_results_come_in_as_verdicts(uig: Uig, tmp_path: Path) -> None:
    run, tree, out = tmp_path / "run", tmp_path / "tree", tmp_path / "out"
    assert eval_geneval(uig, run, "--set", "built-in", "--detector", "exact").code == 0
    write_official(open_run(run), tree)
    results = tree / "results" / "exact.jsonl"
    lines = verdict_lines(tree, "exact")
    turned = [{**one, "correct": not one["correct"]} for one in lines[:5]] + lines[5:]
    results.write_text("".join(json.dumps(one) + "\n" for one in turned))
    base = ["score", "geneval", tree, "--set", "built-in", "--allow-missing", "1",
            "--judgements", results]  # fmt: skip
    done = uig(*base, "--judged-by", "them", "--out", out, "--json")
    assert done.code == 0, done.err
    questions = table(out, "questions").dropna(subset=["answer"])
    assert set(questions["judge"]) == {"them"} and set(questions["wanted"]) == {"right"}
    said = questions.set_index(["case", "sample"])["correct"]
    for one in turned:
        folder, _, file = one["filename"].split("/")
        assert bool(said[f"geneval/{folder}", int(file[:5])]) == one["correct"]
    notes = json.loads(done.out)["runs"][0]["notes"]
    assert "exact.jsonl holds verdicts, which are taken as they are: no rules are applied." in notes
    identity = json.loads((out / "judgements" / "them" / "identity.json").read_text())
    assert identity["verdicts"] == "as brought"
    # Another detector looks at the same pictures beside them; the verdicts go out as they came.
    assert uig("rejudge", out, "--detector", "exact", "--allow-missing", "1").code == 0
    assert set(table(out, "questions")["judge"]) == {"them", "exact", "strict"}
    write_official(open_run(out), tmp_path / "again")
    told = {one["filename"]: one["correct"] for one in verdict_lines(tmp_path / "again", "them")}
    assert told == {one["filename"]: one["correct"] for one in turned}
    # Other verdicts by the same name are refused.
    results.write_text("".join(json.dumps(one) + "\n" for one in lines))
    refused = uig(*base, "--judged-by", "them", "--out", out)
    assert refused.code == 2 and "--judged-by" in refused.err


def test_verdicts_without_pictures_and_what_does_not_go_with_them(uig: Uig, tmp_path: Path) -> None:
    run, tree, out = tmp_path / "run", tmp_path / "tree", tmp_path / "out"
    assert eval_geneval(uig, run, "--set", "built-in", "--detector", "exact").code == 0
    write_official(open_run(run), tree)
    results = tree / "results" / "exact.jsonl"
    base = ["score", "geneval", "--set", "built-in"]
    done = uig(*base, "--detections", results, "--judged-by", "them", "--out", out,
               "--allow-missing", "1")  # fmt: skip
    assert done.code == 0, done.err
    mine, theirs = scores(run, "direct", "exact"), scores(out, "external")
    pd.testing.assert_frame_equal(
        mine[["name", "score", "low", "high"]], theirs[["name", "score", "low", "high"]]
    )
    for words, said in (
        (["--threshold", "0.5"], "leave --threshold out"),
        (["--detections", results], "got both --judgements and --detections"),
        (["--detector", "exact"], "got both --judgements and --detector"),
    ):
        refused = uig(*base, "--judgements", results, *words, "--out", tmp_path / "no")
        assert refused.code == 2 and said in refused.err, refused.err
