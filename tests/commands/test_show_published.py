"""uig show --published: what stands beside a run, and what is said of it."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, Uig

MODELS = ROOT / "tests" / "models_for_tests.py"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"


def drawn(uig: Uig, out: Path, data: Path, *more: object) -> Path:
    done = uig("eval", "tiif", "--data", data, "--model", f"python:{MODELS}:Quick", "--split",
               "short", "--method", "direct", "--quiet", "--out", out, *more)  # fmt: skip
    assert done.code == 0, done.err
    return out


def told(uig: Uig, run: Path) -> Any:
    shown = uig("show", run, "--published", "--json")
    assert shown.code == 0, shown.err
    (found,) = json.loads(shown.out)
    return found


def judge_as(run: Path, name: str) -> None:
    """Makes the run's judgements those of another judge."""
    folder = run / "judgements" / "self"
    (folder / "identity.json").write_text(json.dumps({"judge": "openai", "model": name}))
    folder.rename(run / "judgements" / "other")


def test_a_run_of_ones_own_does_not_compare(uig: Uig, tmp_path: Path) -> None:
    run = drawn(uig, tmp_path / "run", SAMPLE)
    found = told(uig, run)
    assert found["split"] == "short" and not found["comparable"]
    reasons = "; ".join(found["reasons"])
    assert "own prompts" in reasons and "examined model itself" in reasons
    own, *others = found["rows"]
    assert own["model"] == "this run, direct" and own["source"] is None and own["low"]["overall"]
    assert {row["judge"] for row in others} == {"GPT-4o", "Qwen2.5-VL-72B", "not stated"}
    values = [row["scores"]["overall"] for row in others]
    assert values == sorted(values, reverse=True) and all(row["source"] for row in others)
    assert any("UiG" in gain and "+1.11" in gain for gain in found["gains"])
    shown = uig("show", run, "--published")
    assert "NOT COMPARABLE" in shown.out and "Janus-Pro" in shown.out


def test_the_official_set_and_a_published_judge_compare(
    uig: Uig, tmp_path: Path, shared: Path
) -> None:
    run = drawn(uig, tmp_path / "run", shared / "data" / "tiif", "--batch-size", "64")
    judge_as(run, "gpt-4o-2024-11-20")
    found = told(uig, run)
    assert found["comparable"] and found["reasons"] == []
    assert {row["judge"] for row in found["rows"]} == {"other", "GPT-4o"}
    shown = uig("show", run, "--published")
    assert "NOT COMPARABLE" not in shown.out and "Same prompts and judge" in shown.out


def test_a_part_of_it_and_another_judge_do_not(uig: Uig, tmp_path: Path, shared: Path) -> None:
    run = drawn(uig, tmp_path / "run", shared / "data" / "tiif", "--limit", "20", "--samples", "2")
    judge_as(run, "gpt-4o-mini")
    reasons = told(uig, run)["reasons"]
    assert reasons == [
        "20 of 277 prompts",
        "samples per prompt: 2 instead of 1",
        "judged by other, published scores are not",
    ]


def test_built_in_geneval(uig: Uig, tmp_path: Path) -> None:
    done = uig("eval", "geneval", "--set", "built-in", "--detector", "exact", "--model",
               f"python:{MODELS}:Quick", "--limit", "6", "--method", "direct", "--quiet", "--out",
               tmp_path / "run")  # fmt: skip
    assert done.code == 0, done.err
    found = told(uig, tmp_path / "run")
    assert not found["comparable"] and "built-in" in found["reasons"][0]
    assert "single_object" in found["rows"][0]["scores"]
    assert {row["judge"] for row in found["rows"][1:]} == {"Mask2Former + CLIP"}


def test_one_question_at_a_time(uig: Uig, tmp_path: Path) -> None:
    run = drawn(uig, tmp_path / "run", SAMPLE, "--limit", "4", "--judge", "none")
    refused = uig("show", run, "--published")
    assert refused.code == 2 and "uig rejudge" in refused.err
    refused = uig("show", run, "--published", "--case", "tiif/short/text/0")
    assert refused.code == 2 and "--case and --published" in refused.err
