"""uig generate and uig refine: a user's own prompts and pictures."""

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tests.conftest import ROOT, Uig
from uig_cli.errors import unknown
from uig_cli.models.protocol import Cost, Drawn, Failure, Picture, Reply, Said, pixel_hash
from uig_cli.models.reply_checks import validate_reply
from uig_cli.results.tables import as_it_was, csv_text
from uig_cli.runs.jsonl import Appender

MODELS = ROOT / "tests" / "models_for_tests.py"
HOSTILE = ["../../etc/passwd", 'say "hi" & <b>bold</b>', "émoji 😀 中文", "<|im_end|>x<|im_start|>",
           "a" * 4000, "[red]markup[/red]", "-rf /", "%s {user_prompt} {0}"]  # fmt: skip


def own(command: str, model: str, out: Path, *more: object) -> list[object]:
    return [command, "--model", f"python:{MODELS}:{model}", "--out", out, *more]


def test_generate(uig: Uig, tmp_path: Path) -> None:
    done = uig(*own("generate", "Quick", tmp_path / "r", "--prompt", "a cat", "--samples", "3",
                    "--json"))  # fmt: skip
    assert done.code == 0, done.err
    results = json.loads(done.out)["results"]
    assert [result["sample"] for result in results] == [0, 1, 2]
    pictures = {Path(result["steps"][0]["picture"]).read_bytes() for result in results}
    assert len(pictures) == 3


def test_hostile_prompts_are_ordinary_text(uig: Uig, tmp_path: Path) -> None:
    words = [word for prompt in HOSTILE for word in ("--prompt", prompt)]
    done = uig(*own("refine", "Quick", tmp_path / "r", *words, "--rounds", "1"))
    assert done.code == 0, done.err
    inside = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert inside == {"r"}
    results = json.loads(
        uig(*own("refine", "Quick", tmp_path / "r", *words, "--rounds", "1", "--json")).out
    )["results"]
    assert {result["prompt"] for result in results} == set(HOSTILE)
    for result in results:
        with Image.open(result["steps"][0]["picture"]) as image:
            image.load()
            assert image.text["uig:prompt"] == result["prompt"]  # type: ignore[attr-defined]
    with Image.open(tmp_path / "r" / "contact-sheet.png") as sheet:
        assert sheet.width > 200


def test_prompts_from_a_file_and_from_standard_input(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("\ufeffa cat\r\n  a dog  \r\na cat\n\n", "utf-8")
    told = json.loads(
        uig(*own("generate", "Quick", tmp_path / "r", "--prompts", file, "--json")).out
    )
    assert [result["prompt"] for result in told["results"]] == ["a cat", "a dog", "a cat"]
    assert len({result["case"] for result in told["results"]}) == 3
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a cat\na dog\n")))
    again = uig(*own("generate", "Quick", tmp_path / "r", "--prompts", "-"))
    assert again.code == 0 and "nothing to do: finished" in again.err


def test_a_picture_to_start_from(uig: Uig, tmp_path: Path) -> None:
    Image.new("RGBA", (256, 256), "black").save(tmp_path / "in.png")
    words = ["--prompt", "darker", "--image", tmp_path / "in.png", "--rounds", "2"]
    done = uig(*own("refine", "Quick", tmp_path / "r", *words, "--json"))
    assert done.code == 0, done.err
    steps = json.loads(done.out)["results"][0]["steps"]
    with Image.open(steps[0]["picture"]) as first:
        assert first.size == (256, 256) and first.mode == "RGBA"
    assert len(steps) > 1
    again = uig(*own("refine", "Quick", tmp_path / "r", *words))
    assert again.code == 0 and "nothing to do" in again.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--prompt", "  "], "--prompt is empty"),
        ([], "no prompts given"),
        (["--prompts", "nowhere.txt"], "cannot read the prompts file"),
        (["--prompt", "x", "--image", "nowhere.png"], "--image nowhere.png"),
    ],
)
def test_wrong_input(uig: Uig, tmp_path: Path, words: list[str], said: str) -> None:
    refused = uig(*own("refine", "Quick", tmp_path / "r", *words))
    assert refused.code == 2
    assert said in refused.err and len(refused.err.strip().splitlines()) == 1
    assert not (tmp_path / "r").exists()


def test_an_empty_line_is_a_recorded_failure(uig: Uig, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("one\n\nthree\n")
    done = uig(
        *own("refine", "Quick", tmp_path / "r", "--prompts", file, "--rounds", "1", "--json")
    )
    assert done.code == 3
    results = json.loads(done.out)["results"]
    assert [bool(result["steps"][0]["picture"]) for result in results] == [True, False, True]
    assert results[1]["steps"][0]["failure"] == "the prompt is empty"


def test_a_second_command_is_judged_by_what_it_asked_for(uig: Uig, tmp_path: Path) -> None:
    assert (
        uig(*own("generate", "Quick", tmp_path / "r", "--prompt", "A", "--samples", "2")).code == 0
    )
    assert uig(*own("generate", "Quick", tmp_path / "r", "--prompt", "B")).code == 0


def test_texts_from_outside_cannot_steer_the_terminal(uig: Uig, tmp_path: Path) -> None:
    done = uig(*own("refine", "Quick", tmp_path / "r", "--prompt", "x\x1b[31mred", "--rounds", "0"))
    assert done.code == 0 and "\x1b" not in done.out + done.err
    refused = uig(*own("refine", "Quick", tmp_path / "r", "--prompt", "a\udcffb"))
    assert refused.code == 2 and "UTF-8" in refused.err


def test_a_method_that_draws_takes_no_picture_and_one_that_refines_does_not_generate(
    uig: Uig, tmp_path: Path
) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / "in.png")
    picture = ["--image", tmp_path / "in.png", "--method", "think"]
    assert uig(*own("refine", "Quick", tmp_path / "r", "--prompt", "x", *picture)).code == 2
    assert (
        uig(*own("generate", "Quick", tmp_path / "r", "--prompt", "x", "--method", "uig")).code == 2
    )


def test_one_poisoned_prompt_spoils_nobody_elses(uig: Uig, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("one\npoison\nthree\n")
    done = uig(*own("generate", "PoisonedBatch", tmp_path / "r", "--prompts", file, "--json"))
    assert done.code == 3
    results = json.loads(done.out)["results"]
    assert [bool(result["steps"][0]["picture"]) for result in results] == [True, False, True]
    assert "RuntimeError: poisoned" in results[1]["steps"][0]["failure"]


def test_the_example_of_the_documentation(uig: Uig, tmp_path: Path, colors_file: Path) -> None:
    model = f"python:{colors_file}:Colors"
    checked = uig("check-model", model)
    assert checked.code == 0 and "BROKEN" not in checked.out and checked.out.count("ok ") >= 9
    done = uig("refine", "--model", model, "--prompt", "a red circle", "--out", tmp_path / "r")
    assert done.code == 0, done.err
    assert "its pictures mean nothing" in done.out


def test_check_model_finds_what_is_wrong(uig: Uig) -> None:
    found = uig("check-model", f"python:{MODELS}:Ignores", "--json")
    assert found.code == 2
    broken = {f["check"] for f in json.loads(found.out)["findings"] if not f["held"]}
    assert any("other noise" in check for check in broken)
    assert any("neighbours" in check for check in broken)


def test_options_from_a_file_and_the_environment(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "uig.yaml"
    config.write_text(f"model: python:{MODELS}:Quick\nseed: 5\nrounds: 1\n")
    words = ["refine", "--config", config, "--prompt", "x", "--out"]
    assert uig(*words, tmp_path / "a").code == 0
    monkeypatch.setenv("UIG_SEED", "6")
    assert uig(*words, tmp_path / "b").code == 0
    assert uig(*words, tmp_path / "c", "--seed", "7").code == 0
    seeds = [json.loads((tmp_path / n / "run.json").read_text())["drawing"]["seed"] for n in "abc"]
    assert seeds == [5, 6, 7]
    config.write_text(f"model: python:{MODELS}:Quick\nprompt: hello\nmethod: uig\nyes: true\n")
    assert uig("refine", "--config", config, "--rounds", "0", "--out", tmp_path / "e").code == 0
    monkeypatch.setenv("UIG_OUT", str(tmp_path / "f"))
    monkeypatch.setenv("UIG_METHOD", "uig-reference")
    config.write_text(f"model: python:{MODELS}:Quick\nprompt: hello\n")
    assert uig("refine", "--config", config, "--rounds", "0").code == 0
    assert json.loads((tmp_path / "f" / "run.json").read_text())["methods"] == ["uig-reference"]
    config.write_text("modle: x\n")
    refused = uig(*words, tmp_path / "d")
    assert refused.code == 2 and 'Did you mean "model"' in refused.err


@pytest.mark.parametrize("what", ["models", "methods", "benchmarks", "judges"])
def test_list(uig: Uig, what: str) -> None:
    assert uig("list", what).code == 0
    assert json.loads(uig("list", what, "--json").out)
    assert uig("list", "modles").code == 2


@pytest.mark.parametrize("name", ["journal/0-of-1.jsonl", "judgements/somebody/1-of-2.jsonl"])
def test_fresh_keeps_a_run_that_is_being_written(uig: Uig, tmp_path: Path, name: str) -> None:
    command = own("generate", "Quick", tmp_path / "r", "--prompt", "a", "--fresh")
    assert uig(*command).code == 0
    with Appender(tmp_path / "r" / name):
        before = sorted((tmp_path / "r").rglob("*"))
        refused = uig(*command)
        assert refused.code == 2 and "another process is writing" in refused.err
        assert sorted((tmp_path / "r").rglob("*")) == before
    assert uig(*command).code == 0
    assert (tmp_path / "r" / name).exists() == name.startswith("journal")


def test_fresh_keeps_what_uig_has_not_written(uig: Uig, tmp_path: Path) -> None:
    command = own("generate", "Quick", tmp_path / "r", "--prompt", "a", "--fresh")
    assert uig(*command).code == 0
    other = tmp_path / "r" / "other-run"
    other.mkdir()
    (other / "notes.txt").write_text("precious")
    refused = uig(*command)
    assert refused.code == 2 and "holds other-run too" in refused.err
    assert (other / "notes.txt").read_text() == "precious"
    assert list((tmp_path / "r" / "pictures").rglob("step-0.png"))


BAD = """
from PIL import Image
from tests.models_for_tests import Quick
from uig_cli.models.protocol import Drawn, Look, Picture, Said
class Paints(Quick):
    def answer(self, request):
        if isinstance(request, Look):
            return Drawn(Picture.of(Image.new("RGB", (16, 16), "blue")))
        return super().answer(request)
class Raw(Quick):
    def answer(self, request):
        return Drawn(Image.new("RGB", (16, 16), "red"))
class Mute(Quick):
    def answer(self, request):
        return Said("sorry")
class Nan(Quick):
    def answer(self, request):
        return Drawn(Picture.of(Image.new("F", (16, 16), float("nan"))))
"""


def test_a_picture_is_no_answer_to_a_look(uig: Uig, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    words = ["--model", f"python:{tmp_path / 'bad.py'}:Paints", "--prompt", "a"]
    uig("refine", *words, "--rounds", "1", "--out", tmp_path / "r")
    lines = [json.loads(line) for line in (tmp_path / "r/journal/0-of-1.jsonl").open()]
    assert [line["role"] for line in lines] == ["draw", "look"]
    failure = {"kind": "protocol", "reason": "got Drawn as an answer"}
    assert lines[1]["failure"] == failure
    with Image.open(tmp_path / "r" / lines[0]["picture"]["path"]) as image:
        assert pixel_hash(image) == lines[0]["picture"]["sha256"]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("Raw", "got Image as picture"),
        ("Mute", "got Said as an answer"),
        ("Nan", "the picture's pixels are not finite"),
    ],
)
def test_what_is_no_picture_is_a_failure_and_asked_for_again(
    uig: Uig, tmp_path: Path, model: str, said: str
) -> None:
    (tmp_path / "bad.py").write_text(BAD)
    for times in (1, 2):
        done = uig("generate", "--model", f"python:{tmp_path / 'bad.py'}:{model}", "--prompt", "a",
                   "--out", tmp_path / "r")  # fmt: skip
        assert done.code == 3 and said in done.err
        assert (tmp_path / "r/journal/0-of-1.jsonl").read_text().count('"failure"') == times


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Said("yes", (0.5, 0.5)), None),
        (Drawn(Picture.of(Image.new("RGB", (1, 1)))), None),
        (Said(b"yes"), "got bytes as text"),  # type: ignore[arg-type]
        (Said("yes", np.ones(2)), "got ndarray as probabilities"),  # type: ignore[arg-type]
        (Said("yes", ("1",)), "got str as probability"),  # type: ignore[arg-type]
        (Said("yes", cost=None), "got NoneType as cost"),  # type: ignore[arg-type]
        (Said("yes", cost=Cost(passes=1.5)), "got float as passes of a cost"),  # type: ignore[arg-type]
        (Failure("memory", ValueError("x")), "got ValueError as reason of a failure"),  # type: ignore[arg-type]
    ],
)
def test_every_field_of_a_reply_is_what_the_protocol_says(reply: Reply, said: str | None) -> None:
    checked = validate_reply(reply)
    if said is None and not isinstance(reply, Failure):
        reply = replace(reply, cost=replace(reply.cost, work=None))  # it has told none
    assert checked == (reply if said is None else Failure("protocol", said))


def test_a_seed_fits_into_the_tables(uig: Uig, tmp_path: Path) -> None:
    command = own("generate", "Quick", tmp_path / "r", "--prompt", "a", "--seed")
    for seed in (-1, 2**63, 99999999999999999999):
        assert uig(*command, seed).code == 2
    assert not (tmp_path / "r").exists()
    assert uig(*command, 2**63 - 1).code == 0


def test_paths_that_are_not_utf8(uig: Uig, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"w\xff")
    refused = uig(*own("generate", "Quick", odd, "--prompt", "a"))
    assert refused.code == 2 and "is not UTF-8 text; give another --out" in refused.err
    odd.write_text("a\n")
    done = uig(*own("generate", "Quick", tmp_path / "r", "--prompts", odd))
    assert done.code == 0, done.err
    kept = json.loads((tmp_path / "r" / "run.json").read_text("utf-8"))
    assert kept["options"]["prompts"] == str(tmp_path / "w?")


def test_a_manifest_that_is_not_utf8_is_refused(uig: Uig, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(b"\xff")
    refused = uig("show", tmp_path)
    assert refused.code == 2 and "run.json cannot be read" in refused.err


def test_carriage_returns_do_not_break_the_rows_of_a_table(uig: Uig, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "from tests.models_for_tests import Quick\n"
        "from uig_cli.models.protocol import Look, Said\n"
        "class Returns(Quick):\n"
        "    def answer(self, request):\n"
        "        if isinstance(request, Look):\n"
        "            return Said('EDIT_NEEDED: make it\\rred')\n"
        "        return super().answer(request)\n"
    )
    done = uig("refine", "--model", f"python:{tmp_path / 'm.py'}:Returns", "--prompt", "a",
               "--rounds", "1", "--out", tmp_path / "r")  # fmt: skip
    assert done.code == 0, done.err
    file = tmp_path / "r" / "tables" / "steps.csv"
    whole = pd.read_parquet(file.with_suffix(".parquet"))
    assert pd.read_csv(file)["instruction"].tolist() == whole["instruction"].tolist()
    with file.open(newline="") as lines:
        assert [row["step"] for row in csv.DictReader(lines)] == ["0", "1"]


def test_a_csv_is_read_back_as_it_was_and_quotes_no_number() -> None:
    texts = ["a\rb", "a\r\nb", "a\nb", "\r", 'say "a"', "a,b", "plain"]
    frame = pd.DataFrame({"text": texts, "n": range(7), "x\r": [0.5] * 7})
    text = csv_text(frame)
    back = pd.read_csv(io.StringIO(text, newline=""))
    pd.testing.assert_frame_equal(back.assign(text=back["text"].map(as_it_was)), frame)
    rows = [as_it_was(row[0]) for row in csv.reader(io.StringIO(text, newline=""))]
    assert rows == ["text", *texts]
    plain = frame.iloc[-2:]
    assert csv_text(plain).endswith(plain.to_csv(index=False, header=False, lineterminator="\n"))


def test_options_that_a_command_would_pass_over_are_refused(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / "in.png")
    image = ["--image", tmp_path / "in.png", "--rounds", "0"]
    command = own("refine", "Quick", tmp_path / "r", "--prompt", "a")
    reference = ["--method", "uig-reference", "--rounds", "0", "--verdict"]
    for words, said in (
        ([*image, "--size", "32x32"], "--size is for a picture that is drawn first"),
        ([*reference, "robust"], "uig-reference reads verdicts as reference always"),
        (["--method", "direct", "--rounds", "2"], "--rounds means nothing to method direct"),
        (["--method", "think", "--verdict", "robust"], "--verdict means nothing to method think"),
        (["--method", "direct", "--examiner", "pocket"], "--examiner means nothing to"),
        (["--method", "decompose", "--editor", "pocket"], "--editor means nothing to"),
    ):
        refused = uig(*command, *words)
        assert refused.code == 2 and said in refused.err
    assert not (tmp_path / "r").exists()
    tiif = ["eval", "tiif", "--model", f"python:{MODELS}:Quick", "--out", tmp_path / "r"]
    assert "reads verdicts as reference" in uig(*tiif, *reference, "robust").err
    assert uig(*command, *reference, "reference").code == 0
    monkeypatch.setenv("UIG_SIZE", "16x16")
    monkeypatch.setenv("UIG_EDITOR", f"python:{MODELS}:Quick")
    (tmp_path / "uig.yaml").write_text("verdict: robust\nrounds: 2\n")
    for words in (image, ["--method", "direct", "--config", tmp_path / "uig.yaml"]):
        done = uig(*command, *words, "--fresh")
        assert done.code == 0, done.err


def test_a_share_of_own_prompts_may_be_missing(uig: Uig, tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_text("one\n\nthree\n")
    for command in ("generate", "refine"):
        words = own(command, "Quick", tmp_path / command, "--prompts", tmp_path / "prompts.txt")
        assert uig(*words).code == 3
        assert uig(*words, "--allow-missing", "0.5").code == 0


def test_own_prompts_cannot_be_judged(uig: Uig, tmp_path: Path) -> None:
    assert uig(*own("generate", "Quick", tmp_path / "r", "--prompt", "a")).code == 0
    refused = uig("rejudge", tmp_path / "r")
    assert refused.code == 2 and "has no questions" in refused.err
    assert not (tmp_path / "r" / "judgements").exists()


def test_many_names_are_counted_and_the_closest_told() -> None:
    names = [f"tiif/long/color/{number}" for number in range(300)]
    told = str(unknown("case of this run", "tiif/long/colr/7", names))
    assert "known: 300 names, e.g. tiif/long/color/0." in told and len(told) < 200
    assert 'Did you mean "tiif/long/color/7" or "' in told
    assert str(unknown("case", "?", names)).endswith("e.g. tiif/long/color/0.")


def test_a_file_of_objects_is_drawn_by_its_prompts_and_says_what_it_does_not_use(
    uig: Uig, tmp_path: Path
) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_text('{"prompt": "a cat", "n": 2}\n{"prompt": "a dog"}\n')
    words = own("generate", "Quick", tmp_path / "r", "--prompts", file)
    told = uig(*words, "--json")
    assert told.code == 0 and "that are not used: n." in told.err
    prompts = [result["prompt"] for result in json.loads(told.out)["results"]]
    assert prompts == ["a cat", "a dog"]
    file.write_text('{"text": "a cat"}\n')
    refused = uig(*own("refine", "Quick", tmp_path / "s", "--prompts", file))
    assert refused.code == 2 and "line 1: got the fields text" in refused.err
    assert not (tmp_path / "s").exists()
