"""Reading data in TIIF's layout: ids, defaults, and one sentence for everything that is wrong."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from uig_cli.benchmarks.protocol import Source
from uig_cli.benchmarks.tiif.benchmark import benchmark
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS
from uig_cli.errors import UigError

Rows = list[dict[str, Any]]
Rewrite = Callable[[Path, Callable[[Rows], Rows]], None]
PROMPTS = Path("testmini_prompts") / "numeracy_prompts.jsonl"
QUESTIONS = Path("testmini_eval_prompts") / "numeracy_eval_prompts.jsonl"


def error(folder: Path, **source: Any) -> str:
    with pytest.raises(UigError) as caught:
        benchmark.open(Source(data=folder, **source))
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


def first(change: Callable[[dict[str, Any]], Any]) -> Callable[[Rows], Rows]:
    def apply(rows: Rows) -> Rows:
        change(rows[0])
        return rows

    return apply


def test_the_sample(sample: Path) -> None:
    data = benchmark.open(Source(data=sample))
    assert data.warnings == ()
    assert data.set == "testmini"
    assert "not the official set" in data.card
    assert [case.id for case in data.cases[:2]] == [
        "tiif/short/shape+color/0",
        "tiif/short/shape+color/1",
    ]
    assert Counter(case.dimension for case in data.cases) == dict.fromkeys(DIMENSIONS, 4)
    assert all(2 <= len(case.questions) <= 4 for case in data.cases)
    wanted = Counter(q.wanted for case in data.cases for q in case.questions)
    assert 5 <= wanted.total() / wanted["no"] <= 7
    assert len({case.prompt for case in data.cases}) == 156


def test_the_sample_is_small(sample: Path) -> None:
    assert sum(path.stat().st_size for path in sample.rglob("*") if path.is_file()) < 80_000


def test_splits(sample: Path) -> None:
    by_split = {
        split: benchmark.open(Source(data=sample, split=split))
        for split in ("both", "short", "long")
    }
    short, long = by_split["short"].cases, by_split["long"].cases
    assert (*short, *long) == by_split["both"].cases
    assert {case.split for case in short} == {"short"}
    assert [case.questions for case in short] == [case.questions for case in long]
    assert len({data.prompts_hash for data in by_split.values()}) == 1


def test_the_hash_knows_every_prompt(own: Path, rewrite: Rewrite) -> None:
    before = benchmark.open(Source(data=own, split="short")).prompts_hash
    rewrite(own / PROMPTS, first(lambda row: row.update(long_description="Another text.")))
    assert benchmark.open(Source(data=own, split="short")).prompts_hash != before


def test_a_mini_line_is_named_by_its_place_in_the_full_set(own: Path, rewrite: Rewrite) -> None:
    full = own / "test_prompts"
    full.mkdir()
    (full / PROMPTS.name).write_bytes((own / PROMPTS).read_bytes())
    rewrite(full / PROMPTS.name, lambda rows: [rows[1], rows[1], rows[0]])
    cases = [c for c in benchmark.open(Source(data=own)).cases if c.dimension == "numeracy"]
    assert [case.id for case in cases[:2]] == ["tiif/short/numeracy/2", "tiif/short/numeracy/0"]
    assert [case.facts for case in cases[:2]] == [
        {"line": 2, "mini_line": 0},
        {"line": 0, "mini_line": 1},
    ]
    rewrite(own / PROMPTS, first(lambda row: row.update(short_description="Not in the full set.")))
    assert f"{own / PROMPTS}, line 1" in error(own)


def test_where_data_are_looked_for(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UIG_TIIF_DATA", raising=False)
    monkeypatch.setenv("UIG_CACHE", str(tmp_path))
    with pytest.raises(UigError, match="UIG_TIIF_DATA"):
        benchmark.open(Source())
    (tmp_path / "tiif").symlink_to(sample)
    in_cache = benchmark.open(Source())
    monkeypatch.setenv("UIG_CACHE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("UIG_TIIF_DATA", str(sample))
    assert benchmark.open(Source()) == in_cache


def test_a_folder_without_data(tmp_path: Path, own: Path) -> None:
    for said in (error(tmp_path), error(tmp_path / "nowhere"), error(own, set="test")):
        assert "expected testmini_prompts/" in said
        assert "A113N-W3I/TIIF-Bench" in said
    for path in (own / "testmini_prompts").iterdir():
        path.unlink()
    assert "expected testmini_prompts/" in error(own)


def test_unknown_names(sample: Path) -> None:
    assert 'Did you mean "short"?' in error(sample, split="shrot")
    assert "testmini" in error(sample, set="mini")
    assert "--prompts-file" in error(sample, prompts_file=Path("mine.jsonl"))


def test_missing_dimensions_are_named_and_left_out(own: Path) -> None:
    (own / PROMPTS).unlink()
    (own / "testmini_eval_prompts" / "style_eval_prompts.jsonl").unlink()
    data = benchmark.open(Source(data=own))
    (warning,) = data.warnings
    assert "numeracy, style" in warning
    assert {case.dimension for case in data.cases} == set(DIMENSIONS) - {"numeracy", "style"}


def test_a_broken_line(own: Path) -> None:
    lines = (own / PROMPTS).read_text().split("\n")
    (own / PROMPTS).write_text("\n".join([lines[0], lines[1][:-9], ""]))
    said = error(own)
    assert f"{own / PROMPTS}, line 2: got broken JSON" in said
    (own / PROMPTS).write_text("\n".join([lines[0], "", lines[1], ""]))
    assert "line 2: got broken JSON" in error(own)
    (own / PROMPTS).write_text("[" * 100_000)
    assert "line 1: got unreadable JSON" in error(own)
    (own / PROMPTS).write_bytes(b"\xff" + lines[0].encode())
    assert "offset 0" in error(own)
    (own / PROMPTS).write_text("")
    assert "an empty file" in error(own)


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        (PROMPTS, lambda row: row.pop("long_description"), 'a field "long_description"'),
        (PROMPTS, lambda row: row.update(short_description=7), "got 7"),
        (PROMPTS, lambda row: row.update(short_description="\udc80"), "half a surrogate pair"),
        (PROMPTS, lambda row: row.update(type="negation"), '"numeracy" as in the file\'s name'),
        (QUESTIONS, lambda row: row.pop("type"), 'a field "type"'),
        (QUESTIONS, lambda row: row["yn_answer_list"].pop(), "3 questions and 2 answers"),
        (QUESTIONS, lambda row: row.update(yn_answer_list=["yes", "no", "maybe"]), "'maybe'"),
        (QUESTIONS, lambda row: row.update(yn_answer_list="yes"), "a list of texts"),
        (QUESTIONS, lambda row: row["yn_question_list"].__setitem__(1, " "), "an empty question"),
        (QUESTIONS, lambda row: row.update(yn_question_list=[], yn_answer_list=[]), "0 questions"),
    ],
)
def test_a_wrong_line(own: Path, rewrite: Rewrite, file: Path, change: Any, said: str) -> None:
    rewrite(own / file, first(change))
    message = error(own)
    assert message.startswith(f"{own / file}, line 1: got ")
    assert said in message


def test_files_of_different_length(own: Path, rewrite: Rewrite) -> None:
    rewrite(own / QUESTIONS, lambda rows: rows[:1])
    assert "got 2 lines in" in error(own)
    assert "and 1 in" in error(own)


def test_an_empty_prompt_is_the_pictures_trouble(own: Path, rewrite: Rewrite) -> None:
    rewrite(own / PROMPTS, first(lambda row: row.update(short_description=" \n")))
    cases = benchmark.open(Source(data=own)).cases
    assert [case.id for case in cases if case.problem] == ["tiif/short/numeracy/0"]


def test_any_text_is_text(own: Path, rewrite: Rewrite) -> None:
    odd = 'two\nlines\r\n\x00\x1b[31m\u2028\u0085 ../../"quotes" <|im_end|> \N{HEDGEHOG} '
    rewrite(own / PROMPTS, first(lambda row: row.update(short_description=odd)))
    path = own / PROMPTS
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    unescaped = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes(b"\xef\xbb\xbf" + unescaped.encode())
    case = next(c for c in benchmark.open(Source(data=own)).cases if c.dimension == "numeracy")
    assert (case.prompt, case.problem) == (odd, None)
    assert case.id == "tiif/short/numeracy/0"


def test_texts_of_the_prompt_files_that_are_not_used_are_named(own: Path, rewrite: Rewrite) -> None:
    plain = benchmark.open(Source(data=own))
    rewrite(own / PROMPTS, first(lambda row: row.update(detailed="A long text.", n=3)))
    data = benchmark.open(Source(data=own))
    (warning,) = [text for text in data.warnings if text not in plain.warnings]
    assert "not used: detailed." in warning
    assert data.prompts_hash == plain.prompts_hash
