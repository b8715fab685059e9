"""A benchmark of one file, with and without the parts that may be left out, in every command."""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Uig
from uig_cli.benchmarks import registry
from uig_cli.benchmarks.protocol import Benchmark, Source
from uig_cli.errors import UigError


def loaded(path: Path, name: str) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


class Offered:
    """What an installed package offers."""

    name, value, dist = "counting", "counting", None

    def __init__(self, what: Any) -> None:
        self.what = what

    def load(self) -> Any:
        return self.what


def register(monkeypatch: pytest.MonkeyPatch, benchmark: Any, name: str = "counting") -> None:
    monkeypatch.setattr(
        "uig_cli.registry.offered",
        lambda group: {name: Offered(benchmark)} if group == "benchmarks" else {},
    )


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Benchmark:
    """The example of docs/examples, registered."""
    found: Benchmark = loaded(ROOT / "docs" / "examples" / "benchmark.py", "COUNTING")
    register(monkeypatch, found)
    return found


@pytest.fixture
def smallest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Benchmark:
    """The example in the text of docs/adding-a-benchmark.md, registered."""
    text = (ROOT / "docs" / "adding-a-benchmark.md").read_text("utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    path = tmp_path / "smallest.py"
    path.write_text(code, "utf-8")
    found: Benchmark = loaded(path, "COUNTING")
    register(monkeypatch, found)
    return found


def drawn(uig: Uig, out: Path) -> Path:
    done = uig("eval", "counting", "--method", "direct", "--limit", "4", "--out", out, "--quiet")
    assert done.code == 0, done.err
    return out


def test_it_is_drawn_scored_shown_and_compared(
    uig: Uig, tmp_path: Path, smallest: Benchmark
) -> None:
    run = drawn(uig, tmp_path / "run")
    told = json.loads(uig("show", run, "--json").out)
    assert told["summary"][-1]["level"] == "overall" and told["summary"][-1]["score"] is not None
    assert {row["judge"] for row in told["summary"]} == {"exact"}
    assert uig("compare", f"{run}:direct", f"{run}:direct").code == 0
    assert uig("export", run, "--layout", "reference", "--out", tmp_path / "ref.json").code == 0
    assert "counting" in uig("list", "benchmarks").out
    assert smallest.layout is None and smallest.published is None


def test_what_it_leaves_out_is_told_in_a_sentence(
    uig: Uig, tmp_path: Path, smallest: Benchmark
) -> None:
    run = drawn(uig, tmp_path / "run")
    refused = uig("export", run, "--layout", "official", "--out", tmp_path / "tree")
    assert refused.code == 2 and "counting has no official layout" in refused.err
    refused = uig("score", "counting", tmp_path)
    assert refused.code == 2 and "counting has no official layout" in refused.err
    (found,) = json.loads(uig("show", run, "--published", "--json").out)
    assert found["reasons"] == [f"no scores of {smallest.name} are in the list"]
    assert not (run / "tables" / "official.json").exists()


@pytest.mark.usefixtures("counting")
def test_its_layout_goes_out_and_comes_back(uig: Uig, tmp_path: Path) -> None:
    run, tree = drawn(uig, tmp_path / "run"), tmp_path / "tree"
    assert uig("export", run, "--layout", "official", "--out", tree).code == 0
    (tree / "pocket-direct" / "notes.txt").write_text("not a picture")
    assert len(list((tree / "pocket-direct").glob("*.png"))) == 4
    back = uig("score", "counting", tree / "pocket-direct", "--set", "built-in", "--limit", "4",
               "--out", tmp_path / "back", "--json")  # fmt: skip
    assert back.code == 0, back.err
    (scored,) = json.loads(back.out)["runs"]
    assert scored["official"] == {} and scored["model"] == "pocket-direct"
    assert any("1 files stand for no case" in note for note in scored["notes"])
    before = json.loads(uig("show", run, "--json").out)["summary"][-1]
    assert scored["summary"][-1]["score"] == before["score"]
    assert scored["summary"][-1]["method"] == "external"


@pytest.mark.usefixtures("counting")
def test_its_published_scores_stand_beside_a_run(uig: Uig, tmp_path: Path) -> None:
    (found,) = json.loads(uig("show", drawn(uig, tmp_path / "r"), "--published", "--json").out)
    assert found["reasons"] == ["4 of 12 prompts"]
    assert [row["scores"]["overall"] for row in found["rows"] if row["source"]] == [75.0]


def test_what_its_card_does_not_have_is_refused(counting: Benchmark, tmp_path: Path) -> None:
    for source, expected in (
        (Source(split="long"), 'unknown counting split "long"'),
        (Source(set="full"), 'unknown counting set "full"'),
        (Source(data=tmp_path), "counting reads no such file"),
        (Source(prompts_file=tmp_path), "got --prompts-file"),
    ):
        with pytest.raises(UigError, match=expected):
            counting.open(source)


def test_what_is_no_benchmark_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Half:
        name = "half"

    register(monkeypatch, Half(), "half")
    with pytest.raises(UigError, match="gives Half, expected an instance"):
        registry.benchmark("half")
    with pytest.raises(UigError, match='Did you mean "half"'):
        registry.benchmark("halt")
