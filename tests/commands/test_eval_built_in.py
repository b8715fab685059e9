"""uig eval on the built-in sets: read exactly from end to end, and plainly of their own kind."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from uig_cli.benchmarks.built_in import BUILT_IN, NOTE
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.benchmarks.own import benchmark as own
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.engine.defaults import usual_scorer, usual_set

WORLD = ROOT / "tests" / "shapes_models.py"
QUICK = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"


def on(benchmark: str, model: str, out: Path, *more: object) -> list[object]:
    return ["eval", benchmark, "--set", "built-in", "--model", f"python:{WORLD}:{model}",
            "--method", "direct", "--out", out, *more]  # fmt: skip


def overall(out: Path) -> pd.Series:
    summary = pd.read_csv(out / "tables" / "summary.csv")
    final = (summary["level"] == "overall") & (summary["step"] == "final")
    return summary[final & (summary["judge"] != "strict")].iloc[-1]


def test_tiif_true_scenes_get_full_marks(uig: Uig, tmp_path: Path) -> None:
    done = uig(*on("tiif", "TrueScenes", tmp_path / "r", "--split", "both", "--json"))
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["set"], told["cases"], told["unjudged"]) == ("built-in", 528, 0)
    assert NOTE in told["notes"]
    assert {line["judge"] for line in told["summary"]} == {"exact", "strict"}
    assert {line["score"] for line in told["summary"]} == {100.0}
    assert len([line for line in told["summary"] if line["level"] == "group"]) == 2 * 2 * 6


def test_geneval_true_scenes_get_full_marks(uig: Uig, tmp_path: Path) -> None:
    done = uig(*on("geneval", "TrueScenes", tmp_path / "r", "--samples", "2", "--json"))
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["cases"], told["undrawn"], told["unjudged"]) == (338, 0, 0)
    assert NOTE in told["notes"]
    assert {line["judge"] for line in told["summary"]} == {"exact", "strict"}
    assert {line["score"] for line in told["summary"]} == {100.0}
    assert (tmp_path / "r" / "detections" / "exact" / "identity.json").is_file()


@pytest.mark.parametrize(("benchmark", "most"), [("tiif", 80), ("geneval", 45)])
def test_wrong_scenes_lose(uig: Uig, tmp_path: Path, benchmark: str, most: float) -> None:
    out = tmp_path / "r"
    done = uig(*on(benchmark, "WrongScenes", out, "--limit", "66", "--samples", "1"))
    assert done.code == 0, done.err
    assert 5 < overall(out)["score"] < most


@pytest.mark.parametrize("benchmark", ["tiif", "geneval"])
def test_every_table_says_what_it_is(uig: Uig, tmp_path: Path, benchmark: str) -> None:
    out = tmp_path / "r"
    shown = uig(*on(benchmark, "TrueScenes", out, "--limit", "6", "--samples", "1"))
    again = uig("show", out)
    written = (out / "tables" / "summary.md").read_text("utf-8")
    for text in (shown.out, again.out, written):
        assert NOTE in text and f"{benchmark} built-in" in text


@pytest.mark.parametrize(("benchmark", "by"), [("tiif", "--judge"), ("geneval", "--detector")])
def test_drawing_now_and_judging_later(uig: Uig, tmp_path: Path, benchmark: str, by: str) -> None:
    base = ["--limit", "12", "--samples", "1"]
    now, later, usual = (tmp_path / name for name in ("now", "later", "usual"))
    assert uig(*on(benchmark, "WrongScenes", now, *base)).code == 0
    for out in (later, usual):
        drawn = uig(*on(benchmark, "WrongScenes", out, *base, "--judge", "none"))
        assert drawn.code == 0, drawn.err
        assert "uig rejudge" in drawn.err and not list(out.glob("[jd]*s/exact"))
    assert uig("rejudge", later, by, "exact").code == 0
    assert uig("rejudge", usual).code == 0
    for out in (later, usual):
        pd.testing.assert_series_equal(overall(now), overall(out))


def test_judge_self_answers_as_well(uig: Uig, tmp_path: Path) -> None:
    judges = ["--judge", "self", "--judge", "exact"]
    command = ["eval", "tiif", "--set", "built-in", "--model", QUICK, "--method", "direct",
               "--limit", "10", *judges, "--out", tmp_path / "r"]  # fmt: skip
    done = uig(*command)
    assert done.code == 0, done.err
    steps = pd.read_csv(tmp_path / "r" / "tables" / "steps.csv")
    assert set(steps["judge"]) == {"self", "exact", "strict"}
    assert (steps["missing"] == 0).all()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tiif", "--data", SAMPLE, "--judge", "exact"], "got tiif testmini"),
        (["geneval", "--detector", "exact"], "got geneval full"),
        (["tiif", "--set", "built-in", "--data", SAMPLE], "leave --data out"),
        (["geneval", "--set", "built-in", "--detector", "exact:x"], "takes nothing more"),
        (["geneval", "--set", "builtin"], 'mean "built-in"'),
        (["tiif", "--set", "built-in", "--judge", "exakt"], 'mean "exact"'),
    ],
)
def test_what_exact_cannot_read_is_refused(
    uig: Uig, tmp_path: Path, words: list[object], says: str
) -> None:
    detector = ["--detector", "none"] if words[:3] == ["geneval", "--set", "builtin"] else []
    refused = uig("eval", *words, *detector, "--model", QUICK, "--out", tmp_path / "r")
    assert refused.code == 2
    assert says in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert not (tmp_path / "r" / "run.json").exists()


def test_what_is_exported_for_another_set_does_not_get_in_the_way(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UIG_DATA", str(SAMPLE))
    monkeypatch.setenv("UIG_DETECTOR", "mask2former:somewhere")
    done = uig(*on("tiif", "TrueScenes", tmp_path / "r", "--limit", "4"))
    assert done.code == 0, done.err


def test_rejudging_another_set_exactly_is_refused(uig: Uig, tmp_path: Path) -> None:
    out = tmp_path / "r"
    command = ["eval", "tiif", "--data", SAMPLE, "--model", QUICK, "--method", "direct",
               "--limit", "4", "--judge", "none", "--out", out]  # fmt: skip
    assert uig(*command).code == 0
    refused = uig("rejudge", out, "--judge", "exact")
    assert refused.code == 2 and "built-in sets only; got tiif testmini" in refused.err


def test_the_built_in_model_has_the_built_in_set() -> None:
    for of in (tiif, geneval):
        assert usual_set(of, "pocket") == usual_set(of, "pocket:FOLDER") == BUILT_IN
        assert usual_set(of, "bagel:pocket") is None
    assert usual_set(own, "pocket") is None


def test_who_looks_by_default() -> None:
    assert usual_scorer("answers", BUILT_IN) == "exact"
    assert usual_scorer("answers", None) == usual_scorer("answers", "test") == "self"
    assert usual_scorer("detections", BUILT_IN) == "exact"
    assert usual_scorer("detections", None) is None
    assert usual_scorer("ratings", BUILT_IN) is None
