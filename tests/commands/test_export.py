"""uig export: what stands in the tables, what is kept apart, and texts that mean harm."""

import io
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from uig_cli.report.score_formats import csv
from uig_cli.report.scores import Cell, ScoreBlock, ScoreRow

MODELS = ROOT / "tests" / "models_for_tests.py"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"
HOSTILE = "a|b <i>x</i> _$&%#~^\\{y}[*`\x1b[31m"
GROUPS = 9


def tiif(uig: Uig, out: Path, *more: object) -> Path:
    done = uig("eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:Quick", "--split",
               "short", "--method", "direct", "--quiet", "--out", out, *more)  # fmt: skip
    assert done.code == 0, done.err
    return out


def exported(uig: Uig, *words: object) -> str:
    done = uig("export", *words)
    assert done.code == 0, done.err
    assert done.err == ""
    return done.out


def test_the_same_numbers_in_every_format(uig: Uig, tmp_path: Path) -> None:
    run = tiif(uig, tmp_path / "run", "--method", "uig", "--rounds", "1")
    summary = pd.read_csv(run / "tables" / "summary.csv", dtype={"step": str})
    final = summary[(summary["step"] == "final") & (summary["level"] != "dimension")]
    table = pd.read_csv(io.StringIO(exported(uig, run, "--format", "csv")))
    assert list(table["method"]) == ["direct", "uig"]
    for row in table.to_dict("records"):
        lines = final[final["method"] == row["method"]].set_index("name")
        assert len(lines) == GROUPS + 1
        for name, line in lines.iterrows():
            assert row[name] == pytest.approx(line["score"])
            assert row[f"{name} low"] == pytest.approx(line["low"])
            assert row[f"{name} high"] == pytest.approx(line["high"])
        assert row["missing"] == lines.loc["overall", "missing"] == 0
        assert row["self_judged"] and not row["comparable_with_published"]
    assert exported(uig, run, "--format", "parquet", "--out", tmp_path / "t" / "x.parquet") == ""
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t" / "x.parquet"), table)
    overall = final[(final["name"] == "overall") & (final["method"] == "uig")].iloc[0]
    shown = f"{overall['score']:.1f} [{overall['low']:.1f}, {overall['high']:.1f}]"
    markdown = exported(uig, run)
    (line,) = (line for line in markdown.splitlines() if "| uig †" in line)
    assert line.split(" | ")[-4:] == [shown, "9 of 9 groups", str(overall["cases"]), "0 |"]
    assert "uig stops when the model is content with its own picture" in markdown
    tex = exported(uig, run, "--format", "tex", "--intervals", "full")
    assert shown.replace(" ", r"{\scriptsize\ ", 1) + "}" in tex.replace(r"\textbf", "").replace(
        "{" + shown.split()[0] + "}", shown.split()[0]
    )
    assert r"uig$^{\dagger}$" in tex
    assert "judged by the examined model itself" in markdown and "examined model itself" in tex


def test_rows_compare_or_stand_apart(uig: Uig, tmp_path: Path) -> None:
    whole = tiif(uig, tmp_path / "whole")
    seed = tiif(uig, tmp_path / "seed", "--seed", "7")
    part = tiif(uig, tmp_path / "part", "--limit", "20")
    table = pd.read_csv(io.StringIO(exported(uig, whole, seed, part, "--format", "csv")))
    assert dict(zip(table["run"], table["block"], strict=True)) == {
        "whole": 1, "seed": 1, "part": 2,
    }  # fmt: skip
    assert table["identity"].nunique() == 2
    notes = table.set_index("run")["notes"]
    assert "differ in more than the model and the method: seed." in notes["whole"]
    assert "Not comparable with table 1: other cases." in notes["part"]
    markdown = exported(uig, whole, seed, part)
    assert markdown.count("## Table ") == 2
    assert markdown.index("| seed |") < markdown.index("## Table 2") < markdown.index("| part |")
    tex = exported(uig, whole, seed, part, "--format", "tex")
    assert tex.count(r"\begin{tabular}") == tex.count(r"\end{tabular}") == 2


def test_a_method_with_fewer_cases_stands_apart(uig: Uig, tmp_path: Path) -> None:
    run = tiif(uig, tmp_path / "run", "--limit", "12")
    few = uig("eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:Quick", "--split",
              "short", "--method", "uig", "--limit", "2", "--quiet", "--out", run)  # fmt: skip
    assert few.code == 0, few.err
    table = pd.read_csv(io.StringIO(exported(uig, run, "--format", "csv")))
    assert list(zip(table["method"], table["block"], table["cases"], strict=True)) == [
        ("direct", 1, 12), ("uig", 2, 2),
    ]  # fmt: skip
    assert "Not comparable with table 1: other cases." in table["notes"][1]


def test_another_judge_stands_apart(uig: Uig, tmp_path: Path) -> None:
    run = tiif(uig, tmp_path / "run", "--limit", "10")
    template = tmp_path / "judge.txt"
    template.write_text("Say yes or no: {question}", "utf-8")
    judged = uig("rejudge", run, "--judge", "self", "--template", f"judge={template}", "--quiet")
    assert judged.code == 0, judged.err
    table = pd.read_csv(io.StringIO(exported(uig, run, "--format", "csv")))
    assert list(table["block"]) == [1, 2] and table["self_judged"].all()
    assert "Not comparable with table 1: other judging." in table["notes"][1]


def test_built_in_sets_and_benchmarks(uig: Uig, tmp_path: Path) -> None:
    done = uig("eval", "geneval", "--set", "built-in", "--detector", "exact", "--model",
               f"python:{MODELS}:Quick", "--limit", "12", "--samples", "1", "--method", "direct",
               "--quiet", "--out", tmp_path / "gen")  # fmt: skip
    assert done.code == 0, done.err
    markdown = exported(uig, tmp_path / "gen")
    for tag in ("single_object", "two_object", "counting", "colors", "position", "color_attr"):
        assert tag.replace("_", r"\_") in markdown
    assert "set built-in" in markdown and "Not comparable with published scores" in markdown
    assert "†" not in markdown
    mixed = uig("export", tmp_path / "gen", tiif(uig, tmp_path / "run", "--limit", "10"))
    assert mixed.code == 2 and "expected runs of one benchmark" in mixed.err


def test_hostile_names_mean_nothing(uig: Uig, tmp_path: Path) -> None:
    named = tmp_path / HOSTILE.replace("/", ":")
    run = shutil.move(tiif(uig, tmp_path / "run", "--limit", "10"), named)
    manifest = json.loads((named / "run.json").read_text("utf-8"))
    manifest["options"]["model"] = "python:x.py:\\input{secret} | <script>\n## T"
    (named / "run.json").write_text(json.dumps(manifest), "utf-8")
    markdown = exported(uig, run)
    (row,) = (line for line in markdown.splitlines() if "script" in line)
    bars = re.compile(r"(?<!\\)\|")
    header = next(line for line in markdown.splitlines() if line.startswith("| run "))
    assert len(bars.findall(row)) == header.count("|")
    assert "\x1b" not in markdown and not re.search(r"(?<!\\)[<`*$]", row)
    tex = exported(uig, run, "--format", "tex")
    assert r"\input" not in tex and "\x1b" not in tex
    for line in tex.splitlines()[1:]:
        assert not re.search(r"(?<!\\)[#%_]", line)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "md", "--layout", "reference"], "got --format and --layout"),
        (["--format", "mdx"], 'Did you mean "md"'),
        (["--layout", "oficial"], 'Did you mean "official"'),
        (["--format", "parquet"], "give --out FILE"),
        (["--layout", "official"], "writes a folder; give --out"),
        (["--layout", "reference"], "writes a file; give --out"),
        (["--out", "{run}"], "give --out a file"),
        (["{run}", "--layout", "reference", "--out", "x"], "writes one run; got 2"),
    ],
)
def test_wrong_options_get_one_sentence(
    uig: Uig, tmp_path: Path, words: list[str], said: str
) -> None:
    run = tiif(uig, tmp_path / "run", "--limit", "4")
    refused = uig("export", run, *(word.format(run=run) for word in words))
    assert refused.code == 2 and said in refused.err
    assert len(refused.err.strip().splitlines()) == 1 and refused.out == ""


def test_runs_without_scores(uig: Uig, tmp_path: Path) -> None:
    run = tiif(uig, tmp_path / "run", "--limit", "4", "--judge", "none")
    refused = uig("export", run)
    assert refused.code == 2 and "judge them with `uig rejudge`" in refused.err


def test_layouts(uig: Uig, tmp_path: Path) -> None:
    """The command hands a run on; what the files hold is tested where they are written."""
    run = tiif(uig, tmp_path / "run", "--limit", "6")
    reference = tmp_path / "ref" / "run.json"
    done = uig("export", run, "--layout", "reference", "--out", reference)
    assert done.code == 0 and str(reference) in done.err and done.out == ""
    assert uig("compare", reference, run).code == 0
    folder = tmp_path / "official"
    done = uig("export", run, "--layout", "official", "--out", folder)
    assert done.code == 0, done.err
    assert len(list(folder.rglob("*.png"))) == 6


def test_carriage_returns_do_not_break_the_rows_of_a_csv() -> None:
    row = ScoreRow(
        run="r", folder="r", model="a\rb", benchmark="tiif", set="testmini", split="long",
        method="direct", judge="self", self_judged=False, cases=2, answered=4, missing=0,
        cells={"overall": Cell(50.0, 40.0, 60.0)}, notes=(), not_published=(), drawing={},
        same={"prompts": "x"},
    )  # fmt: skip
    text = csv([ScoreBlock(1, (row, row), ("a\rb",))])
    table = pd.read_csv(io.StringIO(text, newline=""))
    assert table["model"].tolist() == table["notes"].tolist() == ["a\rb"] * 2
