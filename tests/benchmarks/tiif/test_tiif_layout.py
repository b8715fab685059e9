"""TIIF's layout as a whole: who is whose, and what is written."""

import json
from pathlib import Path

import pytest
from PIL import Image

from uig_cli.benchmarks.card import Given
from uig_cli.benchmarks.external import ImportRequest
from uig_cli.benchmarks.protocol import Check, FinalPicture, FinishedRun, Source
from uig_cli.benchmarks.tiif.card import NumberingOptions
from uig_cli.benchmarks.tiif.judgements import NO_PROMPTS
from uig_cli.benchmarks.tiif.layout import TiifLayout, picture_path, result, result_path
from uig_cli.cases import Case, Question
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture

SAMPLE = Path(__file__).parents[2] / "data" / "tiif-sample"
LAYOUT = TiifLayout()
CASE = Case("tiif/long/style/7", "", "long", "style", (Question("A?", "yes"),), {"line": 7})
MINI = Case("tiif/short/style/7", "", "short", "style", (), {"line": 7, "mini_line": 0})
SOURCE = Source(data=SAMPLE, split="short")


def pictures(root: Path, *models: str) -> Path:
    for number, model in enumerate(models):
        place = root / "pictures" / "negation" / model / "short_description"
        place.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4), (number, 0, 0)).save(place / "0.png")
    return root / "pictures"


def results(root: Path, *models: str) -> Path:
    questions = SAMPLE / "testmini_eval_prompts" / "negation_eval_prompts.jsonl"
    row = json.loads(questions.read_text("utf-8").splitlines()[0])
    wanted = row["yn_answer_list"]
    said = {"questions": row["yn_question_list"], "gt_answers": wanted, "model_pred": wanted}
    for model in models:
        place = root / "results" / model / "negation" / "short"
        place.mkdir(parents=True, exist_ok=True)
        (place / "0.json").write_text(json.dumps(said))
    return root / "results"


def ask(root: Path, seen: tuple[str, ...], judged: tuple[str, ...], name: str | None = None) -> (
    ImportRequest
):  # fmt: skip
    return ImportRequest(
        pictures=pictures(root, *seen) if seen else None,
        judged=results(root, *judged) if judged else None,
        name=name,
        own=Given((NumberingOptions(),)),
    )


def test_pictures_and_judgements_by_name(tmp_path: Path) -> None:
    data, models = LAYOUT.read(SOURCE, ask(tmp_path, ("A", "B"), ("B",)))
    assert {case.split for case in data.cases} == {"short"}
    assert [(one.pictures.name, one.answers is not None) for one in models] == [
        ("A", False), ("B", True),
    ]  # fmt: skip
    assert all(one.pictures.notes == () for one in models)


def test_one_models_pictures_with_anothers_judgements_are_told(tmp_path: Path) -> None:
    _, (same,) = LAYOUT.read(SOURCE, ask(tmp_path / "same", ("A",), ("A",)))
    assert same.pictures.notes == () and same.answers is not None
    _, (other,) = LAYOUT.read(SOURCE, ask(tmp_path / "other", ("A",), ("B",)))
    assert other.answers is not None and other.pictures.notes == (
        "the pictures are of A and the judgements of B; they were taken for the same model's.",
    )


def test_judgements_of_models_without_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UigError, match=r"judges C, of which .*pictures has no pictures"):
        LAYOUT.read(SOURCE, ask(tmp_path, ("A", "B"), ("B", "C")))
    _, (one,) = LAYOUT.read(SOURCE, ask(tmp_path, ("A", "B"), ("B", "C"), "B"))
    assert one.pictures.name == "B" and one.answers is not None
    with pytest.raises(UigError, match="judges B, C, of which"):
        LAYOUT.read(SOURCE, ask(tmp_path, ("A", "B"), ("B", "C"), "A"))


def test_judgements_alone(tmp_path: Path) -> None:
    _, models = LAYOUT.read(SOURCE, ask(tmp_path, (), ("B", "A")))
    assert [one.pictures.name for one in models] == ["A", "B"]
    files = models[0].pictures.files
    unseen = files["tiif/short/negation/0", 0]
    assert isinstance(unseen, Picture) and unseen.sha256.startswith("unseen:")
    assert isinstance(files["tiif/short/negation/1", 0], Failure)
    assert unseen != models[1].pictures.files["tiif/short/negation/0", 0]
    _, (one,) = LAYOUT.read(SOURCE, ask(tmp_path, (), ("B", "A"), "B"))
    assert one.pictures.name == "B"
    with pytest.raises(UigError, match=r'unknown model in .*"C"; known: A, B'):
        LAYOUT.read(SOURCE, ask(tmp_path, (), ("A",), "C"))


def test_data_come_from_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UIG_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("UIG_TIIF_DATA", raising=False)
    judged, seen = ask(tmp_path, (), ("A",)), ask(tmp_path, ("A",), ())
    alone, _ = LAYOUT.read(Source(split="short"), judged)
    assert alone.notes == (NO_PROMPTS,) and len(alone.cases) == 277
    assert {case.split for case in LAYOUT.read(Source(), judged)[0].cases} == {"short", "long"}
    assert len(LAYOUT.read(Source(set="test", split="long"), judged)[0].cases) == 2538
    built_in, _ = LAYOUT.read(Source(set="built-in"), judged)
    assert NO_PROMPTS not in built_in.notes and all(case.prompt for case in built_in.cases)
    with pytest.raises(UigError, match="TIIF data: got"):
        LAYOUT.read(Source(), seen)
    with pytest.raises(UigError, match="TIIF data: got"):
        LAYOUT.read(Source(data=tmp_path / "nowhere"), judged)
    monkeypatch.setenv("UIG_TIIF_DATA", str(SAMPLE))
    there, _ = LAYOUT.read(Source(split="short"), judged)
    assert there.notes == () and all(case.prompt for case in there.cases)


def test_paths_by_testminis_own_lines() -> None:
    assert picture_path(CASE, "M") == "style/M/long_description/7.png"
    assert picture_path(MINI, "M") == "style/M/short_description/0.png"
    assert result_path(CASE, "M") == "M/style/long/7.json"
    assert result_path(MINI, "M") == "M/style/short/0.json"


def test_a_result_holds_what_is_answered() -> None:
    checks = (
        Check("A?", "yes", "no", "answered", "No,\n it is not"),
        Check("B?", "no", None, "refused", "never"),
        Check("C?", "no", "no", "answered", "nothing there"),
        Check("D?", "no", "yes", "answered"),
    )
    assert result(CASE, checks) == {
        "attribute": "style",
        "desc": "long_description",
        "jsonl_file": "style_eval_prompts.jsonl",
        "line_idx": 7,
        "questions": ["A?", "C?", "D?"],
        "gt_answers": ["yes", "no", "no"],
        "model_pred": ["no", "no", "yes"],
        "model_output": "No, it is not\nno, nothing there\nyes",
    }
    assert result(CASE, checks[1:2]) is None


def test_one_picture_of_each_prompt_is_written(tmp_path: Path) -> None:
    def drawn(color: str) -> Picture:
        file = tmp_path / f"{color}.png"
        Image.new("RGB", (4, 4), color).save(file)
        return Picture.at(file, Picture.of(Image.open(file)).sha256, (4, 4))

    picture = drawn("black")
    checks = {"J": (Check("A?", "yes", "yes", "answered"),)}
    run = FinishedRun(
        ("M",), 2, {"J": {"judge": "J"}},
        [FinalPicture(CASE, 0, "M", picture, {}, checks),
         FinalPicture(MINI, 0, "M", None, {}, checks),
         FinalPicture(CASE, 1, "M", drawn("red"), {}, checks)],
    )  # fmt: skip
    (told,) = LAYOUT.write(run, tmp_path / "out")
    assert "only sample 0 is written" in told
    written = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*"))
    assert written == [
        "results/J/M/style/long/7.json", "results/J/identity.json",
        "style/M/long_description/7.png",
    ]  # fmt: skip
    assert Picture.of(Image.open(tmp_path / "out" / written[-1])).sha256 == picture.sha256
    one = FinishedRun(("M",), 1, {}, run.pictures[:1])
    assert LAYOUT.write(one, tmp_path / "one") == []


def test_files_that_nobody_reads_are_counted_and_named_at_any_depth(tmp_path: Path) -> None:
    asked = ask(tmp_path, ("A",), ())
    place = tmp_path / "pictures" / "negation" / "A"
    for name in ("short/0.png", "short/old/1.png", "short_description/more/2.png"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).touch()
    for name in ("Negation/A/short_description/0.png", "negation/0.webp", "results/x.json"):
        (tmp_path / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pictures" / name).touch()
    _, (model,) = LAYOUT.read(SOURCE, asked)
    files, pictures_beside = model.pictures.notes
    assert files.startswith("3 files stand for no case") and "negation/A/short/0.png" in files
    assert pictures_beside.startswith("2 pictures outside of models' folders")
