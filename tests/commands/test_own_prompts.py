"""uig generate and uig refine: a user's own prompts and pictures."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT, Uig

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
    import io

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
