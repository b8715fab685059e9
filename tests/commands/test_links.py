"""--links and --score-candidates, as typed."""

from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from tests.methods_for_tests import ALL, offered

QUICK = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"
CASES = ["eval", "tiif", "--set", "built-in", "--split", "short", "--limit", 2, "--model", QUICK,
         "--quiet"]  # fmt: skip


def test_without_links_pictures_stand_below_drawn_alone(uig: Uig, tmp_path: Path) -> None:
    linked, plain = tmp_path / "linked", tmp_path / "plain"
    assert uig(*CASES, "--method", "direct", "--out", linked).code == 0
    assert uig(*CASES, "--method", "direct", "--links", "none", "--out", plain).code == 0
    links = sorted((linked / "pictures").rglob("*.png"))
    assert len(links) == 2 and all(link.is_symlink() for link in links)
    assert all(not link.readlink().is_absolute() for link in links)
    assert not (plain / "pictures").exists()
    files = [sorted(p.name for p in (run / "drawn").rglob("*.png")) for run in (linked, plain)]
    assert files[0] == files[1] and len(files[0]) == 2
    refused = uig(*CASES, "--links", "hard", "--out", tmp_path / "no")
    assert refused.code == 2 and "relative" in refused.err


def test_candidates_are_scored_where_that_is_asked_for(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(offered(tmp_path / "package")))
    name = ALL["BEAM"].name
    own, all_of = tmp_path / "own", tmp_path / "all"
    words = [*CASES, "--judge", "self", "--method", name]
    assert uig(*words, "--out", own).code == 0
    assert uig(*words, "--score-candidates", "--out", all_of).code == 0
    scored = [pd.read_csv(run / "tables" / "candidates.csv")["score"] for run in (own, all_of)]
    assert scored[0].isna().any() and scored[1].notna().all()
    exact = tmp_path / "exact"
    assert uig(*words[:-4], "--judge", "exact", "--method", name, "--out", exact).code == 0
    assert pd.read_csv(exact / "tables" / "candidates.csv")["judge"].isin(["exact", "strict"]).all()
