"""Cases from generated and from rewritten prompts, and what is refused."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from uig_cli.benchmarks.geneval import built_in
from uig_cli.benchmarks.geneval.card import FULL
from uig_cli.benchmarks.geneval.cases import REWRITTEN, cases_of, open_data
from uig_cli.benchmarks.geneval.prompts import (
    PUBLISHED_SHA256,
    as_lines,
    clauses_key,
    generate,
)
from uig_cli.benchmarks.geneval.rewriting import read_rewriting
from uig_cli.benchmarks.protocol import Data, Source
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
        path.write_text("\n".join(lines) + "\n", "utf-8", "surrogatepass")
        return path

    return write


def with_field(line: str, **fields: Any) -> str:
    return json.dumps({**json.loads(line), **fields})


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
    first, *rest = cases_of(read_rewriting(path, generate()).prompts, REWRITTEN)
    plain = cases_of(generate())
    assert (first.id, first.prompt, first.split) == ("geneval/00000", odd, REWRITTEN)
    assert first.facts["include"] == plain[0].facts["include"]
    assert [case.id for case in rest] == [case.id for case in plain[1:]]


def test_key_order_and_spacing_do_not_matter(rewrite: Any) -> None:
    def loosen(lines: list[str]) -> None:
        fields = json.loads(lines[5])
        lines[5] = json.dumps(dict(reversed(fields.items())), separators=(" ,", " : "))

    found = read_rewriting(rewrite(loosen), generate())
    assert (list(found.prompts), found.differing) == (generate(), 0)


def test_an_empty_prompt_is_a_recorded_problem(rewrite: Any) -> None:
    path = rewrite(lambda lines: lines.__setitem__(7, with_field(lines[7], prompt=" \n")))
    problems = [case.problem for case in cases_of(read_rewriting(path, generate()).prompts)]
    assert problems[7] == "the prompt is empty"
    assert [problem for problem in problems if problem] == [problems[7]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines.__setitem__(41, lines[41][:-1]), "line 42: got broken JSON"),
        (lambda lines: lines.__setitem__(41, ""), "has 552 of the 553 prompts and lacks 1, e.g."),
        (lambda lines: lines.__setitem__(41, "[" * 10**6), "line 42: got broken JSON"),
        (lambda lines: lines.__setitem__(41, "[1]"), "line 42: got no prompt"),
        (
            lambda lines: lines.__setitem__(2, with_field(lines[2], prompt=3)),
            "line 3: got 3 for a prompt",
        ),
        (
            lambda lines: lines.__setitem__(2, json.dumps({"tag": "colors", "text": "a cat"})),
            "line 3: got the fields tag, text, expected",
        ),
        (
            lambda lines: lines.__setitem__(2, with_field(lines[2], prompt="a\ud800")),
            "line 3: got half a surrogate pair",
        ),
        (
            lambda lines: lines.__setitem__(2, with_field(lines[2], tag="colors")),
            "line 3: got .*'colors'.*, which no prompt of the set asks for",
        ),
        (lambda lines: lines.__setitem__(179, with_field(lines[179], exclude=[])), "line 180"),
        (lambda lines: lines.pop(), "has 552 of the 553 prompts"),
        (
            lambda lines: lines.append(with_field(lines[7], prompt="a cat")),
            "line 554: got another prompt than .*, line 8 for the same tag",
        ),
        (lambda lines: lines.clear(), "holds no JSON lines"),
        (lambda lines: lines.__setitem__(slice(None), ["a cat", "a dog"]), "is broken JSON"),
    ],
)
def test_refused_files(rewrite: Any, change: Callable[[list[str]], Any], says: str) -> None:
    path = rewrite(change)
    with pytest.raises(UigError, match=says) as error:
        read_rewriting(path, generate())
    assert path.name in str(error.value)
    assert "\n" not in str(error.value)


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(UigError, match="cannot read"):
        read_rewriting(tmp_path / "none.jsonl", generate())
    (tmp_path / "latin.jsonl").write_bytes(b'{"prompt": "caf\xe9"}\n')
    with pytest.raises(UigError, match="not UTF-8"):
        read_rewriting(tmp_path / "latin.jsonl", generate())


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared GenEval data")
def test_published_rewriting_is_accepted() -> None:
    found = read_rewriting(SHARED, generate())
    assert as_lines(found.prompts).encode() == SHARED.read_bytes()
    assert (found.differing, found.notes) == (553, ())


@pytest.mark.parametrize("prompts", [generate(), built_in.generate()])
def test_no_two_prompts_check_the_same(prompts: list[Any]) -> None:
    assert len({clauses_key(one) for one in prompts}) == len(prompts)


def opened(path: Path) -> Data:
    return open_data(Source(set=FULL, prompts_file=path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: None, ()),
        (lambda lines: lines.reverse(), ("another order",)),
        (
            lambda lines: lines.__setitem__(
                slice(None),
                [with_field(line, detailed_caption="of\n" + line, index=3) for line in lines],
            ),
            ("not used: detailed_caption, index.",),
        ),
        (lambda lines: lines.extend(lines * 3), ("each prompt 4 times", "--samples 4")),
        (lambda lines: lines.append(lines[5]), ("each prompt 1 to 2 times", "--samples 2")),
        (lambda lines: lines.__setitem__(slice(None), ["[" + ",\n".join(lines) + "]"]), ()),
    ],
)
def test_the_official_prompts_are_the_official_set_whatever_file_they_are_in(
    rewrite: Any, change: Callable[[list[str]], Any], said: tuple[str, ...]
) -> None:
    found, official = opened(rewrite(change)), open_data(Source(set=FULL))
    assert (found.cases, found.set, found.card) == (official.cases, official.set, official.card)
    assert found.prompts_hash == official.prompts_hash == PUBLISHED_SHA256
    first, *more = found.warnings
    assert "the set itself, not a rewriting" in first
    assert all(text in " ".join(more) for text in said)
    assert len(more) == (1 if said else 0)
    assert "\n" not in " ".join(found.warnings)


@pytest.mark.parametrize("change", [lambda row: {"index": 3, **row}, lambda row: {**row, "a": 1}])
def test_former_hashes_are_those_of_version_0_1_0(rewrite: Any, change: Any) -> None:
    """That hashed the rows of the file as they stood there."""
    rows = [change(one) for one in generate()]
    found = opened(rewrite(lambda lines: lines.__setitem__(slice(None), map(json.dumps, rows))))
    then = sha256("".join(json.dumps(row) + "\n" for row in rows).encode()).hexdigest()
    assert (found.prompts_hash, found.former_hashes) == (PUBLISHED_SHA256, (then,))
    assert opened(rewrite(lambda lines: None)).former_hashes == ()


def test_a_rewriting_says_how_many_prompts_differ_and_is_found_in_any_order(rewrite: Any) -> None:
    def some_otherwise(lines: list[str]) -> None:
        lines[:12] = [with_field(line, prompt=f"{n} of them") for n, line in enumerate(lines[:12])]

    found = opened(rewrite(some_otherwise))
    assert "of 553 prompts 12 differ from the official ones" in found.card
    assert not found.warnings
    assert {case.split for case in found.cases} == {REWRITTEN}

    def in_another_order(lines: list[str]) -> None:
        some_otherwise(lines)
        lines += [with_field(line, index=9) for line in lines]
        lines.reverse()

    shuffled = opened(rewrite(in_another_order))
    assert (shuffled.cases, shuffled.prompts_hash) == (found.cases, found.prompts_hash)
    assert [case.prompt for case in shuffled.cases[10:13]] == [
        "10 of them", "11 of them", generate()[12]["prompt"]
    ]  # fmt: skip
    assert shuffled.warnings[0].startswith("fields of")
    assert len(shuffled.warnings) == 3
