"""uig compare: the same numbers as the tables, a gate with its exit codes, and what is refused."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pandas as pd
import pytest

from tests.commands.test_eval_tiif import LOSES_EDITS
from tests.conftest import ROOT, Uig
from uig_cli.results.reference import read_reference, write_reference
from uig_cli.results.run import open_run

MODELS = ROOT / "tests" / "models_for_tests.py"
WORLD = ROOT / "tests" / "shapes_models.py"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"
LINE = re.compile(
    r"GATE (PASSED|FAILED|UNDERPOWERED|INCOMPLETE) tiif/long overall direct@final: "
    r"(\d+\.\d) -> (\d+\.\d), ([+-]\d+\.\d) \[([+-]\d+\.\d), ([+-]\d+\.\d)\], "
    r"margin (\d+\.\d), (\d+) cases, (\d+) missing, 6 of 9 groups"
)


def made(*words: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uig_cli", *map(str, words), "--quiet"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def quick(home: Path) -> Path:
    """direct and uig on the sample of TIIF's layout, judged by the model itself."""
    made("eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:Quick", "--split", "long",
         "--rounds", 2, "--method", "direct", "--method", "uig",
         "--out", home / "quick")  # fmt: skip
    return home / "quick"


def scenes(model: str, out: Path, limit: int = 66) -> Path:
    made("eval", "tiif", "--set", "built-in", "--model", f"python:{WORLD}:{model}", "--split",
         "long", "--method", "direct", "--limit", limit, "--out", out)  # fmt: skip
    return out


@pytest.fixture(scope="module")
def good(home: Path) -> Path:
    return scenes("TrueScenes", home / "good")


@pytest.fixture(scope="module")
def bad(home: Path) -> Path:
    return scenes("WrongScenes", home / "bad")


@pytest.fixture(scope="module")
def reference(good: Path, home: Path) -> Path:
    write_reference(open_run(good), home / "reference.json")
    return home / "reference.json"


def test_the_claim_in_one_line(uig: Uig, quick: Path) -> None:
    told = uig("compare", f"{quick}:direct", f"{quick}:uig")
    assert told.code == 0, told.err
    first = told.out.splitlines()[0]
    assert re.fullmatch(
        r"tiif/long overall direct@final -> uig@final: \d+\.\d -> \d+\.\d, [+-]\d+\.\d "
        r"\[[+-]\d+\.\d, [+-]\d+\.\d\], 78 cases, 0 missing, 9 of 9 groups", first
    )  # fmt: skip
    (note,) = told.err.splitlines()
    assert note.startswith("note: uig stops when the model is content with its own picture")
    assert "judges itself" in note and "uig rejudge RUN" in note and "direct" not in note


def test_it_tells_what_the_tables_hold(uig: Uig, quick: Path) -> None:
    told = json.loads(uig("compare", f"{quick}:direct", f"{quick}:uig", "--json").out)
    (found,) = told["comparisons"]
    summary = pd.read_csv(quick / "tables" / "summary.csv", dtype={"step": str})
    for step, lines in {**found["steps"], "final": found["differences"]}.items():
        for side, method, at in (("before", "direct", "0"), ("after", "uig", step)):
            rows = summary[(summary["method"] == method) & (summary["step"] == at)]
            expected = rows.set_index("name")["score"]
            assert {line["name"]: line[side] for line in lines} == pytest.approx(dict(expected))
    steps = pd.read_csv(quick / "tables" / "steps.csv")
    uig_steps = steps[steps["method"] == "uig"].pivot(index="case", columns="step", values="score")
    right = uig_steps == 100
    for one in found["rounds_after"]:
        was, now = right[one["step"] - 1], right[one["step"]]
        assert one["repaired"] == (~was & now).sum()
        assert one["broken"] == (was & ~now).sum()
        assert one["still_right"] == (was & now).sum()
        assert one["still_wrong"] == (~was & ~now).sum()
        drawn = steps[(steps["method"] == "uig") & (steps["step"] == one["step"])]
        assert one["edited"] == drawn["still_running"].sum()
    spent = steps[steps["method"] == "uig"]
    cost = found["after"]["per_case_and_sample"]
    assert cost["pictures"] == pytest.approx(spent["still_running"].sum() / 78)
    assert cost["tokens"] == pytest.approx(spent["tokens"].sum() / 78)
    assert cost["decoder_passes"] == pytest.approx(spent["decoder_passes"].sum() / 78)
    assert found["before"]["per_case_and_sample"]["pictures"] == 1


def test_a_judge_without_eyes_stands_beside_the_scores(uig: Uig, quick: Path) -> None:
    steps = pd.read_csv(quick / "tables" / "questions.csv")
    cases = pd.read_csv(quick / "tables" / "steps.csv")[["case", "dimension"]].drop_duplicates()
    first = steps[(steps["method"] == "direct") & (steps["step"] == 0)].merge(cases, on="case")
    yes = 100 * (first["wanted"] == "yes").groupby(first["dimension"]).mean()
    summary = pd.read_csv(quick / "tables" / "summary.csv", dtype={"step": str})
    for _, rows in summary.groupby(["method", "step"]):
        told = rows[rows["level"] == "dimension"].set_index("name")["always_yes"]
        assert dict(told) == pytest.approx(dict(yes))
    overall = summary[summary["level"] == "overall"]["always_yes"].unique()
    assert len(overall) == 1
    shown = uig("show", quick)
    assert "always yes" in shown.out and f"{overall[0]:.2f}" in shown.out
    assert (
        f"always says yes scores {overall[0]:.1f} %"
        in json.loads((quick / "run.json").read_text("utf-8"))["drawing"]["benchmark"]["card"]
    )


def test_a_step_against_another(uig: Uig, quick: Path) -> None:
    told = json.loads(uig("compare", f"{quick}:uig@0", f"{quick}:uig@1", "--json").out)
    (found,) = told["comparisons"]
    assert (found["before"]["step"], found["after"]["step"], found["steps"]) == (0, 1, {})
    same = json.loads(uig("compare", f"{quick}:direct", f"{quick}:uig@0", "--json").out)
    assert {line["difference"] for line in same["comparisons"][0]["differences"]} == {0.0}


def test_a_loss_fails_the_gate(uig: Uig, good: Path, bad: Path, tmp_path: Path) -> None:
    told = uig("compare", good, bad, "--gate", 1, "--junit", tmp_path / "gate.xml",
               "--markdown", tmp_path / "gate.md")  # fmt: skip
    assert told.code == 100
    line, *rest = told.out.splitlines()
    found = LINE.fullmatch(line)
    assert found is not None, line
    assert found[1] == "FAILED" and float(found[6]) < -1 and found[9] == "0"
    assert float(found[4]) == pytest.approx(float(found[3]) - float(found[2]), abs=0.11)
    at = rest.index("worst dimensions:")
    worst = [text for text in rest[at + 1 : at + 6] if re.match(r"  \S+: \d", text)]
    losses = [float(re.findall(r"[+-]\d+\.\d", text)[0]) for text in worst]
    assert len(losses) == 5 and losses == sorted(losses) and losses[-1] < 0
    at = next(number for number, text in enumerate(rest) if text.startswith("newly wrong, "))
    cases = [text for text in rest[at + 1 : at + 11] if text.startswith("  tiif/long/")]
    assert len(cases) == 10
    for text in cases:
        for path in text.rpartition(", ")[2].split(" -> "):
            assert Path(path).is_file()
    suite = Xml.parse(tmp_path / "gate.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("errors"), suite.get("tests")) == ("1", "0", "1")
    failure = suite[0].find("failure")
    assert failure is not None and failure.get("message") == line
    assert failure.text is not None and "newly wrong" in failure.text
    assert "GATE FAILED" in (tmp_path / "gate.md").read_text("utf-8")


def test_what_did_not_change_passes(uig: Uig, good: Path, tmp_path: Path) -> None:
    told = uig("compare", good, good, "--gate", 30, "--quiet", "--junit", tmp_path / "gate.xml")
    assert told.code == 0
    line, why = told.out.splitlines()
    found = LINE.fullmatch(line)
    assert found is not None and found[1] == "PASSED"
    assert re.search(r"a true loss of less than \d+\.\d points would have passed", why)
    suite = Xml.parse(tmp_path / "gate.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    small = uig("compare", good, good, "--gate", 1, "--json")
    assert small.code == 3 and json.loads(small.out)["gate"]["outcome"] == "underpowered"
    assert uig("compare", good, good, "--gate", 1, "--allow-underpowered").code == 0


def test_a_gain_passes(uig: Uig, good: Path, bad: Path) -> None:
    told = uig("compare", bad, good, "--gate", 0, "--allow-underpowered", "--quiet")
    assert told.code == 0 and "worst" not in told.out and "newly wrong" not in told.out


def test_a_reference_file_takes_the_place_of_the_run(
    uig: Uig, good: Path, bad: Path, reference: Path
) -> None:
    by_run = json.loads(uig("compare", good, bad, "--gate", 1, "--json").out)
    told = uig("compare", reference, bad, "--gate", 1, "--json")
    assert told.code == 100, told.err
    by_file = json.loads(told.out)
    for one in (by_run, by_file):
        (comparison,) = one["comparisons"]
        del comparison["before"]["run"]
        for change in comparison["newly_wrong"]:
            assert (change.pop("picture_before") is None) == (one is by_file)
            assert Path(change["picture_after"]).is_file()
    assert by_run["comparisons"] == by_file["comparisons"]
    assert by_run["gate"]["line"] == by_file["gate"]["line"]
    text = reference.read_text("utf-8")
    for case in open_run(good).cases:
        assert case.prompt not in text and not any(q.text in text for q in case.questions)
    assert reference.stat().st_size < 20_000
    write_reference(open_run(good), reference.with_name("again.json"))
    assert reference.with_name("again.json").read_text("utf-8") == text


def test_both_sides_may_be_reference_files(uig: Uig, reference: Path) -> None:
    told = uig("compare", reference, reference)
    assert told.code == 0 and "+0.0" in told.out


def test_a_run_with_fewer_cases(uig: Uig, good: Path, home: Path) -> None:
    few = scenes("TrueScenes", home / "few", limit=30)
    told = json.loads(uig("compare", good, few, "--json").out)["comparisons"][0]
    assert (told["pictures"], told["left_out"], told["missing"]) == (30, 36, 0)
    assert (told["only_before"], told["only_after"]) == (36, 0)
    line = uig("compare", good, few, "--gate", 90, "--quiet").out.splitlines()[0]
    assert line.endswith("30 of 66 cases compared, 36 only in the baseline")


def test_a_reference_that_lost_lines(uig: Uig, good: Path, bad: Path, reference: Path) -> None:
    """Told by its counts; and by its prompts where an older version wrote it, without counts."""
    *lines, last = reference.read_text("utf-8").splitlines()
    start = lines.index('"outcomes": [') + 2
    torn = reference.with_name("torn.json")
    torn.write_text("\n".join([*lines[:start], *lines[start + 40 :], last]), "utf-8")
    refused = uig("compare", torn, bad, "--gate", 1)
    assert refused.code == 2 and "66 prompts and 92 outcomes" in refused.err
    assert "was written with 66 prompts and 132 outcomes" in refused.err
    old = [line for line in torn.read_text("utf-8").splitlines() if '"counts"' not in line]
    torn.write_text("\n".join(old), "utf-8")
    told = uig("compare", torn, bad, "--gate", 1, "--allow-underpowered")
    assert told.code == 3 and "GATE INCOMPLETE" in told.out and "20 missing" in told.out


def test_several_samples_of_a_prompt(uig: Uig, tmp_path: Path) -> None:
    """GenEval: pairs are samples, prompts are what is counted; a sample that one side lacks is left
    out, and one answer a picture is no McNemar test any more."""
    for name, model, samples in (("a", "TrueScenes", 2), ("b", "WrongScenes", 3)):
        done = uig("eval", "geneval", "--set", "built-in", "--model", f"python:{WORLD}:{model}",
                   "--method", "direct", "--limit", 24, "--samples", samples, "--quiet",
                   "--out", tmp_path / name)  # fmt: skip
        assert done.code == 0, done.err
    told = json.loads(uig("compare", tmp_path / "a", tmp_path / "b", "--json").out)
    (found,) = told["comparisons"]
    overall = found["differences"][-1]
    assert (found["pictures"], overall["cases"], overall["pictures"]) == (48, 24, 48)
    assert (found["samples"], found["all_samples"]) == (2, 3)
    assert "2 of 3 samples compared" in uig("compare", tmp_path / "a", tmp_path / "b").out
    assert overall["right_p"] is None and overall["right_before"] == 48
    assert overall["wins"] == 0 and overall["high"] < 0 and overall["p"] < 0.01
    steps = pd.read_csv(tmp_path / "b" / "tables" / "steps.csv")
    shared = steps[(steps["sample"] < 2) & (steps["judge"] == "exact")]
    assert overall["after"] == pytest.approx(shared.groupby("dimension")["score"].mean().mean())
    assert len(found["newly_wrong"]) == (shared["score"] == 0).sum()


def test_missing_pictures_give_no_verdict(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "marks").mkdir()
    monkeypatch.setenv("UIG_TEST_MARKS", str(tmp_path / "marks"))
    words = ["eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:Flaky", "--split",
             "long", "--method", "direct", "--quiet"]  # fmt: skip
    assert uig(*words, "--out", tmp_path / "a").code == 3
    for mark in (tmp_path / "marks").iterdir():
        mark.touch()
    assert uig(*words, "--out", tmp_path / "b").code == 0
    steps = pd.read_csv(tmp_path / "a" / "tables" / "steps.csv")
    lost = int(steps["score"].isna().sum())
    assert lost
    gate = ["compare", tmp_path / "b", tmp_path / "a", "--gate", 50]
    told = uig(*gate)
    assert told.code == 3
    assert "GATE INCOMPLETE" in told.out and f"{lost} missing" in told.out
    assert f"{78 - lost} cases" in told.out
    assert uig(*gate, "--allow-missing", 0.9).code == 0


def test_every_step_compares_the_same_cases(uig: Uig, tmp_path: Path) -> None:
    """`uig` was asked for few cases, and some loops fail: the one picture of `direct` stands still,
    and what `uig` took is told of the cases that are compared."""
    (tmp_path / "m.py").write_text(LOSES_EDITS)
    words = ["eval", "tiif", "--data", SAMPLE, "--model", f"python:{tmp_path / 'm.py'}:Loses",
             "--split", "long", "--rounds", 2, "--quiet", "--out", tmp_path / "r"]  # fmt: skip
    assert uig(*words, "--method", "direct").code == 0
    assert uig(*words, "--method", "uig", "--limit", 30, "--allow-missing", 0.9).code == 0
    told = uig("compare", f"{tmp_path / 'r'}:direct", f"{tmp_path / 'r'}:uig", "--json")
    (found,) = json.loads(told.out)["comparisons"]
    lines = found["differences"]
    steps = pd.read_csv(tmp_path / "r" / "tables" / "steps.csv")
    last = steps[(steps["method"] == "uig") & (steps["step"] == 2)]
    compared = set(last[last["score"].notna()]["case"])
    assert 0 < len(compared) < 30 and lines[-1]["cases"] == len(compared)
    assert found["pictures"] == 78 and found["missing"] == 78 - len(compared)
    for at in found["steps"].values():
        assert [line["before"] for line in at] == [line["before"] for line in lines]
    assert found["steps"]["2"] == lines
    spent = steps[(steps["method"] == "uig") & steps["case"].isin(compared)]
    drawn = found["after"]["per_case_and_sample"]["pictures"]
    assert drawn == pytest.approx(spent["still_running"].sum() / len(compared))


@pytest.fixture
def other_data(tmp_path: Path) -> Path:
    """The sample with one prompt changed."""
    for name in ("testmini_prompts", "testmini_eval_prompts"):
        (tmp_path / "data" / name).mkdir(parents=True)
        for file in (SAMPLE / name).iterdir():
            text = file.read_text("utf-8")
            if file.name == "negation_prompts.jsonl":
                text = text.replace('_description": "', '_description": "Please draw: ')
            (tmp_path / "data" / name / file.name).write_text(text, "utf-8")
    return tmp_path / "data"


def test_other_prompts_set_split_or_judging_are_refused(
    uig: Uig, quick: Path, good: Path, tmp_path: Path, other_data: Path
) -> None:
    def run(name: str, data: Path, split: str, *more: object) -> Path:
        done = uig("eval", "tiif", "--data", data, "--split", split, "--method", "direct",
                   "--limit", 6, "--quiet", "--out", tmp_path / name, *more)  # fmt: skip
        assert done.code == 0, done.err
        return tmp_path / name

    model = ["--model", f"python:{MODELS}:Quick"]
    template = tmp_path / "judge.txt"
    template.write_text("Look: {question}", "utf-8")
    file = tmp_path / "other.py"
    file.write_text(
        "from tests.models_for_tests import Quick\n"
        "class Other(Quick):\n    identity = {'kind': 'other'}\n"
    )
    for other, field in (
        (good, "set"),
        (run("prompts", other_data, "long", *model), "prompts"),
        (run("split", SAMPLE, "short", *model), "split"),
        (run("template", SAMPLE, "long", *model, "--template", f"judge={template}"), "template"),
        (run("model", SAMPLE, "long", "--model", f"python:{file}:Other"), "model kind"),
    ):
        refused = uig("compare", f"{quick}:direct", other)
        assert refused.code == 2, (field, refused.out)
        assert field in refused.err and "cannot be compared" in refused.err
        assert len(refused.err.strip().splitlines()) == 1


def test_what_else_differs_is_said(uig: Uig, quick: Path, tmp_path: Path) -> None:
    uig("eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:Quick", "--split", "long",
        "--method", "direct", "--sampler", "contrast=0.25", "--seed", 1, "--limit", 30,
        "--out", tmp_path / "r")  # fmt: skip
    told = uig("compare", f"{quick}:direct", tmp_path / "r")
    assert told.code == 0
    assert "also differ in" in told.err
    assert "sampler.draw.contrast (0.25 against 0.5)" in told.err
    assert "seed (1 against 0)" in told.err


def test_several_judges(uig: Uig, tmp_path: Path) -> None:
    run = tmp_path / "r"
    uig("eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:Quick", "--split", "long",
        "--method", "direct", "--limit", 45, "--out", run)  # fmt: skip
    template = tmp_path / "judge.txt"
    template.write_text("Look: {question}", "utf-8")
    uig("rejudge", run, "--judge", "self", "--template", f"judge={template}")
    names = sorted(path.name for path in (run / "judgements").iterdir())
    assert len(names) == 2
    refused = uig("compare", run, run)
    assert refused.code == 2 and all(name in refused.err for name in names)
    for name in names:
        told = uig("compare", run, run, "--judge", name, "--json")
        assert json.loads(told.out)["comparisons"][0]["after"]["judge"] == name
    assert "Did you mean" in uig("compare", run, run, "--judge", "slef").err


@pytest.mark.parametrize(
    ("sides", "more", "said"),
    [
        (["{quick}"], [], "expected a baseline"),
        (["{quick}:direct", "{quick}:uigg"], [], 'Did you mean "uig"'),
        (["{quick}:direct", "{quick}:uig@7"], [], "steps 0 to 2"),
        (["{quick}:direct", "{quick}:uig@last"], [], "STEP a number or final"),
        (["{quick}:direct", "{quick}/nowhere"], [], "is not a run folder"),
        (["{quick}", "{quick}"], ["--gate", "1"], "a gate is one test, got 2"),
        (["{quick}:direct", "{quick}:uig"], ["--junit", "x.xml"], "give --gate"),
        (["{quick}:direct", "{quick}:uig"], ["--split", "lnog"], 'Did you mean "long"'),
        (["{quick}:direct", "{quick}:uig"], ["--gate", "1", "--metric", "al"], "unknown --metric"),
    ],
)
def test_what_is_wrong_is_said(
    uig: Uig, quick: Path, sides: list[str], more: list[str], said: str
) -> None:
    refused = uig("compare", *(side.format(quick=quick) for side in sides), *more)
    assert refused.code == 2
    assert said in refused.err and len(refused.err.strip().splitlines()) == 1


def test_a_run_without_scores(uig: Uig, tmp_path: Path) -> None:
    uig("generate", "--model", f"python:{MODELS}:Quick", "--prompt", "x", "--out", tmp_path / "r")
    refused = uig("compare", tmp_path / "r", tmp_path / "r")
    assert refused.code == 2 and "has no scores" in refused.err


Change = Callable[[str], str]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[: len(text) // 2], "JSONDecodeError"),
        (lambda text: "[1]", "is no reference file"),
        (lambda text: text.replace('"format": 1', '"format": 9'), "has format 9, expected 1"),
        (lambda text: text.replace('"answered"', '"answer"'), "columns answered are missing"),
        (lambda text: text.replace('"outcomes": [\n', '"outcomes": [3, '), "outcomes"),
        (lambda text: text.replace('"direct", 0,', '"direct", "x",'), "step"),
        (lambda text: "[" * 100_000, "RecursionError"),
    ],
)
def test_a_broken_reference_file(
    uig: Uig, reference: Path, tmp_path: Path, change: Change, said: str
) -> None:
    broken = tmp_path / "broken.json"
    text = reference.read_text("utf-8")
    broken.write_text(change(text), "utf-8")
    assert broken.read_text("utf-8") != text
    refused = uig("compare", broken, reference)
    assert refused.code == 2, refused.out
    assert str(broken) in refused.err and len(refused.err.strip().splitlines()) == 1
    if said not in ("outcomes", "step", "RecursionError"):
        assert said in refused.err


HOSTILE = "</td>]]>|**b**<script>alert(1)</script>\x1b[31m[red]`x`\u0000 @all https://x.y"


def test_ids_with_markup(uig: Uig, good: Path, reference: Path, bad: Path, tmp_path: Path) -> None:
    """Case ids that hold everything that could break out of Markdown, XML or a terminal."""
    told = json.loads(uig("compare", good, bad, "--json").out)
    victim = told["comparisons"][0]["newly_wrong"][0]["case"]
    files = []
    for name, run in (("before", good), ("after", bad)):
        files.append(tmp_path / f"{name}.json")
        write_reference(open_run(run), files[-1])
        text = files[-1].read_text("utf-8").replace(json.dumps(victim), json.dumps(HOSTILE))
        files[-1].write_text(text, "utf-8")
        assert HOSTILE in {prompt.id for prompt in read_reference(files[-1]).prompts}
    told = uig("compare", *files, "--gate", 1, "--junit", tmp_path / "g.xml",
               "--markdown", tmp_path / "g.md")  # fmt: skip
    assert told.code == 100, told.err
    written = (tmp_path / "g.md").read_text("utf-8")
    xml = (tmp_path / "g.xml").read_text("utf-8")
    (shown,) = re.findall(r"^.*alert.*$", written, re.MULTILINE)
    for piece in ("<script", "**b**", "`x`", "@all", "https://", "\x1b", "\x00"):
        assert piece not in shown
    details = Xml.fromstring(xml)[0][0].find("system-out")
    assert details is not None and details.text is not None and "<script>" in details.text
    for text in (told.out, told.err, written, xml):
        assert "\x1b" not in text and "\x00" not in text
    plain = uig("compare", *files, "--json")
    assert HOSTILE in {
        one["case"] for one in json.loads(plain.out)["comparisons"][0]["newly_wrong"]
    }
