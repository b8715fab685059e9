"""uig eval tiif from prompts to tables, and everything that may come between."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig
from tests.killing import killed_in_the_middle

MODELS = ROOT / "tests" / "models_for_tests.py"
SAMPLE = ROOT / "tests" / "data" / "tiif-sample"
TIMES = ["seconds"]
LOSES_EDITS = """
from tests.models_for_tests import Quick
from uig_cli.models.protocol import Edit, Failure
class Loses(Quick):
    identity = {"kind": "loses"}
    def answer(self, request):
        if isinstance(request, Edit) and request.picture.image.getpixel((0, 0))[0] % 3 == 0:
            return Failure("memory", "out of memory")
        return super().answer(request)
"""


def tiif(model: str, out: Path, *more: object) -> list[object]:
    return ["eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:{model}",
            "--out", out, *more]  # fmt: skip


def tables(out: Path) -> dict[str, pd.DataFrame]:
    read = {
        name: pd.read_csv(out / "tables" / f"{name}.csv", dtype={"step": str})
        for name in ("steps", "questions", "summary")
    }
    return {name: frame.drop(columns=TIMES, errors="ignore") for name, frame in read.items()}


def same(first: Path, second: Path) -> None:
    for name, frame in tables(first).items():
        pd.testing.assert_frame_equal(frame, tables(second)[name])


def test_from_prompts_to_tables(uig: Uig, tmp_path: Path) -> None:
    done = uig(*tiif("Quick", tmp_path / "r", "--split", "long", "--method", "direct",
                     "--method", "uig", "--rounds", "2", "--json"))  # fmt: skip
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["undrawn"] == told["unjudged"] == 0
    found = tables(tmp_path / "r")
    steps = found["steps"]
    cases = steps["case"].nunique()
    assert len(steps) == cases * (1 + 3)
    for relative in steps["picture"]:
        assert (tmp_path / "r" / relative).is_file()
    # Methods share the drawing: uig's step 0 is direct's picture, one file.
    first = steps[steps["step"] == "0"].pivot(index="case", columns="method", values="picture")
    for direct, by_uig in first[["direct", "uig"]].itertuples(index=False):
        assert (tmp_path / "r" / direct).samefile(tmp_path / "r" / by_uig)
    # The summary can be computed again from the questions by hand.
    questions = found["questions"]
    last = questions[(questions["method"] == "uig") & (questions["step"] == "2")]
    last = last.merge(steps[["case", "dimension"]].drop_duplicates(), on="case")
    by_dimension = last.groupby("dimension")["correct"].mean() * 100
    summary = found["summary"]
    final = summary[(summary["method"] == "uig") & (summary["step"] == "final")]
    told_dimension = final[final["level"] == "dimension"].set_index("name")["score"]
    pd.testing.assert_series_equal(
        by_dimension.sort_index(), told_dimension.sort_index(), check_names=False, rtol=1e-6
    )
    groups = final[final["level"] != "dimension"]
    assert set(final["level"]) == {"dimension", "group", "overall"}
    assert groups["name"].iloc[-1] == "overall"
    for name in ("steps", "questions"):
        parquet = pd.read_parquet(tmp_path / "r" / "tables" / f"{name}.parquet")
        assert len(parquet) == len(found[name])


def test_nothing_to_do(uig: Uig, tmp_path: Path) -> None:
    command = tiif("Quick", tmp_path / "r", "--split", "short", "--limit", "10", "--rounds", "1")
    assert uig(*command).code == 0
    journal = (tmp_path / "r" / "journal" / "0-of-1.jsonl").read_bytes()
    again = uig(*command)
    assert again.code == 0
    assert "nothing to do: finished" in again.err
    assert (tmp_path / "r" / "journal" / "0-of-1.jsonl").read_bytes() == journal


def test_widening_equals_a_run_made_at_once(uig: Uig, tmp_path: Path) -> None:
    narrow = ["--split", "short", "--limit", "7", "--method", "direct"]
    wide = ["--split", "both", "--limit", "40", "--method", "uig", "--rounds", "1"]
    assert uig(*tiif("Quick", tmp_path / "a", *narrow)).code == 0
    assert uig(*tiif("Quick", tmp_path / "a", *wide)).code == 0
    assert uig(*tiif("Quick", tmp_path / "a", *wide, "--method", "direct")).code == 0
    assert uig(*tiif("Quick", tmp_path / "b", *wide, "--method", "direct")).code == 0
    rows = {}
    for name in "ab":
        steps = tables(tmp_path / name)["steps"]
        rows[name] = steps.sort_values(["method", "case", "step"]).reset_index(drop=True)
    extra = set(rows["a"]["case"]) - set(rows["b"]["case"])
    a = rows["a"][~rows["a"]["case"].isin(extra)].reset_index(drop=True)
    pd.testing.assert_frame_equal(a, rows["b"])


def test_a_method_is_scored_on_the_cases_it_was_asked_for(uig: Uig, tmp_path: Path) -> None:
    """`direct` has drawn the first pictures of `uig` for more cases than `uig` had to refine."""
    base = ["--split", "short", "--rounds", "2"]
    few = [*base, "--method", "uig", "--limit", "2"]
    wide = tiif("Quick", tmp_path / "r", *base, "--method", "direct", "--limit", "12")
    assert uig(*wide).code == 0
    assert uig(*tiif("Quick", tmp_path / "r", *few)).code == 0
    assert uig(*tiif("Quick", tmp_path / "alone", *few)).code == 0
    columns = ["step", "level", "name", "score", "low", "high", "cases", "answered", "always_yes"]
    together, alone = (
        found[(found["method"] == "uig") & found["score"].notna()][columns].reset_index(drop=True)
        for found in (tables(tmp_path / name)["summary"] for name in ("r", "alone"))
    )
    pd.testing.assert_frame_equal(together, alone)
    shown = uig("show", tmp_path / "r").out
    (overall,) = (line for line in shown.splitlines() if line.startswith("│ overall"))
    assert "12 / 2" in overall
    by_step = [line.split("│")[-2].strip() for line in shown.splitlines() if "│ short │" in line]
    assert by_step == ["12", "2"]


def test_steps_compare_the_same_cases(uig: Uig, tmp_path: Path) -> None:
    """A loop that failed in its second round counts at no step; one that stopped counts at all."""
    (tmp_path / "m.py").write_text(LOSES_EDITS)
    done = uig("eval", "tiif", "--data", SAMPLE, "--model", f"python:{tmp_path / 'm.py'}:Loses",
               "--split", "short", "--rounds", "2", "--allow-missing", "0.9", "--quiet",
               "--out", tmp_path / "r")  # fmt: skip
    assert done.code == 0, done.err
    found = tables(tmp_path / "r")
    steps, summary = found["steps"], found["summary"]
    scores = steps.pivot(index="case", columns="step", values="score")
    lost = scores["2"].isna()
    assert lost.any() and scores.loc[lost, "0"].notna().any() and not lost.all()
    assert (steps["step"].eq("2") & ~steps["still_running"] & steps["score"].notna()).any()
    kept = steps[~steps["case"].isin(scores.index[lost])]
    shares = kept.groupby(["step", "dimension"])[["correct", "asked"]].sum()
    by_hand = 100 * shares["correct"] / shares["asked"]
    told = summary[(summary["level"] == "dimension") & summary["score"].notna()]
    for step, name in (("0", "0"), ("1", "1"), ("2", "2"), ("2", "final")):
        rows = told[told["step"] == name].set_index("name")["score"]
        assert rows.to_dict() == pytest.approx(by_hand[step].to_dict())
    overall = summary[summary["level"] == "overall"]
    assert set(overall["cases"]) == {kept["case"].nunique()}
    assert set(overall["missing"]) == {steps[steps["step"] == "2"]["missing"].sum()}


def test_another_identity_is_refused(uig: Uig, tmp_path: Path) -> None:
    base = ["--split", "short", "--limit", "4", "--rounds", "1"]
    assert uig(*tiif("Quick", tmp_path / "r", *base)).code == 0
    for change, field in (
        (["--seed", "1"], "seed"),
        (["--rounds", "2"], "rounds"),
        (["--size", "24x16"], "size"),
        (["--sampler", "contrast=0.25"], "sampler.draw.contrast"),
        (["--verdict", "reference"], "verdict"),
    ):
        refused = uig(*tiif("Quick", tmp_path / "r", *base, *change))
        assert refused.code == 2, change
        assert field in refused.err
        assert len(refused.err.strip().splitlines()) == 1
    template = tmp_path / "examine.txt"
    template.write_text("Is it {original_prompt}?")
    refused = uig(*tiif("Quick", tmp_path / "r", *base, "--template", f"examine={template}"))
    assert refused.code == 2 and "template.examine" in refused.err
    fresh = uig(*tiif("Quick", tmp_path / "r", *base, "--seed", "1", "--fresh"))
    assert fresh.code == 0


def test_shards_make_one_run(uig: Uig, tmp_path: Path) -> None:
    base = ["--split", "short", "--limit", "20", "--rounds", "1"]
    assert uig(*tiif("Quick", tmp_path / "whole", *base)).code == 0
    for shard, told in (
        ("1/3", "shard 1 of 3: its 7 cases are done; 13 of the 13 cases of other shards are not"),
        ("0/3", "shard 0 of 3: its 7 cases are done; 6 of the 13 cases of other shards are not"),
        ("2/3", "shard 2 of 3: its 6 cases are done, and so are those of all others."),
    ):
        done = uig(*[word for word in tiif("Quick", tmp_path / "parts", *base, "--shard", shard)
                     if word != "--quiet"])  # fmt: skip
        assert done.code == 0 and told in done.err
    by = ["method", "case", "step"]
    whole, parts = (
        tables(tmp_path / name)["steps"].sort_values(by).reset_index(drop=True)
        for name in ("whole", "parts")
    )
    pd.testing.assert_frame_equal(whole, parts)


def test_a_shard_that_is_not_here_is_missing(uig: Uig, tmp_path: Path) -> None:
    """One of two passes is no run of half the cases."""
    base = ["--split", "short", "--limit", "20", "--rounds", "1", "--method", "direct"]
    assert uig(*tiif("Quick", tmp_path / "whole", *base)).code == 0
    assert uig(*tiif("Quick", tmp_path / "half", *base, "--shard", "0/2")).code == 0
    summary = tables(tmp_path / "half")["summary"]
    (overall,) = summary[(summary["step"] == "final") & (summary["level"] == "overall")].to_dict(
        "records"
    )
    assert (overall["cases"], overall["pictures"]) == (10, 20) and overall["missing"] > 0
    assert "10 cases, 10 missing" in uig("compare", tmp_path / "whole", tmp_path / "half").out
    assert uig(*tiif("Quick", tmp_path / "half", *base, "--shard", "1/2")).code == 0
    again = uig("compare", tmp_path / "whole", tmp_path / "half")
    assert again.code == 0 and "20 cases, 0 missing" in again.out


def test_killed_and_started_again(uig: Uig, tmp_path: Path) -> None:
    base = ["--split", "long", "--rounds", "2", "--method", "uig", "--method", "think",
            "--limit", "40", "--batch-size", "3"]  # fmt: skip
    assert uig(*tiif("Slow", tmp_path / "whole", *base)).code == 0
    killed = tmp_path / "killed"
    for lines in (20, 90):
        killed_in_the_middle(killed, tiif("Slow", killed, *base), lines)
    with (killed / "journal" / "0-of-1.jsonl").open("ab") as file:
        file.write(b'{"key":"torn')
    assert uig(*tiif("Slow", killed, *base)).code == 0
    same(tmp_path / "whole", killed)
    pictures = {
        path.relative_to(tmp_path / "whole"): path.read_bytes()
        for home in ("drawn", "pictures")
        for path in (tmp_path / "whole" / home).rglob("*.png")
    }
    assert pictures
    for path, content in pictures.items():
        assert (killed / path).read_bytes() == content


def test_terminated_politely(tmp_path: Path) -> None:
    words = tiif("Slow", tmp_path / "r", "--split", "long", "--limit", "78")
    process = subprocess.Popen(
        [sys.executable, "-m", "uig_cli", *map(str, words)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    journal = tmp_path / "r" / "journal" / "0-of-1.jsonl"
    while process.poll() is None and not (journal.exists() and journal.stat().st_size > 2000):
        time.sleep(0.01)
    process.terminate()
    _, told = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "same command again" in told and "Traceback" not in told


def test_failures_are_recorded_and_tried_again(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "marks").mkdir()
    monkeypatch.setenv("UIG_TEST_MARKS", str(tmp_path / "marks"))
    command = tiif("Flaky", tmp_path / "r", "--split", "short", "--limit", "30", "--rounds", "1")
    first = uig(*command)
    assert first.code == 3, first.err
    steps = tables(tmp_path / "r")["steps"]
    failed = steps[steps["failure"].notna()]
    assert len(failed) and failed["score"].isna().all() and failed["missing"].gt(0).all()
    assert failed["failure"].str.contains("hiccup").all()
    assert uig(*command, "--allow-missing", "0.9").code == 0
    assert uig(*command).code == 0
    assert tables(tmp_path / "r")["steps"]["failure"].isna().all()


def test_ten_equal_failures_stop_the_run(uig: Uig, tmp_path: Path) -> None:
    stopped = uig(*tiif("Broken", tmp_path / "r", "--split", "short"))
    assert stopped.code == 1
    assert "10 equal failures in a row" in stopped.err
    assert "the card fell off the bus" in stopped.err
    lines = (tmp_path / "r" / "journal" / "0-of-1.jsonl").read_text().splitlines()
    assert len(lines) == 10
    assert uig(*tiif("Broken", tmp_path / "r2", "--limit", "4")).code == 3


def test_a_full_disk_stops_and_can_go_on(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from uig_cli.runs import pictures

    real, count = pictures.save, 0

    def fills(path: Path, *rest: object) -> object:
        nonlocal count
        count += 1
        if count > 12:
            raise OSError(28, os.strerror(28), str(path))
        return real(path, *rest)  # type: ignore[arg-type]

    command = tiif("Quick", tmp_path / "r", "--split", "short", "--limit", "20", "--rounds", "1")
    monkeypatch.setattr(pictures, "save", fills)
    full = uig(*command)
    assert full.code == 1
    assert "the disk is full" in full.err and "same command again" in full.err
    monkeypatch.setattr(pictures, "save", real)
    assert uig(*command).code == 0
    assert uig(*tiif("Quick", tmp_path / "s", *command[8:])).code == 0
    same(tmp_path / "r", tmp_path / "s")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--method", "ui"], 'unknown method "ui"'),
        (["--judge", "slef"], 'Did you mean "self"'),
        (["--dimension", "negatoin"], 'Did you mean "negation"'),
        (["--rounds", "11"], "Add --yes"),
        (["--size", "17x16"], "multiples of 8"),
        (["--size", "big"], "WIDTHxHEIGHT"),
        (["--sampler", "steps=3"], "contrast"),
        (["--sampler", "contrast=much"], "expected a number"),
        (["--sampler", "contrast=inf"], "expected a number"),
        (["--detector", "none"], "scored by questions"),
        (["--dtype", "bfloat16"], "takes no dtype"),
        (["--shard", "3/3"], "I/N"),
        (["--verdict", "kind"], "robust"),
        (["--template", "examine=missing.txt"], "missing.txt"),
        (["--split", "tall"], "long"),
        (["--model", "bagel"], "bagel:PATH"),
        (["--model", "begal:x"], "unknown model"),
        (["--model", "python:nowhere.py:X"], "no file nowhere.py"),
        (["--data", "nowhere"], "nowhere"),
    ],
)
def test_wrong_options_get_one_sentence(
    uig: Uig, tmp_path: Path, words: list[str], said: str
) -> None:
    refused = uig(*tiif("Quick", tmp_path / "r", *words))
    assert refused.code == 2
    assert said in refused.err
    assert "Traceback" not in refused.err
    assert len(refused.err.strip().splitlines()) == 1
    assert not (tmp_path / "r" / "journal").exists()


def test_a_model_that_only_draws(uig: Uig, tmp_path: Path) -> None:
    refused = uig(*tiif("DrawsOnly", tmp_path / "r", "--method", "uig"))
    assert refused.code == 2
    assert "method uig needs" in refused.err and "can draw only" in refused.err
    helped = uig(*tiif("DrawsOnly", tmp_path / "r", "--limit", "4", "--rounds", "1", "--examiner",
                       f"python:{MODELS}:Quick", "--editor", f"python:{MODELS}:Quick"))  # fmt: skip
    assert helped.code == 0, helped.err
    identity = json.loads((tmp_path / "r" / "run.json").read_text())["drawing"]["models"]
    assert set(identity) == {"draw", "look", "edit"}


def test_who_judges_is_settled_before_anything_is_drawn(uig: Uig, tmp_path: Path) -> None:
    alone = tiif("DrawsOnly", tmp_path / "r", "--method", "direct", "--limit", "4")
    refused = uig(*alone)
    assert refused.code == 2 and "--examiner" in refused.err
    assert not (tmp_path / "r" / "pictures").exists()
    examined = uig(*alone, "--examiner", f"python:{MODELS}:Quick")
    assert examined.code == 0, examined.err
    assert tables(tmp_path / "r")["steps"]["score"].notna().all()
    assert uig(*alone, "--judge", "none").code == 0


def test_without_an_output_folder_the_name_says_what_it_is(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    base = ["eval", "tiif", "--data", SAMPLE, "--model", f"python:{MODELS}:Quick", "--split",
            "short", "--rounds", "1"]  # fmt: skip
    assert uig(*base, "--limit", "3", "--method", "direct").code == 0
    (folder,) = (tmp_path / "results").iterdir()
    assert folder.name.startswith("tiif-testmini-Quick-")
    assert uig(*base, "--limit", "5", "--judge", "none").code == 0
    assert list((tmp_path / "results").iterdir()) == [folder]
    assert uig(*base, "--limit", "3", "--seed", "1").code == 0
    assert len(list((tmp_path / "results").iterdir())) == 2


def test_a_reading_given_later_holds_for_the_methods_that_can_take_it(
    uig: Uig, tmp_path: Path
) -> None:
    base = ["--split", "short", "--limit", "4", "--rounds", "1"]
    assert uig(*tiif("Quick", tmp_path / "r", *base, "--method", "uig-reference")).code == 0
    later = [*base, "--method", "uig", "--verdict", "reference"]
    assert uig(*tiif("Quick", tmp_path / "r", *later)).code == 0
    assert uig(*tiif("Quick", tmp_path / "alone", *later)).code == 0
    kept, alone = (json.loads((tmp_path / n / "run.json").read_text()) for n in ("r", "alone"))
    assert kept["drawing"]["reading"] == "reference"
    assert kept["identities"]["uig"] == alone["identities"]["uig"]


def test_a_role_outranks_a_plain_setting(uig: Uig, tmp_path: Path) -> None:
    words = ["--sampler", "draw.contrast=0.25", "--sampler", "contrast=0.75", "--limit", "2",
             "--rounds", "0"]  # fmt: skip
    assert uig(*tiif("Quick", tmp_path / "r", *words)).code == 0
    drawing = json.loads((tmp_path / "r" / "run.json").read_text())["drawing"]
    assert drawing["samplers"]["draw"]["contrast"] == 0.25


def test_pictures_that_are_gone_are_drawn_again(uig: Uig, tmp_path: Path) -> None:
    command = tiif("Quick", tmp_path / "r", "--split", "short", "--limit", "6", "--rounds", "1",
                   "--method", "direct", "--method", "uig")  # fmt: skip
    assert uig(*command).code == 0
    before = tables(tmp_path / "r")
    for picture in (tmp_path / "r" / "pictures" / "direct").rglob("*.png"):
        picture.unlink()
    assert uig("show", tmp_path / "r").code == 0
    assert uig(*command).code == 0
    pd.testing.assert_frame_equal(before["steps"], tables(tmp_path / "r")["steps"])
    for relative in before["steps"]["picture"]:
        assert (tmp_path / "r" / relative).is_file()


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("JudgesNothing", "10 equal failures"),
        ("SaysNone", "got NoneType"),
        ("Surrogates", ""),
        ("OddPictures", ""),
    ],
)
def test_odd_models(uig: Uig, tmp_path: Path, model: str, said: str) -> None:
    done = uig(*tiif(model, tmp_path / "r", "--split", "short", "--limit", "12", "--rounds", "1"))
    assert "Traceback" not in done.err
    assert done.code == (1 if said else 0), done.err
    assert said in done.err


def test_a_line_that_is_none_of_ours_is_named(uig: Uig, tmp_path: Path) -> None:
    command = tiif("Quick", tmp_path / "r", "--limit", "2", "--rounds", "0")
    assert uig(*command).code == 0
    journal = tmp_path / "r" / "journal" / "0-of-1.jsonl"
    journal.write_text('{"key": "x", "cost": {"hours": 3}}\n' + journal.read_text())
    for words in (command, ["show", tmp_path / "r"]):
        refused = uig(*words)
        assert refused.code == 2
        assert "error: " in refused.err and "0-of-1.jsonl line 1" in refused.err.splitlines()[-1]


def test_what_is_exported_for_another_benchmark_is_let_be(
    uig: Uig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UIG_DETECTOR", "mask2former:nowhere")
    command = tiif("Quick", tmp_path / "r", "--limit", "2", "--rounds", "0")
    assert uig(*command).code == 0
    assert uig(*command, "--detector", "none").code == 2


def test_other_shards_may_be_open(uig: Uig, tmp_path: Path) -> None:
    base = tiif("Quick", tmp_path / "r", "--split", "short", "--limit", "9", "--rounds", "1")
    assert uig(*base, "--judge", "none").code == 0
    (tmp_path / "r" / "journal" / "0-of-1.jsonl").unlink()
    assert uig(*base, "--shard", "0/3").code == 0
    assert uig("show", tmp_path / "r").code == 0


def test_an_output_folder_that_is_no_run(uig: Uig, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "thesis.txt").write_text("precious")
    for more in ([], ["--fresh"]):
        assert uig(*tiif("Quick", tmp_path / "r", *more)).code == 2
    assert (tmp_path / "r" / "thesis.txt").read_text() == "precious"
    (tmp_path / "file").write_text("")
    refused = uig(*tiif("Quick", tmp_path / "file" / "r"))
    assert refused.code == 2 and "cannot write to the output folder" in refused.err


def test_pictures_that_are_damaged_are_drawn_again(uig: Uig, tmp_path: Path) -> None:
    command = tiif("Quick", tmp_path / "r", "--split", "short", "--limit", "4", "--rounds", "1",
                   "--method", "direct", "--method", "uig")  # fmt: skip
    assert uig(*command).code == 0
    before = tables(tmp_path / "r")
    for picture in (tmp_path / "r" / "pictures" / "direct").rglob("*.png"):
        picture.write_bytes(picture.read_bytes()[:40])  # and so the link that uig has to it
    assert uig("show", tmp_path / "r").code == 0
    assert tables(tmp_path / "r")["steps"]["sha256"].isna().all()
    assert uig(*command).code == 0
    pd.testing.assert_frame_equal(before["steps"], tables(tmp_path / "r")["steps"])


REMOVES = """
from pathlib import Path
from tests.models_for_tests import Quick
from uig_cli.engine.destination import remove
from uig_cli.errors import UigError
from uig_cli.runs.folder import RunFolder
HERE = Path(__file__).parent
class Removes(Quick):
    identity = {"kind": "removes"}
    def answer(self, request):
        try:
            remove(RunFolder(HERE / "r"))
        except UigError as error:
            with (HERE / f"{request.role}.txt").open("a") as told:
                told.write(f"{error}")
        return super().answer(request)
"""


def test_no_other_process_can_remove_a_run_under_way(uig: Uig, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(REMOVES)
    done = uig("eval", "tiif", "--data", SAMPLE, "--model", f"python:{tmp_path / 'm.py'}:Removes",
               "--method", "direct", "--judge", "self", "--limit", "2", "--shard", "0/2", "--fresh",
               "--out", tmp_path / "r")  # fmt: skip
    assert done.code == 0, done.err
    for role in ("draw", "look"):
        assert "another process is writing" in (tmp_path / f"{role}.txt").read_text()
