"""uig eval geneval: drawing, detecting at once or later, and the same score either way."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from tests.tiny_detectors import write_tiny_clip, write_tiny_mask2former
from uig_cli.benchmarks.geneval.benchmark import benchmark
from uig_cli.engine.scorers import needs_scorer

MODELS = ROOT / "tests" / "models_for_tests.py"


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("detector")
    mask2former = write_tiny_mask2former(folder / "mask2former")
    clip = write_tiny_clip(folder / "clip")
    return ["--detector", f"mask2former:{mask2former}", "--color-clip", str(clip)]


def geneval(model: str, out: Path, *more: object) -> list[object]:
    return ["eval", "geneval", "--model", f"python:{MODELS}:{model}", "--out", out, *more]


def summary(out: Path) -> pd.DataFrame:
    return pd.read_csv(out / "tables" / "summary.csv")


def test_without_a_detector(uig: Uig, tmp_path: Path) -> None:
    refused = uig(*geneval("Quick", tmp_path / "r"))
    assert refused.code == 2
    assert refused.err.strip() == f"error: {needs_scorer(benchmark, 'detections')}"
    assert not (tmp_path / "r").exists()


def test_detecting_now_or_later(uig: Uig, tmp_path: Path, detector: list[str]) -> None:
    base = ["--limit", "12", "--samples", "2", "--rounds", "1"]
    now = uig(*geneval("Quick", tmp_path / "now", *base, *detector, "--json"))
    assert now.code == 0, now.err
    later = uig(*geneval("Quick", tmp_path / "later", *base, "--detector", "none"))
    assert later.code == 0 and "uig rejudge" in later.err
    assert not (tmp_path / "later" / "detections").exists()
    judged = uig("rejudge", tmp_path / "later", *detector)
    assert judged.code == 0, judged.err
    pd.testing.assert_frame_equal(summary(tmp_path / "now"), summary(tmp_path / "later"))
    told = json.loads(now.out)
    tags = [line["name"] for line in told["summary"] if line["level"] == "tag"]
    assert tags == ["single_object", "two_object", "counting", "colors", "position", "color_attr"]
    overall = told["summary"][-1]
    scores = [line["score"] for line in told["summary"] if line["level"] == "tag"]
    assert overall["level"] == "overall"
    assert overall["score"] == pytest.approx(sum(scores) / len(scores), abs=1e-5)
    # Detections are kept as they were: the verdict can be made again without the detector.
    (kept,) = (tmp_path / "now" / "detections").glob("*/0-of-1.jsonl")
    before = kept.read_bytes()
    assert uig("rejudge", tmp_path / "now", *detector).code == 0
    assert kept.read_bytes() == before


def test_show_tells_the_whole_chain(uig: Uig, tmp_path: Path, detector: list[str]) -> None:
    run = tmp_path / "r"
    uig(*geneval("Quick", run, "--limit", "6", "--samples", "1", "--rounds", "1", *detector))
    case = pd.read_csv(run / "tables" / "steps.csv")["case"].iloc[0]
    told = uig("show", run, "--case", case)
    assert told.code == 0
    for part in (case, "a photo of", "round-0.draw.", "verdict: ", "wanted right"):
        assert part in told.out
    chain = json.loads(uig("show", run, "--case", case, "--json").out)
    assert chain["facts"]["tag"] and chain["loops"][0]["steps"][0]["judged"][0]["questions"]
    wrong = uig("show", run, "--case", "geneval/9")
    assert wrong.code == 2 and "Did you mean" in wrong.err


def test_rewritten_prompts(uig: Uig, tmp_path: Path, shared: Path) -> None:
    long = shared / "data" / "geneval" / "evaluation_metadata_long.jsonl"
    words = ["--method", "direct", "--samples", "1", "--limit", "6", "--detector", "none"]
    assert uig(*geneval("Quick", tmp_path / "a", *words, "--prompts-file", long)).code == 0
    steps = pd.read_csv(tmp_path / "a" / "tables" / "steps.csv")
    assert set(steps["split"]) == {"rewritten"}
    refused = uig(*geneval("Quick", tmp_path / "a", *words))
    assert refused.code == 2 and "prompts" in refused.err


BOXES = """
from uig_cli.scoring.protocol import Detections

class Boxes:
    name, kind, batch, identity = "boxes", "detections", None, {"detector": "boxes"}

    def ask(self, items):
        for index, item in enumerate(items):
            yield index, tuple(Detections(FOUND, {}, item.picture.size) for _ in item.wanted)
"""


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ('{"mouse": [[1, 1, 5, 5, 0.9]]}', 'protocol: the class "mouse", which is none of the 80'),
        ('{"dog": [[9, 1, 5, 5, 0.9]]}', "protocol: the dog box [9, 1, 5, 5, 0.9], whose x2 is"),
        ('{"dog": [[1, 1, 5, 5, float("nan")]]}', "numbers: the dog box [1, 1, 5, 5, NaN], which"),
        ('{"dog": [[1, 1, 5, 5, 0.9]]}', ""),
    ],
)
def test_what_a_detector_of_ones_own_cannot_have_seen_is_missing(
    uig: Uig, tmp_path: Path, found: str, says: str
) -> None:
    file = tmp_path / "boxes.py"
    file.write_text(BOXES.replace("FOUND", found))
    done = uig(*geneval("Quick", tmp_path / "r", "--method", "direct", "--samples", "1", "--limit",
                        "6", "--detector", f"{file}:Boxes", "--json"))  # fmt: skip
    assert done.code == (3 if says else 0), done.err
    told = json.loads(done.out)
    assert told["unjudged"] == (6 if says else 0)
    assert (told["summary"][-1]["score"] is None) is bool(says)
    if says:
        status = pd.read_csv(tmp_path / "r" / "tables" / "questions.csv")["status"]
        assert status.str.startswith(says).all()


@pytest.mark.slow
def test_the_full_benchmark(uig: Uig, tmp_path: Path) -> None:
    """553 prompts, four samples each, with a model that answers at once."""
    done = uig(*geneval("Quick", tmp_path / "r", "--method", "direct", "--detector", "none",
                        "--json"))  # fmt: skip
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["cases"], told["pictures"], told["undrawn"]) == (553, 2212, 0)
    steps = pd.read_csv(tmp_path / "r" / "tables" / "steps.csv")
    assert steps["sha256"].nunique() == 2212


def test_what_is_exported_for_another_benchmark_is_passed_over(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UIG_DATA", "/nowhere")
    monkeypatch.setenv("UIG_SPLIT", "long")
    command = geneval("Quick", tmp_path / "r", "--set", "full", "--detector", "none", "--limit",
                      "1", "--samples", "1", "--method", "direct")  # fmt: skip
    done = uig(*command)
    assert done.code == 0, done.err
    refused = uig(*command, "--split", "long")
    assert refused.code == 2 and "GenEval has none" in refused.err
