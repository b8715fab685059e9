"""uig eval tiif --ocr: words drawn, read back, scored, kept and read again only where needed."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import ROOT, Uig

SAMPLE = ROOT / "tests" / "data" / "tiif-sample"

MODEL = '''
"""Paints the words that a prompt quotes, the last one only by way of an edit."""
import re
from PIL import Image, ImageDraw, ImageFont
from tests.models_for_tests import Quick
from uig_cli.models.protocol import Capabilities, Cost, Draw, Drawn, Edit, Picture, Said

def signs(words):
    picture = Image.new("RGB", (256, 80 * max(1, len(words))), "white")
    pen = ImageDraw.Draw(picture)
    for number, word in enumerate(words):
        pen.text((20, 16 + 80 * number), word, font=ImageFont.load_default(40), fill="black")
    return Drawn(Picture.of(picture), cost=Cost(0.0, 1, 0))

class Painter(Quick):
    identity = {"kind": "painter"}
    def answer(self, request):
        if isinstance(request, Draw):
            self.words = re.findall(r'"([^"]*)"', request.prompt)
            return signs(self.words[:-1])
        if isinstance(request, Edit):
            return signs(self.words)
        choices = (0.9, 0.1) if request.choices else None
        return Said("EDIT_NEEDED: add the last word", choices, Cost())
'''


@pytest.fixture
def command(tmp_path: Path) -> list[object]:
    pytest.importorskip("rapidocr")
    model = tmp_path / "painter.py"
    model.write_text(MODEL, "utf-8")
    return ["eval", "tiif", "--data", SAMPLE, "--model", f"python:{model}:Painter",
            "--split", "short", "--dimension", "text", "--rounds", "1", "--batch-size", "1",
            "--out", tmp_path / "run"]  # fmt: skip


def table(run: Path) -> pd.DataFrame:
    return pd.read_csv(run / "tables" / "text.csv")


def test_from_words_to_numbers(uig: Uig, command: list[object], tmp_path: Path) -> None:
    run = tmp_path / "run"
    done = uig(*command, "--ocr", "rapidocr", "--json")
    assert done.code == 0, done.err
    rows = table(run)
    case = json.loads((run / "cases" / "0-of-1.jsonl").read_text("utf-8").splitlines()[0])
    words = re.findall(r'"([^"]*)"', case["prompt"])
    assert case["facts"]["words"] == words
    first = rows[(rows["step"] == 0) & (rows["case"] == case["id"])].iloc[0]
    # One of the words is missing and nothing else is there.
    assert first["text"].split() == words[:-1]
    assert first["gned"] == pytest.approx(1 / len(words))
    assert first["recall"] == pytest.approx(1 - 1 / len(words))
    last = rows[rows["step"] == 1]
    assert (last["gned"] == 0).all() and (last["recall"] == 1).all()
    (told,) = json.loads(done.out)["text"]
    assert told["gned"] == 0 and told["recall"] == 1 and told["missing"] == 0
    parquet = pd.read_parquet(run / "tables" / "text.parquet")
    assert len(parquet) == len(rows) and parquet["gned"].dtype == float
    # What was read is kept: the same command reads nothing more.
    kept = run / "transcripts" / "rapidocr" / "0-of-1.jsonl"
    before = kept.read_bytes()
    again = uig(*command, "--ocr", "rapidocr")
    assert again.code == 0 and "nothing to do" in again.err and kept.read_bytes() == before
    assert "text rendering" in again.out and "rapidocr" in again.out
    shown = uig("show", run)
    assert "text rendering" in shown.out
    assert "text read by rapidocr" in (run / "tables" / "summary.md").read_text("utf-8")


def test_off_unless_asked_for_and_read_later(
    uig: Uig, command: list[object], tmp_path: Path
) -> None:
    done = uig(*command)
    assert done.code == 0 and "--ocr rapidocr" in done.err
    assert not (tmp_path / "run" / "tables" / "text.csv").exists()
    assert not (tmp_path / "run" / "transcripts").exists()
    judged = (tmp_path / "run" / "judgements" / "self" / "0-of-1.jsonl").read_bytes()
    later = uig("rejudge", tmp_path / "run", "--ocr", "rapidocr")
    assert later.code == 0, later.err
    assert len(table(tmp_path / "run"))
    assert (tmp_path / "run" / "judgements" / "self" / "0-of-1.jsonl").read_bytes() == judged
    assert "--ocr rapidocr" not in uig(*command, "--ocr", "none").err


def test_what_cannot_be_read_is_missing_and_tried_again(
    uig: Uig, command: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from uig_cli.scoring.readers import rapidocr as rapid_ocr

    right = rapid_ocr._transcript

    def out_of_order(found: object) -> object:
        raise OSError("out of order")

    monkeypatch.setattr(rapid_ocr, "_transcript", out_of_order)
    command += ["--limit", "1"]
    done = uig(*command, "--ocr", "rapidocr")
    assert done.code == 3 and "not read: reader: OSError: out of order" in done.err
    rows = table(tmp_path / "run")
    assert rows["gned"].isna().all() and rows["recall"].isna().all()
    assert uig(*command, "--ocr", "rapidocr", "--allow-missing", "1").code == 0
    monkeypatch.setattr(rapid_ocr, "_transcript", right)
    assert uig(*command, "--ocr", "rapidocr").code == 0
    assert table(tmp_path / "run")["gned"].notna().all()


def test_a_prompt_without_words_is_counted_not_measured(
    uig: Uig, command: list[object], tmp_path: Path
) -> None:
    import shutil

    data = Path(shutil.copytree(SAMPLE, tmp_path / "data"))
    prompts = data / "testmini_prompts" / "text_prompts.jsonl"
    lines = prompts.read_text("utf-8").splitlines()
    bare = {**json.loads(lines[0]), "short_description": "A shop sign."}
    prompts.write_text("\n".join([json.dumps(bare), *lines[1:]]) + "\n", "utf-8")
    command[command.index(SAMPLE)] = data
    done = uig(*command, "--ocr", "rapidocr", "--json")
    assert done.code == 0, done.err
    (told,) = json.loads(done.out)["text"]
    assert told["no_words"] == 1 and told["cases"] == told["pictures"] - 1 == 1
    assert told["missing"] == 0 and told["gned"] == 0


def test_where_nothing_is_to_be_read(uig: Uig, command: list[object], tmp_path: Path) -> None:
    command[command.index("text")] = "numeracy"
    done = uig(*command, "--ocr", "rapidocr")
    assert done.code == 0 and "no case here asks for words" in done.err
    assert not (tmp_path / "run" / "transcripts").exists()
    refused = uig(*command, "--ocr", "rapidorc")
    assert refused.code == 2 and 'Did you mean "rapidocr"' in refused.err
