"""Files of prompts: read as what they are, or refused; never drawn as text."""

import json
from pathlib import Path

import pytest

from uig_cli.benchmarks import prompt_files
from uig_cli.benchmarks.own import benchmark
from uig_cli.benchmarks.prompt_files import read_prompt_list
from uig_cli.benchmarks.protocol import Source
from uig_cli.errors import UigError

TWO = ("a cat", 'a "red" dog, asleep')


def written(folder: Path, content: str | bytes, name: str = "prompts") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


OBJECTS = [{"prompt": TWO[0], "n": 2}, {"prompt": TWO[1], "seed": 1}]
JSON_LINES = "".join(json.dumps(one) + "\n" for one in OBJECTS)


@pytest.mark.parametrize(
    ("content", "unused"),
    [
        (JSON_LINES, "n, seed"),
        (JSON_LINES.replace("\n", "\r\n"), "n, seed"),
        (JSON_LINES.replace("\n", "\r").rstrip(), "n, seed"),
        ("\ufeff" + JSON_LINES.replace("\n", "\n\n"), "n, seed"),
        (json.dumps(OBJECTS), "n, seed"),
        (json.dumps(OBJECTS, indent=2), "n, seed"),
        (json.dumps(list(TWO)), None),
        (json.dumps([TWO[0], {"prompt": TWO[1]}], indent=1), None),
        (json.dumps(TWO[0]) + "\n" + json.dumps(TWO[1]) + "\n", None),
        ('id,prompt\n1,a cat\n2,"a ""red"" dog, asleep"\n', "id"),
        ('id, prompt\r\n1, a cat\r\n2, "a ""red"" dog, asleep"\r\n\r\n', "id"),
        ('prompt\ta b\na cat\t\n"a ""red"" dog, asleep"\t2\n', "a b"),
        ('prompt;id\na cat;1\n"a ""red"" dog, asleep";2\n', "id"),
        ('prompt\na cat\n"a ""red"" dog, asleep"\n', None),
        ('"prompt"\n"a cat"\n"a ""red"" dog, asleep"\n', None),
    ],
)
def test_structured_files_are_read_by_their_field_prompt(
    tmp_path: Path, content: str, unused: str | None
) -> None:
    found = read_prompt_list(written(tmp_path, content))
    assert found.prompts == TWO
    named = [note for note in found.notes if "not used" in note]
    assert bool(named) == bool(unused)
    assert all(note.endswith(f"that are not used: {unused}.") for note in named)


@pytest.mark.parametrize(
    "text",
    [
        "a cat, a dog\na prompt, in commas\n",
        "prompts are, well, prompts\nprompt me\n",
        "[red]a cat[/red]\n{curly} dog\n",
        "{a cat}\n",
        "[a, b]\n[c\n",
        "42\ntrue\nnull\n",
        '"quoted" and on\n"STOP"\n',
        "a\tb\nc\td\n",
        "a\u2028b\x0bc\nd\x85e\n",
        '{"a": 1}\na cat\nanother\n',
        "Prompt: a cat\na text, red\n",
        "cat, text, blue\ndog, red\n",
        "text, cat\n",
        "captions\na cat\n",
    ],
)
def test_plain_text_stays_plain_text(tmp_path: Path, text: str) -> None:
    found = read_prompt_list(written(tmp_path, text))
    assert found.prompts == tuple(text.rstrip("\n").split("\n")) and not found.notes


def test_marks_of_files_that_were_joined_are_no_part_of_a_prompt(tmp_path: Path) -> None:
    joined = "\ufeff\ufeffa cat\n\ufeffa dog\n"
    assert read_prompt_list(written(tmp_path, joined)).prompts == ("a cat", "a dog")


def test_every_line_end_is_one(tmp_path: Path) -> None:
    found = read_prompt_list(written(tmp_path, b"a cat\r a dog \r\nthree\n\nfive\r\r"))
    assert found.prompts == ("a cat", "a dog", "three", "", "five")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a red circle\na blue square\n".encode("utf-16-le"), "NUL characters (line 1)"),
        ("a cat\n\0\n", "NUL characters (line 2)"),
        ("a cat\n".encode("utf-16"), "is not UTF-8 text (byte 0)"),
        (b"caf\xe9", "is not UTF-8 text (byte 3)"),
        ("", "has no prompts"),
        (" \r \n", "has no prompts"),
        ("[]", "has no prompts"),
        (JSON_LINES + "a plain line\n", "line 3: got broken JSON"),
        (JSON_LINES + '{"prompt": "x"\n', "line 3: got broken JSON"),
        (JSON_LINES + '{"prompt": "x", "prompt": "y"}\n', "'prompt' stands twice"),
        (JSON_LINES + "[1]\n", "line 3: got [1] for a prompt"),
        (JSON_LINES + '{"prompt": null}\n', "line 3: got None for a prompt"),
        (JSON_LINES + '{"prompt": "a\\ud800b"}\n', "line 3: got half a surrogate pair"),
        (JSON_LINES + '{"Prompt": "x", "id": 3}\n', "line 3: got the fields Prompt, id, expected"),
        ('["a", 3]', "entry 2: got 3 for a prompt"),
        ('{"prompts": ["a", "b"]}', "line 1: got the fields prompts"),
        ('{"prompt": ["a", "b"]}', "line 1: got ['a', 'b'] for a prompt"),
        (json.dumps(OBJECTS, indent=2)[:-2], "is broken JSON"),
        ("[\n'a cat',\n'a dog'\n]\n", "is broken JSON"),
        ("{'prompt': 'a cat'}\n{'prompt': 'a dog'}\n", "is broken JSON"),
        ("[" * 10**5 + '"prompt":', "is broken JSON"),
        ('{"prompt": 1' + "0" * 5000 + "}", "is broken JSON"),
        ("id,prompt\n1,a cat, red\n", "line 2: got 3 fields, expected 2"),
        ('id,prompt\n1,"a\ncat"\n2\n', "line 4: got 1 fields, expected 2"),
        ('id,prompt\n1,"a cat" red\n', "line 2: the table cannot be read"),
        ('id,prompt\n1,"a cat\n', "the table cannot be read"),
        ("prompt,prompt\na,b\n", "two columns have one name"),
        ("id,Prompt\n1,a\n", 'columns id, Prompt, expected one that is called "prompt"'),
        ("\nid,prompt\n1,a\n", "the header is not in line 1"),
        ("id,prompt\n", "has no prompts"),
        ("Prompt\na cat\n", "columns Prompt, expected one"),
        ('"PROMPT"\n"a cat"\n', "columns PROMPT, expected one"),
        ("Prompts,Category\na cat,1\n", "columns Prompts, Category, expected one"),
        ('id\tText\n1\t"a cat"\n', "columns id, Text, expected one"),
        ("['a cat', 'a dog']\n", "is broken JSON"),
        ("a cat\nb\nc\nd\n" + JSON_LINES, "line 1: got broken JSON"),
        ("- prompt: a cat\n- prompt: a dog\n", "looks like YAML"),
        ("prompts:\n  - a cat\n", "looks like YAML"),
    ],
)  # fmt: skip
def test_refused_in_one_sentence(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(UigError) as error:
        read_prompt_list(written(tmp_path, content))
    text = str(error.value)
    assert said in text and "\n" not in text and len(text) < 500
    assert "; " in text, "it says what to do"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.csv", "caption,id\na cat,1\n", "columns caption, id, expected one"),
        ("p.csv", "a,id\na cat,1\n", 'got no column "prompt" in the first line'),
        ("p.TSV", "a cat\n", 'got no column "prompt"'),
        ("p.jsonl", "a cat\n", "is broken JSON"),
        ("p.yml", "- a cat\n", "looks like YAML"),
        ("p.json", '["a cat", "a dog"', "is broken JSON"),
    ],
)
def test_an_ending_that_says_otherwise_is_not_passed_over(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    with pytest.raises(UigError, match=said):
        read_prompt_list(written(tmp_path, content, name))


def test_names_out_of_a_file_are_harmless_and_bounded(tmp_path: Path) -> None:
    names = {f"\n\x1b[31m{n}" + "x" * 500: 1 for n in range(30)}
    (note,) = read_prompt_list(written(tmp_path, json.dumps([{"prompt": "a", **names}]))).notes
    assert "\n" not in note and "\x1b" not in note and len(note) < 800 and "and 22 more" in note


def test_the_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_files, "LARGEST", 10)
    assert read_prompt_list(written(tmp_path, "x" * 10)).prompts == ("x" * 10,)
    with pytest.raises(UigError, match="has more than"):
        read_prompt_list(written(tmp_path, "x" * 11))


def test_own_prompts_as_a_benchmark_warn_of_what_they_do_not_use(tmp_path: Path) -> None:
    data = benchmark.open(Source(prompts_file=Path(written(tmp_path, JSON_LINES))))
    assert [case.prompt for case in data.cases] == list(TWO)
    assert len(data.warnings) == 1 and "not used: n, seed" in data.warnings[0]
