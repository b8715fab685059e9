"""Tables for papers: what stands in them, and that no name means anything to TeX."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, Uig
from uig_cli.report.scores import Cell, ScoreBlock, ScoreRow
from uig_cli.report.tex_tables import in_tex, tex


def row(method: str, scores: dict[str, float], split: str = "short", **more: object) -> ScoreRow:
    cells = {name: Cell(score, score - 4, score + 6) for name, score in scores.items()}
    made = ScoreRow(
        run="r", folder="r", model="bagel", benchmark="tiif", set="testmini", split=split,
        method=method, judge="openai:gpt-4o", self_judged=False, cells=cells, cases=277,
        answered=900, missing=0, notes=(), not_published=(), same={}, drawing={},
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


SCORES = {"a": 70.0, "b": 80.04, "overall": 75.0}
BETTER = {"a": 72.0, "b": 80.0, "overall": 76.0}


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.endswith("\\\\")]


def test_methods_are_rows_where_groups_fit_beside_them() -> None:
    rows = (row("direct", SCORES), row("uig", BETTER), row("uig:keep=best,score=denials", BETTER))
    text = tex([ScoreBlock(1, rows)], {}, "no")
    head, *body = lines(text)
    assert head == " & a & b & overall \\\\"
    # Best by what is printed: 80.04 and 80.0 are both 80.0.
    assert body == [
        r"direct & 70.0 & \textbf{80.0} & 75.0 \\",
        r"uig & \textbf{72.0} & \textbf{80.0} & \textbf{76.0} \\",
        r"uig (best, denials) & \textbf{72.0} & \textbf{80.0} & \textbf{76.0} \\",
    ]
    assert r"\begin{table}[t]" in text and r"\label{tab:tiif-testmini-openai-gpt-4o-1}" in text


def test_groups_are_rows_where_there_are_more_of_them() -> None:
    many = {f"g{n}": 50.0 + n for n in range(9)} | {"overall": 60.0}
    block = ScoreBlock(1, (row("direct", many), row("uig", many)), short_names={"g0": "G"})
    head, *body = lines(tex([block], {}, "no"))
    assert head == r" & direct & uig \\"
    assert body[0] == r"G & \textbf{50.0} & \textbf{50.0} \\" and len(body) == 10


def test_two_wordings_share_a_cell() -> None:
    blocks = [
        ScoreBlock(1, (row("direct", SCORES, "long"), row("uig", BETTER, "long"))),
        ScoreBlock(2, (row("direct", SCORES), row("uig", SCORES))),
    ]
    text = tex(blocks, {}, "no")
    assert text.count(r"\begin{table") == 1
    assert r"Cells: short \textbar{} long." in text
    assert r"a & \textbf{70.0}\,\textbar\,70.0 & \textbf{70.0}\,\textbar\,\textbf{72.0} \\" in text


def test_intervals_in_three_ways() -> None:
    block = ScoreBlock(1, (row("direct", {"overall": 75.0}),))
    assert lines(tex([block], {}, "no"))[1] == r"direct & 75.0 \\"
    assert r"75.0{\scriptsize\,$\pm$5.0}" in tex([block], {}, "half")
    assert r"75.0{\scriptsize\ [71.0, 81.0]}" in tex([block], {}, "full")
    lone = ScoreBlock(1, (row("direct", {}, cells={"overall": Cell(75.0, None, None)}),))
    assert r"direct & 75.0 \\" in tex([lone], {}, "full")
    gone = ScoreBlock(1, (row("direct", {}, cells={"overall": Cell(None, None, None)}),))
    assert r"direct & -- \\" in tex([gone], {}, "full")


def test_notes_have_no_paths() -> None:
    note = "Templates of /home/me/my work/judge.txt and ../a/b/c.txt, 3/4 of them: see a/b."
    block = ScoreBlock(1, (row("direct", SCORES),), (note, "Not comparable with table 1: other."))
    text = tex([block], {})
    assert "/home" not in text and "../a" not in text and "judge.txt" in text and "c.txt" in text
    assert "3/4 of them: see a/b." in text and "table 1" not in text


def test_what_a_method_gains_is_the_comparison(uig: Uig, tmp_path: Path) -> None:
    run = tmp_path / "r"
    quick = f"python:{ROOT / 'tests' / 'models_for_tests.py'}:Quick"
    words = ("--set", "built-in", "--split", "both", "--limit", "20", "--method", "direct",
             "--method", "uig", "--model", quick, "--judge", "self", "--out", run,
             "--quiet")  # fmt: skip
    assert uig("eval", "tiif", *words).code == 0
    text = uig("export", run, "--format", "tex").out
    assert text.count(r"\begin{table") == 2  # self, strict
    gain = next(line for line in text.splitlines() if line.startswith("gain over direct"))
    told = uig("compare", f"{run}:direct", f"{run}:uig", "--split", "long", "--judge",
               "self", "--quiet", "--markdown", tmp_path / "c.md")  # fmt: skip
    assert told.code == 0, told.err
    row = next(
        line
        for line in (tmp_path / "c.md").read_text().splitlines()
        if line.startswith("| overall")
    )
    difference = row.split(" | ")[3]
    assert gain.count(r"\textbar") == 1 and f"${difference}$" in gain.partition(r"\textbar")[2]
    wrong = uig("export", run, "--format", "csv", "--intervals", "no")
    assert wrong.code == 2 and "--intervals is for --format md and tex" in wrong.err
    halves = uig("export", run, "--intervals", "half").out
    assert re.search(r"\| \d+\.\d ± \d+\.\d \|", halves)


@given(st.text(max_size=40))
def test_no_character_means_something(text: str) -> None:
    told = in_tex(text)
    assert "\n" not in told
    bare = re.sub(
        r"\\(?:textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar)\{\}",
        "",
        told,
    )
    bare = re.sub(r"\\[{}$&#_%~]|\{[\[\]*]\}", "", bare)
    assert not set(bare) & set('\\{}$&#^_%~<>|"')


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX is installed")
def test_it_compiles(tmp_path: Path) -> None:
    hostile = 'a_b%c$d{e}f&g#h^i~j\\k [x] <y> |z| "q"'
    rows = (row(hostile, SCORES, self_judged=True), row("*uig", BETTER), row("[x]", BETTER))
    many = {f"g{n}": 50.0 + n for n in range(9)} | {"overall": 60.0}
    blocks = [ScoreBlock(1, rows, (hostile,)), ScoreBlock(2, (row("direct", many, judge=hostile),))]
    body = "\n".join(tex(blocks, {}, how) for how in ("no", "half", "full"))
    head = "\\documentclass[twocolumn]{article}\\usepackage{booktabs}"
    page = f"{head}\\begin{{document}}{body}\\end{{document}}"
    (tmp_path / "t.tex").write_text(page, "utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:]
