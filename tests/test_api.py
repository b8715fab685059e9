"""The Python API: what commands do as functions, without environment, printing or exits."""

import inspect
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

import uig_cli.api as uig
from tests.conftest import ROOT
from tests.test_startup import HEAVY
from uig_cli.option_groups import Group, declared

QUICK = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"
FUNCTIONS = (uig.evaluate, uig.refine, uig.generate, uig.rejudge, uig.score, uig.compare)


def quick(out: Path, *methods: str) -> uig.Run:
    return uig.evaluate(
        "tiif",
        cases=uig.CaseOptions(set="built-in", split="short", limit=4),
        models=uig.ModelOptions(model=QUICK),
        loop=uig.LoopOptions(method=methods or ("direct",), rounds=1),
        run=uig.RunOptions(out=out),
    )


def test_importing_it_loads_nothing_heavy() -> None:
    code = f"import sys, uig_cli.api; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_example_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "python-api.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(code, "docs/python-api.md", "exec"), {})
    out = capsys.readouterr()
    assert "direct" in out.out and "points over 6 cases" in out.out
    assert out.err == ""


def test_runs_give_frames_and_say_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = quick(tmp_path / "r", "direct", "uig")
    assert len(run.steps()) == 2 * (4 + 8) and set(run.steps()["method"]) == {"direct", "uig"}
    assert {"question", "answer"} <= set(run.questions().columns)
    assert run.summary()["score"].notna().any() and len(run.candidates()) == 0
    assert run.missing() == 0.0 and run.methods == ("direct", "uig")
    again = uig.open_run(tmp_path / "r")
    assert again.steps().equals(run.steps()) and again.notes == run.notes
    assert len(uig.rejudge(run).steps()) == 2 * (4 + 8)
    assert capsys.readouterr() == ("", "")


def test_it_reads_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UIG_LIMIT", "1")
    monkeypatch.setenv("UIG_JUDGE", "none")
    monkeypatch.setenv("UIG_SEED", "7")
    run = quick(tmp_path / "r")
    assert len(run.steps()) == 2 * 4 and set(run.steps()["seed"]) == {0}
    assert set(run.steps()["judge"]) == {"exact", "strict"}


def test_what_cannot_be_is_an_error(tmp_path: Path) -> None:
    for wrong in (
        lambda: uig.evaluate("tif"),
        lambda: uig.open_run(tmp_path),
        lambda: uig.compare(["one"]),
        lambda: uig.generate(uig.PromptOptions()),
        lambda: uig.LoopOptions(method="uig"),  # type: ignore[arg-type]
        lambda: uig.score("tiif", tmp_path / "none"),
    ):
        with pytest.raises(uig.UigError):
            wrong()


def test_a_benchmark_s_own_options_are_groups_of_its_card(tmp_path: Path) -> None:
    from uig_cli.benchmarks.geneval.card import RuleOptions

    run = quick(tmp_path / "r")
    with pytest.raises(uig.UigError, match="--threshold"):
        uig.rejudge(run, own=(RuleOptions(threshold=0.5),))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_take_the_groups_of_the_command_line(function: object) -> None:
    assert callable(function)
    for name, parameter in inspect.signature(function).parameters.items():
        hint = get_type_hints(function, vars(uig) | {"Sequence": list, "Group": Group})[name]
        if isinstance(hint, type) and issubclass(hint, Group):
            assert parameter.default in (hint(), parameter.empty) or name == "loop"


def test_groups_hold_nothing_but_options() -> None:
    groups = [one for one in vars(uig).values() if isinstance(one, type) and issubclass(one, Group)]
    assert len(groups) >= 9
    for group in groups:
        assert {one.name for one in fields(group)} - {"sources"} == {
            one.name for one in declared(group)
        }
