"""Methods at work in a run: partners in the whole set, budgets of the mean, a spy that sees all."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from tests.models_for_tests import Quick
from uig_cli.benchmarks import registry, select
from uig_cli.benchmarks.protocol import Source
from uig_cli.loop.methods import BUILT_IN
from uig_cli.models.protocol import Edit, Look, Reply, Request

QUICK = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"
TIIF = ("eval", "tiif", "--set", "built-in", "--split", "short", "--model", QUICK, "--quiet")


def steps(folder: Path, method: str) -> pd.DataFrame:
    found = pd.read_parquet(folder / "tables" / "steps.parquet")
    return found[(found["method"] == method) & (found["judge"] == "exact")].reset_index(drop=True)


def cases(folder: Path) -> dict[str, dict[str, object]]:
    lines = (folder / "cases" / "0-of-1.jsonl").read_text("utf-8").splitlines()
    return {case["id"]: case for case in map(json.loads, lines)}


def test_a_partner_is_the_next_case_of_the_whole_set() -> None:
    whole = registry.benchmark("tiif").open(Source(set="built-in")).cases
    few = select.spread(whole, 5)
    for case, alone in zip(select.with_partners(few, whole), few, strict=True):
        assert case.partner is not None and case.id != case.partner[0]
        other = next(one for one in whole if one.id == case.partner[0])
        assert (other.dimension, other.split) == (alone.dimension, alone.split)
        assert other.prompt == case.partner[1]
    everyone = select.with_partners(whole, whole)
    assert len({case.partner[0] for case in everyone if case.partner}) == len(whole)
    lone = [whole[0]]
    assert select.with_partners(lone, lone) == lone


def test_a_limit_changes_no_partner(uig: Uig, tmp_path: Path) -> None:
    few, more = tmp_path / "few", tmp_path / "more"
    for out, limit in ((few, 3), (more, 9)):
        done = uig(*TIIF, "--limit", limit, "--method", "uig-partner", "--out", out)
        assert done.code == 0, done.err
    partners = [{i: case["partner"] for i, case in cases(out).items()} for out in (few, more)]
    assert partners[0].items() <= partners[1].items() and all(partners[0].values())
    kept = [steps(out, "uig-partner").set_index(["case", "step"])["sha256"] for out in (few, more)]
    assert kept[0].equals(kept[1].reindex(kept[0].index))
    again = uig(*TIIF, "--limit", 3, "--method", "direct", "--method", "uig-partner", "--out", few)
    assert again.code == 0, again.err
    # A command that needs no partners leaves them where they are.
    assert uig(*TIIF, "--limit", 3, "--method", "direct", "--out", few).code == 0
    assert {i: case["partner"] for i, case in cases(few).items()} == partners[0]
    assert uig(*TIIF, "--limit", 2, "--method", "direct", "--out", tmp_path / "no").code == 0
    assert all("partner" not in case for case in cases(tmp_path / "no").values())


def test_a_budget_of_the_mean_waits_for_uig(uig: Uig, tmp_path: Path) -> None:
    name = "best-of-n:budget=uig-mean"
    line = [*TIIF, "--limit", 4, "--out", tmp_path / "r", "--method", name]
    early = uig(*line)
    assert early.code == 3 and "known once it is through all cases" in early.err
    assert "  128 pictures missing: pending" in early.err  # 4 cases, 32 steps, however many judges
    assert steps(tmp_path / "r", name)["failure"].str.startswith("pending").all()
    done = uig(*line, "--method", "uig")
    assert done.code == 0, done.err
    assert steps(tmp_path / "r", name)["failure"].isna().all()
    assert uig("show", tmp_path / "r").out.count("best-of-n:budget=uig-mean") > 0


def test_a_method_added_to_a_run_brings_its_templates(uig: Uig, tmp_path: Path) -> None:
    line = [*TIIF, "--limit", 2, "--out", tmp_path / "r"]
    assert uig(*line, "--method", "uig").code == 0
    before = json.loads((tmp_path / "r" / "run.json").read_text("utf-8"))
    assert "examine-worst" not in before["drawing"]["templates"]
    assert uig(*line, "--method", "uig:style=worst").code == 0
    after = json.loads((tmp_path / "r" / "run.json").read_text("utf-8"))
    assert after["methods"] == ["uig", "uig:style=worst"]
    assert "{history}" in after["drawing"]["templates"]["examine-worst"]["text"]
    assert len(steps(tmp_path / "r", "uig:style=worst")) == 10


class Spy(Quick):
    """Says what every method sends it."""

    seen: list[str] = []  # noqa: RUF012

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for request in requests:
            if isinstance(request, Look):
                Spy.seen += [request.text, *request.choices]
            else:
                Spy.seen.append(
                    request.instruction if isinstance(request, Edit) else request.prompt
                )
        yield from super().run(requests)


def test_no_method_is_shown_the_questions_that_it_is_scored_by(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from uig_cli.models import foreign

    Spy.seen.clear()
    monkeypatch.setattr(foreign, "load", lambda found, where: Spy())
    methods = [word for of in BUILT_IN for word in ("--method", of.name)]
    more = [
        "--method",
        "uig:keep=best,score=questions",
        "--method",
        "uig:keep=accept,score=p-match",
    ]
    uig(*TIIF, "--limit", 3, *methods, *more, "--out", tmp_path / "r", "--judge", "none")
    assert len(Spy.seen) > 50
    whole = registry.benchmark("tiif").open(Source(set="built-in", split="short")).cases
    asked = {question.text for case in whole for question in case.questions}
    told = "\n".join(Spy.seen)
    assert not [text for text in asked if text in told]


def test_a_budget_of_the_mean_waits_for_the_other_shards(uig: Uig, tmp_path: Path) -> None:
    name = "best-of-n:budget=uig-mean"
    line = [*TIIF, "--limit", 6, "--out", tmp_path / "r", "--method", "uig", "--method", name]
    first = uig(*line, "--shard", "0/2")
    assert first.code == 3 and "known once it is through all cases" in first.err
    second = uig(*line, "--shard", "1/2")
    assert second.code == 0, second.err  # the other shard's uig is there by now
    again = uig(*line, "--shard", "0/2")
    assert again.code == 0, again.err
    whole = tmp_path / "whole"
    assert uig(*[whole if word == tmp_path / "r" else word for word in line]).code == 0
    shown = [
        steps(out, name).set_index(["case", "step"])["sha256"] for out in (tmp_path / "r", whole)
    ]
    pd.testing.assert_series_equal(shown[0].sort_index(), shown[1].sort_index())
