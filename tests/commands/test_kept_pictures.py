"""Runs of methods that keep other pictures than they make, and runs that have nothing to do."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from tests.conftest import ROOT, Uig
from tests.killing import killed_in_the_middle
from tests.methods_for_tests import ALL, offered
from uig_cli.models.protocol import pixel_hash
from uig_cli.results import run as reading
from uig_cli.results.replay import replay
from uig_cli.runs.journal import Journal

MODELS = ROOT / "tests" / "models_for_tests.py"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"
METHODS = [word for of in ALL.values() for word in ("--method", of.name)]
BEAM_FAILS = """
import os
from pathlib import Path
from tests.models_for_tests import Quick
from uig_cli.models.protocol import Draw, Failure
class Loses(Quick):
    identity = {"kind": "loses"}
    def answer(self, request):
        mark = Path(os.environ["UIG_TEST_MARKS"]) / "mended"
        if isinstance(request, Draw) and request.stage == "candidate-1" and not mark.exists():
            return Failure("memory", f"none left for {request.noise.case}")
        return super().answer(request)
"""


@pytest.fixture
def methods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The methods for tests, offered by a package, here and in processes started by a test."""
    folder = offered(tmp_path / "package")
    monkeypatch.syspath_prepend(str(folder))
    return folder


def tiif(out: Path, *more: object, model: object = f"{MODELS}:Quick") -> list[object]:
    return ["eval", "tiif", "--data", SAMPLE, "--split", "short", "--model", f"python:{model}",
            "--quiet", "--out", out, *more]  # fmt: skip


def lines(run: Path) -> list[Any]:
    files = sorted((run / "journal").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def wrong_files(run: Path) -> list[str]:
    """Pictures of the journal whose file holds another or none."""
    pictures = [line["picture"] for line in lines(run) if "picture" in line]
    assert pictures
    return [
        picture["path"]
        for picture in pictures
        if not (run / picture["path"]).is_file()
        or pixel_hash(Image.open(run / picture["path"])) != picture["sha256"]
    ]


def table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(run / "tables" / f"{name}.csv", dtype={"sha256": str, "made_sha256": str})


def test_no_journalled_picture_is_replaced(uig: Uig, tmp_path: Path, methods: Path) -> None:
    done = uig(*tiif(tmp_path / "r", "--limit", 4, "--rounds", 3, *METHODS))
    assert done.code == 0, done.err
    assert wrong_files(tmp_path / "r") == []
    steps = table(tmp_path / "r", "steps")
    for row in steps.to_dict("records"):
        path = tmp_path / "r" / row["picture"]
        assert not path.is_symlink() and pixel_hash(Image.open(path)) == row["sha256"]
    for row in steps[steps["still_running"]].to_dict("records"):
        name = f"{row['method']}/{row['case'].replace('/', '.')}/{row['sample']}"
        link = tmp_path / "r" / "pictures" / name / f"step-{row['step']}.png"
        assert link.is_symlink() and link.samefile(tmp_path / "r" / row["picture"])


def test_tables_tell_made_from_kept(uig: Uig, tmp_path: Path, methods: Path) -> None:
    command = tiif(tmp_path / "r", "--limit", 3, "--rounds", 2, *METHODS)
    assert uig(*command, "--judge", "self").code == 0
    steps = table(tmp_path / "r", "steps")
    first = steps[(steps["method"] == "test-first") & (steps["step"] > 0)]
    assert (first["returns_to"] == 0).all() and first["made_sha256"].notna().all()
    assert first["made_score"].notna().all()
    assert (first["sha256"] != first["made_sha256"]).all()
    silent = steps[steps["method"] == "test-silent"]
    assert silent["made_sha256"].isna().all()
    kept = steps[steps["method"] == "test-keeps"].reset_index()
    assert kept["sha256"].tolist() == silent["sha256"].tolist()
    beam = steps[steps["method"] == "test-beam"]
    assert sorted(beam["step"].unique()) == [0, 1]
    candidates = table(tmp_path / "r", "candidates")
    of_beam = candidates[candidates["method"] == "test-beam"]
    assert len(of_beam) == 3 * 2 * 3
    assert (of_beam.groupby(["case", "round"])["chosen"].sum() == 1).all()
    assert of_beam[of_beam["chosen"]]["score"].notna().all()
    assert of_beam[~of_beam["chosen"]]["score"].isna().any()  # nobody was asked about them
    chosen = of_beam[of_beam["chosen"] & (of_beam["round"] == 0)]["sha256"].tolist()
    assert chosen == beam[beam["step"] == 0]["sha256"].tolist()


def test_exact_scores_all_candidates(uig: Uig, tmp_path: Path, methods: Path) -> None:
    command = tiif(tmp_path / "r", "--limit", 2, "--method", "test-beam")
    command[2:4] = ["--set", "built-in"]
    done = uig(*command)
    assert done.code == 0, done.err
    assert table(tmp_path / "r", "candidates")["score"].notna().all()


def test_show_and_compare_tell_edits_from_returns(uig: Uig, tmp_path: Path, methods: Path) -> None:
    assert uig(*tiif(tmp_path / "r", "--limit", 6, "--rounds", 2, *METHODS)).code == 0
    case = table(tmp_path / "r", "steps")["case"][0]
    chain = json.loads(uig("show", tmp_path / "r", "--case", case, "--json").out)
    loops = {loop["method"]: loop["steps"] for loop in chain["loops"]}
    second = loops["test-first"][1]
    assert second["returns_to"] == 0 and second["made"] != second["picture"]
    assert Path(second["made"]).is_file() and "drawn" in second["made"]
    (judged,) = second["judged"]
    assert {"made_score", "by_edit", "by_return"} <= judged.keys()
    assert [one["chosen"] for one in loops["test-beam"][0]["candidates"]].count(True) == 1
    told = uig("show", tmp_path / "r", "--case", case).out
    assert "returned to step 0" in told and "candidate 2, 0." in told and "kept" in told
    compared = uig("compare", f"{tmp_path}/r:test-first", f"{tmp_path}/r:test-keeps", "--json")
    (found,) = json.loads(compared.out)["comparisons"]
    for one in found["rounds_before"]:
        assert one["returned"] == one["edited"] == 6 and one["repaired"] == one["broken"] == 0
        assert one["broken_by_edit"] == one["repaired_by_return"]


def test_killed_with_methods_that_return(uig: Uig, tmp_path: Path, methods: Path) -> None:
    base = ["--limit", 6, "--rounds", 3, "--batch-size", 3, *METHODS]
    slow = f"{MODELS}:Slow"
    assert uig(*tiif(tmp_path / "whole", *base, model=slow)).code == 0
    killed = tmp_path / "killed"
    paths = os.pathsep.join([str(methods), str(ROOT), os.environ.get("PYTHONPATH", "")])
    for count in (15, 60):
        killed_in_the_middle(killed, tiif(killed, *base, model=slow), count, {"PYTHONPATH": paths})
        assert wrong_files(killed) == []
    assert uig(*tiif(killed, *base, model=slow)).code == 0
    assert wrong_files(killed) == []
    for name in ("steps", "candidates", "questions"):
        whole, again = (
            table(root, name).drop(columns="seconds", errors="ignore")
            for root in (tmp_path / "whole", killed)
        )
        pd.testing.assert_frame_equal(whole, again)


@pytest.mark.parametrize("method", ["test-beam", "test-honest"])
def test_a_failed_candidate_is_missing_and_tried_again(
    uig: Uig, tmp_path: Path, methods: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    (tmp_path / "m.py").write_text(BEAM_FAILS)
    monkeypatch.setenv("UIG_TEST_MARKS", str(tmp_path))
    command = tiif(tmp_path / "r", "--limit", 3, "--method", method, model=tmp_path / "m.py:Loses")
    lost = uig(*command)
    assert lost.code == 3, lost.err
    steps = table(tmp_path / "r", "steps")
    assert steps["sha256"].isna().all() and steps["score"].isna().all()
    assert steps["failure"].str.startswith("memory: none left").all()
    (tmp_path / "mended").touch()
    assert uig(*command).code == 0
    assert len(table(tmp_path / "r", "candidates")) == 3 * 3 * (2 if method == "test-beam" else 1)
    assert table(tmp_path / "r", "steps")["sha256"].notna().all()


def files(run: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(run)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in run.rglob("*")
        if path.is_file()
    }


def test_nothing_to_do_writes_nothing(uig: Uig, tmp_path: Path, methods: Path) -> None:
    run = tmp_path / "r"
    command = tiif(run, "--limit", 4, "--rounds", 2, *METHODS)
    assert uig(*command).code == 0
    before = files(run)
    assert uig(*command).code == 0
    assert files(run) == before
    (run / "tables" / "steps.csv").unlink()
    (run / "contact-sheet.png").unlink()
    os.utime(run / "tables" / "summary.csv", ns=(0, 0))
    (run / "tables" / "summary.json").write_text("old")
    os.utime(run / "tables" / "summary.json", ns=(0, 0))
    assert uig(*command).code == 0
    after = files(run)
    assert {name: content for name, (_, content) in after.items()} == {
        name: content for name, (_, content) in before.items()
    }
    renewed = {name for name in after if after[name] != before[name]}
    assert renewed == {
        "tables/steps.csv", "tables/summary.csv", "tables/summary.json", "contact-sheet.png"
    }  # fmt: skip


@pytest.mark.parametrize("cases", [1, pytest.param(100, marks=pytest.mark.slow)])
def test_a_journal_is_read_once_and_a_loop_replayed_once(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cases: int
) -> None:
    counts = {"journals": 0, "replays": 0}

    def counted(name: str, of: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            counts[name] += 1
            return of(*given)

        return call

    command = tiif(tmp_path / "r", "--limit", cases, "--rounds", 1, "--method", "direct",
                   "--method", "uig", "--judge", "self")  # fmt: skip
    command[command.index("short")] = "both"
    monkeypatch.setattr(reading, "replay", counted("replays", replay))
    monkeypatch.setattr(Journal, "__init__", counted("journals", Journal.__init__))
    for _ in range(2):
        counts.update(journals=0, replays=0)
        assert uig(*command).code == 0
        assert counts == {"journals": 1, "replays": 2 * cases}


@pytest.mark.parametrize("harm", ["flip", "swap", "folder", "cut"])
def test_a_damaged_picture_is_missing_until_it_is_drawn_again(
    uig: Uig, tmp_path: Path, harm: str
) -> None:
    run = tmp_path / "r"
    command = tiif(run, "--limit", 3, "--method", "direct", "--judge", "self")
    assert uig(*command).code == 0
    whole = {path: path.read_bytes() for path in sorted((run / "drawn").rglob("*.png"))}
    one, other, _ = whole
    content = bytearray(whole[one])
    content[len(content) // 2] ^= 0xFF
    one.unlink()
    match harm:
        case "flip":
            one.write_bytes(content)
        case "swap":
            one.write_bytes(whole[other])
        case "folder":
            one.mkdir()
        case "cut":
            one.write_bytes(content[:60])
    if one.is_file():
        later = one.stat().st_mtime + 60
        os.utime(one, (later, later))
    shutil.rmtree(run / "judgements")
    judged = uig("rejudge", run, "--judge", "self", "--model", f"python:{MODELS}:Quick", "--quiet")
    assert judged.code == 3
    told = judged.err + (run / "tables" / "questions.csv").read_text()
    assert "DamagedPicture" in told or "is gone or damaged" in told
    assert uig(*command).code == 0
    assert table(run, "steps")["score"].notna().all()
    if harm != "folder":
        assert wrong_files(run) == []
        assert {path: path.read_bytes() for path in whole} == whole


def test_a_picture_that_is_not_its_own_any_more_is_not_examined(uig: Uig, tmp_path: Path) -> None:
    run = tmp_path / "r"
    command = tiif(run, "--limit", 2, "--method", "direct", "--rounds", 1)
    assert uig(*command).code == 0
    one, other = sorted((run / "drawn").rglob("*.png"))
    times = one.stat()
    one.write_bytes(other.read_bytes())
    os.utime(one, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a failing disk would do it
    lost = uig(*command, "--method", "uig")
    assert lost.code == 3
    (looked,) = (line for line in lines(run) if line["role"] == "look" and "failure" in line)
    assert f"{one.name} holds other pixels" in looked["failure"]["reason"]
    assert looked["failure"]["reason"] in "".join(table(run, "steps")["failure"].dropna())


def test_fresh_removes_what_was_drawn(uig: Uig, tmp_path: Path, methods: Path) -> None:
    command = tiif(tmp_path / "r", "--limit", 2, "--method", "direct")
    assert uig(*command).code == 0
    (tmp_path / "r" / "ratings").mkdir()
    assert uig(*command, "--seed", 1, "--fresh").code == 0
    assert len(list((tmp_path / "r" / "drawn").rglob("*.png"))) == 2
