"""uig eval and uig rejudge with remote and local judges, side by side."""

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests import tiny_qwen_vl
from tests.commands.test_eval_tiif import tables, tiif
from tests.conftest import ROOT, Uig
from tests.judge_server import Heard, Reply, failed, said, serving

KEY = "sk-test-0123456789"
BASE = ("--split", "short", "--limit", "20", "--method", "direct", "--quiet", "--json")


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def word(question: str, picture: str) -> str:
    return "no" if sha256(f"{question} {picture}".encode()).digest()[0] % 4 == 0 else "yes"


def honest(heard: Heard) -> Reply:
    return said("\n".join(word(question, heard.image) for question in heard.questions))


def agreement(run: Path) -> list[dict[str, str]]:
    with (run / "tables" / "agreement.csv").open() as file:
        return list(csv.DictReader(file))


def test_judges_side_by_side(uig: Uig, tmp_path: Path) -> None:
    run = tmp_path / "r"
    with serving(honest) as served:
        done = uig(*tiif("Quick", run, *BASE, "--judge", "self",
                         "--judge", f"openai:org/eye-1.5@{served.url}"))  # fmt: skip
        asked = len(served.heard)
    assert done.code == 0, done.err
    assert {row["judge"] for row in json.loads(done.out)["summary"]} == {"self", "openai-eye-1-5"}
    identity = json.loads((run / "judgements" / "openai-eye-1-5" / "identity.json").read_text())
    assert (identity["model"], identity["parser"]) == ("org/eye-1.5", "robust")
    assert asked == 1 + tables(run)["steps"].query("judge == 'self'")["sha256"].nunique()

    # Agreement and kappa can be computed again from the questions by hand.
    questions = tables(run)["questions"].pivot(
        index=["case", "number"], columns="judge", values="answer"
    )
    same = (questions["self"] == questions["openai-eye-1-5"]).mean()
    first, *by_dimension = agreement(run)
    assert (first["judge"], first["other"], first["level"]) == ("openai-eye-1-5", "self", "overall")
    assert float(first["agree"]) == pytest.approx(100 * same)
    assert sum(int(row["questions"]) for row in by_dimension) == int(first["questions"])
    assert "Judges side by side" in (run / "tables" / "summary.md").read_text("utf-8")

    everything = [path for path in run.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in path.read_bytes() for path in everything)
    lines = (run / "judgements" / "openai-eye-1-5" / "0-of-1.jsonl").read_text().splitlines()
    assert "127.0.0.1" in json.loads(lines[0])["by"]


def test_rejudge_repeats_and_shows_agreement(uig: Uig, tmp_path: Path) -> None:
    run, times = tmp_path / "r", 0

    def wavering(heard: Heard) -> Reply:
        nonlocal times
        times += 1
        return said(
            "\n".join("yes" if (times + i) % 3 else "no" for i in range(len(heard.questions)))
        )

    assert uig(*tiif("Quick", run, *BASE, "--judge", "self")).code == 0
    with serving(wavering) as served:
        done = uig("rejudge", run, "--judge", f"openai:eye@{served.url}", "--judge-repeats", 3,
                   "--judge-temperature", 1, "--judge-concurrency", 1)  # fmt: skip
    assert done.code == 0, done.err
    assert "judges side by side" in done.out and "itself" in done.out
    (own,) = (r for r in agreement(run) if r["other"] == "itself" and r["level"] == "overall")
    assert float(own["agree"]) < 100


def test_trouble_is_missing_not_wrong_and_asked_again(uig: Uig, tmp_path: Path) -> None:
    run = tmp_path / "r"
    seen: set[str] = set()

    def troubled(heard: Heard) -> Reply:
        kind = sha256(heard.image.encode()).digest()[0] % 10
        first = heard.text + heard.image not in seen
        seen.add(heard.text + heard.image)
        if "red?" in heard.text and len(seen) == 1:  # the question that comes before all work
            return said("yes")
        if kind == 0:
            return said("I'm sorry, I can't view the image.")
        if kind == 1:
            return failed(400, "blocked")
        if kind == 2 and first:
            return failed(429, retry_after="0")
        return honest(heard)

    with serving(troubled) as served:
        judge = ("--judge", f"openai:eye@{served.url}")
        done = uig(*tiif("Quick", run, *BASE, "--limit", "60", *judge))
        assert done.code == 3, done.err
        questions = tables(run)["questions"]
        lost = questions[questions["answer"].isna()]
        assert set(lost["status"]) == {"refused", "request: HTTP 400, blocked"}
        assert lost["correct"].isna().all()
        summary = tables(run)["summary"]
        final = summary[(summary["step"] == "final") & (summary["level"] == "dimension")]
        steps = tables(run)["steps"][["case", "dimension"]].drop_duplicates()
        kept = questions.dropna(subset=["answer"]).merge(steps, on="case")
        by_hand = (kept["correct"].astype(bool).groupby(kept["dimension"]).mean() * 100).to_dict()
        told = final.dropna(subset=["score"]).set_index("name")["score"].to_dict()
        assert told == pytest.approx(by_hand)
        assert final["missing"].sum() == len(lost)
        before = len(served.heard)
        assert uig(*tiif("Quick", run, *BASE, "--limit", "60", *judge)).code == 3
        again = {heard.image for heard in served.heard[before + 1 :]}
    with serving(honest) as served:
        judge = ("--judge", f"openai:eye@{served.url}")
        assert uig(*tiif("Quick", run, *BASE, "--limit", "60", *judge)).code == 0
        assert {heard.image for heard in served.heard[1:]} == again


def test_an_old_failure_does_not_hide_a_later_answer(uig: Uig, tmp_path: Path) -> None:
    run, models = tmp_path / "r", ROOT / "tests" / "models_for_tests.py"
    assert uig(*tiif("Quick", run, *BASE, "--limit", "8", "--judge", "none")).code == 0
    judged = ("rejudge", run, "--judge", "self", "--quiet")
    broken = ("--model", f"python:{models}:JudgesNothing", "--shard", "0/2")
    assert uig(*judged, *broken).code == 3
    done = uig(*judged)
    assert done.code == 0, done.err
    assert tables(run)["questions"]["status"].eq("answered").all()


def test_answers_of_an_older_parser_are_read_anew_not_asked_anew(uig: Uig, tmp_path: Path) -> None:
    """A run as 0.1.0 left it: an echo read as yes, and a tag that nobody could read."""
    run = tmp_path / "r"
    assert uig(*tiif("Quick", run, *BASE, "--limit", "4", "--judge", "none")).code == 0
    with serving(honest) as served:
        judged = ("rejudge", run, "--judge", f"openai:eye@{served.url}", "--quiet")
        assert uig(*judged).code == 0
        kept = run / "judgements" / "openai-eye"
        identity = json.loads((kept / "identity.json").read_text())
        assert identity.pop("parser version") == "2"
        (kept / "identity.json").write_text(json.dumps(identity))
        lines = [json.loads(line) for line in (kept / "0-of-1.jsonl").read_text().splitlines()]
        for line in lines:
            line.pop("replies", None)
            line |= {"answer": "yes", "raw": "Yes or no: no"}
        lines[0] |= {"answer": None, "status": "unparsed", "raw": ""}
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (kept / "0-of-1.jsonl").write_text(text)
        asked = len(served.heard)
        done = uig(*(word for word in judged if word != "--quiet"))
        assert done.code == 0 and len(served.heard) == asked + 2  # a probe, and what was lost
    assert f"{len(lines) - 1} answers" in done.err and "read anew" in done.err
    assert (kept / "0-of-1.jsonl").read_text() == text
    questions = tables(run)["questions"]
    anew = questions[questions["judge"] != "openai-eye"]
    assert (anew["answer"] == "no").sum() >= len(anew) - 1
    told = uig("compare", f"{run}:direct", f"{run}:direct", "--judge", "openai-eye")
    assert told.code == 0 and "different versions" not in told.out


def test_a_server_that_is_gone_is_missed_only_where_it_is_to_be_asked(
    uig: Uig, tmp_path: Path
) -> None:
    run, lone = tmp_path / "r", tmp_path / "lone"
    for root in (run, lone):
        assert uig(*tiif("Quick", root, *BASE, "--limit", "4", "--judge", "none")).code == 0
    with serving(honest) as served:
        judge = ("--judge", f"openai:eye@{served.url}")
        assert uig("rejudge", run, *judge, "--quiet").code == 0
    kept = run / "judgements" / "openai-eye" / "0-of-1.jsonl"
    before, journal = kept.read_bytes(), (run / "journal" / "0-of-1.jsonl").read_bytes()
    for again in (("rejudge", run, *judge), tiif("Quick", run, *BASE, "--limit", "4", *judge)):
        done = uig(*again, "--quiet")
        assert done.code == 0, done.err
    assert kept.read_bytes() == before
    wider = uig(*tiif("Quick", run, *BASE, "--limit", "6", *judge))
    assert wider.code == 2 and "does not answer" in wider.err
    assert (run / "journal" / "0-of-1.jsonl").read_bytes() == journal  # told before it draws
    fresh = uig(*tiif("Quick", tmp_path / "other", *BASE, "--limit", "4", *judge))
    assert fresh.code == 2 and not (tmp_path / "other" / "run.json").exists()
    first = uig("rejudge", lone, *judge)
    assert first.code == 2 and not (lone / "judgements").exists()


def test_a_local_judge(uig: Uig, tmp_path: Path) -> None:
    folder, run = tiny_qwen_vl.save(tmp_path / "tiny", "qwen3_vl"), tmp_path / "r"
    done = uig(*tiif("Quick", run, *BASE, "--judge", f"hf:{folder}", "--device", "cpu"))
    assert done.code == 0, done.err
    assert set(tables(run)["questions"]["judge"]) == {"hf-tiny"}
    assert tables(run)["questions"]["answer"].isin(["yes", "no"]).all()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--judge", "opnai:x"], 'unknown judge "opnai".*Did you mean "openai"'),
        (["--judge", "openai"], "says no model; expected openai:MODEL"),
        (["--judge", "self:x"], "takes nothing more"),
        (["--judge", "self", "--judge-repeats", "3"], "--judge-repeats is for judges"),
        (["--judge", "openai:eye@http://127.0.0.1:1/v1", "--judge-parser", "x"], "judge-parser"),
        (["--judge", "openai:eye@http://u:pw@h/v1"], "OPENAI_API_KEY"),
    ],
)
def test_a_judge_that_cannot_be_had_is_said_before_anything_is_drawn(
    uig: Uig, tmp_path: Path, words: list[str], told: str
) -> None:
    import re

    done = uig(*tiif("Quick", tmp_path / "r", *BASE, *words))
    assert done.code == 2
    assert re.search(told, done.err) and "pw" not in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert not (tmp_path / "r" / "run.json").exists()


def test_list_judges(uig: Uig) -> None:
    listed = json.loads(uig("list", "judges", "--json").out)
    assert {"none", "self", "exact", "openai:MODEL[@BASE_URL]", "hf:PATH_OR_NAME"} <= set(listed)
