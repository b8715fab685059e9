"""Methods, models, benchmarks and scorers of one's own, in one file each, on the command line."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from tests.methods_for_tests import offered
from uig_cli import api, registry

EXAMPLES = ROOT / "docs" / "examples"
METHODS = ROOT / "tests" / "methods_for_tests.py"
MODELS = ROOT / "tests" / "models_for_tests.py"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"
QUICK = f"python:{MODELS}:Quick"

CRASHES = """
from uig_cli.loop.methods import Method
from uig_cli.loop.trace import Trace, Step
from uig_cli.models.protocol import Draw, Look

def run(task, settings):
    (drawn,) = yield [Draw(task.prompt, task.noise())]
    {crash}
    return Trace((Step(0, drawn.picture),))

MINE = Method("mine", "", run, frozenset({{"draw"}}))
"""


def tiif(out: Path, *more: object, model: str = QUICK) -> list[object]:
    return ["eval", "tiif", "--data", SAMPLE, "--split", "short", "--limit", "2", "--model", model,
            "--quiet", "--judge", "self", "--out", out, *more]  # fmt: skip


def manifest(run: Path) -> Any:
    return json.loads((run / "run.json").read_text("utf-8"))


def steps(run: Path) -> pd.DataFrame:
    return pd.read_csv(run / "tables" / "steps.csv", dtype=str)


def copied(path: Path, folder: Path, name: str = "own.py") -> Path:
    return Path(shutil.copyfile(path, folder / name))


def test_a_method_with_several_settings_stands_by_its_labels(uig: Uig, tmp_path: Path) -> None:
    pick, run = f"{EXAMPLES / 'method.py'}:PICK", tmp_path / "r"
    words = ["--method", f"{pick}:n=2", "--method", f"{pick}:n=4", "--method", "direct"]
    done = uig(*tiif(run, *words, model=f"python:{EXAMPLES / 'model.py'}:Colors"))
    assert done.code == 0, done.err
    assert manifest(run)["methods"] == ["direct", "pick", "pick:n=2"]
    assert set(steps(run)["method"]) == {"direct", "pick", "pick:n=2"}
    candidates = pd.read_csv(run / "tables" / "candidates.csv")
    assert candidates.groupby("method").size().to_dict() == {"pick": 8, "pick:n=2": 4}
    assert (candidates.groupby(["method", "case"])["chosen"].sum() == 1).all()
    told = uig("compare", f"{run}:pick:n=2@0", f"{run}:pick", "--json")
    assert told.code == 0, told.err
    (found,) = json.loads(told.out)["comparisons"]
    assert (found["before"]["method"], found["after"]["method"]) == ("pick:n=2", "pick")
    assert ":pick:n=2@0" in uig("compare", f"{run}:pick:n=2@0", f"{run}:pick").out
    assert "n=4 (a whole number): pictures to choose from" in uig("list", "methods", pick).out
    wrong = uig(*tiif(run, "--method", f"{pick}:m=2"))
    assert wrong.code == 2 and 'unknown setting of pick "m"; known: n' in wrong.err


def test_a_method_of_a_file_written_for_0_1_0(uig: Uig, tmp_path: Path) -> None:
    run, command = tmp_path / "r", ["--rounds", "2", "--method", f"{METHODS}:SILENT"]
    assert uig(*tiif(run, *command)).code == 0
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.is_file()}
    assert uig(*tiif(run, *command)).code == 0
    assert before == {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.is_file()}
    kept = steps(run)
    assert list(kept["method"].unique()) == ["test-silent"]
    for row in kept.to_dict("records"):
        assert (run / row["picture"]).is_file()


def test_changed_code_continues_nothing(uig: Uig, tmp_path: Path) -> None:
    own, run = copied(METHODS, tmp_path), tmp_path / "r"
    words = ["--rounds", "1", "--method", f"{own}:KEEPS", "--method", "direct"]
    assert uig(*tiif(run, *words)).code == 0
    tables = {path: path.read_bytes() for path in (run / "tables").iterdir()}
    own.write_text(own.read_text() + "\n# changed\n")
    refused = uig(*tiif(run, *words))
    assert refused.code == 2 and "code.method.test-keeps was" in refused.err
    for command in (
        ["compare", f"{run}:direct", f"{run}:test-keeps"],
        ["rejudge", run, "--judge", "self"],
        ["show", run, "--case", steps(run)["case"][0]],
        tiif(run, "--method", "direct"),
    ):
        refused = uig(*command)
        assert refused.code == 2 and "is not the code any more" in refused.err, command
    told = uig("show", run)
    assert told.code == 0 and "its tables as they were last made" in told.err
    assert ("test-keeps" in told.out and "41." in told.out) or "%" in told.out
    assert {path: path.read_bytes() for path in (run / "tables").iterdir()} == tables


def test_a_run_whose_method_is_gone_is_shown(uig: Uig, tmp_path: Path) -> None:
    own, run = copied(METHODS, tmp_path), tmp_path / "r"
    assert uig(*tiif(run, "--rounds", "1", "--method", f"{own}:BEAM")).code == 0
    before = json.loads(uig("show", run, "--json").out)
    own.unlink()
    told = uig("show", run, "--json")
    assert told.code == 0 and f"{own}:BEAM" in told.err and "there is no file" in told.err
    assert json.loads(told.out) == before
    (run / "tables" / "steps.parquet").unlink()
    (run / "tables" / "questions.parquet").unlink()
    assert json.loads(uig("show", run, "--json").out)["pictures"] == before["pictures"]
    refused = uig("compare", f"{run}:test-beam", f"{run}:test-beam")
    assert refused.code == 2 and "is not here" in refused.err
    shutil.rmtree(run / "tables")
    assert uig("show", run).code == 2


def test_a_file_is_found_where_it_was_from_anywhere(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(METHODS, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert uig(*tiif(tmp_path / "r", "--method", "own.py:BEAM")).code == 0
    monkeypatch.chdir(ROOT)
    shown = uig("show", tmp_path / "r")
    assert shown.code == 0 and "note" not in shown.err
    assert manifest(tmp_path / "r")["sources"]["method.test-beam"]["given"] == "own.py:BEAM"


def test_two_methods_of_one_name_are_refused(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = copied(METHODS, tmp_path)
    own.write_text(own.read_text() + "\n# another\n")
    words = ["--method", f"{METHODS}:BEAM", "--method", f"{own}:BEAM"]
    refused = uig(*tiif(tmp_path / "r", *words))
    assert refused.code == 2 and "are both called test-beam" in refused.err
    monkeypatch.syspath_prepend(str(offered(tmp_path / "package")))
    refused = uig(*tiif(tmp_path / "r", "--method", "test-beam", "--method", f"{own}:BEAM"))
    assert refused.code == 2 and "test-beam and" in refused.err
    assert uig(*tiif(tmp_path / "r", "--method", "test-beam")).code == 0
    refused = uig(*tiif(tmp_path / "r", "--method", f"{own}:BEAM"))
    assert refused.code == 2
    assert 'code.method.test-beam was "methods-for-tests 1"' in refused.err


@pytest.mark.parametrize("name", ["uig", "external", "a:b", "a@2"])
def test_names_that_a_method_may_not_have(uig: Uig, tmp_path: Path, name: str) -> None:
    own = tmp_path / "own.py"
    own.write_text(CRASHES.format(crash="").replace('"mine"', repr(name)))
    refused = uig(*tiif(tmp_path / "r", "--method", f"{own}:MINE"))
    assert refused.code == 2 and f"{own}:MINE" in refused.err


def test_a_method_that_goes_wrong_at_once(uig: Uig, tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(CRASHES.format(crash='raise ZeroDivisionError("a slip")'))
    failed = uig(*tiif(tmp_path / "r", "--method", f"{own}:MINE"))
    assert failed.code == 2
    assert failed.err.count("\n") == 1 and "method mine fails (ZeroDivisionError" in failed.err
    assert f"{own}:8" in failed.err


def test_a_method_that_goes_wrong_over_some_prompts_fails_alone(uig: Uig, tmp_path: Path) -> None:
    own, run = tmp_path / "own.py", tmp_path / "r"
    crash = 'if "color" in task.case and drawn.picture.size != (1, 1): 1 / 0'
    own.write_text(CRASHES.format(crash=crash))
    words = ["--method", f"{own}:MINE", "--method", "direct", "--limit", "12"]
    failed = uig(*tiif(run, *words))
    assert failed.code == 3 and f"{own}:8" in failed.err and "Traceback" not in failed.err
    assert uig("show", run).code == 0
    steps = pd.read_parquet(run / "tables" / "steps.parquet")
    lost = steps[(steps["method"] == "mine") & (steps["step"] == 0)].set_index("case")["failure"]
    assert 0 < lost.notna().sum() < len(lost)
    assert lost.dropna().str.startswith("method: method mine fails (ZeroDivisionError").all()
    assert all("color" in case for case in lost.dropna().index)
    assert steps[steps["method"] == "direct"]["failure"].isna().all()


def test_debugging_shows_all(tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(CRASHES.format(crash="1 / 0"))
    words = map(str, tiif(tmp_path / "r", "--method", f"{own}:MINE"))
    environment = {**os.environ, "UIG_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "uig_cli", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: method mine fails")


def test_a_method_that_goes_wrong_when_it_is_read_back(uig: Uig, tmp_path: Path) -> None:
    own, run = tmp_path / "own.py", tmp_path / "r"
    crash = "from pathlib import Path; " + ('Path(__file__).with_name("mark").exists() and 1 / 0')
    own.write_text(CRASHES.format(crash=crash))
    assert uig(*tiif(run, "--method", f"{own}:MINE")).code == 0
    (tmp_path / "mark").touch()
    shown = uig("show", run)
    assert shown.code == 0 and "Traceback" not in shown.err
    steps = pd.read_parquet(run / "tables" / "steps.parquet")
    assert steps["failure"].str.contains(f"{own}:8", regex=False).all()
    (tmp_path / "mark").unlink()
    assert uig("show", run).code == 0  # the journal knows all
    assert pd.read_parquet(run / "tables" / "steps.parquet")["failure"].isna().all()


def test_a_model_with_settings(uig: Uig, tmp_path: Path) -> None:
    own, run = copied(EXAMPLES / "model.py", tmp_path), tmp_path / "r"
    model = f"python:{own}:Colors"
    assert uig(*tiif(run, "--method", "direct", model=f"{model}:levels=4")).code == 0
    assert manifest(run)["drawing"]["models"]["draw"]["levels"] == "4"
    refused = uig(*tiif(run, "--method", "direct", model=f"{model}:levels=5"))
    assert refused.code == 2 and "levels" in refused.err
    refused = uig(*tiif(run, "--method", "direct", model=f"{model}:level=5"))
    assert refused.code == 2 and 'Did you mean "levels"' in refused.err
    refused = uig(*tiif(run, "--method", "direct", model=f"{model}:levels=many"))
    assert refused.code == 2 and "expected a whole number" in refused.err
    broken = uig(*tiif(run, "--method", "direct", model=f"{model}:levels=1"))
    assert broken.code == 2 and re.search(rf"levels is 1.*{own}:\d+", broken.err)
    assert "levels=256" in uig("list", "models", model).out
    own.write_text(own.read_text() + "\n# changed\n")
    refused = uig(*tiif(run, "--method", "direct", model=f"{model}:levels=4"))
    assert refused.code == 2 and "code.model.draw was" in refused.err
    assert uig("compare", f"{run}:direct", f"{run}:direct").code == 0  # asks no model


def test_a_place_is_no_part_of_an_identity(uig: Uig, tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(
        "from pathlib import Path\nfrom tests.models_for_tests import Quick\n"
        "class Mine(Quick):\n"
        "    def __init__(self, checkpoint: Path, shade: float = 0.5):\n"
        "        self.checkpoint = checkpoint\n"
    )
    run = tmp_path / "r"
    for place in ("a", "b"):
        model = f"python:{own}:Mine:checkpoint={tmp_path / place}"
        assert uig(*tiif(run, "--method", "direct", model=model)).code == 0
    refused = uig(*tiif(run, "--method", "direct", model=f"{model},shade=0.25"))
    assert refused.code == 2 and "setting.model.draw:shade was null" in refused.err
    refused = uig(*tiif(run, "--method", "direct", model=f"python:{own}:Mine"))
    assert refused.code == 2 and "needs checkpoint (a path)" in refused.err


def test_a_benchmark_of_a_file(uig: Uig, tmp_path: Path) -> None:
    own, run = copied(EXAMPLES / "benchmark.py", tmp_path), tmp_path / "r"
    spec = f"{own}:COUNTING"
    words = ["--limit", "4", "--method", "direct", "--quiet", "--out", run]
    assert uig("eval", spec, *words).code == 0
    assert uig("show", run).code == 0 and uig("compare", f"{run}:direct", f"{run}:direct").code == 0
    reference = tmp_path / "reference.json"
    assert uig("export", run, "--layout", "reference", "--out", reference).code == 0
    assert uig("compare", reference, run).code == 0
    assert uig("export", run, "--layout", "official", "--out", tmp_path / "tree").code == 0
    back = uig("score", spec, tmp_path / "tree" / "pocket-direct", "--limit", "4", "--out",
               tmp_path / "back", "--quiet")  # fmt: skip
    assert back.code == 0, back.err
    assert uig("show", tmp_path / "back").code == 0
    assert "how many shapes of a color" in uig("list", "benchmarks", spec).out
    own.write_text(own.read_text() + "\n# changed\n")
    refused = uig("eval", spec, *words)
    assert refused.code == 2 and "code.benchmark was" in refused.err
    told = uig("show", run)
    assert told.code == 0 and "its tables as they were last made" in told.err


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("return data_of(self.card, source, CASES)", "return 1 / 0", "ZeroDivisionError"),
        ("return judged_questions(case, found)", "return found[1]", "KeyError: 1"),
        ('Card("counting"', 'Card("tiif"', "calls itself tiif"),
    ],
)
def test_a_benchmark_that_goes_wrong(
    uig: Uig, tmp_path: Path, old: str, new: str, line: str
) -> None:
    own = tmp_path / "own.py"
    text = (EXAMPLES / "benchmark.py").read_text()
    assert old in text
    own.write_text(text.replace(old, new))
    words = ["--limit", "2", "--method", "direct", "--quiet", "--out", tmp_path / "r"]
    failed = uig("eval", f"{own}:COUNTING", *words)
    assert failed.code in (1, 2) and line in failed.err and failed.err.count("\n") == 1
    assert "own.py:" in failed.err


def test_a_scorer_of_a_file(uig: Uig, tmp_path: Path) -> None:
    own, run = copied(EXAMPLES / "scorer.py", tmp_path), tmp_path / "r"
    benchmark = f"{EXAMPLES / 'benchmark.py'}:COUNTING"
    judge = f"python:{own}:ColorJudge"
    done = uig("eval", benchmark, "--limit", "2", "--method", "direct", "--judge", judge,
               "--quiet", "--out", run)  # fmt: skip
    assert done.code == 0, done.err
    assert "Yes where every color" in uig("list", "judges", judge).out
    own.write_text(own.read_text() + "\n# changed\n")
    assert uig("rejudge", run, "--judge", judge, "--quiet").code == 0
    assert len(list((run / "judgements").iterdir())) == 2
    refused = uig("rejudge", run, "--judge", f"{judge}:share=2")
    assert refused.code == 2 and "takes nothing more" in refused.err
    own.write_text(own.read_text().replace("seen = shares(", "seen = 1 / 0 or shares("))
    failed = uig("rejudge", run, "--judge", judge)
    assert failed.code == 3 and "ZeroDivisionError" in (run / "tables/questions.csv").read_text()
    assert "own.py:" in (run / "tables/questions.csv").read_text()


def test_a_scorer_with_settings(uig: Uig, tmp_path: Path) -> None:
    own, run = tmp_path / "own.py", tmp_path / "r"
    own.write_text(
        "from uig_cli.scoring.protocol import Answer\n"
        "class Says:\n    '''Says the same always. word: what it says.'''\n"
        "    name, kind, batch, identity = 'says', 'answers', None, {'judge': 'says'}\n"
        "    def __init__(self, word: str = 'yes'):\n        self.word = word\n"
        "    def ask(self, items):\n        for n, one in enumerate(items):\n"
        "            yield n, tuple(Answer(self.word) for _ in one.wanted)\n"
    )
    judges = [f"{own}:Says", f"{own}:Says:word=no"]
    for judge in judges:
        assert uig(*tiif(run, "--method", "direct", "--judge", judge)).code == 0
    kept = sorted((run / "judgements").glob("says*/identity.json"))
    assert [json.loads(one.read_text()).get("setting word") for one in kept] in (
        [None, "no"], ["no", None]
    )  # fmt: skip
    assert "word=yes (a text): what it says" in uig("list", "judges", judges[0]).out
    refused = uig("rejudge", run, "--judge", f"{own}:Says:words=no")
    assert refused.code == 2 and 'Did you mean "word"' in refused.err


def test_a_method_of_a_package_in_a_run_of_0_1_0(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a run does not say which code made it: it goes on with what is there, and says so from
    then on."""
    monkeypatch.syspath_prepend(str(offered(tmp_path / "package")))
    run, command = tmp_path / "r", ["--rounds", "1", "--method", "test-keeps"]
    assert uig(*tiif(run, *command)).code == 0
    old = manifest(run)
    assert old["drawing"]["plugins"]["code.method.test-keeps"] == "methods-for-tests 1"
    del old["sources"], old["drawing"]["plugins"]
    text = json.dumps({**old, "format": 1})
    (run / "run.json").write_text(text)
    assert uig(*tiif(run, *command)).code == 0
    assert (run / "run.json").read_text() == text  # nothing to do: nothing to say
    words = tiif(run, *command)
    words[words.index("--limit") + 1] = "3"
    assert uig(*words).code == 0
    grown = manifest(run)
    assert grown["format"] == 2
    assert grown["drawing"]["plugins"]["code.method.test-keeps"] == "methods-for-tests 1"
    assert "method.test-keeps" in grown["sources"]
    (run / "run.json").write_text(json.dumps(old))
    journal = next((run / "journal").glob("*.jsonl")).read_text()
    assert uig("show", run).code == 0
    assert "sources" not in manifest(run)
    assert uig(*tiif(run, *command)).code == 0
    assert next((run / "journal").glob("*.jsonl")).read_text() == journal
    assert manifest(run)["drawing"]["plugins"]["code.method.test-keeps"] == "methods-for-tests 1"


def test_runs_without_plugins_say_nothing_of_them(uig: Uig, tmp_path: Path) -> None:
    run = tmp_path / "r"
    done = uig("generate", "--prompt", "a red circle", "--out", run, "--quiet")
    assert done.code == 0
    assert "sources" not in manifest(run) and "plugins" not in manifest(run)["drawing"]


@pytest.mark.parametrize("name", ["method", "model", "scorer"])
def test_pages_show_the_examples_as_they_are(name: str) -> None:
    page = (ROOT / "docs" / f"adding-a-{name}.md").read_text("utf-8")
    code = (EXAMPLES / f"{name}.py").read_text("utf-8")
    shown = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert shown
    for block in shown:
        assert block.strip() in code


@pytest.mark.parametrize("limit", ["1", "5"])
def test_entry_points_are_read_once_a_command(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    read: list[int] = []
    known: Any = vars(registry)["entry_points"]

    def counted() -> Any:
        read.append(1)
        return known()

    assert uig("list", "methods").code == 0  # help texts read them when they are first imported
    monkeypatch.setattr(registry, "entry_points", counted)
    words = tiif(tmp_path / "r", "--rounds", "1", "--method", f"{METHODS}:KEEPS")
    words[words.index("--limit") + 1] = limit
    for command in (words, words, ["show", tmp_path / "r"]):
        read.clear()
        assert uig(*command).code == 0
        assert len(read) == 1


def test_python_is_told_in_a_sentence_too(tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    text = (EXAMPLES / "benchmark.py").read_text()
    own.write_text(text.replace("return judged_questions(case, found)", "return 1 / 0"))
    with pytest.raises(api.UigError, match=r"ZeroDivisionError: division by zero at .*own.py:\d+"):
        api.evaluate(
            f"{own}:COUNTING",
            cases=api.CaseOptions(limit=1),
            loop=api.LoopOptions(method=("direct",)),
            run=api.RunOptions(out=tmp_path / "r"),
        )


PRINTS = """
import os, subprocess, sys
from tests.models_for_tests import Quick

print("imported")

class Loud(Quick):
    def __init__(self):
        print("built")

    def run(self, requests):
        print("running")
        os.write(1, b"written\\n")
        subprocess.run([sys.executable, "-c", "print('started')"], check=True)
        yield from super().run(requests)
"""


def test_what_others_print_is_no_result(tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(PRINTS)
    words = map(str, tiif(tmp_path / "r", "--method", "direct", model=f"python:{own}:Loud"))
    done = subprocess.run(
        [sys.executable, "-m", "uig_cli", *words, "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)
    for word in ("imported", "built", "running", "written", "started"):
        assert f"{word}\n" in done.stderr


@pytest.mark.parametrize("where", ["__init__", "run"])
def test_code_of_others_cannot_end_the_program_well(uig: Uig, tmp_path: Path, where: str) -> None:
    own = tmp_path / "own.py"
    own.write_text(
        "import sys\nfrom tests.models_for_tests import Quick\n"
        f"class Exits(Quick):\n    def {where}(self, *requests):\n        sys.exit(0)\n"
    )
    failed = uig(*tiif(tmp_path / "r", "--method", "direct", model=f"python:{own}:Exits"))
    assert failed.code != 0 and f"{own}:5" in failed.err


def test_a_benchmark_cannot_end_the_program_well(uig: Uig, tmp_path: Path) -> None:
    own = copied(EXAMPLES / "benchmark.py", tmp_path)
    text = own.read_text()
    own.write_text(
        re.sub(r"(def open\(.*?:\n)", r"\1        raise SystemExit(0)\n", text, flags=re.S)
    )
    failed = uig("eval", f"{own}:COUNTING", "--limit", "2", "--out", tmp_path / "r")
    assert failed.code == 2 and str(own) in failed.err and failed.out == ""
