"""Benchmarks that need ratings, or two kinds of findings, through the whole of `uig`."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Uig
from tests.scoring_for_tests import Beauty, Moods, Toy, asker, offer, rater
from uig_cli.results.official import official_scores
from uig_cli.results.run import open_run
from uig_cli.results.tables import make_tables
from uig_cli.stats.stratified import Tally

MODEL = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"


def rows(run: Path, table: str) -> list[dict[str, str]]:
    with (run / "tables" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def moods(name: str, run: Path, *more: object) -> list[object]:
    return ["eval", name, "--model", MODEL, "--rounds", "1", "--out", run, "--quiet", *more]


@pytest.fixture
def judges(monkeypatch: pytest.MonkeyPatch) -> tuple[Toy, Toy]:
    asks, rates = asker(), rater()
    offer(monkeypatch, benchmarks=[Moods(), Beauty()], judges=[asks, rates])
    return asks, rates


def test_two_kinds(uig: Uig, tmp_path: Path, judges: tuple[Toy, Toy]) -> None:
    run = tmp_path / "r"
    done = uig(*moods("moods", run, "--judge", "asker", "--judge", "rater", "--json"))
    assert done.code == 0, done.err
    # Both questions are answered yes, one of them rightly; beauty is 1, calm 1/4 and counts thrice.
    score = 100 * (1 + 0 + 1 + 3 * 0.25) / 6
    told = json.loads(done.out)["summary"][-1]
    assert (told["judge"], told["level"], told["missing"]) == ("asker + rater", "overall", 0)
    assert told["score"] == pytest.approx(score, abs=1e-5) and told["always_yes"] is None
    steps = rows(run, "steps")
    assert {row["asked"] for row in steps} == {"4"}
    assert all(float(row["correct"]) == pytest.approx(4 * score / 100) for row in steps)
    lines = rows(run, "questions")[:4]
    assert [row["value"] for row in lines] == ["1.0", "0.0", "1.0", "0.25"]
    assert [row["weight"] for row in lines] == ["1", "1", "1", "3"]
    assert [row["answer"] for row in lines] == ["yes", "yes", "1", "0.25"]
    for kind, name in (("judgements", "asker"), ("ratings", "rater")):
        assert (run / kind / name / "0-of-1.jsonl").read_text("utf-8")
    # Nothing is asked twice, and both runs compare.
    asked = [len(one.asked) for one in judges]
    again = uig(*moods("moods", run, "--judge", "asker", "--judge", "rater"))
    assert again.code == 0 and [len(one.asked) for one in judges] == asked
    compared = json.loads(uig("compare", f"{run}:uig@0", f"{run}:uig", "--json").out)
    assert compared["comparisons"][0]["before"]["judge"] == "asker + rater"
    shown = uig("show", run, "--case", "moods/0")
    assert "in part: calm got 0.25" in shown.out
    assert uig(*moods("moods", run, "--judge", "asker", "--judge", "rater", "--fresh")).code == 0


def test_one_kind_after_the_other(uig: Uig, tmp_path: Path, judges: tuple[Toy, Toy]) -> None:
    run = tmp_path / "r"
    assert uig(*moods("moods", run, "--judge", "none")).code == 0
    half = uig("rejudge", run, "--judge", "rater", "--quiet")
    assert half.code == 3  # the answers are missing, not wrong
    assert {row["missing"] for row in rows(run, "steps")} == {"2"}
    whole = uig("rejudge", run, "--judge", "asker", "--quiet")
    assert whole.code == 0, whole.err
    assert {row["judge"] for row in rows(run, "steps")} == {"asker + rater"}
    assert {row["missing"] for row in rows(run, "steps")} == {"0"}


def test_ratings_alone(uig: Uig, tmp_path: Path, judges: tuple[Toy, Toy]) -> None:
    run = tmp_path / "r"
    refused = uig(*moods("beauty", run))
    assert refused.code == 2 and "beauty needs a judge that rates" in refused.err
    done = uig(*moods("beauty", run, "--judge", "rater"))
    assert done.code == 0, done.err
    final = [row for row in rows(run, "summary") if row["step"] == "final"]
    assert float(final[-1]["score"]) == pytest.approx(100 * 1.75 / 4)
    assert uig("export", run, "--layout", "reference", "--out", tmp_path / "ref.json").code == 0
    held = json.loads(uig("compare", tmp_path / "ref.json", run, "--json").out)
    overall = held["comparisons"][0]["differences"][-1]
    assert overall["difference"] == 0 and overall["right_before"] == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [("UIG_DETECTOR", "exact"), ("UIG_THRESHOLD", "0.5"), ("UIG_JUDGE_REPEATS", "3")],
)
def test_what_is_exported_for_geneval_is_in_no_tiif_commands_way(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    run = tmp_path / "r"
    monkeypatch.setenv(variable, value)
    drawn = uig("eval", "tiif", "--limit", "2", "--method", "direct", "--out", run, "--quiet")
    assert drawn.code == 0, drawn.err
    judged = uig("rejudge", run, "--quiet")
    assert judged.code == 0, judged.err
    option = variable.removeprefix("UIG_").replace("_", "-").lower()
    refused = uig("rejudge", run, f"--{option}", value)
    assert refused.code == 2 and f"--{option}" in refused.err
    assert len(refused.err.strip().splitlines()) == 1


def test_what_is_exported_for_tiif_is_in_no_geneval_commands_way(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "r"
    monkeypatch.setenv("UIG_JUDGE", "exact")
    drawn = uig("eval", "geneval", "--limit", "2", "--samples", "1", "--method", "direct",
                "--out", run, "--quiet")  # fmt: skip
    assert drawn.code == 0, drawn.err
    assert uig("rejudge", run, "--quiet").code == 0
    assert uig("rejudge", run, "--threshold", "0.9", "--quiet").code == 0
    refused = uig("rejudge", run, "--judge", "exact")
    assert refused.code == 2 and "geneval is scored by a detector" in refused.err


def test_list_of_detectors_and_readers(uig: Uig) -> None:
    assert {"none", "mask2former:PATH", "exact"} == set(
        json.loads(uig("list", "detectors", "--json").out)
    )
    assert "rapidocr" in uig("list", "readers").out


def test_a_benchmark_s_own_numbers_are_made_of_parts_of_one_too(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is right in part is not cut off to whole answers."""

    class Summed(Beauty):
        def official_scores(self, tallies: Mapping[str, Sequence[Tally]]) -> Mapping[str, Any]:
            return {split: sum(one.correct for one in each) for split, each in tallies.items()}

    offer(monkeypatch, benchmarks=[Summed()], judges=[rater()])
    run = tmp_path / "r"
    assert uig(*moods("beauty", run, "--judge", "rater")).code == 0
    opened = open_run(run)
    # A picture has 1 for its beauty and 1/4 for its calm, which counts thrice.
    each = 2 * (1 + 3 * 0.25) / 4
    assert official_scores(opened, make_tables(opened)) == {"uig, rater": {"": 4 * each}}
