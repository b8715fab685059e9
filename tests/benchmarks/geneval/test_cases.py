"""Cases from generated and from rewritten prompts, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from uig_cli.benchmarks.geneval.cases import REWRITTEN, cases_of, read_rewritten
from uig_cli.benchmarks.geneval.prompts import as_lines, generate
from uig_cli.errors import UigError

SHARED = (
    Path(__file__).parents[4] / "shared" / "data" / "geneval" / "evaluation_metadata_long.jsonl"
)


@pytest.fixture
def rewrite(tmp_path: Path) -> Callable[[Callable[[list[str]], Any]], Path]:
    """Writes the generated file after `change` has worked on its lines."""

    def write(change: Callable[[list[str]], Any]) -> Path:
        lines = as_lines(generate()).splitlines()
        change(lines)
        path = tmp_path / "prompts.jsonl"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return write


def with_field(line: str, **fields: Any) -> str:
    return json.dumps({**json.loads(line), **fields}, ensure_ascii=False)


def test_cases_carry_line_number_tag_and_clauses() -> None:
    cases = cases_of(generate())
    assert [case.id for case in cases[:2]] == ["geneval/00000", "geneval/00001"]
    assert cases[-1].id == "geneval/00552"
    assert len({case.id for case in cases}) == 553
    assert cases[200].dimension == cases[200].facts["tag"] == "counting"
    assert cases[200].prompt == cases[200].facts["prompt"]
    assert {case.split for case in cases} == {""}
    assert all(case.problem is None for case in cases)


def test_rewritten_prompts_keep_ids_and_clauses(rewrite: Any) -> None:
    odd = 'A bench,\n../in "quotes",\u2028with <|im_end|> and \u0416'
    path = rewrite(lambda lines: lines.__setitem__(0, with_field(lines[0], prompt=odd)))
    first, *rest = cases_of(read_rewritten(path, generate()), REWRITTEN)
    plain = cases_of(generate())
    assert (first.id, first.prompt, first.split) == ("geneval/00000", odd, REWRITTEN)
    assert first.facts["include"] == plain[0].facts["include"]
    assert [case.id for case in rest] == [case.id for case in plain[1:]]


def test_key_order_and_spacing_do_not_matter(rewrite: Any) -> None:
    def loosen(lines: list[str]) -> None:
        fields = json.loads(lines[5])
        lines[5] = json.dumps(dict(reversed(fields.items())), separators=(" ,", " : "))

    assert len(read_rewritten(rewrite(loosen), generate())) == 553


def test_an_empty_prompt_is_a_recorded_problem(rewrite: Any) -> None:
    path = rewrite(lambda lines: lines.__setitem__(7, with_field(lines[7], prompt=" \n")))
    problems = [case.problem for case in cases_of(read_rewritten(path, generate()))]
    assert problems[7] == "the prompt is empty"
    assert [problem for problem in problems if problem] == [problems[7]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines.__setitem__(41, lines[41][:-1]), "line 42: got broken JSON"),
        (lambda lines: lines.__setitem__(41, ""), "line 42: got broken JSON"),
        (lambda lines: lines.__setitem__(41, "[" * 10**6), "line 42: got broken JSON"),
        (lambda lines: lines.__setitem__(41, "[1]"), "line 42: got no prompt"),
        (
            lambda lines: lines.__setitem__(2, with_field(lines[2], prompt=3)),
            "line 3: got no prompt",
        ),
        (lambda lines: lines.__setitem__(2, with_field(lines[2], tag="colors")), "line 3: got tag"),
        (lambda lines: lines.insert(9, lines.pop(8)), "line 9: got include"),
        (lambda lines: lines.__setitem__(179, with_field(lines[179], exclude=[])), "line 180"),
        (lambda lines: lines.pop(), "has 552 lines, expected 553"),
        (lambda lines: lines.append(lines[0]), "has 554 lines, expected 553"),
    ],
)
def test_refused_files(rewrite: Any, change: Callable[[list[str]], Any], says: str) -> None:
    path = rewrite(change)
    with pytest.raises(UigError, match=says) as error:
        read_rewritten(path, generate())
    assert path.name in str(error.value)
    assert "\n" not in str(error.value)


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(UigError, match="cannot read"):
        read_rewritten(tmp_path / "none.jsonl", generate())
    (tmp_path / "latin.jsonl").write_bytes(b'{"prompt": "caf\xe9"}\n')
    with pytest.raises(UigError, match="not UTF-8"):
        read_rewritten(tmp_path / "latin.jsonl", generate())


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared GenEval data")
def test_published_rewriting_is_accepted() -> None:
    assert as_lines(read_rewritten(SHARED, generate())).encode() == SHARED.read_bytes()
