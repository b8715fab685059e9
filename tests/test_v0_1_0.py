"""What version 0.1.0 wrote stays valid: keys, noise, identities, run folders."""

import csv
import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Uig
from tests.golden_requests import IDENTITY, NOISE, STAGES, requests
from uig_cli.benchmarks.geneval import built_in
from uig_cli.benchmarks.geneval.prompts import as_lines
from uig_cli.benchmarks.geneval.rewriting import Rewriting
from uig_cli.loop.methods import method
from uig_cli.models.protocol import request_key
from uig_cli.models.registry import load_model
from uig_cli.models.where import Where
from uig_cli.results.run import open_run
from uig_cli.scoring.registry import named
from uig_cli.scoring.terms import Terms
from uig_cli.scoring.versions import reading, unread
from uig_cli.templates import load_all

KEPT = ROOT / "tests" / "data" / "v0.1.0"
GOLDEN = json.loads((KEPT / "golden.json").read_text("utf-8"))
RUNS = ("tiif", "geneval", "refine", "external")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the old run folders, in a working folder of their own."""
    shutil.copytree(KEPT, tmp_path / "old")
    monkeypatch.chdir(tmp_path / "old")
    return tmp_path / "old"


def journal(run: Path) -> list[Any]:
    files = sorted((run / "journal").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def pictures(run: Path) -> dict[str, str]:
    """Every real picture file of a run by its content."""
    return {
        str(path.relative_to(run)): sha256(path.read_bytes()).hexdigest()
        for path in sorted((run / "pictures").rglob("*.png"))
        if not path.is_symlink()
    }


def test_request_keys() -> None:
    assert [request_key(request, IDENTITY) for request in requests()] == GOLDEN["request_keys"]


def test_noise() -> None:
    assert [[key.bits(stage) for stage in STAGES] for key in NOISE] == GOLDEN["noise_bits"]
    drawn = [sha256(key.normal("first", (4, 8, 8)).tobytes()).hexdigest() for key in NOISE]
    assert drawn == GOLDEN["noise_sha256"]


@pytest.mark.parametrize("name", RUNS)
def test_identities_of_methods(name: str) -> None:
    manifest = open_run(KEPT / name).manifest
    found = {of: manifest.drawing.identity(method(of)) for of in manifest.methods}
    assert found == GOLDEN["identities"][name]


@pytest.mark.parametrize("told", GOLDEN["judges"])
def test_identities_of_judges(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the version of a parser that reads otherwise than it did: that is said."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    spec, _, times = told.removesuffix(" times").partition(", ")
    judge = named("judges", spec)
    examiner = load_model("pocket", Where("cpu", None)) if judge.type.asks_examiner else None
    scorer = judge.open(Terms(load_all({}), repeats=int(times or 1)), examiner)
    assert unread(scorer.identity) == GOLDEN["judges"][told]
    raised = {"parser version": "2"} if "parser" in GOLDEN["judges"][told] else {}
    assert reading(scorer.identity) == raised


@pytest.mark.parametrize("name", ["geneval", "tiif"])
def test_identities_of_exact_scorers(name: str) -> None:
    """But for the reader's version: reader 3 sees stained shapes, and is another scorer."""
    group, parent = ("judges", "judgements") if name == "tiif" else ("detectors", "detections")
    scorer = named(group, "exact").open(Terms({}), None)  # type: ignore[arg-type]
    kept = (KEPT / name / parent / "exact" / "identity.json").read_text("utf-8")
    assert dict(scorer.identity) == json.loads(kept) | {"reader": "3"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tiif", "eval tiif --limit 1 --method direct"),
        ("geneval", "eval geneval --limit 1 --samples 1 --method direct"),
        ("prompts", "generate --prompt circle"),
    ],
)
def test_names_of_run_folders(name: str, words: str, uig: Uig, old: Path) -> None:
    assert uig(*words.split(), "--quiet").code == 0
    assert [path.name for path in (old / "results").iterdir()] == [GOLDEN["default_folders"][name]]


INTERVALS = ("low", "high", "detectable")
"""Ends that have been mended since: few prompts are treated otherwise."""


def but(value: Any, *names: str) -> Any:
    """All that is not by one of these names, at any depth."""
    if isinstance(value, dict):
        return {key: but(one, *names) for key, one in value.items() if key not in names}
    return [but(one, *names) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["tiif", "geneval", "refine", "external"])
def test_tables_of_an_old_run_say_the_same(name: str, uig: Uig, old: Path) -> None:
    before = {
        table: list(csv.DictReader((old / name / "tables" / table).open(encoding="utf-8")))
        for table in ("steps.csv", "questions.csv", "summary.csv")
    }
    assert uig("show", name).code == 0
    for table, rows in before.items():
        now = list(csv.DictReader((old / name / "tables" / table).open(encoding="utf-8")))
        assert len(now) == len(rows)
        for was, row in zip(rows, now, strict=True):
            kept = but(was, "picture", *INTERVALS)
            assert {key: row[key] for key in kept} == kept


def of_then(now: Any, was: Any) -> Any:
    """What is told now, without the fields that have been added since."""
    if isinstance(was, dict):
        return {key: of_then(now[key], value) for key, value in was.items()}
    if isinstance(was, list):
        assert len(now) == len(was)
        return [of_then(*both) for both in zip(now, was, strict=True)]
    return now


def test_old_runs_are_shown_and_compared_as_they_were(uig: Uig, old: Path) -> None:
    told = json.loads((KEPT / "told.json").read_text("utf-8"))
    compared = json.loads(uig("compare", "tiif:direct", "tiif:uig", "--json").out)
    was = told["compare tiif:direct tiif:uig"]
    for key in ("differences", "steps", "pictures", "missing", "before", "after"):
        now, then = compared["comparisons"][0][key], but(was["comparisons"][0][key], *INTERVALS)
        assert of_then(now, then) == then
    shown = json.loads(uig("show", "geneval", "--json").out)
    then = but(told["show geneval"]["summary"], *INTERVALS)
    assert of_then(shown["summary"], then) == then


def test_the_reference_file_of_an_old_run_is_the_same(uig: Uig, old: Path) -> None:
    assert uig("export", "tiif", "--layout", "reference", "--out", "now.json").code == 0
    lines = (old / "now.json").read_bytes().splitlines(keepends=True)
    (counts,) = (line for line in lines if line.startswith(b'"counts": '))  # told since 0.2.0
    lines.remove(counts)
    assert b"".join(lines) == (KEPT / "reference-tiif.json").read_bytes()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "tiif",
            "eval tiif --set built-in --split long --limit 6 --method direct --method decompose "
            "--method uig --method uig-reference --rounds 2",
        ),
        (
            "geneval",
            "eval geneval --set built-in --limit 3 --samples 2 --method direct --method uig "
            "--rounds 1",
        ),
    ],
)
def test_an_old_run_is_continued_without_drawing_anything_again(
    name: str, words: str, uig: Uig, old: Path
) -> None:
    """It is only read anew, beside what the older reader found."""
    before, kept, found = journal(old / name), pictures(old / name), verdicts(old / name)
    done = uig(*words.split(), "--out", name)
    assert done.code == 0, done.err
    assert "nothing to do" in uig(*words.split(), "--out", name).err
    assert journal(old / name) == before
    assert pictures(old / name) == kept
    assert verdicts(old / name).items() > found.items()


def test_a_run_of_a_prompts_file_with_further_fields_is_continued_too(uig: Uig, old: Path) -> None:
    """0.1.0 knew it by the hash of all that stood in the file, in the file's order of fields."""
    rows = [{"index": n, **one} for n, one in enumerate(built_in.generate())]
    (old / "own.jsonl").write_text(as_lines(rows), "utf-8")
    told = json.loads((old / "geneval" / "run.json").read_text("utf-8"))
    told["drawing"]["benchmark"]["prompts"] = sha256(as_lines(rows).encode()).hexdigest()
    (old / "geneval" / "run.json").write_text(json.dumps(told), "utf-8")
    before, kept = journal(old / "geneval"), pictures(old / "geneval")
    words = ["eval", "geneval", "--set", "built-in", "--limit", "3", "--samples", "2",
             "--method", "direct", "--method", "uig", "--rounds", "1"]  # fmt: skip
    done = uig(*words, "--prompts-file", "own.jsonl", "--out", "geneval")
    assert done.code == 0, done.err
    assert (journal(old / "geneval"), pictures(old / "geneval")) == (before, kept)
    assert uig(*words, "--prompts-file", "own.jsonl", "--out", "new", "--quiet").code == 0
    assert uig("compare", "geneval:direct", "new:direct").code == 0
    assert uig("export", "new", "--layout", "reference", "--out", "new.json").code == 0
    assert uig("compare", "geneval:direct", "new.json:direct").code == 0
    (old / "own.jsonl").write_text(as_lines(built_in.generate()), "utf-8")
    assert uig(*words, "--prompts-file", "own.jsonl", "--out", "new", "--quiet").code == 0
    assert uig("compare", "geneval:direct", "new:direct").code == 0
    other = [{**one, "prompt": f"{one['prompt']}!"} for one in rows]
    (old / "own.jsonl").write_text(as_lines(other), "utf-8")
    refused = uig(*words, "--prompts-file", "own.jsonl", "--out", "geneval")
    assert refused.code == 2 and "prompts was" in refused.err


def test_a_run_of_a_prompts_file_goes_on_in_its_folder_of_then(
    uig: Uig, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"index": n, **one} for n, one in enumerate(built_in.generate())]
    (old / "own.jsonl").write_text(as_lines(rows), "utf-8")
    words = ["eval", "geneval", "--set", "built-in", "--limit", "1", "--samples", "1",
             "--method", "direct", "--quiet", "--prompts-file", "own.jsonl"]  # fmt: skip
    with monkeypatch.context() as then:
        then.setattr(
            "uig_cli.benchmarks.geneval.cases.read_rewriting",
            lambda path, prompts: Rewriting(rows, 0),
        )
        assert uig(*words).code == 0
    (folder,) = (old / "results").iterdir()
    assert uig(*words).code == 0
    assert list((old / "results").iterdir()) == [folder]


def verdicts(run: Path) -> dict[str, bytes]:
    """What scorers found in a run, by file."""
    home = next(run / name for name in ("judgements", "detections") if (run / name).exists())
    return {str(path.relative_to(run)): path.read_bytes() for path in home.rglob("*.json*")}


TIIF = [
    "eval", "tiif", "--set", "built-in", "--split", "long", "--method", "direct", "--method",
    "decompose", "--method", "uig", "--method", "uig-reference", "--rounds", "2", "--out", "tiif",
    "--quiet",
]  # fmt: skip


def files(run: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(run)): (path.lstat().st_mtime_ns, path.read_bytes())
        for path in run.rglob("*")
        if path.is_file()
    }


def test_an_old_run_with_nothing_to_do_stays_as_it_is(uig: Uig, old: Path) -> None:
    for path in (old / "tiif" / "tables").iterdir():
        path.touch()  # a checkout has its files in any order
    before = files(old / "tiif")
    assert uig(*TIIF, "--limit", "6", "--judge", "none").code == 0
    after = files(old / "tiif")
    assert {name: after[name] for name in before} == before
    made = {name for name in after.keys() - before.keys() if not name.startswith(".")}
    assert made == {"contact-sheet.png", "tables/steps.parquet", "tables/questions.parquet"}


def test_an_old_run_that_grows_becomes_one_of_format_2(uig: Uig, old: Path) -> None:
    before, kept = journal(old / "tiif"), pictures(old / "tiif")
    assert uig(*TIIF, "--limit", "7").code == 0
    grown = journal(old / "tiif")
    assert grown[: len(before)] == before and len(grown) > len(before)
    assert pictures(old / "tiif") == kept
    new = [line["picture"]["path"] for line in grown[len(before) :] if "picture" in line]
    assert new and all(path.startswith("drawn/") for path in new)
    manifest = json.loads((old / "tiif" / "run.json").read_text("utf-8"))
    assert manifest["format"] == 2
    links = [path for path in (old / "tiif" / "pictures").rglob("*.png") if path.is_symlink()]
    assert links and all(path.resolve().parts[-4] == "drawn" for path in links)
    with (old / "tiif" / "tables" / "steps.csv").open(encoding="utf-8") as steps:
        paths = {row["picture"] for row in csv.DictReader(steps)}
    assert paths <= {line["picture"]["path"] for line in grown if "picture" in line}


def test_an_old_picture_that_is_damaged_comes_back_where_it_was(uig: Uig, old: Path) -> None:
    before, kept = journal(old / "tiif"), pictures(old / "tiif")
    path = old / "tiif" / before[0]["picture"]["path"]
    path.write_bytes(path.read_bytes()[:80])
    assert uig(*TIIF, "--limit", "6").code == 0
    assert journal(old / "tiif") == before
    again = pictures(old / "tiif")
    assert again.keys() == kept.keys() and not (old / "tiif" / "drawn").exists()
    assert json.loads((old / "tiif" / "run.json").read_text("utf-8"))["format"] == 1


def test_an_old_external_run_is_continued_under_its_old_name(uig: Uig, old: Path) -> None:
    done = uig("export", "geneval", "--layout", "official", "--out", "official")
    assert done.code == 0, done.err
    words = ["score", "geneval", "official/pocket-direct", "--set", "built-in", "--limit", "3",
             "--samples", "2", "--detector", "exact", "--allow-missing", "1"]  # fmt: skip
    before, kept = journal(old / "external"), pictures(old / "external")
    assert uig(*words, "--out", "external").code == 0
    assert journal(old / "external") == before
    assert pictures(old / "external") == kept
    both, new = (json.loads(uig("show", run, "--json").out)["summary"] for run in (
        "external", made_anew(uig, words)))  # fmt: skip
    was = [row for row in both if row["judge"] != "exact"]  # reader 2 is beside it, as "exact"
    assert {row["method"] for row in was} == {"elsewhere"}
    assert {row["method"] for row in new} == {"external"}
    assert [row["score"] for row in was] == [row["score"] for row in new]
    assert uig("compare", "external:elsewhere", "anew:external").code == 0


def made_anew(uig: Uig, words: list[str]) -> str:
    assert uig(*words, "--out", "anew").code == 0
    return "anew"
