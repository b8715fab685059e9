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
    (own,) = found["rows"]
    assert own["model"] == "this run, direct" and own["source"] is None and own["low"]["overall"]
    assert found["gains"] == [] and own["groups"] == "9 of 9 groups"
    shown = uig("show", run, "--published")
    assert "NOT COMPARABLE" in shown.out and "Janus-Pro" not in shown.out


def test_the_official_set_and_a_published_judge_compare(
    uig: Uig, tmp_path: Path, shared: Path
) -> None:
    run = drawn(uig, tmp_path / "run", shared / "data" / "tiif", "--batch-size", "64")
    judge_as(run, "gpt-4o-2024-11-20")
    found = told(uig, run)
    assert found["comparable"] and found["reasons"] == []
    own, *others = found["rows"]
    assert own["judge"] == "other" and {row["judge"] for row in others} == {"GPT-4o"}
    values = [row["scores"]["overall"] for row in others]
    assert values == sorted(values, reverse=True) and all(row["source"] for row in others)
    assert any("UiG" in gain and "+1.11" in gain for gain in found["gains"])
    shown = uig("show", run, "--published")
    assert "NOT COMPARABLE" not in shown.out and "Same prompts and judge" in shown.out
    assert "Janus-Pro" in shown.out and "9 of 9 groups" in shown.out and "±" not in shown.out


def test_answers_that_are_missing_are_a_reason(uig: Uig, tmp_path: Path, shared: Path) -> None:
    """The released judgements of FLUX.1 Pro lack two groups whole; with the data at hand and
    without them, when only the result files say what was asked."""
    released = shared / "fixtures" / "tiif" / "judge_results_FluxPro.jsonl"
    words = ["score", "tiif", "--judgements", released, "--judged-by", "GPT-4o", "--split",
             "long", "--allow-missing", "1", "--quiet"]  # fmt: skip
    for name, data in (("with", ["--data", shared / "data" / "tiif"]), ("without", [])):
        done = uig(*words, *data, "--out", tmp_path / name)
        assert done.code == 0, done.err
        found = told(uig, tmp_path / name)
        assert not found["comparable"] and "7 of 9 groups" in found["reasons"]
        (lost,) = (reason for reason in found["reasons"] if "prompts without an answer" in reason)
        assert lost == "70 of 277 prompts without an answer"  # the file holds 207 long results
        assert found["rows"][0]["groups"] == "7 of 9 groups" and len(found["rows"]) > 1
        shown = uig("show", tmp_path / name, "--published")
        assert "NOT COMPARABLE" in shown.out and "Same prompts and judge" not in shown.out
    exported = uig("export", tmp_path / "with")
    assert "7 of 9 groups" in exported.out and "prompts without an answer" in exported.out
    table = uig("export", tmp_path / "with", "--format", "csv").out
    assert table.splitlines()[0].endswith(
        ",missing,groups,all_groups,comparable_with_published,notes"
    )
    assert ",7,9,False," in table


def test_a_part_of_it_and_another_judge_do_not(uig: Uig, tmp_path: Path, shared: Path) -> None:
    run = drawn(uig, tmp_path / "run", shared / "data" / "tiif", "--limit", "20", "--samples", "2")
    judge_as(run, "gpt-4o-mini")
    reasons = told(uig, run)["reasons"]
    assert reasons == [
        "20 of 277 prompts",
        "samples per prompt: 2 instead of 1",
        "judged by other, published scores are not",
        "7 of 9 groups",
    ]


def test_built_in_geneval(uig: Uig, tmp_path: Path) -> None:
    done = uig("eval", "geneval", "--set", "built-in", "--detector", "exact", "--model",
               f"python:{MODELS}:Quick", "--limit", "6", "--method", "direct", "--quiet", "--out",
               tmp_path / "run")  # fmt: skip
    assert done.code == 0, done.err
    found = told(uig, tmp_path / "run")
    assert not found["comparable"] and "built-in" in found["reasons"][0]
    (own,) = found["rows"]
    assert "single_object" in own["scores"] and own["groups"] == "6 of 6 groups"
    shown = uig("show", tmp_path / "run", "--published")
    assert "NOT COMPARABLE" in shown.out and "Mask2Former" not in shown.out


def test_one_question_at_a_time(uig: Uig, tmp_path: Path) -> None:
    run = drawn(uig, tmp_path / "run", SAMPLE, "--limit", "4", "--judge", "none")
    refused = uig("show", run, "--published")
    assert refused.code == 2 and "uig rejudge" in refused.err
    refused = uig("show", run, "--published", "--case", "tiif/short/text/0")
    assert refused.code == 2 and "--case and --published" in refused.err
