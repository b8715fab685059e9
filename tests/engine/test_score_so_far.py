"""The score while judging goes on: what it ends with is what the tables say."""

from pathlib import Path

import pytest

from tests.conftest import Uig
from uig_cli.engine.score_so_far import ScoreSoFar
from uig_cli.results.run import open_run
from uig_cli.results.tables import make_tables
from uig_cli.runs.records import Records, home_of
from uig_cli.scoring.findings import Answer
from uig_cli.scoring.protocol import Asked


@pytest.fixture
def run(uig: Uig, tmp_path: Path) -> Path:
    words = ("--set", "built-in-hard", "--split", "long", "--limit", "4", "--rounds", "1")
    asked = ("--method", "direct", "--method", "uig", "--out", tmp_path / "r", "--quiet")
    assert uig("eval", "tiif", *words, *asked).code == 0
    return tmp_path / "r"


def test_it_ends_with_the_mean_of_the_tables(run: Path) -> None:
    opened = open_run(run)
    folder = home_of(run, "answers") / "exact"
    full = ScoreSoFar(opened, "answers", Records(folder, "answers"), "exact")
    steps = make_tables(opened).steps
    exact = steps[steps["judge"] == "exact"]
    for line in full.lines():
        method = line.partition(" so far")[0]
        own = exact[exact["method"] == method].groupby("step")["score"].mean()
        told = " → ".join(f"{mean:.1f}" for mean in own)
        assert line == f"{method} so far: {told}, 4 cases"
    assert len(list(full.lines())) == 2


def test_it_grows_with_each_reply_and_counts_what_asking_took(run: Path, tmp_path: Path) -> None:
    opened = open_run(run)
    known = Records(home_of(run, "answers") / "exact", "answers")
    records = Records(tmp_path / "new", "answers", "0-of-1")
    so_far = ScoreSoFar(opened, "answers", records, "judge")
    assert list(so_far.lines()) == []
    counts = []
    seen = set()
    for drawn in opened.drawn():
        for step in drawn.steps:
            picture = step.picture
            if picture is None or picture in seen:
                continue
            seen.add(picture)
            texts = opened.benchmark.wanted(drawn.case, "answers")
            found = tuple(known.found(picture.sha256, text) for text in texts)
            for text, one in zip(texts, found, strict=True):
                records.write(picture.sha256, text, one)
            answers = [one for one in found[1:] if isinstance(one, Answer)]
            reply = (Answer("yes", usage=(10, 2)), *answers)
            so_far.heard(Asked(picture, texts), reply)
            counts.append(sum(count for _, count in so_far._sums.values()))
    records.close()
    assert counts == sorted(counts) and counts[0] >= 1
    assert counts[-1] == sum(len(drawn.steps) for drawn in opened.drawn())
    assert list(so_far.lines())[-1] == (
        f"{len(seen)} replies, {10 * len(seen)} tokens read, {2 * len(seen)} written"
    )
