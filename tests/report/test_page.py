"""The page as files: what it holds, what it says where something is missing. How it looks and what
its scripts do is tested in a browser, `make test-page`."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.browser.hostile import CASES, MARKUP
from tests.conftest import ROOT, Uig
from uig_cli.report.page.site import MARK

HOSTILE = ROOT / "tests" / "browser" / "hostile.py"
EXAMPLES = ROOT / "docs" / "examples"
METHODS = ("--method", "direct", "--method", "uig")


def index_of(page: Path) -> dict[str, Any]:
    text = (page / "data" / "index.js").read_text("utf-8")
    return json.loads(text.removeprefix("uigPage.index(").removesuffix(");\n"))


def cases_of(page: Path) -> list[dict[str, Any]]:
    found = []
    for number in range(len(list((page / "data").glob("cases-*.js")))):
        text = (page / "data" / f"cases-{number}.js").read_text("ascii")
        found += json.loads(text.removeprefix(f"uigPage.cases({number}, ").removesuffix(");\n"))
    return found


def overview(page: Path) -> str:
    return (page / "index.html").read_text("utf-8")


@pytest.fixture
def hostile(uig: Uig, tmp_path: Path) -> Path:
    run = tmp_path / "run"
    asked = (f"{HOSTILE}:BENCHMARK", "--model", f"{HOSTILE}:Hostility", "--judge", "self")
    assert uig("eval", *asked, *METHODS, "--out", run, "--quiet").code == 0
    return run


def test_it_holds_all_that_the_run_holds(uig: Uig, hostile: Path) -> None:
    done = uig("report", hostile)
    assert done.code == 0 and f"24 prompts, 120 pictures: {hostile / 'page'}" in done.err
    page = hostile / "page"
    index, cases = index_of(page), cases_of(page)
    assert [one["label"] for one in index["columns"]] == ["direct", "uig"]
    assert index["judges"] == ["self"] and index["steps"] == 5
    assert len(cases) == len(index["cases"]) == CASES
    for case, known in zip(cases, index["cases"], strict=True):
        assert case["id"] == known["id"]
        assert [len(loop["steps"]) for loop in case["loops"]] == [1, 5]
        for loop in case["loops"]:
            for step in loop["steps"]:
                assert (page / step["picture"]["src"]).resolve().is_file()
                assert len(step["judged"]["self"]["questions"]) == 2
        assert MARKUP in case["loops"][1]["steps"][0]["instruction"]


def test_no_text_is_markup(uig: Uig, hostile: Path) -> None:
    uig("report", hostile)
    for name in ("index.html", "gallery.html"):
        text = (hostile / "page" / name).read_text("utf-8")
        assert "<script>window" not in text and "<img src=x" not in text
        assert "default-src 'none'; script-src 'self'" in text
        assert re.findall(r"<script(?! defer src=\"(?:assets|data)/)", text) == []
        assert "style=" not in text and " on" + "error=" not in text.replace(
            "&lt;img src=x onerror", ""
        )
    for path in (hostile / "page" / "data").iterdir():
        assert path.read_bytes().isascii()


def test_it_can_be_moved_where_it_stands_alone(uig: Uig, hostile: Path, tmp_path: Path) -> None:
    page = tmp_path / "alone"
    assert uig("report", hostile, "--out", page, "--self-contained").code == 0
    shutil.rmtree(hostile)
    sources = {
        step["picture"]["src"]
        for case in cases_of(page)
        for loop in case["loops"]
        for step in loop["steps"]
    }
    assert len(sources) == 120
    assert all(re.fullmatch("pictures/[0-9a-f]{32}[.]png", one) for one in sources)
    assert all((page / one).is_file() for one in sources)


LARGE = """
from PIL import Image
from tests.models_for_tests import Quick
from uig_cli.models.protocol import Drawn, Picture

class Large(Quick):
    def answer(self, request):
        return Drawn(Picture.of(Image.new("RGB", (400, 400), "red")))
"""


def test_large_pictures_have_thumbnails(uig: Uig, tmp_path: Path) -> None:
    own, run = tmp_path / "own.py", tmp_path / "run"
    own.write_text(LARGE)
    asked = ("tiif", "--set", "built-in", "--limit", "2", "--model", f"{own}:Large")
    words = ("--method", "direct", "--judge", "none", "--out", run, "--quiet")
    done = uig("eval", *asked, *words)
    assert done.code == 0, done.err
    assert uig("report", run).code == 0
    (shown, *_) = [case["loops"][0]["steps"][0]["picture"] for case in cases_of(run / "page")]
    assert (shown["w"], shown["h"]) == (400, 400)
    thumbnail = run / "page" / shown["small"]
    assert thumbnail.is_file()
    made = thumbnail.stat().st_mtime_ns
    assert uig("report", run).code == 0 and thumbnail.stat().st_mtime_ns == made
    assert "has no scores: nobody has judged" in overview(run / "page")


def test_pictures_without_a_file_are_counted(uig: Uig, hostile: Path) -> None:
    first = sorted(hostile.glob("drawn/*/0/round-4*.png"))
    for path in first[:3]:
        path.unlink()
    done = uig("report", hostile)
    assert done.code == 0
    steps = [s for case in cases_of(hostile / "page") for o in case["loops"] for s in o["steps"]]
    lost = [step for step in steps if "picture" not in step]
    assert len(lost) == 3 and all(step["failure"] for step in lost)
    assert "3 of 144 pictures are missing" in overview(hostile / "page")


def test_a_run_under_way(uig: Uig, hostile: Path) -> None:
    journal = next((hostile / "journal").glob("*.jsonl"))
    lines = journal.read_text("utf-8").splitlines(keepends=True)
    journal.write_text("".join(lines[: len(lines) // 2]), "utf-8")
    manifest = json.loads((hostile / "run.json").read_text("utf-8"))
    (hostile / "run.json").write_text(json.dumps(manifest | {"last_finished": None}))
    assert uig("report", hostile).code == 0
    text = overview(hostile / "page")
    assert "run is not finished: this page shows what there was" in text
    assert re.search(r"run: \d+ of 144 pictures are missing", text)
    missing = [o for case in index_of(hostile / "page")["cases"] for o in case["loops"]]
    assert any(one.get("missing") for one in missing)


def test_a_method_whose_code_is_gone(uig: Uig, tmp_path: Path) -> None:
    own = Path(shutil.copyfile(EXAMPLES / "method.py", tmp_path / "own.py"))
    model = f"python:{EXAMPLES / 'model.py'}:Colors"
    run = tmp_path / "run"
    asked = ("eval", "tiif", "--set", "built-in", "--limit", "2", "--model", model, "--judge",
             "none", "--method", f"{own}:PICK", "--method", "direct", "--quiet",
             "--out", run)  # fmt: skip
    assert uig(*asked).code == 0
    own.unlink()
    done = uig("report", run)
    assert done.code == 0, done.err
    assert "method pick" in done.err and "Its pictures are left out." in overview(run / "page")
    assert [one["method"] for one in index_of(run / "page")["columns"]] == ["direct"]


def test_a_benchmark_whose_code_is_gone(uig: Uig, tmp_path: Path) -> None:
    own = Path(shutil.copyfile(EXAMPLES / "benchmark.py", tmp_path / "own.py"))
    run = tmp_path / "run"
    model = f"python:{EXAMPLES / 'model.py'}:Colors"
    asked = ("eval", f"{own}:COUNTING", "--model", model, "--judge", "self", "--limit", "4",
             "--method", "direct", "--quiet", "--out", run)  # fmt: skip
    assert uig(*asked).code == 0
    own.unlink()
    done = uig("report", run)
    assert done.code == 0, done.err
    assert "benchmark counting" in done.err
    assert "as they were last made" in overview(run / "page")
    assert len(cases_of(run / "page")) == 4
    assert all("src" in c["loops"][0]["steps"][0]["picture"] for c in cases_of(run / "page"))


def test_a_folder_of_version_0_1_0(uig: Uig, tmp_path: Path) -> None:
    runs = sorted(path.parent for path in (ROOT / "tests/data/v0.1.0").rglob("run.json"))
    assert runs
    for number, source in enumerate(runs):
        run = Path(shutil.copytree(source, tmp_path / str(number)))
        done = uig("report", run)
        assert done.code == 0, done.err
        assert len(cases_of(run / "page")) > 0


def test_several_runs_stand_side_by_side(uig: Uig, hostile: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    asked = (f"{HOSTILE}:BENCHMARK", "--model", f"{HOSTILE}:Hostility", "--judge", "self")
    words = ("--method", "uig", "--seed", "1", "--out", other, "--quiet")
    assert uig("eval", *asked, *words).code == 0
    done = uig("report", hostile, other, "--out", tmp_path / "page", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["cases"] == CASES
    index = index_of(tmp_path / "page")
    assert [one["label"] for one in index["columns"]] == ["run direct", "run uig", "other uig"]
    assert all(len(case["loops"]) == 3 for case in index["cases"])
    text = overview(tmp_path / "page")
    assert "uig@final" in text and "Score by round" in text


def test_nothing_but_a_page_is_written_over(uig: Uig, hostile: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    done = uig("report", hostile, "--out", tmp_path / "mine")
    assert done.code == 2 and "holds files that are no page" in done.err
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert uig("report", hostile, "--out", tmp_path / "page").code == 0
    assert (tmp_path / "page" / MARK).is_file()
    assert uig("report", hostile, "--out", tmp_path / "page").code == 0
    lost = uig("report", tmp_path / "none")
    assert lost.code == 2 and "is not a run folder" in lost.err
    half = uig("report", hostile, tmp_path / "none", "--out", tmp_path / "page")
    assert half.code == 0 and "is not a run folder" in overview(tmp_path / "page")


def test_outcomes_are_counted_as_the_tables_have_them(uig: Uig, hostile: Path) -> None:
    """From the first picture to the last, right in all or not."""
    import pandas as pd

    uig("report", hostile)
    steps = pd.read_parquet(hostile / "tables" / "steps.parquet")
    right = (
        steps[steps["method"] == "uig"].pivot(index="case", columns="step", values="score") == 100
    )
    wanted = {
        "repaired": int((~right[0] & right[4]).sum()),
        "broken": int((right[0] & ~right[4]).sum()),
        "right": int((right[0] & right[4]).sum()),
        "wrong": int((~right[0] & ~right[4]).sum()),
    }
    outcomes = [c["loops"][1]["outcomes"]["self"] for c in index_of(hostile / "page")["cases"]]
    assert {name: outcomes.count(name) for name in wanted} == wanted
    assert sum(wanted.values()) == CASES
