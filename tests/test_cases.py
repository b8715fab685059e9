"""What a case cannot be, whoever makes it: a text that no encoding holds, a name of two lines."""

from dataclasses import replace
from pathlib import Path

import pytest

from uig_cli.cases import LONGEST_NAME, Case, Question
from uig_cli.errors import UigError
from uig_cli.runs.case_store import keep_cases, kept_cases
from uig_cli.runs.folder import RunFolder


@pytest.mark.parametrize(
    "name", ["a\nGATE PASSED", "a\r", "\x1b[2J", "a\u2028b", "a\x85b", "\ud800", "a" * 401]
)
def test_names_are_one_line(name: str) -> None:
    whole = Case("c", "p")
    for field in ("id", "split", "dimension"):
        with pytest.raises(UigError, match=f"expected one line of at most {LONGEST_NAME}|half a"):
            replace(whole, **{field: name})  # type: ignore[arg-type]
    assert Case("a" * 400, "p").id == "a" * 400


def test_texts_may_have_lines_but_no_half_characters() -> None:
    case = Case("c", "two\nlines, 猫 and 🙂", questions=(Question("Is\nit?", "yes"),))
    assert case.prompt.encode() and case.questions[0].text.encode()
    with pytest.raises(UigError, match=r"the prompt of case c is no Unicode .* at position 2"):
        Case("c", "a \ud83d")
    with pytest.raises(UigError, match="a question is no Unicode text"):
        Question("\udc80", "yes")
    with pytest.raises(UigError, match="a question is of type NoneType; expected text"):
        Question(None, "yes")  # type: ignore[arg-type]
    with pytest.raises(UigError, match="the prompt of case c is of type int"):
        Case("c", 7)  # type: ignore[arg-type]


def test_a_line_of_a_run_that_holds_such_a_case_is_named(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    keep_cases(folder, "0", [Case("c", "a cat")])
    (file,) = folder.cases.glob("*.jsonl")
    file.write_text(file.read_text("utf-8").replace("a cat", "a \\ud83d cat"), "utf-8")
    with pytest.raises(UigError, match=r"line 1 is not as uig .* no Unicode text"):
        kept_cases(folder)
