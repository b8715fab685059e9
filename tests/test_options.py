"""Options: the names and texts of 0.1.0 but for what has changed, and what of them was given."""

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.conftest import ROOT, Uig
from uig_cli.app import app
from uig_cli.errors import UigError
from uig_cli.option_values import parse_batches
from uig_cli.options import CaseOptions, LoopOptions, ModelOptions, ScoringOptions

OLD: dict[str, dict[str, str]] = json.loads(
    (ROOT / "tests" / "data" / "v0.1.0" / "options.json").read_text("utf-8")
)
SAID_OTHERWISE = {
    "--judge-parser",
    "--method",
    "--judge",
    "--set",
    "--prompts",
    "--template",
    "--batch-size",
    "--judgements",
    "--allow-underpowered",
}
"""Options whose text is another one now."""

ADDED = {
    "--links", "--preset", "--score-candidates", "--at-equal", "--record", "--against",
    "--html", "--intervals",
}  # fmt: skip

QUICK = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"


def options(name: str) -> dict[str, Any]:
    found = typer.main.get_command(app).commands[name].params  # type: ignore[attr-defined]
    return {" / ".join(o.opts): o for o in found if o.opts[0].startswith("--")}


@pytest.mark.parametrize("name", OLD)
def test_names_and_texts_are_those_of_0_1_0(name: str) -> None:
    now = options(name)
    assert set(OLD[name]) <= set(now)
    assert set(now) - set(OLD[name]) - {"--help"} <= ADDED
    for flag, text in OLD[name].items():
        if flag not in SAID_OTHERWISE:
            assert " ".join(now[flag].help.split()) == " ".join(text.split()), flag


def test_every_option_comes_from_the_environment_but_a_few() -> None:
    alone = {"--prompt", "--case", "--published", "--format", "--layout", "--help"}
    alone |= {"--record", "--against", "--intervals"}
    for name in OLD:
        for flag, one in options(name).items():
            first = flag.split(" / ")[0]
            variable = "UIG_" + first.removeprefix("--").replace("-", "_").upper()
            known = one.envvar == variable or first in alone
            ours = (name, first) in {("compare", "--judge"), ("export", "--out")}
            ours |= name in ("rejudge", "score") and first == "--model"
            assert known or ours, (name, flag)


def test_given_is_what_was_said_and_not_what_is_exported() -> None:
    made = ModelOptions(model="x")
    assert made.given == made.on_line == {"model"}
    sources = {"model": "config", "device": "environment", "dtype": "default", "editor": "line"}
    read = ModelOptions(model="x", device="cuda", editor="y", sources=sources)
    assert read.given == {"model", "editor"} and read.on_line == {"editor"}
    assert read.unless_exported(["device", "model"]).device == "auto"
    assert read.unless_exported(["device", "model"]).model == "x"
    assert "examiner" not in read.recorded() and read.recorded()["device"] == "cuda"


def test_several_values_are_tuples_and_never_a_text() -> None:
    assert LoopOptions(method=["direct", "uig"]).method == ("direct", "uig")  # type: ignore[arg-type]
    assert CaseOptions().recorded() == {}
    assert ScoringOptions(judge=("exact",)).recorded()["judge"] == ["exact"]


def test_a_misspelt_field_is_a_type_error(tmp_path: Path) -> None:
    file = tmp_path / "misspelt.py"
    file.write_text(
        "from uig_cli.api import LoopOptions, ScoringOptions\n"
        "LoopOptions(samplr=('x=1',))\n"
        "def f(scoring: ScoringOptions) -> float:\n    return scoring.judge_temprature\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(file)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert 'Unexpected keyword argument "samplr"' in done.stdout
    assert 'maybe "judge_temperature"' in done.stdout


def test_functions_of_commands_api_and_engine_are_short() -> None:
    import ast

    files = [ROOT / "uig_cli" / "api.py"]
    for room in ("commands", "engine"):
        files += sorted((ROOT / "uig_cli" / room).glob("*.py"))
    for file in files:
        for one in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(one, ast.FunctionDef):
                start = one.body[1 if ast.get_docstring(one) and one.body[1:] else 0].lineno
                body = (one.end_lineno or 0) - start + 1
                arguments = [*one.args.args, *one.args.kwonlyargs]
                named = [a.arg for a in arguments if a.arg not in ("self", "cls")]
                assert body <= 40, f"{file.name}: {one.name} has {body} lines"
                assert len(named) <= 8, f"{file.name}: {one.name} takes {len(named)}"


def test_config_show_says_where_each_value_came_from(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UIG_SEED", "5")
    study = tmp_path / "study.yaml"
    study.write_text("rounds: 3\njudge: [exact]\n")
    words = ["config", "show", "eval", "tiif", "--limit", "20", "--config", study]
    rows = {r["option"]: r for r in json.loads(uig(*words, "--json").out)}
    told = {o: (rows[o]["value"], rows[o]["source"]) for o in ("--seed", "--rounds", "--limit")}
    assert told == {
        "--seed": (5, "environment"), "--rounds": (3, "config"), "--limit": (20, "line")
    }  # fmt: skip
    assert rows["--model"]["source"] == "default"
    everything = uig("config", "show")
    assert everything.code == 0 and "--gate" in everything.out
    assert 'mean "eval"' in uig("config", "show", "evil").err


@pytest.mark.parametrize("words", [["--detector", "exact"], ["--threshold", "0.5"]])
def test_what_is_exported_for_one_benchmark_is_in_no_command_s_way(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    name = "UIG_" + words[0].removeprefix("--").upper()
    monkeypatch.setenv(name, words[1])
    run = tmp_path / "r"
    drawn = uig("eval", "tiif", "--set", "built-in", "--split", "short", "--limit", 2, "--model",
                QUICK, "--method", "direct", "--out", run, "--quiet")  # fmt: skip
    assert drawn.code == 0, drawn.err
    assert uig("rejudge", run, "--quiet").code == 0
    out = tmp_path / "official"
    assert uig("export", run, "--layout", "official", "--out", out).code == 0
    scored = uig("score", "tiif", out, "--set", "built-in", "--split", "short", "--limit", 2,
                 "--judge", "exact", "--out", tmp_path / "s", "--quiet")  # fmt: skip
    assert scored.code == 0, scored.err
    refused = uig("rejudge", run, *words)
    assert refused.code == 2 and words[0] in refused.err


def test_commands_are_thin() -> None:
    """Groups in, one call, a report out."""
    from uig_cli.commands import eval, generate, refine, rejudge, score

    for module in (eval, generate, refine, rejudge, score):
        assert len(inspect.getsource(module).splitlines()) <= 75
        assert "locals()" not in inspect.getsource(module)


def test_batches_for_all_roles_or_for_each() -> None:
    assert parse_batches(None) == {}
    assert parse_batches("8") == {"draw": 8, "look": 8, "edit": 8}
    assert parse_batches("4, look=16") == {"draw": 4, "look": 16, "edit": 4}
    for text in ("0", "-1", "look=", "see=4", "1,", "1.5", "look=0", ""):
        with pytest.raises(UigError, match="is not N or ROLE=N"):
            parse_batches(text)
